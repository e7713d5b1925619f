"""Ticket numbers: two engines on one database never give the same, and miss none."""

from asyncio import gather
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier, Event

import pytest

from core.database import Connection, Database
from core.ids import CallId
from core.outbox import Outbox
from tests.database.cluster import Cluster
from tests.fakes.facts import answered
from tests.fakes.work import Office
from tickets import numbers_store, store
from tickets.desk import TicketDesk
from tickets.model import Ticket

EACH = 50


@pytest.mark.parametrize("engines", [1, 2])
def test_no_number_is_taken_twice_and_none_is_left_out(url: str, engines: int) -> None:
    databases = [Database(url) for _ in range(engines)]
    databases[0].migrate()

    def take(database: Database) -> list[int]:
        return [database.now(numbers_store.next_number) for _ in range(EACH)]

    with ThreadPoolExecutor(engines) as threads:
        taken = [number for numbers in threads.map(take, databases) for number in numbers]
    assert sorted(taken) == list(range(1, engines * EACH + 1))
    for database in databases:
        database.close()


def test_a_number_that_was_taken_in_a_transaction_that_failed_is_given_again(database: Database) -> None:
    def fail_after_taking(connection: Connection) -> None:
        numbers_store.next_number(connection)
        raise KeyError

    with pytest.raises(KeyError):
        database.now(fail_after_taking)
    assert database.now(numbers_store.next_number) == 1


def test_an_opening_that_takes_its_time_holds_up_no_other(cluster: Cluster) -> None:
    """Not on SQLite, where there is one writer at a time anyway."""
    url = cluster.fresh()
    slow, quick = Database(url), Database(url)
    slow.migrate()
    slow.now(numbers_store.next_number)
    begun, done = Event(), Event()

    def dawdle(connection: Connection) -> int:
        number = numbers_store.next_number(connection)
        begun.set()
        assert done.wait(10)
        return number

    with ThreadPoolExecutor(1) as thread:
        dawdling = thread.submit(slow.now, dawdle)
        assert begun.wait(10)
        numbers = [quick.now(numbers_store.next_number) for _ in range(3)]
        done.set()
        assert (dawdling.result(), numbers) == (2, [3, 4, 5])
    slow.close()
    quick.close()


def test_blocks_of_numbers_follow_each_other(database: Database) -> None:
    many = numbers_store.BLOCK + 3
    taken = database.now(lambda connection: [numbers_store.next_number(connection) for _ in range(many)])
    assert taken == list(range(1, many + 1))


async def test_two_engines_that_draft_the_same_call_make_one_ticket(url: str) -> None:
    databases = [Database(url), Database(url)]
    databases[0].migrate()
    desks = [TicketDesk(database, Outbox(database), Random(1)) for database in databases]
    for number in range(10):
        fact = answered(CallId(f"hotline-{number}"))
        for desk in desks:
            await desk.draft(fact)
    tickets = databases[0].now(lambda connection: store.latest_tickets(connection, 100))
    assert len(tickets) == len({ticket.call_id for ticket in tickets}) == 10
    for database in databases:
        database.close()


async def test_an_arrival_that_is_told_twice_at_once_leaves_no_gap(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on SQLite, where nobody looks while another opens."""
    url = cluster.fresh()
    databases = [Database(url), Database(url)]
    databases[0].migrate()
    first = databases[0].now(numbers_store.next_number)
    desks = [Office(database).desk for database in databases]
    look, both_have_looked = store.ticket_of_call, Barrier(2)

    def look_together(connection: Connection, call_id: CallId) -> Ticket | None:
        found = look(connection, call_id)
        if found is None:
            both_have_looked.wait(10)
        return found

    monkeypatch.setattr(store, "ticket_of_call", look_together)
    arrival = Office(databases[0]).arrival()
    one, same = await gather(*(desk.open(arrival) for desk in desks))
    assert one == same
    rest = [databases[0].now(numbers_store.next_number) for _ in range(2)]
    assert sorted([first, int(one.ticket_no[12:]), *rest]) == [1, 2, 3, 4]
    for database in databases:
        database.close()
