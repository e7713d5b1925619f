"""流程配置: workflow.toml of a profile: how often one may refuse, visit and appeal."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tickets.profile import NO_MORE_KEYS, PolicyFile

WORKFLOW = "workflow.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPolicy:
    """流程制度. ``backstop`` is the unit that takes what nobody owns, empty when the centre decides.

    ``meet_citizen``: no unit reports done that has not contacted the citizen. ``explain_extension``: none
    asks for more time before it has explained itself to the citizen and told how far it is. ``done_papers``:
    kinds of attachment without which nothing is reported done.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    most_refusals: int
    backstop: str
    visit_attempts: int
    appeal_days: int
    most_attachment_bytes: int
    meet_citizen: bool
    explain_extension: bool
    done_papers: tuple[str, ...]


def read_flow(folder: Path) -> FlowPolicy:
    """Read and check workflow.toml of a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / WORKFLOW)
    flow = file.read(FlowPolicy)
    for name, least in (("most_refusals", 1), ("visit_attempts", 1), ("appeal_days", 0)):
        if getattr(flow, name) < least:
            raise file.wrong((name,), f"不能小于 {least}")
    if flow.most_attachment_bytes < 1:
        raise file.wrong(("most_attachment_bytes",), "至少一个字节")
    return flow
