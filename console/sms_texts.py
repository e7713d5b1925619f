"""短信文字: sms.toml of a profile: which step of a work order sends which words to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from tickets.profile import NO_MORE_KEYS, PolicyFile, wrong_in_text
from tickets.wish import Action

FILE = "sms.toml"
PLACES = ("number", "code", "title", "due", "answer", "unit", "about")
"""What a text may name in braces."""
LINK = "link"
"""What ``with_link`` may name besides: the address of the page for this person."""
WARNING = "预警"
"""What a warning of the clock is called in ``on``, beside the steps."""
STEPS = (*(action.value for action in Action), WARNING)


class Receiver(StrEnum):
    """谁收."""

    CITIZEN = "来电人"
    CONTACT = "联络员"
    HEADS = "单位领导"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRule:
    """一条短信: ``name`` is its own, ``on`` the steps that send it, ``channels`` by which the demand came.

    No channels: all. ``once``: only the first of these steps sends it. ``with_link`` is added to the text
    when the page for units can be reached from outside.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    name: str
    on: tuple[str, ...]
    to: Receiver
    text: str
    channels: tuple[str, ...] = ()
    once: bool = False
    with_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsPolicy:
    """短信制度."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    message: tuple[MessageRule, ...] = ()


def read_texts(folder: Path) -> SmsPolicy:
    """Read and check sms.toml of a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / FILE)
    policy = file.read(SmsPolicy)
    for number, rule in enumerate(policy.message):
        place = ("message", number)
        if unknown := [step for step in rule.on if step not in STEPS]:
            raise file.wrong((*place, "on"), f"没有这个步骤:{'、'.join(unknown)}")
        if rule.name in {other.name for other in policy.message[:number]}:
            raise file.wrong((*place, "name"), "同一个名字写了两次")
        if wrong := wrong_in_text(rule.text, PLACES):
            raise file.wrong((*place, "text"), wrong)
        if wrong := _wrong_in_link(rule):
            raise file.wrong((*place, "with_link"), wrong)
    return policy


def _wrong_in_link(rule: MessageRule) -> str:
    if rule.with_link and rule.to is Receiver.CITIZEN:
        return "手机页面只给承办单位, 不能发给来电人"
    return wrong_in_text(rule.with_link, (*PLACES, LINK))
