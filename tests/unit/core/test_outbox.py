"""The outbox: kept with the change, told at least once, to each listener on its own."""

from dataclasses import replace

from sqlalchemy import Connection, update

from core.database import Database
from core.events import CallArrived, CallQueued, KeptFact
from core.ids import CallId
from core.outbox import Listener, NotNow, Outbox
from core.outbox_rows import BATCH, TRIES, facts
from tests.fakes.facts import arrived, queued


class Neighbour:
    """Takes facts, unless it is away or broken."""

    def __init__(self) -> None:
        self.heard: list[KeptFact] = []
        self.away = False
        self.broken = False

    async def hear(self, fact: KeptFact) -> None:
        if self.away:
            raise NotNow
        if self.broken:
            raise ZeroDivisionError
        self.heard.append(fact)


def outbox_with(database: Database, **neighbours: Neighbour) -> Outbox:
    outbox = Outbox(database)
    outbox.connect(
        *(
            Listener(name=name, wants={CallArrived: one.hear, CallQueued: one.hear})
            for name, one in neighbours.items()
        )
    )
    return outbox


async def test_a_fact_is_told_to_every_listener_in_order_and_only_once(database: Database) -> None:
    one, other = Neighbour(), Neighbour()
    outbox = outbox_with(database, one=one, other=other)
    database.now(lambda c: outbox.append(c, arrived()))
    database.now(lambda c: outbox.append(c, queued()))
    await outbox.deliver_once()
    await outbox.deliver_once()
    assert one.heard == other.heard == [arrived(), queued()]


async def test_a_change_that_is_rolled_back_tells_nothing(database: Database) -> None:
    one = Neighbour()
    outbox = outbox_with(database, one=one)

    def work(connection: Connection) -> None:
        outbox.append(connection, arrived())
        raise KeyError

    try:
        database.now(work)
    except KeyError:
        await outbox.deliver_once()
    assert one.heard == []


async def test_while_one_is_away_nothing_is_lost_and_the_other_goes_on(database: Database) -> None:
    one, other = Neighbour(), Neighbour()
    outbox = outbox_with(database, one=one, other=other)
    one.away = True
    database.now(lambda c: outbox.append(c, arrived()))
    for _ in range(3 * TRIES):
        await outbox.deliver_once()
    assert (one.heard, other.heard) == ([], [arrived()])
    assert await outbox.waiting() == {"one": (1, 0)}
    one.away = False
    await outbox.deliver_once()
    assert one.heard == [arrived()]


async def test_a_fact_that_cannot_be_taken_is_set_aside_and_blocks_no_other(database: Database) -> None:
    one = Neighbour()
    outbox = outbox_with(database, one=one)
    database.now(lambda c: outbox.append(c, arrived()))
    one.broken = True
    for _ in range(TRIES):
        await outbox.deliver_once()
    one.broken = False
    database.now(lambda c: outbox.append(c, queued()))
    await outbox.deliver_once()
    assert one.heard == [queued()]
    assert await outbox.waiting() == {"one": (0, 1)}


async def test_a_fact_of_another_version_is_set_aside_at_once_and_blocks_no_other(database: Database) -> None:
    one = Neighbour()
    outbox = outbox_with(database, one=one)
    database.now(lambda c: outbox.append(c, arrived()))
    database.now(lambda c: outbox.append(c, replace(arrived(), call_id=CallId("torn"))))
    database.now(lambda c: outbox.append(c, queued()))
    database.now(lambda c: c.execute(update(facts).where(facts.c.id == 1).values(name="CallTeleported")))
    database.now(lambda c: c.execute(update(facts).where(facts.c.id == 2).values(body='{"at": 1')))
    await outbox.deliver_once()
    assert one.heard == [queued()]
    assert await outbox.waiting() == {"one": (0, 2)}


async def test_facts_survive_a_restart(database: Database) -> None:
    first, second = Neighbour(), Neighbour()
    before = outbox_with(database, one=first)
    database.now(lambda c: before.append(c, arrived()))
    await outbox_with(database, one=second).deliver_once()
    assert second.heard == [arrived()]


async def test_what_a_command_keeps_is_told_to_every_listener_in_its_place(database: Database) -> None:
    one, other = Neighbour(), Neighbour()
    engine, command = outbox_with(database, one=one, other=other), Outbox(database)
    told = [arrived(CallId("1")), arrived(CallId("2")), arrived(CallId("3"))]
    for outbox, fact in zip((engine, command, engine), told, strict=True):
        database.now(lambda c, outbox=outbox, fact=fact: outbox.append(c, fact))  # type: ignore[misc]  # bound at once
    assert await command.waiting() == {"*": (1, 0), "one": (2, 0), "other": (2, 0)}
    await engine.deliver_once()
    assert one.heard == other.heard == told
    assert await command.waiting() == {}


async def test_what_a_command_keeps_and_nobody_wants_is_forgotten(database: Database) -> None:
    engine, command = outbox_with(database), Outbox(database)
    engine.connect(Listener(name="one", wants={CallQueued: Neighbour().hear}))
    for number in range(BATCH * 2 + 1):
        database.now(lambda c, number=number: command.append(c, arrived(CallId(f"{number}"))))  # type: ignore[misc]  # bound at once
    await engine.deliver_once()
    assert await command.waiting() == {}
