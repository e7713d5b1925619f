"""条件: what must hold before a step may be taken: small questions, each with the sentence that refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core.errors import HotlineError
from tickets.clocks import ChangeKind
from tickets.deadlines import ClockKind, Matter
from tickets.flow_policy import FlowPolicy
from tickets.limit_file import LimitPolicy
from tickets.limits import day_of
from tickets.model import NO_DEMAND, Ticket
from tickets.roles import Role
from tickets.tasks import Part, Task, TaskState
from tickets.units import UnitTree
from tickets.wish import Wish

ANSWERED_AT_ONCE = ("咨询", "表扬", "感谢", *NO_DEMAND)
NOON = 12
DISSATISFIED = ("不满意", "非常不满意")


class StepRefused(HotlineError):
    """这一步现在不能做。"""

    def sentence(self) -> str:
        """Say which step, and why not."""
        return f"不能{self.facts['action']}:{self.facts['why']}。"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRules:
    """制度: what the hotline's profile and its organisation say."""

    limits: LimitPolicy
    flow: FlowPolicy
    units: Callable[[], UnitTree]

    @property
    def tree(self) -> UnitTree:
        """Give the units; only what needs them pays for reading them."""
        return self.units()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """条件: ``holds`` is asked; ``says`` is why not, when it does not."""

    says: str
    holds: Callable[[Ticket, Wish, WorkRules], bool]


def task_of(ticket: Ticket, wish: Wish) -> Task | None:
    """Give the task that is meant: that of the named unit, else of the actor's, else the lead's."""
    unit = wish.unit or wish.actor.unit
    open_ones = [task for task in ticket.work.tasks if task.is_open]
    if not unit:
        return ticket.lead
    return next((task for task in open_ones if task.unit == unit), None)


