"""回访: what is asked in a return visit, dimension by dimension, and what the answers lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from core.errors import HotlineError
from tickets.deadlines import ClockKind
from tickets.guards import NOON
from tickets.limits import day_of
from tickets.model import Ticket, Visit
from tickets.visits_policy import Dimension, VisitPolicy
from tickets.wish import Action


class AnswerUnknown(HotlineError):
    """回访答案不在配置档 visits.toml 列出的里面。"""


class AnswerMissing(HotlineError):
    """这一项必须问:请写明来电人的回答。"""


class AnswersOfNobody(HotlineError):
    """没有接通, 就没有来电人的回答:请去掉回答, 或不要写未接通。"""


class Verdict(StrEnum):
    """结论: what a visit comes to."""

    SATISFIED = "满意"
    DISSATISFIED = "不满意"
    UNREACHED = "未接通"


STEP_OF: Mapping[Verdict, Action] = {
    Verdict.SATISFIED: Action.VISITED,
    Verdict.DISSATISFIED: Action.DISSATISFIED,
    Verdict.UNREACHED: Action.NO_ANSWER,
}
"""Which step of the table a verdict is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """待回访: when it is due, how often it was tried in vain, and from when on it may be tried again."""

    ticket: Ticket
    due: datetime | None
    tries: int
    next_try: datetime | None

    @property
    def last_try(self) -> Visit | None:
        """Give the last attempt in vain; None before the first."""
        return next((visit for visit in reversed(self.ticket.work.visits) if not visit.reached), None)


def check(visit: Visit, policy: VisitPolicy) -> None:
    """Raise AnswerUnknown, AnswerMissing or AnswersOfNobody unless it is as the profile wants it."""
    if visit.channel not in policy.channels:
        raise AnswerUnknown(asked="回访方式", told=visit.channel, allowed="、".join(policy.channels))
    for dimension in policy.dimension:
        told = answer(visit, dimension)
        if told and not visit.reached:
            raise AnswersOfNobody(asked=dimension.title, told=told)
        if told and told not in dimension.answers:
            allowed = "、".join(dimension.answers)
            raise AnswerUnknown(asked=dimension.title, told=told, allowed=allowed)
        if dimension.needed and visit.reached and not told:
            raise AnswerMissing(asked=dimension.title, allowed="、".join(dimension.answers))


def answer(visit: Visit, dimension: Dimension) -> str:
    """Give what was said to it; empty when it was not asked."""
    return str(getattr(visit, dimension.field))


def verdict(visit: Visit, policy: VisitPolicy) -> Verdict:
    """Say what it comes to: one bad answer where the profile wants a redo is enough."""
    if not visit.reached:
        return Verdict.UNREACHED
    return Verdict.DISSATISFIED if any(complaints(visit, policy)) else Verdict.SATISFIED


def complaints(visit: Visit, policy: VisitPolicy) -> Iterator[str]:
    """Give the bad answers for which the work is done again, as ``办理结果不满意``."""
    for dimension in policy.dimension:
        told = answer(visit, dimension)
        if dimension.redo and told in dimension.bad:
            yield f"{dimension.title}{told}"


def due_of(ticket: Ticket, now: datetime) -> Due:
    """Say when a work order that waits for its visit is due, and when it may be tried again."""
    clocks = [clock for clock in ticket.work.clocks if clock.kind is ClockKind.VISIT]
    since = clocks[-1].started_at if clocks else None
    tries = [
        visit.at for visit in ticket.work.visits if not visit.reached and (since is None or visit.at >= since)
    ]
    following = _next_half_day(tries[-1]) if tries else None
    return Due(
        ticket=ticket,
        due=clocks[-1].due if clocks else None,
        tries=len(tries),
        next_try=following if following and following > now else None,
    )


def _next_half_day(at: datetime) -> datetime:
    """Two attempts in the same morning count as one."""
    day = day_of(at)
    if at.hour < NOON:
        return datetime.combine(day, time(NOON), at.tzinfo)
    return datetime.combine(day + timedelta(days=1), time(), at.tzinfo)
