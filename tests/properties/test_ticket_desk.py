"""At the real desk, whatever people wish for: nothing closes unanswered, and history tells why it may.

The proof is looked for in what was kept of each step, not in the rules that guard it.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core.errors import HotlineError
from tests.fakes.clock import EVER
from tests.fakes.database import fresh_database
from tests.fakes.work import Office
from tests.properties.test_tickets import UNIT_NUMBERS, USUAL_WAY, wish_of
from tickets.circulars.fact_of_ticket import fact_of
from tickets.fact_store import facts_between
from tickets.history import Event
from tickets.model import Ticket, TicketState
from tickets.tasks import Outcome
from tickets.transitions import ROWS, TABLE
from tickets.wish import Action, Wish
from tickets.work_desk import StaleVersion


class Lack(StrEnum):
    """What a wish lacks; often it is the proof, as nobody would notice that by himself."""

    NOTHING = "nothing"
    WORDS = "words"
    PROOF = "proof"
    PROOF_AGAIN = "proof again"
    TIME = "somebody was quicker"


Step = tuple[int, str, int, int, bool, Lack]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 1000),
        UNIT_NUMBERS,
        st.integers(1, 30),
        st.integers(0, 200),
        st.booleans(),
        st.sampled_from(Lack),
    ),
    min_size=10,
    max_size=30,
)


def _chosen(ticket: Ticket, choice: int) -> Action:
    """Mostly the next usual thing, else one that its state allows, now and then any."""
    usual = [action for action in USUAL_WAY if ticket.state in ROWS[action].sources]
    fitting = [row.action for row in TABLE if ticket.state in row.sources and row.action is not Action.MERGE]
    if choice % 7 == 0:
        return list(ROWS)[choice % len(ROWS)]
    return usual[0] if usual and choice % 3 else fitting[choice % len(fitting)]


def _deficient(wish: Wish, ticket: Ticket, how: Lack) -> Wish:
    if how is Lack.WORDS:
        return replace(wish, reason="", text="", arrival="", second="", visit=None)
    if how in (Lack.PROOF, Lack.PROOF_AGAIN):
        told = wish.outcome or Outcome(at=wish.at, result="", reply_proof="", signed_by_head="")
        return replace(wish, outcome=replace(told, reply_proof=""))
    if how is Lack.TIME:
        return replace(wish, version=ticket.version - 1)
    return wish


def _acting_for(ticket: Ticket, wish: Wish, unit: str) -> Wish:
    """Who leads does the usual things, so that walks come far."""
    lead = ticket.lead
    if wish.action in (Action.SIGN, Action.DONE) and lead is not None and not unit:
        return replace(wish, actor=replace(wish.actor, unit=lead.unit))
    return wish


async def _walk(office: Office, steps: Sequence[Step]) -> tuple[Ticket, list[Event]]:
    ticket = await office.opened()
    for choice, unit, hours_on, hours, yes, how in steps:
        at = office.clock.forward(hours_on * 3600)
        wish = wish_of(_chosen(ticket, choice), unit, at, hours, yes=yes)
        wish = _deficient(_acting_for(ticket, wish, unit), ticket, how)
        try:
            moved = await office.desk.take(ticket.ticket_no, wish)
        except StaleVersion:
            assert how is Lack.TIME
            moved = ticket
        except HotlineError:
            moved = ticket
        else:
            assert how is not Lack.TIME
        kept = office.kept(ticket.ticket_no)
        assert kept == moved
        ticket = kept
    return ticket, await office.desk.history(ticket.ticket_no)


def _proofs(step: Event) -> list[Any]:
    """What was told the citizen, by what this step has added to the tasks."""
    after: list[Any] = (step.diff.get("work.tasks") or (None, []))[1]
    return [one.get("reply_proof") for task in after for one in task.get("outcomes", ())]


def _check_closings(events: Sequence[Event]) -> None:
    """Every time that it closed, the citizen had been told, tried in vain, or wanted no more."""
    proven, tried = False, 0
    for step in events:
        proven = proven or any(_proofs(step))
        tried = tried + 1 if step.action == Action.NO_ANSWER else tried
        if step.now != "closed" or step.was in ("closed", "in_review"):
            continue
        match step.action:
            case Action.ANSWER:
                assert step.reason
            case Action.WITHDRAW:
                assert step.diff["work.withdrawn_in"][1]
            case Action.NO_ANSWER:
                assert tried > 1
            case _:
                assert proven, events


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """One for all walks; each has a work order of its own."""
    with fresh_database("sqlite://") as database:
        yield Office(database)


@settings(max_examples=25)
@given(STEPS)
def test_no_work_order_closes_without_proof_of_an_answer(office: Office, steps: list[Step]) -> None:
    ticket, events = asyncio.run(_walk(office, steps))
    _check_closings(events)
    assert [event.seq for event in events] == list(range(1, ticket.version + 1))
    assert events[-1].now == ticket.state
    known, _ = office.database.now(lambda connection: facts_between(connection, *EVER))
    own = [fact for fact in known if fact.no == ticket.ticket_no]
    assert own == ([] if ticket.state is TicketState.DRAFT else [fact_of(ticket)])
    event(f"closed {sum(one.now == 'closed' for one in events) > 0}")