def _own(ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    task = task_of(ticket, wish)
    return task is not None and wish.actor.unit in ("", task.unit)


def _leads(ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    task = task_of(ticket, wish)
    return task is not None and task.part is Part.LEAD


def _half_days(ticket: Ticket) -> int:
    begun = [clock.started_at for clock in ticket.work.clocks if clock.kind is ClockKind.VISIT]
    # Attempts before a redo say nothing about whether the citizen can be reached after it.
    tries = [one.at for one in ticket.work.visits if not one.reached and one.at >= max(begun, default=one.at)]
    return len({(day_of(at), at.hour < NOON) for at in tries})


def attempts_enough(ticket: Ticket, rules: WorkRules) -> bool:
    """Tell whether the citizen was tried often enough, in different halves of days."""
    return _half_days(ticket) >= rules.flow.visit_attempts


def children_over(ticket: Ticket) -> bool:
    """Tell whether every task besides the lead's is done, released or refused."""
    return not any(task.is_owed for task in ticket.work.tasks if task.part is not Part.LEAD)


def _reported_in(ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    task = task_of(ticket, wish)
    return task is None or task.part is not Part.CALLED or task.arrived_at is not None


def _elements(ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    five = (ticket.citizen.name, ticket.address, ticket.demand.occurred_at, ticket.demand.cause)
    return bool(ticket.content and (all(five) or wish.reason or ticket.demand.missing_because))


def _double_checked(ticket: Ticket, _wish: Wish, _rules: WorkRules) -> bool:
    roles = {one.role for one in ticket.work.confirmations}
    return ticket.work.matter is not Matter.LEADER_TAKEN or {Role.LEADER, Role.UNIT_HEAD} <= roles


def _before_due(ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    return ticket.due is not None and wish.at <= ticket.due


def _extensions_left(ticket: Ticket, _wish: Wish, rules: WorkRules) -> bool:
    whole = ticket.lead.whole if ticket.lead else None
    granted = sum(one.kind is ChangeKind.EXTENDED for one in whole.changes) if whole else 0
    return whole is not None and granted < rules.limits.extension.most


def _may_approve(ticket: Ticket, wish: Wish, rules: WorkRules) -> bool:
    asked = ticket.work.requests[-1]
    return not asked.by or f"{wish.actor.role}" in rules.limits.extension.approvers


def _met(ticket: Ticket, wish: Wish, rules: WorkRules) -> bool:
    task = task_of(ticket, wish)
    return not rules.flow.meet_citizen or (task is not None and bool(task.contacts))


def _explained(ticket: Ticket, wish: Wish, rules: WorkRules) -> bool:
    task = task_of(ticket, wish)
    return not rules.flow.explain_extension or (task is not None and bool(task.contacts and task.progress))


def _papers(ticket: Ticket, _wish: Wish, rules: WorkRules) -> bool:
    return set(rules.flow.done_papers) <= {one.kind for one in ticket.demand.attachments}


def _child_in_time(ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    task = task_of(ticket, wish)
    return wish.due is None or task is None or task.due is None or wish.due <= task.due


def _in_window(ticket: Ticket, wish: Wish, rules: WorkRules) -> bool:
    closed = ticket.work.closed_at
    return closed is not None and wish.at <= closed + timedelta(days=rules.flow.appeal_days)


def _backstop(ticket: Ticket, wish: Wish, rules: WorkRules) -> bool:
    often = len(ticket.work.refusals) >= rules.flow.most_refusals
    if not often or not rules.flow.backstop or not wish.leads:
        return True
    return rules.tree.find(wish.leads[0]) == rules.tree.find(rules.flow.backstop)


def _outcome(_ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    told = wish.outcome
    return told is not None and bool(told.result and told.reply_proof and told.signed_by_head)


def _satisfied(_ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    return wish.visit is not None and wish.visit.reached and wish.visit.handle_sat not in DISSATISFIED


def _answerable(ticket: Ticket, wish: Wish, _rules: WorkRules) -> bool:
    return bool(wish.text) and (ticket.demand_type in ANSWERED_AT_ONCE or wish.passed)


REASON = Guard(says="请写明理由", holds=lambda _t, w, _r: bool(w.reason))
TEXT = Guard(says="请写明内容", holds=lambda _t, w, _r: bool(w.text))
ANSWERABLE = Guard(says="要写明怎么答复的, 而且是咨询、表扬、无效或当场解决的", holds=_answerable)
ELEMENTS = Guard(says="五要素不全(姓名、时间、地址、起因、经过), 请补齐或写明原因", holds=_elements)
OWN_TASK = Guard(says="这张工单没有派给这个单位", holds=_own)
LEAD_TASK = Guard(says="只有主办单位能做", holds=_leads)
REPORTED_IN = Guard(says="吹哨叫来的单位要先报到", holds=_reported_in)
CLAUSE = Guard(says="退单要写明依据的条款", holds=lambda _t, w, _r: bool(w.clause))
BACKSTOP = Guard(says="退单次数已满, 只能派给兜底单位", holds=_backstop)
OUTCOME = Guard(says="要有办理情况、答复来电人的证明和单位领导签字", holds=_outcome)
MET = Guard(says="要先联系来电人并记下来, 才能办结上报", holds=_met)
EXPLAINED = Guard(says="要先联系来电人说明原因并报进展, 才能申请延期", holds=_explained)
PAPERS = Guard(says="还缺规定的附件, 例如单位领导签字盖章的反馈单", holds=_papers)
CHILDREN = Guard(says="还有协办或下派的任务没有办结或免办", holds=lambda t, _w, _r: children_over(t))
DOUBLE_CHECK = Guard(says="领导接听件要接听领导和单位领导都确认", holds=_double_checked)
BEFORE_DUE = Guard(says="已经超过时限", holds=_before_due)
EXTENSIONS = Guard(says="延期次数已经用完", holds=_extensions_left)
APPROVER = Guard(says="这个角色不能批准延期", holds=_may_approve)
CHILD_DUE = Guard(says="下派的时限不能晚于本单位的时限", holds=_child_in_time)
PAUSE_REASON = Guard(says="这个理由不能暂停计时", holds=lambda _t, w, r: w.reason in r.limits.pause_reasons)
FUTURE = Guard(says="时限要晚于现在", holds=lambda _t, w, _r: w.due is None or w.due > w.at)
DUE = Guard(says="请写明时限", holds=lambda _t, w, _r: w.due is not None)
SATISFIED = Guard(says="要写明回访结果, 而且来电人没有不满意", holds=_satisfied)
VISIT = Guard(says="要写明回访结果", holds=lambda _t, w, _r: w.visit is not None)
SECOND = Guard(says="要有第二个人复核", holds=lambda _t, w, _r: bool(w.second) and w.second != w.actor.name)
WINDOW = Guard(says="申诉期已过", holds=_in_window)
HANDLED = Guard(says="没有承办过的单位, 请重新派单", holds=lambda t, _w, _r: t.lead is not None)
CALL = Guard(says="撤单要有来电人本人来电或来件的编号", holds=lambda _t, w, _r: bool(w.arrival))
PARENT = Guard(says="请写明并入哪张工单", holds=lambda t, w, _r: w.parent not in (None, t.ticket_no))
UNTOUCHED = Guard(
    says="已经有单位签收了",
    holds=lambda t, _w, _r: (
        not any(task.state is not TaskState.TO_SIGN for task in t.work.tasks if task.is_open)
    ),
)
FITS = Guard(
    says="附件太大, 请压缩后再传",
    holds=lambda _t, w, r: w.attachment is not None and 0 < w.attachment.size <= r.flow.most_attachment_bytes,
)
