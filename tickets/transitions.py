"""流转表: which step leads from which state to which, who may take it, and on what conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

from tickets import guards as g
from tickets.guards import Guard, StepRefused, WorkRules
from tickets.model import ENDED, Ticket, TicketState
from tickets.roles import (
    DIRECTORS,
    REVIEWERS,
    SEATS,
    SUPERVISORS,
    UNITS,
    UPPER_UNITS,
    VISITORS,
    Role,
)
from tickets.wish import Action, Wish

S = TicketState
A = Action
STATES = {
    S.DRAFT: "草稿",
    S.TO_PREVIEW: "待派遣",
    S.TO_COMPLETE: "待补充",
    S.TO_INSTRUCT: "待批示",
    S.TO_SIGN: "待签收",
    S.HANDLING: "办理中",
    S.EXT_PENDING: "待批申请",
    S.TO_CHECK: "待审核",
    S.TO_VISIT: "待回访",
    S.CLOSED: "已办结",
    S.IN_REVIEW: "复核中",
    S.REOPENED: "已重开",
    S.MERGED: "已合并",
}
"""状态 as people say it."""
OPEN = tuple(state for state in S if state not in ENDED)
WITH_UNIT = (S.TO_SIGN, S.HANDLING, S.EXT_PENDING)
AFTER_DRAFT = tuple(state for state in OPEN if state is not S.DRAFT)


class NotInThisState(StepRefused):
    """工单现在的状态不能做这一步。"""


class NotYourRole(StepRefused):
    """这个角色不能做这一步。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """一行. ``to`` lists where the step may lead; empty: the state stays."""

    action: Action
    sources: tuple[TicketState, ...]
    to: tuple[TicketState, ...]
    roles: tuple[Role, ...]
    guards: tuple[Guard, ...] = ()


def _row(
    action: Action,
    sources: Sequence[TicketState],
    to: Sequence[TicketState],
    roles: Sequence[Role],
    *guards: Guard,
) -> Row:
    return Row(action=action, sources=tuple(sources), to=tuple(to), roles=tuple(roles), guards=guards)


