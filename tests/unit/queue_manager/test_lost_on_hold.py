"""A telephone that goes away while it holds a citizen is hung up, so that somebody else can care for him."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import pytest

from queue_manager.ami import AsteriskAway
from queue_manager.lost_on_hold import LostOnHold
from simulator.day.virtual_loop import VirtualLoop

LEG = "PJSIP/8001-0000000a"
CITIZENS = "PJSIP/carrier-00000009"


class Asterisk:
    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.hung_up: list[tuple[str, str]] = []

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        if self.away:
            raise AsteriskAway(action=action)
        assert action == "Hangup"
        self.hung_up.append((fields["Channel"], fields["Cause"]))
        return [{"response": "Success"}]


def after(seconds: float, *events: dict[str, str], asterisk: Asterisk | None = None) -> list[tuple[str, str]]:
    """What is hung up so long after these events, each of which comes a second after the one before."""
    asterisk = asterisk or Asterisk()

    async def life() -> None:
        lost = LostOnHold(asterisk)
        running = asyncio.create_task(lost.run())
        for event in events:
            await asyncio.sleep(1)
            lost.heard(event)
        await asyncio.sleep(seconds)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    _live(life())
    return asterisk.hung_up


def _live(life: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(life)


def holds(channel: str = LEG) -> dict[str, str]:
    return {"event": "Hold", "channel": channel}


def contact(status: str) -> dict[str, str]:
    return {"event": "ContactStatus", "endpointname": "8001", "contactstatus": status}


@pytest.mark.parametrize("status", ["Unreachable", "Removed"])
def test_after_ten_seconds_as_a_telephone_from_which_nothing_comes(status: str) -> None:
    assert after(9, holds(), contact(status)) == []
    assert after(11, holds(), contact(status)) == [(LEG, "44")]


@pytest.mark.parametrize("back", ["Reachable", "Created"])
def test_one_that_is_back_by_then_goes_on(back: str) -> None:
    assert after(30, holds(), contact("Unreachable"), contact(back)) == []


def test_one_that_goes_away_again_has_ten_seconds_again() -> None:
    gone_twice = (holds(), contact("Removed"), contact("Created"), contact("Removed"))
    assert after(9, *gone_twice) == []
    assert after(11, *gone_twice) == [(LEG, "44")]


@pytest.mark.parametrize("how", ["Unhold", "Hangup"])
def test_in_a_talk_asterisk_itself_notices(how: str) -> None:
    assert after(30, holds(), {"event": how, "channel": LEG}, contact("Unreachable")) == []
    assert after(30, contact("Unreachable")) == []


def test_the_end_of_its_second_line_does_not_end_the_hold() -> None:
    second_line = {"event": "Hangup", "channel": "PJSIP/8001-0000000c"}
    assert after(11, holds(), second_line, contact("Unreachable")) == [(LEG, "44")]


def test_a_citizen_who_holds_us_is_left_alone() -> None:
    assert after(30, holds(CITIZENS), contact("Unreachable")) == []


def test_an_asterisk_that_is_away_is_no_trouble() -> None:
    assert after(30, holds(), contact("Unreachable"), asterisk=Asterisk(away=True)) == []
