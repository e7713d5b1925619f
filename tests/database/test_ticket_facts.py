"""通报素材: what is kept for circulars is what the work orders say, however they were written."""

from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from core.database import Connection, Database
from core.errors import HotlineError
from core.events import RecordingReady
from core.ids import TicketNo
from tests.database.revisions import upgraded_to
from tests.database.test_fill import FEW, filled
from tests.fakes.clock import EVER, NINE_O_CLOCK
from tests.fakes.facts import CALL, answered, suggestion, transcript
from tests.fakes.work import FIVE, REVIEWER, SEAT, VISITOR, Office
from tests.properties.test_tickets import FRESH, RULES, STEPS, USUAL_WAY, wish_of
from tickets import circular_store, store, work_store
from tickets.circular_store import material_between, renew_facts
from tickets.circulars.fact_of_ticket import fact_of
from tickets.circulars.facts import TicketFact
from tickets.desk import TicketDesk
from tickets.fact_store import facts, facts_between
from tickets.model import Ticket, TicketState
from tickets.steps import taken
from tickets.transitions import ROWS, TABLE
from tickets.wish import Action, Wish
from tickets.work_store import Asked

Way = Callable[[Office], Awaitable[object]]
OPEN, CLOSED, MERGED, UNVISITED = (f"26030209000000000{number}" for number in (1, 2, 3, 4))
BEFORE_FACTS = text("""INSERT INTO tickets (ticket_no, query_code, state, src_channel, call_id, orig_did,
received_at, seat, phone, content, dialogue, title, demand_type, category, urgency, address, recording,
version, lead_unit, matter, closing, closed_at, due_at, confidential, citizen, demand, work) VALUES
(:no, 'ABCDEF', :state, '电话', :no, '12345', '2026-03-02 01:00:00', '8001', '', '', '', '', '求助', '',
'一般', '', '', 9, '02', '普通件', '', :closed, :due, FALSE, '{}', '{}', '{}')""")


VISITED_BEFORE = text("""INSERT INTO ticket_visits (ticket_no, number, at, by, channel, reached, unit,
handle_sat, process_sat, is_solved, replied) VALUES (:no, 1, :at, '', '', TRUE, '', '', '', '', '')""")


def in_order(found: list[TicketFact]) -> list[TicketFact]:
    return sorted(found, key=lambda fact: fact.no)


def read_back(database: Database) -> list[TicketFact]:
    """What is kept; none of it is made by another rule."""
    known, outdated = database.now(lambda connection: facts_between(connection, *EVER))
    assert outdated == []
    return in_order(known)


def of_the_work_orders(database: Database) -> list[TicketFact]:
    found = database.now(lambda connection: work_store.listing(connection, Asked(most=10_000)))
    return in_order([fact_of(one) for one in found if one.state is not TicketState.DRAFT])


def stages(steps: list[tuple[int, str, int, int, bool]]) -> Iterator[Ticket]:
    """A work order after each step of a walk: mostly the usual next thing, else one that its state allows."""
    ticket, at = FRESH, NINE_O_CLOCK
    for choice, unit, hours_on, hours, yes in steps:
        at += timedelta(hours=hours_on)
        usual = [action for action in USUAL_WAY if ticket.state in ROWS[action].sources]
        fitting = [row.action for row in TABLE if ticket.state in row.sources]
        action = usual[0] if usual and choice % 3 else fitting[choice % len(fitting)]
        try:
            ticket = taken(ticket, wish_of(action, unit, at, hours, yes=yes), RULES)
        except HotlineError:
            continue
        yield ticket


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_a_fact_comes_back_as_the_work_order_gives_it(
    database: Database, steps: list[tuple[int, str, int, int, bool]]
) -> None:
    was = TicketState.CLOSED
    for ticket in stages(steps):
        database.now(partial(store.put, ticket=ticket, was=was))
        expected = [] if ticket.state is TicketState.DRAFT else [fact_of(ticket)]
        assert read_back(database) == expected
        was = ticket.state


async def chased(office: Office) -> None:
    """A second call about the same matter: its draft is void."""
    ticket, draft = await office.handling(), await office.opened()
    wish = Wish(action=Action.URGE, actor=SEAT, at=office.clock.now(), arrival=draft.call_id, text="还没修")
    await office.desk.urge(ticket.ticket_no, wish, draft.ticket_no)


async def merged(office: Office) -> None:
    main, other = await office.to_visit(), await office.submitted()
    await office.take(other, Action.MERGE, REVIEWER, parent=main.ticket_no, reason="同一件事")
    await office.take(main, Action.VISITED, VISITOR, visit=office.visit())


async def taken_back(office: Office) -> None:
    await office.take(await office.submitted(), Action.TAKE_BACK_SUBMIT, SEAT, reason="写错了")


async def heard_late(office: Office) -> None:
    """A seat has submitted what its call's recording and words come in for."""
    desk = TicketDesk(office.database, office.outbox, Random(1))
    await desk.draft(answered())
    draft = await desk.ticket_of_call(CALL)
    assert draft is not None
    await office.take(draft, Action.EDIT, SEAT, fields=FIVE)
    await office.take(draft, Action.SUBMIT, SEAT)
    await desk.add_transcript(transcript())
    await desk.add_suggestion(suggestion())
    await desk.add_recording(
        RecordingReady(call_id=CALL, at=NINE_O_CLOCK, path="/r/1.raw", duration_seconds=60.0, sha256="0")
    )


