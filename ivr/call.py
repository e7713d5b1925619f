"""来电: the small vocabulary in which call flows are written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from core.ids import CallId, QueueName, SeatNo
from ivr.prompt_book import Prompt
from ivr.seat_desk import Wish


@dataclass(frozen=True, slots=True)
class ToQueue:
    """转入技能组: the citizen waits there for a seat.

    ``first`` is a queue that is tried before for a few seconds: that of the seat he knows already.
    """

    queue: QueueName
    first: QueueName | None = None


@dataclass(frozen=True, slots=True)
class HangUp:
    """挂机: the hotline ends the call."""


@dataclass(frozen=True, slots=True)
class ListenTo:
    """监听、耳语、强插: the supervisor joins the talk of a seat."""

    seat: SeatNo
    how: Wish


Next = ToQueue | HangUp | ListenTo
"""Where a flow sends the caller when it ends."""


class CallerGone(Exception):  # not a HotlineError: nothing is wrong
    """来电人已挂机; passes through the flow, which need not think of it."""


class Speaking(Protocol):
    """Whoever hears our prompts."""

    async def say(self, prompt: Prompt) -> None:
        """Speak; any key cuts it short. Raises CallerGone."""
        ...


class Call(Speaking, Protocol):
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


class SeatCall(Speaking, Protocol):
    """One seat that has dialled a code. Every spoken sentence may end in CallerGone."""

    @property
    def seat(self) -> SeatNo:
        """Give the seat's number: the account that its telephone logged on with."""
        ...

    @property
    def code(self) -> str:
        """功能码: what it dialled, only digits and ``*``."""
        ...

    @property
    def supervisor(self) -> bool:
        """班长: may listen to other seats."""
        ...

    async def ask_key(self, prompt: Prompt) -> str:
        """Speak and give the digit that was pressed; empty when none was. Raises CallerGone."""
        ...


Flow = Callable[[Call], Awaitable[Next]]
"""呼叫流程: talks to one citizen and says where he goes next."""

SeatFlow = Callable[[SeatCall], Awaitable[Next]]
"""座席流程: does what one seat wishes for."""
