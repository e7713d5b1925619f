"""通话中按键: a seat pressed a code while it talks; done by the seat desk, and the seat hears the answer.

Asterisk only tells us and then looks at a variable for a moment: an engine that is away or hangs costs the
talk one and a half seconds, never the talk.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from agi_scripts.variables import DESK_ANSWER, KEYS_PRESSED
from core.errors import HotlineError
from core.ids import SeatNo
from ivr.seat_answers import spoken
from ivr.seat_desk import Answer, Order, SeatDesk, Wish

log = structlog.get_logger(__name__)

WISHES = frozenset(wish.value for wish in Wish)


class Actor(Protocol):
    """Whoever sends actions to Asterisk."""

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        """Send one and give its answers; raises a HotlineError."""
        ...


class TalkKeys:
    """Takes Asterisk's events as they come; several seats may press at the same time."""

    def __init__(self, desk: SeatDesk, ami: Actor) -> None:
        """Nothing is done before :meth:`run`."""
        self._desk = desk
        self._ami = ami
        self._pressed: asyncio.Queue[Mapping[str, str]] = asyncio.Queue()

    def heard(self, event: Mapping[str, str]) -> None:
        """Take any event, header names in lower case; never blocks."""
        if event.get("event") != "UserEvent" or event.get("userevent") != KEYS_PRESSED:
            return
        if event.get("wish") in WISHES and event.get("seat") and event.get("channel", "").isprintable():
            self._pressed.put_nowait(event)
        else:
            log.warning("通话中按键的消息看不懂, 已跳过")

    async def run(self) -> None:
        """Answer until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(self._answer(await self._pressed.get()))

    async def _answer(self, event: Mapping[str, str]) -> None:
        order = Order(wish=Wish(event["wish"]))
        try:
            answer = await self._desk.wish(SeatNo(event["seat"]), order.wish, event.get("callid", ""))
        except HotlineError as error:
            log.warning("seat's wish failed", seat=event["seat"], wish=order.wish, reason=error.sentence())
            answer = Answer.FAILED
        try:
            await self._ami.act(
                "Setvar",
                Channel=event.get("channel", ""),
                Variable=f"{DESK_ANSWER}_{order.wish}",
                Value=spoken(order, answer),
            )
        except HotlineError as error:
            log.warning("seat did not hear the answer", seat=event["seat"], reason=error.sentence())
