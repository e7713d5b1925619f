"""回访配置: visits.toml of a profile: what is asked, how answers count, what may be left out and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from tickets.profile import NO_MORE_KEYS, PolicyFile
from tickets.roles import REVIEWERS, VISITORS, Role

VISITS = "visits.toml"
EVERY_ONE = 100
FIELDS = ("handle_sat", "process_sat", "is_solved", "replied")
"""Where a visit keeps the answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """一个维度. ``aside`` answers are no rating: shown, never divided by. ``redo``: a bad one sends back."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    field: Literal["handle_sat", "process_sat", "is_solved", "replied"]
    title: str
    good: tuple[str, ...]
    fair: tuple[str, ...] = ()
    bad: tuple[str, ...]
    aside: tuple[str, ...] = ()
    needed: bool = False
    redo: bool = False

    @property
    def answers(self) -> tuple[str, ...]:
        """Give every answer that can be chosen, from good to bad."""
        return (*self.good, *self.fair, *self.aside, *self.bad)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionPolicy:
    """剔除: for which reasons, asked by whom, approved by whom."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    reasons: tuple[str, ...]
    askers: tuple[Role, ...]
    approvers: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPolicy:
    """回访制度."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    channels: tuple[str, ...]
    unreached: tuple[str, ...]
    dimension: tuple[Dimension, ...]
    exclusion: ExclusionPolicy
    spot_check_percent: int

    def of_field(self, field: str) -> Dimension | None:
        """Give the dimension kept in a field; None when this hotline does not ask it."""
        return next((one for one in self.dimension if one.field == field), None)


def read_visits(folder: Path) -> VisitPolicy:
    """Read and check visits.toml of a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / VISITS)
    policy = file.read(VisitPolicy)
    for name in ("channels", "unreached"):
        if not getattr(policy, name):
            raise file.wrong((name,), "至少要写一个")
    if not 1 <= policy.spot_check_percent <= EVERY_ONE:
        raise file.wrong(("spot_check_percent",), f"应当是 1 到 {EVERY_ONE}")
    _check_dimensions(file, policy.dimension)
    _check_exclusion(file, policy.exclusion)
    return policy


def _check_dimensions(file: PolicyFile, dimensions: tuple[Dimension, ...]) -> None:
    fields = [one.field for one in dimensions]
    for number, one in enumerate(dimensions):
        if fields.count(one.field) > 1:
            raise file.wrong(("dimension", number, "field"), f"{one.field} 写了两次")
        if not one.good or not one.bad:
            raise file.wrong(("dimension", number, "good"), f"{one.title}至少要有一个好的和一个差的答案")
        if len(set(one.answers)) != len(one.answers):
            raise file.wrong(("dimension", number, "good"), f"{one.title}的同一个答案写了两次")
    if not any(one.redo and one.needed for one in dimensions):
        raise file.wrong(("dimension",), "至少要有一项必问 (needed) 而且不满意就重办 (redo)")


def _check_exclusion(file: PolicyFile, exclusion: ExclusionPolicy) -> None:
    if not exclusion.reasons:
        raise file.wrong(("exclusion", "reasons"), "至少要写一个剔除理由")
    for place, roles, may in (
        ("askers", exclusion.askers, (*VISITORS, *REVIEWERS)),
        # What an approver decides is a step of the visit group, and only these may take it.
        ("approvers", exclusion.approvers, VISITORS),
    ):
        allowed = "、".join(dict.fromkeys(may))
        if not roles or any(role not in may for role in roles):
            raise file.wrong(("exclusion", place), f"只能写 {allowed}, 至少一个")
