"""后果台: holds a profile's rules against what is kept, and enters what persons decide into the register."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.database import Connection
from core.errors import HotlineError
from core.ids import TicketNo
from tickets import consequences_store, store
from tickets.circulars.period import Kind, Period, period_of
from tickets.consequences import Judged, judged
from tickets.consequences_conduct import span_of
from tickets.consequences_facts import Entry, Material, Person
from tickets.consequences_policy import ConsequencePolicy
from tickets.roles import Actor
from tickets.work_desk import NoSuchTicket

DAY = timedelta(days=1)


class PeriodWrong(HotlineError):
    """结束的日子不能早于开始的日子:请核对 --from 和 --to。"""


class MayNotEnter(HotlineError):
    """这个角色不能登记问责:谁可以登记写在配置档 consequences.toml 的 register 里。"""


class KindUnknown(HotlineError):
    """登记种类要从配置档 consequences.toml 的 register.kinds 里选。"""


class PersonsMissing(HotlineError):
    """登记要写明理由和至少一个人的姓名、职务。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """登记的内容."""

    kind: str
    unit: str
    persons: tuple[Person, ...]
    tickets: tuple[TicketNo, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """合计 of a period: work orders under supervision, and entries, units and persons of each kind."""

    supervised: int
    entries: Mapping[str, int]
    persons: Mapping[str, int]
    units: int


def period_between(first: date, last: date) -> Period:
    """Give the period of these days, both included: a year, quarter, month or week by its own name."""
    if last < first:
        raise PeriodWrong(first=first, last=last)
    after = last + DAY
    for kind in (Kind.YEARLY, Kind.QUARTERLY, Kind.MONTHLY, Kind.TENDAY, Kind.WEEKLY):
        known = period_of(kind, first)
        if (known.first, known.after) == (first, after):
            return known
    return Period(first=first, after=after, year=first.year, number=0, name=f"{first} 至 {last}")


def judge(connection: Connection, period: Period, policy: ConsequencePolicy) -> tuple[Material, Judged]:
    """Give what was looked at and what came of it; of a whole year, with the years that the rules want."""
    before: list[Judged] = []
    if period == period_of(Kind.YEARLY, period.first):
        earlier = period
        for _ in range(policy.years - 1):
            earlier = period_of(Kind.YEARLY, earlier.first - DAY)
            before.append(judged(_material(connection, earlier, policy), policy))
    material = _material(connection, period, policy)
    return material, judged(material, policy, before)


def _material(connection: Connection, period: Period, policy: ConsequencePolicy) -> Material:
    since = min((span_of(rule, period.since) for rule in policy.rule), default=period.since)
    return consequences_store.material_between(connection, since, period)


def enter(
    connection: Connection, finding: Finding, actor: Actor, at: datetime, policy: ConsequencePolicy
) -> int:
    """登记: keep it for ever, under the number it gets. Raises MayNotEnter, KindUnknown or NoSuchTicket."""
    if actor.role not in policy.register.roles:
        raise MayNotEnter(role=actor.role, allowed="、".join(policy.register.roles))
    if finding.kind not in policy.register.kinds:
        raise KindUnknown(told=finding.kind, allowed="、".join(policy.register.kinds))
    if not finding.reason or not finding.persons or not all(one.name and one.post for one in finding.persons):
        raise PersonsMissing(kind=finding.kind)
    for number in finding.tickets:
        if store.ticket_by_number(connection, number) is None:
            raise NoSuchTicket(ticket=number)
    entry = Entry(
        at=at,
        kind=finding.kind,
        unit=finding.unit,
        persons=finding.persons,
        tickets=finding.tickets,
        reason=finding.reason,
        entered_by=actor.name,
        role=actor.role,
    )
    return consequences_store.add_entry(connection, entry)


def totals(material: Material) -> Totals:
    """Add the register up."""
    period = material.period
    entries = [entry for entry in material.entries if period.holds(entry.at)]
    return Totals(
        supervised=sum(
            any(period.holds(one.at) for one in dossier.ticket.work.supervisions)
            for dossier in material.dossiers
        ),
        entries=_added((entry.kind, 1) for entry in entries),
        persons=_added((entry.kind, len(entry.persons)) for entry in entries),
        units=len({entry.unit for entry in entries}),
    )


def _added(pairs: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for kind, number in pairs:
        found[kind] += number
    return dict(sorted(found.items()))
