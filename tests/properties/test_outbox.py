"""The outbox under any failures: everything is told at least once, in order, unless it was set aside."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise

import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from core.database import Connection, Database
from core.events import CallArrived, KeptFact
from core.ids import CallId
from core.outbox import Listener, NotNow, Outbox
from tests.fakes.database import fresh_database
from tests.fakes.facts import arrived

ROUNDS = 100
"""More than there are moods: after them everybody takes everything."""
MOODS = ("takes", "away", "broken", "dies")
mood = st.sampled_from(MOODS)
steps = st.lists(
    st.one_of(st.just("deliver"), st.integers(min_value=1, max_value=4)), min_size=1, max_size=12
)


class Whim:
    """A listener that takes a fact, is away, breaks, or dies with the engine, as it was drawn."""

    def __init__(self, moods: list[str]) -> None:
        self._moods: Iterator[str] = iter(moods)
        self.heard: list[int] = []

    async def hear(self, fact: KeptFact) -> None:
        match next(self._moods, "takes"):
            case "away":
                raise NotNow
            case "broken":
                raise ZeroDivisionError
            case "dies":
                self.heard.append(int(fact.call_id))
                raise asyncio.CancelledError
            case _:
                self.heard.append(int(fact.call_id))


async def _round(outbox: Outbox) -> None:
    """One round; an engine that dies in it is started again and goes on from the rows."""
    try:
        await outbox.deliver_once()
    except asyncio.CancelledError:
        return


def _outbox(database: Database, whims: dict[str, Whim]) -> Outbox:
    outbox = Outbox(database)
    outbox.connect(*(Listener(name=name, wants={CallArrived: one.hear}) for name, one in whims.items()))
    return outbox


def _append(database: Database, outbox: Outbox, first: int, number: int) -> int:
    def work(connection: Connection) -> None:
        for call in range(first, first + number):
            outbox.append(connection, arrived(CallId(str(call))))

    database.now(work)
    return first + number


@settings(max_examples=60)
@given(plan=steps, moods=st.tuples(st.lists(mood, max_size=30), st.lists(mood, max_size=30)))
def test_everything_is_told_at_least_once_in_order_unless_set_aside(
    plan: list[str | int], moods: tuple[list[str], list[str]]
) -> None:
    whims = {"one": Whim(moods[0]), "other": Whim(moods[1])}
    # Its log would show every failure with its traceback.
    with structlog.testing.capture_logs():
        asyncio.run(_play(plan, whims))


async def _play(plan: list[str | int], whims: dict[str, Whim]) -> None:
    with fresh_database("sqlite://") as database:
        outbox = _outbox(database, whims)
        number = 0
        for step in plan:
            if isinstance(step, int):
                number = _append(database, outbox, number, step)
            else:
                await _round(outbox)
        for _ in range(ROUNDS):
            await _round(outbox)
            waiting = await outbox.waiting()
            if not any(waits for waits, _ in waiting.values()):
                break
        assert not any(waits for waits, _ in waiting.values())
        for name, whim in whims.items():
            first_heard = list(dict.fromkeys(whim.heard))
            assert all(one < next_one for one, next_one in pairwise(first_heard))
            assert len(set(range(number)) - set(first_heard)) <= waiting.get(name, (0, 0))[1]