WRITERS = (*SEATS, *REVIEWERS, Role.SYSTEM)
TABLE: tuple[Row, ...] = (
    _row(A.FILL, tuple(S), (), (Role.SYSTEM,)),
    _row(A.EDIT, (S.DRAFT, S.TO_PREVIEW, S.TO_COMPLETE), (), WRITERS),
    _row(A.ATTACH, OPEN, (), (*WRITERS, *UNITS), g.FITS),
    _row(A.ANSWER, (S.DRAFT,), (S.CLOSED,), (*SEATS, *REVIEWERS), g.ANSWERABLE),
    _row(A.SUBMIT, (S.DRAFT,), (S.TO_PREVIEW,), WRITERS, g.ELEMENTS),
    _row(A.TAKE_BACK_SUBMIT, (S.TO_PREVIEW,), (S.DRAFT,), SEATS, g.REASON, g.UNTOUCHED),
    _row(A.RETURN, (S.TO_PREVIEW,), (S.TO_COMPLETE,), REVIEWERS, g.REASON),
    _row(A.COMPLETE, (S.TO_COMPLETE,), (S.TO_PREVIEW,), (*SEATS, *REVIEWERS), g.ELEMENTS),
    _row(A.DISPATCH, (S.TO_PREVIEW, S.REOPENED), (S.TO_SIGN,), REVIEWERS, g.FUTURE, g.BACKSTOP),
    _row(A.TAKE_BACK_DISPATCH, (S.TO_SIGN,), (S.TO_PREVIEW,), REVIEWERS, g.REASON, g.UNTOUCHED),
    _row(A.ADD_UNIT, WITH_UNIT, (), REVIEWERS, g.FUTURE),
    _row(A.REASSIGN, WITH_UNIT, (S.TO_SIGN,), (*DIRECTORS, Role.CENTRE), g.REASON, g.FUTURE),
    _row(A.TO_LEADER, (S.TO_PREVIEW,), (S.TO_INSTRUCT,), DIRECTORS),
    _row(A.INSTRUCT, (S.TO_INSTRUCT,), (S.TO_SIGN,), (Role.LEADER, *DIRECTORS), g.TEXT, g.DUE, g.FUTURE),
    _row(A.SIGN, WITH_UNIT, (S.TO_SIGN, S.HANDLING, S.EXT_PENDING), UNITS, g.OWN_TASK),
    _row(
        A.REFUSE,
        (S.TO_SIGN, S.HANDLING),
        (S.TO_PREVIEW, S.TO_SIGN, S.HANDLING),
        UNITS,
        g.OWN_TASK,
        g.REASON,
        g.CLAUSE,
    ),
    _row(A.DELEGATE, (S.HANDLING,), (), UPPER_UNITS, g.OWN_TASK, g.FUTURE, g.CHILD_DUE),
    _row(A.PROGRESS, WITH_UNIT, (), UNITS, g.OWN_TASK, g.TEXT),
    _row(A.CONTACT, WITH_UNIT, (), UNITS, g.OWN_TASK, g.TEXT),
    _row(A.ARRIVE, WITH_UNIT, (), UNITS, g.OWN_TASK),
    _row(A.ETA, WITH_UNIT, (), UNITS, g.OWN_TASK, g.DUE, g.FUTURE),
    _row(A.TASK_DONE, WITH_UNIT, (), UNITS, g.OWN_TASK, g.REPORTED_IN, g.TEXT),
    _row(A.RELEASE, WITH_UNIT, (), (*REVIEWERS, *UPPER_UNITS), g.REASON),
    _row(
        A.ASK_EXTENSION,
        (S.HANDLING,),
        (S.EXT_PENDING,),
        UNITS,
        g.OWN_TASK,
        g.LEAD_TASK,
        g.REASON,
        g.BEFORE_DUE,
        g.EXTENSIONS,
        g.EXPLAINED,
    ),
    _row(
        A.ASK_PAUSE,
        (S.HANDLING,),
        (S.EXT_PENDING,),
        UNITS,
        g.OWN_TASK,
        g.LEAD_TASK,
        g.PAUSE_REASON,
        g.BEFORE_DUE,
    ),
    _row(A.APPROVE, (S.EXT_PENDING,), (S.HANDLING,), (*DIRECTORS, Role.CENTRE), g.APPROVER),
    _row(A.DECLINE, (S.EXT_PENDING,), (S.HANDLING,), (*DIRECTORS, Role.CENTRE), g.REASON),
    _row(A.RESUME, (S.HANDLING,), (), (*UNITS, *REVIEWERS)),
    _row(
        A.DONE,
        (S.HANDLING,),
        (S.TO_CHECK,),
        UNITS,
        g.OWN_TASK,
        g.LEAD_TASK,
        g.OUTCOME,
        g.MET,
        g.PAPERS,
    ),
    _row(A.TAKE_BACK_DONE, (S.TO_CHECK,), (S.HANDLING,), UNITS, g.LEAD_TASK, g.REASON),
    _row(A.UNIT_PASS, (S.TO_CHECK,), (), UPPER_UNITS),
    _row(A.UNIT_BACK, (S.TO_CHECK,), (S.HANDLING,), UPPER_UNITS, g.REASON),
    _row(A.CONFIRM, (S.TO_CHECK,), (), (Role.LEADER, Role.UNIT_HEAD)),
    _row(A.ACCEPT, (S.TO_CHECK,), (S.TO_VISIT, S.CLOSED), REVIEWERS, g.CHILDREN, g.DOUBLE_CHECK),
    _row(A.REDO, (S.TO_CHECK,), (S.HANDLING,), REVIEWERS, g.REASON),
    _row(A.VISITED, (S.TO_VISIT,), (S.CLOSED,), VISITORS, g.SATISFIED),
    _row(A.NO_ANSWER, (S.TO_VISIT,), (S.TO_VISIT, S.CLOSED), VISITORS),
    _row(A.DISSATISFIED, (S.TO_VISIT,), (S.HANDLING,), VISITORS, g.VISIT, g.REASON),
    _row(A.UNREASONABLE, (S.TO_VISIT,), (S.CLOSED,), VISITORS, g.VISIT, g.REASON, g.SECOND),
    _row(A.APPEAL, (S.CLOSED,), (S.IN_REVIEW,), UPPER_UNITS, g.REASON, g.WINDOW),
    _row(A.DECIDE, (S.IN_REVIEW,), (S.CLOSED,), (*REVIEWERS, *VISITORS), g.TEXT),
    _row(A.LOOK_BACK, (S.CLOSED,), (S.CLOSED, S.REOPENED), (*SUPERVISORS, Role.VISITOR), g.TEXT),
    _row(A.REOPEN, (S.CLOSED,), (S.REOPENED,), (*SEATS, *REVIEWERS), g.REASON, g.CALL),
    _row(A.HAND_BACK, (S.REOPENED,), (S.HANDLING,), REVIEWERS, g.HANDLED),
    _row(A.WITHDRAW, OPEN, (S.CLOSED,), (*SEATS, *REVIEWERS), g.CALL),
    _row(A.MERGE, OPEN, (S.MERGED,), WRITERS, g.PARENT),
    _row(A.UNMERGE, (S.MERGED,), (S.TO_PREVIEW,), (*SEATS, *REVIEWERS), g.REASON),
    _row(A.CLOSE_WITH, (S.MERGED,), (), (Role.SYSTEM,), g.TEXT),
    _row(A.OPEN_WITH, (S.MERGED,), (), (Role.SYSTEM,)),
    _row(A.CONFIDE, tuple(S), (), WRITERS),
    _row(A.UNCONFIDE, tuple(S), (), DIRECTORS, g.REASON),
    _row(A.URGE, AFTER_DRAFT, (), WRITERS, g.CALL),
    _row(A.SUPERVISE, AFTER_DRAFT, (), SUPERVISORS, g.TEXT, g.FUTURE),
    _row(A.COUNT, tuple(S), (), (*VISITORS, *REVIEWERS), g.REASON, g.SECOND),
)
ROWS = {row.action: row for row in TABLE}


def permitted(ticket: Ticket, wish: Wish, rules: WorkRules) -> Row:
    """Give the row by which the step may be taken; raises NotInThisState, NotYourRole or StepRefused."""
    row = ROWS[wish.action]
    if ticket.state not in row.sources:
        raise NotInThisState(action=wish.action, why=f"工单{STATES[ticket.state]}")
    if wish.actor.role not in row.roles:
        raise NotYourRole(action=wish.action, why=f"{wish.actor.role}没有这个权限")
    for guard in row.guards:
        if not guard.holds(ticket, wish, rules):
            raise StepRefused(action=wish.action, why=guard.says)
    return row
