"""Ticket numbers: two engines on one database never give the same, and miss none."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from core.database import Connection, Database
from core.ids import CallId
from core.outbox import Outbox
from tests.fakes.facts import answered
from tickets import store
from tickets.desk import TicketDesk

EACH = 50


@pytest.mark.parametrize("engines", [1, 2])
def test_no_number_is_taken_twice_and_none_is_left_out(url: str, engines: int) -> None:
    databases = [Database(url) for _ in range(engines)]
    databases[0].migrate()

    def take(database: Database) -> list[int]:
        return [database.now(store.next_number) for _ in range(EACH)]

    with ThreadPoolExecutor(engines) as threads:
        taken = [number for numbers in threads.map(take, databases) for number in numbers]
    assert sorted(taken) == list(range(1, engines * EACH + 1))
    for database in databases:
        database.close()


def test_a_number_that_was_taken_in_a_transaction_that_failed_is_given_again(database: Database) -> None:
    def fail_after_taking(connection: Connection) -> None:
        store.next_number(connection)
        raise KeyError

    with pytest.raises(KeyError):
        database.now(fail_after_taking)
    assert database.now(store.next_number) == 1


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
