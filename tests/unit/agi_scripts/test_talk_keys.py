"""A code that was pressed inside a talk: done, and answered by the name of a prompt."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from agi_scripts.talk_keys import TalkKeys
from core.errors import HotlineError
from core.ids import SeatNo
from ivr.seat_desk import Answer, Wish
from tests.fakes.seat_desk import FakeSeatDesk

CHANNEL = "PJSIP/8001-0000002a"


class Trouble(HotlineError):
    """出了问题。"""


@dataclass(kw_only=True)
class FakeActor:
    away: bool = False
    acts: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        if self.away:
            raise Trouble
        self.acts.append((action, fields))
        return []


def pressed(wish: Wish, channel: str = CHANNEL, **more: str) -> dict[str, str]:
    told = {"event": "UserEvent", "userevent": "SeatKeys", "seat": "8001", "callid": "h-1.1"}
    return told | {"wish": wish.value, "channel": channel} | more


@asynccontextmanager
async def keys(desk: FakeSeatDesk, ami: FakeActor) -> AsyncIterator[TalkKeys]:
    taken = TalkKeys(desk, ami)
    running = asyncio.create_task(taken.run())
    yield taken
    for _ in range(10):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_was_pressed_is_done_for_the_call_and_the_seat_hears_it() -> None:
    desk, ami = FakeSeatDesk(), FakeActor()
    async with keys(desk, ami) as taken:
        taken.heard(pressed(Wish.PAUSE_RECORDING))
    assert desk.wishes == [(SeatNo("8001"), Wish.PAUSE_RECORDING, "h-1.1")]
    assert ami.acts == [
        (
            "Setvar",
            {
                "Channel": CHANNEL,
                "Variable": "DESK_ANSWER_pause_recording",
                "Value": "recording_paused",
            },
        )
    ]


async def test_other_events_are_not_taken() -> None:
    desk, ami = FakeSeatDesk(), FakeActor()
    async with keys(desk, ami) as taken:
        taken.heard({"event": "UserEvent", "userevent": "QueueLeft", "callid": "h-1.1"})
        taken.heard({"event": "Hangup", "seat": "8001", "wish": "mark_urgent"})
    assert desk.wishes == []
    assert ami.acts == []


async def test_a_desk_in_trouble_is_heard_and_the_next_seat_is_served() -> None:
    desk, ami = FakeSeatDesk(trouble=Trouble()), FakeActor()
    async with keys(desk, ami) as taken:
        taken.heard(pressed(Wish.MARK_URGENT))
        await asyncio.sleep(0.01)
        desk.trouble, desk.answer = None, Answer.ALREADY
        taken.heard(pressed(Wish.MARK_URGENT))
    assert [fields["Value"] for _, fields in ami.acts] == ["not_done", "call_already_urgent"]


async def test_an_asterisk_that_is_away_disturbs_nobody() -> None:
    desk, ami = FakeSeatDesk(), FakeActor(away=True)
    async with keys(desk, ami) as taken:
        taken.heard(pressed(Wish.MARK_URGENT))
        await asyncio.sleep(0.01)
        ami.away = False
        taken.heard(pressed(Wish.MARK_URGENT, channel="PJSIP/8002-0000002b"))
    assert [fields["Channel"] for _, fields in ami.acts] == ["PJSIP/8002-0000002b"]
