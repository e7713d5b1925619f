"""来电: the small vocabulary in which call flows are written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from core.ids import CallId, QueueName
from ivr.prompt_book import Prompt


@dataclass(frozen=True, slots=True)
class ToQueue:
    """转入技能组: the citizen waits there for a seat."""

    queue: QueueName


@dataclass(frozen=True, slots=True)
class HangUp:
    """挂机: the hotline ends the call."""


Next = ToQueue | HangUp
"""Where a flow sends the citizen when it ends."""


class CallerGone(Exception):  # not a HotlineError: nothing is wrong
    """来电人已挂机; passes through the flow, which need not think of it."""


class Call(Protocol):
    """One citizen on the line. Every spoken sentence may end in CallerGone."""

    @property
    def call_id(self) -> CallId:
        """Give the call's name everywhere."""
        ...

    @property
    def caller(self) -> str:
        """主叫号码 as the trunk sent it, at most 64 harmless characters; empty when it sent none."""
        ...

    @property
    def dialled(self) -> str:
        """被叫号码: the number the citizen dialled, at most 64 harmless characters; may be empty."""
        ...

    async def say(self, prompt: Prompt) -> None:
        """Speak; any key cuts it short. Raises CallerGone."""
        ...


Flow = Callable[[Call], Awaitable[Next]]
"""呼叫流程: talks to one citizen and says where he goes next."""
