"""夜间整理: what is removed is removed at night, once, and again when the database was away."""

import pytest

from core.database import DatabaseTrouble
from core.night import Night
from tests.fakes.clock import StandingClock

HOUR = 3600.0
FOUR_O_CLOCK_FROM_NINE = 19 * HOUR


class Chore:
    """Counts; fails as often as it is told to."""

    def __init__(self, fails: int = 0, error: Exception | None = None) -> None:
        self.done = 0
        self.fails = fails
        self.error = error or DatabaseTrouble()

    async def __call__(self) -> None:
        if self.fails:
            self.fails -= 1
            raise self.error
        self.done += 1


async def test_nothing_is_removed_by_day() -> None:
    chore = Chore()
    await Night(StandingClock(), {"明细": chore}).look()
    assert chore.done == 0


async def test_each_chore_is_done_once_a_night() -> None:
    clock, chore, other = StandingClock(), Chore(), Chore()
    night = Night(clock, {"明细": chore, "发件箱": other})
    clock.forward(FOUR_O_CLOCK_FROM_NINE)
    await night.look()
    clock.forward(HOUR)
    await night.look()
    assert (chore.done, other.done) == (1, 1)
    clock.forward(24 * HOUR)
    await night.look()
    assert (chore.done, other.done) == (2, 2)


@pytest.mark.parametrize("error", [DatabaseTrouble(), OSError(5, "Input/output error", "recordings")])
async def test_one_that_fails_is_done_at_the_next_look_and_holds_up_no_other(error: Exception) -> None:
    clock, failing, other = StandingClock(), Chore(fails=1, error=error), Chore()
    night = Night(clock, {"明细": failing, "发件箱": other})
    clock.forward(FOUR_O_CLOCK_FROM_NINE)
    await night.look()
    assert (failing.done, other.done) == (0, 1)
    await night.look()
    assert (failing.done, other.done) == (1, 1)


async def test_what_would_begin_when_people_call_again_waits_for_the_next_night() -> None:
    clock, other = StandingClock(), Chore()

    async def lasts() -> None:
        clock.forward(3 * HOUR)

    night = Night(clock, {"录音": lasts, "发件箱": other})
    clock.forward(FOUR_O_CLOCK_FROM_NINE)
    await night.look()
    assert other.done == 0
