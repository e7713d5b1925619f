"""Work orders under any sequence of wishes: invariants hold, and there is always a way out."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import HotlineError
from core.ids import CallId, SeatNo, TicketNo
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.work import FIVE, POLICIES, UNITS, outcome
from tickets.clocks import ChangeKind
from tickets.deadlines import Matter
from tickets.guards import WorkRules
from tickets.invariants import is_answered, problems
from tickets.model import ENDED, Attachment, Ticket, TicketState, Visit
from tickets.roles import Actor, Role
from tickets.steps import taken
from tickets.steps_intake import with_fields
from tickets.transitions import ROWS, TABLE
from tickets.units import UnitTree
from tickets.wish import Action, Wish

TREE = UnitTree(UNITS)
RULES = WorkRules(limits=POLICIES.limits, flow=POLICIES.flow, units=lambda: TREE)
FRESH = with_fields(
    Ticket(
        ticket_no=TicketNo("260302090000000001"),
        query_code="ABCDEF",
        state=TicketState.DRAFT,
        src_channel="电话",
        call_id=CallId("hotline-1.1"),
        orig_did="12345",
        received_at=NINE_O_CLOCK,
        seat=SeatNo("8001"),
        phone="13812341234",
    ),
    FIVE,
)
UNIT_NUMBERS = st.sampled_from(["", "02", "03", "0201"])
EXITS = (Action.WITHDRAW, Action.MERGE)
USUAL_WAY = (
    Action.DECLINE,
    Action.DONE,
    Action.ACCEPT,
    Action.VISITED,
    Action.SIGN,
    Action.INSTRUCT,
    Action.DISPATCH,
    Action.SUBMIT,
    Action.COMPLETE,
    Action.DECIDE,
)


def wish_of(action: Action, unit: str, at: datetime, hours: int, *, yes: bool) -> Wish:
    """A wish of somebody who may, with everything filled in."""
    roles = ROWS[action].roles
    role = Role.DIRECTOR if Role.DIRECTOR in roles else roles[-1]
    others = tuple(number for number in ("03", "02") if number != unit)
    return Wish(
        action=action,
        actor=Actor(name="某人", role=role, unit=unit),
        at=at,
        reason="调解",
        text="内容",
        leads=(others[0],),
        assists=(others[-1],) if yes and len(others) > 1 else (),
        due=at + timedelta(hours=hours) if hours else None,
        matter=Matter.SUPERVISED if yes else None,
        limit="1个工作日" if action is Action.ASK_EXTENSION else "",
        clause="职责清单",
        arrival=f"hotline-{hours}",
        second="另一人",
        parent=TicketNo("1"),
        passed=yes,
        outcome=outcome(at),
        visit=Visit(at=at, by="某人", handle_sat="满意" if yes else "不满意"),
        attachment=Attachment(name="a", size=1, sha256=f"{hours}"),
        fields={"title": f"标题{hours}"},
    )


STEPS = st.tuples(
    st.integers(0, 1000),
    UNIT_NUMBERS,
    st.integers(1, 100),
    st.integers(0, 200),
    st.booleans(),
)


def _chosen(ticket: Ticket, choice: int) -> Action:
    """One of the actions that its state allows; now and then any."""
    fitting = [row.action for row in TABLE if ticket.state in row.sources and row.action not in EXITS]
    return (fitting or list(ROWS))[choice % len(fitting)] if choice % 7 else list(ROWS)[choice % len(ROWS)]


def _after(ticket: Ticket, wish: Wish) -> Ticket:
    try:
        return taken(ticket, wish, RULES)
    except HotlineError:
        return ticket


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=40))
def test_whatever_people_do_the_work_order_never_contradicts_itself(
    steps: list[tuple[int, str, int, int, bool]],
) -> None:
    ticket, at = FRESH, NINE_O_CLOCK
    for choice, unit, hours_on, hours, yes in steps:
        at += timedelta(hours=hours_on)
        before = ticket
        ticket = _after(ticket, wish_of(_chosen(ticket, choice), unit, at, hours, yes=yes))
        assert list(problems(ticket)) == []
        assert ticket.state is not TicketState.CLOSED or is_answered(ticket)
        assert len(ticket.work.tasks) >= len(before.work.tasks)
        _check_due_times(before, ticket)


def _check_due_times(before: Ticket, after: Ticket) -> None:
    """A running clock's due time changes by a decision that is on record, or by a pause."""
    for was, now in zip(before.work.tasks, after.work.tasks, strict=False):
        for old, new in zip(was.clocks, now.clocks, strict=False):
            assert old.kind is new.kind
            decided = len(new.changes) > len(old.changes) and new.changes[-1].kind in ChangeKind
            assert old.due == new.due or decided or new.pauses != old.pauses


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=30))
def test_from_wherever_it_stands_it_can_be_brought_to_its_end(
    steps: list[tuple[int, str, int, int, bool]],
) -> None:
    ticket, at = FRESH, NINE_O_CLOCK
    for choice, unit, hours_on, hours, yes in steps:
        at += timedelta(hours=hours_on)
        ticket = _after(ticket, wish_of(_chosen(ticket, choice), unit, at, hours, yes=yes))
    for _ in range(12):
        if ticket.state in ENDED:
            return
        ticket, at = _one_on(ticket, at + timedelta(minutes=1)), at + timedelta(minutes=1)
    raise AssertionError(ticket)


def _one_on(ticket: Ticket, at: datetime) -> Ticket:
    """Do the next usual thing; those who assist are released first."""
    for task in ticket.work.tasks:
        if task.is_owed and task != ticket.lead:
            wish = wish_of(Action.RELEASE, "", at, 0, yes=True)
            ticket = _after(
                ticket, Wish(action=wish.action, actor=wish.actor, at=at, reason="免办", unit=task.unit)
            )
    for action in USUAL_WAY:
        if ticket.state in ROWS[action].sources:
            unit = ticket.lead.unit if ticket.lead and action in (Action.SIGN, Action.DONE) else ""
            hours = 5 if action is Action.INSTRUCT else 0
            moved = _after(ticket, wish_of(action, unit, at, hours, yes=True))
            if moved != ticket:
                return moved
    return ticket