WAYS: dict[Way, int] = {
    Office.opened: 0,
    Office.submitted: 1,
    Office.handling: 1,
    Office.closed: 1,
    taken_back: 0,
    chased: 2,
    merged: 2,
    heard_late: 1,
}
"""How many facts there are afterwards."""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_whoever_writes_a_work_order_writes_its_fact(database: Database, way: Way) -> None:
    office = Office(database)
    await way(office)
    assert read_back(database) == of_the_work_orders(database)
    assert len(read_back(database)) == WAYS[way]


def test_a_fill_writes_facts_beside_its_work_orders(database: Database) -> None:
    filled(database, FEW)
    assert len(read_back(database)) > 0.9 * FEW.tickets
    assert read_back(database) == of_the_work_orders(database)


def _before_facts(connection: Connection) -> None:
    upgraded_to(connection, "0010")
    closed = {"closed": "2026-03-04 12:00:00.000000", "due": "2026-03-05 12:00:00.000000"}
    rows: list[dict[str, object]] = [
        {"no": OPEN, "state": "handling", **closed, "closed": None},
        {"no": CLOSED, "state": "closed", **closed},
        {"no": MERGED, "state": "merged", "closed": None, "due": None},
        {"no": UNVISITED, "state": "merged", "closed": None, "due": None},
        {"no": "260302090000000009", "state": "draft", "closed": None, "due": None},
    ]
    connection.execute(BEFORE_FACTS, rows)
    connection.execute(VISITED_BEFORE, {"no": MERGED, "at": "2026-03-03 12:00:00.000000"})


DAYS_TOUCHED = {
    1: {OPEN, CLOSED, MERGED, UNVISITED},
    3: {OPEN, CLOSED, MERGED},
    4: {OPEN, CLOSED},
    5: {OPEN, CLOSED},
    6: {OPEN},
}
"""Closed on the fourth, but due only on the fifth; what was merged was visited on the third."""


def test_after_an_upgrade_circulars_see_what_was_there_and_facts_are_made_when_asked_for(url: str) -> None:
    database = Database(url)
    database.now(_before_facts)
    database.migrate()
    for day, touched in DAYS_TOUCHED.items():
        window = NINE_O_CLOCK.replace(day=day), EVER[1]
        material = database.now(lambda c, window=window: material_between(c, *window))  # type: ignore[misc]  # bound at once
        assert {fact.no for fact in material.tickets} == touched
        assert {fact.demand_type for fact in material.tickets} == {"求助"}
    assert database.now(lambda connection: renew_facts(connection, *EVER))
    assert not database.now(lambda connection: renew_facts(connection, *EVER))
    assert read_back(database) == of_the_work_orders(database)
    database.close()


def made_by_an_older_rule(database: Database, ticket: Ticket) -> None:
    database.now(partial(store.put, ticket=ticket, was=TicketState.DRAFT))
    database.now(lambda connection: connection.execute(update(facts).values(made_by=0, unit="?")))


def test_what_an_older_rule_made_is_not_believed(database: Database) -> None:
    ticket = replace(FRESH, state=TicketState.TO_PREVIEW)
    made_by_an_older_rule(database, ticket)
    material = database.now(lambda connection: material_between(connection, *EVER))
    assert material.tickets == (fact_of(ticket),)
    assert database.now(lambda connection: renew_facts(connection, *EVER))
    assert read_back(database) == [fact_of(ticket)]


TITLED = replace(FRESH, state=TicketState.TO_PREVIEW, title="漏水")


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_whoever_writes_while_facts_are_made_anew_waits_and_his_fact_stays(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_an_older_rule(database, replace(FRESH, state=TicketState.TO_PREVIEW))
    other, read_whole = Database(url), circular_store._read_whole

    def read_while_somebody_writes(connection: Connection, numbers: list[TicketNo]) -> Iterator[Ticket]:
        yield from read_whole(connection, numbers)
        writing.append(threads.submit(other.now, partial(store.put, ticket=TITLED, was=TITLED.state)))
        with pytest.raises(TimeoutError):
            writing[0].result(timeout=0.5)

    monkeypatch.setattr(circular_store, "_read_whole", read_while_somebody_writes)
    writing: list[Future[None]] = []
    with ThreadPoolExecutor(1) as threads:
        assert database.now(lambda connection: renew_facts(connection, *EVER))
        writing[0].result(timeout=10)
    assert read_back(database) == [fact_of(TITLED)]
    other.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_is_being_written_is_not_made_anew(url: str, database: Database) -> None:
    made_by_an_older_rule(database, replace(FRESH, state=TicketState.TO_PREVIEW))
    other = Database(url)

    def renew_while_written(connection: Connection) -> bool:
        store.put(connection, TITLED, TITLED.state)
        return other.now(lambda another: renew_facts(another, *EVER))

    assert not database.now(renew_while_written)
    assert read_back(database) == [fact_of(TITLED)]
    other.close()
