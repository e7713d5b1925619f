"""The default flow, told with citizens."""

import pytest

from core.ids import QueueName
from ivr.call import CallerGone, ToQueue
from ivr.flows.citizen_call import INTAKE, citizen_call
from ivr.prompt_book import Prompt
from tests.fakes.call import FakeCall, OneIsKnown, StrangersOnly


async def test_a_citizen_is_told_of_the_recording_and_goes_to_a_person() -> None:
    call = FakeCall()
    assert await citizen_call(call, StrangersOnly()) == ToQueue(INTAKE)
    assert call.heard == [Prompt.GREETING]


async def test_a_citizen_who_was_here_before_is_led_to_the_seat_that_knows_him() -> None:
    call = FakeCall(caller="13900001111")
    known = OneIsKnown(caller="13900001111", queue=QueueName("seat-8002"))
    assert await citizen_call(call, known) == ToQueue(INTAKE, first=QueueName("seat-8002"))
    assert await citizen_call(FakeCall(), known) == ToQueue(INTAKE)


async def test_there_is_no_menu() -> None:
    call = FakeCall()
    await citizen_call(call, StrangersOnly())
    assert len(call.heard) == 1


async def test_a_citizen_who_hangs_up_in_the_greeting_goes_nowhere() -> None:
    with pytest.raises(CallerGone):
        await citizen_call(FakeCall(hangs_up_in=Prompt.GREETING), StrangersOnly())
