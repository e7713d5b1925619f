"""行为: what rules look for, each conduct as one pure function from the histories of a period."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.ids import TicketNo
from core.privacy import masked_text
from tickets.circulars.fact_of_ticket import COUNTED
from tickets.circulars.figure import decimal, half_up
from tickets.circulars.period import Kind, period_of
from tickets.consequences_facts import Dossier, Material
from tickets.consequences_policy import Conduct, ConsequenceRule, Within
from tickets.deadlines import DispatchMode
from tickets.guards import DISSATISFIED
from tickets.model import Ticket, TicketState, Visit
from tickets.tasks import Part, Task, TaskState
from tickets.wish import Action

SHORT = "%m-%d %H:%M"
HUNDREDTHS = 10_000
SPANS = {Within.QUARTER: Kind.QUARTERLY, Within.YEAR: Kind.YEARLY}
SOLVED = "已解决"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """一次: this unit did so at this instant, as these work orders show."""

    unit: str
    at: datetime
    tickets: tuple[TicketNo, ...]
    why: str


Seeker = Callable[[ConsequenceRule, Material], Iterator[Hit]]


def _leads(ticket: Ticket) -> list[Task]:
    return [task for task in ticket.work.tasks if task.part is Part.LEAD]


def _lead_at(ticket: Ticket, at: datetime) -> str:
    """Give the unit in charge at an instant."""
    return next((task.unit for task in reversed(_leads(ticket)) if task.given_at <= at), "")


def _returned(rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """连续退回: so many results in a row did not stand; another unit, or a result that stood, starts anew."""
    stands = () if Action.DISSATISFIED in rule.returns else (Action.ACCEPT,)
    for one in material.dossiers:
        run: list[datetime] = []
        for event in one.events:
            if event.action in (*stands, Action.DISPATCH, Action.REFUSE) or event.now == TicketState.CLOSED:
                run = []
            if event.action not in rule.returns:
                continue
            run.append(event.at)
            if len(run) < rule.times:
                continue
            days = "、".join(f"{at:{SHORT}}" for at in run)
            if material.period.holds(event.at):
                yield _hit(one, _lead_at(one.ticket, event.at), event.at, f"{days}退回重办")
            run = []


def _hit(one: Dossier, unit: str, at: datetime, why: str) -> Hit:
    number = one.ticket.ticket_no
    return Hit(unit=unit, at=at, tickets=(number,), why=f"{number} {why}")


def _silent(_rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """未反馈: sent in writing, past due, and neither a result nor any handling on record by the end."""
    for one in material.dossiers:
        if one.ticket.work.mode is not DispatchMode.WRITTEN:
            continue
        for task in _leads(one.ticket):
            due = task.due
            done = [
                *(each.at for each in task.outcomes),
                *(each.at for each in task.progress),
                *(each.at for each in task.contacts),
            ]
            early = task.whole.stopped_at if task.whole else None
            if due is None or not material.period.holds(due) or (early is not None and early <= due):
                continue
            if not [at for at in done if at < material.period.until]:
                yield _hit(one, task.unit, due, f"应于{due:{SHORT}}前书面反馈, 没有反馈也没有办理记录")


def _late(rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """逾期: a clock ran past its due time, and no two persons found that it should not count."""
    for one in material.dossiers:
        if one.ticket.work.counted not in COUNTED:
            continue
        for task in _leads(one.ticket):
            for clock in task.clocks:
                over = clock.overdue(material.period.until)
                if clock.kind in rule.clocks and over and _in_span(rule, material, clock.due):
                    yield _hit(one, task.unit, clock.due, f"{clock.kind}应于{clock.due:{SHORT}}前完成, 逾期")


def _in_span(rule: ConsequenceRule, material: Material, at: datetime) -> bool:
    """Tell whether it counts: in the period, or in the quarter or year which the period ends."""
    return span_of(rule, material.period.since) <= at < material.period.until


def span_of(rule: ConsequenceRule, since: datetime) -> datetime:
    """Give from when on hits are counted together."""
    span = SPANS.get(rule.within)
    return period_of(span, since.date()).since if span else since


def _untrue(rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """反馈不实: somebody went there and it was not solved as reported; with ``findings``, what came of it."""
    found = {number for entry in material.entries if entry.kind in rule.findings for number in entry.tickets}
    for one in material.dossiers:
        if rule.findings and one.ticket.ticket_no not in found:
            continue
        for seen in one.ticket.work.look_backs:
            if material.period.holds(seen.at) and seen.is_solved == "未解决" and _claimed(one.ticket, seen):
                unit = _lead_at(one.ticket, seen.at)
                yield _hit(
                    one, unit, seen.at, f"反馈已解决, {seen.at:{SHORT}}回头看未解决:{masked_text(seen.note)}"
                )


def _claimed(ticket: Ticket, seen: Visit) -> bool:
    told = [each for task in _leads(ticket) for each in task.outcomes if each.at <= seen.at]
    return bool(told) and told[-1].solved == SOLVED


def _shirked(_rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """推诿: a unit said that it was not in charge, and was given the same work order again."""
    for one in material.dossiers:
        leads = _leads(one.ticket)
        for number, task in enumerate(leads):
            before = [each.state for each in leads[:number] if each.unit == task.unit]
            again = task.state is not TaskState.REFUSED and TaskState.REFUSED in before
            if again and material.period.holds(task.given_at):
                yield _hit(one, task.unit, task.given_at, f"退单后{task.given_at:{SHORT}}仍派回")


def _repeated(rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """反复反映: told again and again, and until the end nobody has handled or answered it."""
    merged: defaultdict[TicketNo, list[Ticket]] = defaultdict(list)
    for one in material.dossiers:
        if one.ticket.work.parent is not None:
            merged[one.ticket.work.parent].append(one.ticket)
    until = material.period.until
    for one in material.dossiers:
        ticket = one.ticket
        children = sorted(merged[ticket.ticket_no], key=lambda child: child.received_at)
        again = [chase.at for chase in ticket.work.chases] + [child.received_at for child in children]
        told = sorted(at for at in (ticket.received_at, *again) if at < until)
        if len(told) < rule.times or not material.period.holds(told[-1]) or _heard(ticket, until):
            continue
        yield Hit(
            unit=_lead_at(ticket, until),
            at=told[-1],
            tickets=(ticket.ticket_no, *(child.ticket_no for child in children)),
            why=f"{ticket.ticket_no} 反映{len(told)}次, 未办理也未答复",
        )


def _heard(ticket: Ticket, until: datetime) -> bool:
    """Tell whether anything was done or said by then."""
    if ticket.work.closed_at is not None and ticket.work.closed_at < until:
        return True
    done = [each.at for task in ticket.work.tasks for each in task.outcomes]
    done += [each.at for task in ticket.work.tasks for each in task.contacts]
    return any(at < until for at in done) or ticket.state is TicketState.MERGED


def _absent(_rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """脱岗: the duty room was rung and nobody answered, on an inspection or for an urgent work order."""
    for check in material.checks:
        if not check.answered and material.period.holds(check.at):
            why = f"{check.at:{SHORT}}查岗无人接听({check.phone})"
            yield Hit(unit=check.unit_id, at=check.at, tickets=(), why=why)
    for one in material.dossiers:
        for at, text in one.warned:
            if material.period.holds(at):
                yield _hit(one, _lead_at(one.ticket, at), at, f"{at:{SHORT}}{text}")


def _found(rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """认定: persons have entered it into the register; the program only counts."""
    for entry in material.entries:
        if entry.kind in rule.findings and _in_span(rule, material, entry.at):
            why = f"登记第{entry.number}号 {entry.at:{SHORT}} {entry.kind}:{masked_text(entry.reason)}"
            yield Hit(unit=entry.unit, at=entry.at, tickets=entry.tickets, why=why)


def _dissatisfied(rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """不满意: the unit's rate of satisfaction, after exclusions, lies below the percent of the rule."""
    rated: defaultdict[str, list[tuple[Ticket, Visit]]] = defaultdict(list)
    for one in material.dossiers:
        visits = [each for each in one.ticket.work.visits if each.reached and material.period.holds(each.at)]
        if visits and visits[-1].handle_sat not in ("", "不予评价") and one.ticket.work.counted in COUNTED:
            rated[_lead_at(one.ticket, visits[-1].at)].append((one.ticket, visits[-1]))
    for unit, talks in rated.items():
        bad = [ticket.ticket_no for ticket, visit in talks if visit.handle_sat in DISSATISFIED]
        rate = half_up((len(talks) - len(bad)) * HUNDREDTHS, len(talks))
        if len(talks) >= rule.least and rate is not None and rate < rule.percent * 100:
            yield Hit(
                unit=unit,
                at=max(visit.at for _, visit in talks),
                tickets=tuple(bad),
                why=f"评价{len(talks)}件, 不满意{len(bad)}件, 满意率{decimal(rate)}%",
            )


