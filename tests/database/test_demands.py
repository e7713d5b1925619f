"""诉求指标: what work orders know of the demands that were called about, on either database."""

from datetime import timedelta

import pytest

from app.figures_seen import seen_with_demands
from core.database import Database
from queue_manager.figures.figure import Figure, Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import report_of
from tests.fakes.work import FIVE, HOUSING, REVIEWER, SEAT, VISITOR, Office
from tickets.deadlines import PHONE
from tickets.model import Ticket, TicketState
from tickets.wish import Action

DAY = timedelta(days=1)
LI, WANG = "13900000001", "13900000002"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


async def called(office: Office, number: str = LI) -> Ticket:
    return await office.submitted(channel=PHONE, phone=number)


async def answered_at_once(office: Office, number: str = LI, demand_type: str = "咨询") -> Ticket:
    asked = await office.opened(channel=PHONE, phone=number, fields={**FIVE, "demand_type": demand_type})
    return await office.take(asked, Action.ANSWER, SEAT, text="周一到周五上班", passed=False)


async def about(office: Office, ticket: Ticket, number: str = LI) -> Ticket:
    """Another call about the same."""
    again = await called(office, number)
    return await office.take(again, Action.MERGE, REVIEWER, parent=ticket.ticket_no, reason="同一件事")


def figures(office: Office, window: Window, policy: Policy | None = None) -> dict[str, tuple[float, float]]:
    told = policy or Policy()
    seen = office.database.now(lambda c: seen_with_demands(c, window, office.clock.now(), told))

    def parts(figure: Figure) -> tuple[float, float]:
        return figure.num or 0, figure.den or 0

    return {key: parts(figure) for key, figure in report_of(seen, None, told).demands.items()}


def today(office: Office) -> Window:
    midnight = office.clock.now().replace(hour=0, minute=0)
    return Window(since=midnight, until=midnight + DAY)


async def test_of_two_demands_one_was_answered_at_once(office: Office) -> None:
    await answered_at_once(office)
    await called(office, WANG)
    assert figures(office, today(office))["direct_answer_rate"] == (1, 2)


async def test_who_calls_again_about_the_same_was_not_settled_by_the_first_call(office: Office) -> None:
    await answered_at_once(office, WANG)
    ticket = await called(office)
    await about(office, ticket)
    told = figures(office, today(office))
    assert told["first_contact_resolution"] == (1, 1)
    assert told["repeat_call_rate"] == (1, 3)
    assert told["direct_answer_rate"] == (1, 2)


async def test_a_call_of_today_about_yesterdays_demand_is_a_repeated_one(office: Office) -> None:
    ticket = await called(office)
    middle = await about(office, ticket, WANG)
    office.clock.forward(DAY.total_seconds())
    await about(office, ticket)
    assert figures(office, today(office)) == {
        "direct_answer_rate": (0, 0),
        "first_contact_resolution": (0, 0),
        "repeat_call_rate": (1, 1),
    }
    yesterday = Window(since=today(office).since - DAY, until=today(office).since)
    assert figures(office, yesterday)["repeat_call_rate"] == (0, 2)
    assert middle.work.parent == ticket.ticket_no


async def test_what_was_merged_twice_belongs_to_the_last(office: Office) -> None:
    first, second = await called(office), await called(office, WANG)
    await about(office, second, WANG)
    await office.take(second, Action.MERGE, REVIEWER, parent=first.ticket_no, reason="同一件事")
    told = figures(office, today(office))
    assert (told["direct_answer_rate"], told["repeat_call_rate"]) == ((0, 1), (1, 3))


async def test_drafts_other_channels_and_test_telephones_count_nowhere(office: Office) -> None:
    await office.opened(channel=PHONE, phone=LI)
    await office.submitted()
    await called(office, WANG)
    none = figures(office, today(office), Policy(test_numbers=(WANG,)))
    assert set(none.values()) == {(0, 0)}


@pytest.mark.parametrize("demand_type", ["骚扰", "无效"])
async def test_a_nuisance_is_no_valid_demand_and_nobodys_direct_answer(
    office: Office, demand_type: str
) -> None:
    await answered_at_once(office, demand_type=demand_type)
    assert figures(office, today(office))["direct_answer_rate"] == (0, 0)


async def test_a_draft_is_no_demand_even_when_another_was_merged_into_it(office: Office) -> None:
    draft = await office.opened(channel=PHONE, phone=WANG)
    await about(office, draft)
    assert set(figures(office, today(office)).values()) == {(0, 0)}


async def test_what_a_unit_appeals_about_stays_closed(office: Office) -> None:
    ticket = await called(office)
    await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",))
    await office.reported(await office.take(ticket, Action.SIGN, HOUSING))
    await office.take(ticket, Action.ACCEPT, REVIEWER)
    await office.take(ticket, Action.VISITED, VISITOR, visit=office.visit())
    appealed = await office.take(ticket, Action.APPEAL, HOUSING, reason="已当面致歉")
    told = figures(office, today(office))
    assert appealed.state is TicketState.IN_REVIEW
    assert (told["first_contact_resolution"], told["direct_answer_rate"]) == ((1, 1), (0, 1))
