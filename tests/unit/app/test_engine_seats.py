"""The telephones' words and the seat desk's are the same, though neither room knows the other."""

import pytest

from core.database import Database
from ivr.seat_desk import PAUSE_REASONS, Answer, Wish
from queue_manager.seat_wishes import Answer as OfTheDesk
from tests.unit.queue_manager.seat_house import SeatHouse


def test_both_know_the_same_answers() -> None:
    assert {answer.value for answer in Answer} == {answer.value for answer in OfTheDesk}


@pytest.mark.parametrize("wish", Wish)
async def test_the_desk_knows_every_wish_of_a_telephone(database: Database, wish: Wish) -> None:
    house = SeatHouse(database)
    await house.start()
    assert Answer(await house.desk.wish("8001", wish.value, "8002")) is not Answer.FAILED


@pytest.mark.parametrize("reason", PAUSE_REASONS.values())
async def test_the_desk_keeps_every_reason_as_the_telephone_says_it(database: Database, reason: str) -> None:
    house = SeatHouse(database)
    await house.start()
    await house.desk.wish("8001", Wish.LOG_IN.value)
    await house.desk.wish("8001", Wish.PAUSE.value, reason)
    assert house.now().reason == reason