def _praised(_rule: ConsequenceRule, material: Material) -> Iterator[Hit]:
    """表扬: closed in time, at the first go, and the citizen was satisfied."""
    for one in material.dossiers:
        work = one.ticket.work
        last = next((visit for visit in reversed(work.visits) if visit.reached), None)
        if last is None or last.handle_sat not in ("满意", "非常满意") or work.redos or work.reopened:
            continue
        closed = work.closed_at
        lead = next(iter(reversed(_leads(one.ticket))), None)
        if closed is None or not material.period.holds(closed) or lead is None:
            continue
        if not any(clock.overdue(material.period.until) for clock in lead.clocks):
            yield _hit(one, lead.unit, closed, "按时办结, 来电人满意")


def _nothing(_rule: ConsequenceRule, _material: Material) -> Iterator[Hit]:
    """末位: comes out of the score sheets, not out of histories."""
    return iter(())


CUMULATING = (Conduct.LATE, Conduct.SHIRKED, Conduct.UNTRUE, Conduct.ABSENT, Conduct.FOUND, Conduct.PRAISED)
"""Where hits are counted together; elsewhere ``times`` counts within one work order."""
SEEKERS: Mapping[Conduct, Seeker] = {
    Conduct.RETURNED: _returned,
    Conduct.SILENT: _silent,
    Conduct.LATE: _late,
    Conduct.UNTRUE: _untrue,
    Conduct.SHIRKED: _shirked,
    Conduct.REPEATED: _repeated,
    Conduct.ABSENT: _absent,
    Conduct.FOUND: _found,
    Conduct.DISSATISFIED: _dissatisfied,
    Conduct.BOTTOM: _nothing,
    Conduct.PRAISED: _praised,
}
