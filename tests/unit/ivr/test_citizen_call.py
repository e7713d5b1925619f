"""The default flow, told with citizens."""

import pytest

from ivr.call import CallerGone, ToQueue
from ivr.flows.citizen_call import INTAKE, citizen_call
from ivr.prompt_book import Prompt
from tests.fakes.call import FakeCall


async def test_a_citizen_is_told_of_the_recording_and_goes_to_a_person() -> None:
    call = FakeCall()
    assert await citizen_call(call) == ToQueue(INTAKE)
    assert call.heard == [Prompt.GREETING]


async def test_there_is_no_menu() -> None:
    call = FakeCall()
    await citizen_call(call)
    assert len(call.heard) == 1


async def test_a_citizen_who_hangs_up_in_the_greeting_goes_nowhere() -> None:
    with pytest.raises(CallerGone):
        await citizen_call(FakeCall(hangs_up_in=Prompt.GREETING))
