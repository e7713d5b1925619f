"""紧急链: what is owed at which minute after an urgent dispatch, and whom we ring when it is not done.

Take it on, contact the citizen, arrive, finish or say when, and then keep that time, until a person
closes it. Whatever is not done in time is climbed up for: the unit's telephone, its duty room, its leader.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import HotlineError


class EtaInThePast(HotlineError):
    """预计完成时间早于现在:请报一个以后的时间。"""


class AlreadyFinished(HotlineError):
    """这件急件已经处置完毕。"""


class StepTakenEarlier(HotlineError):
    """这一步早于派出的时间:请核对时间。"""


class Owed(StrEnum):
    """应做的事."""

    TAKE_ON = "接单"
    CONTACT = "联系"
    ARRIVE = "到场"
    SAY_WHEN = "办完或报时"
    KEEP_TIME = "按报时办完"


class Rung(StrEnum):
    """找谁: up the ladder."""

    PHONE = "经办电话"
    DUTY = "值班室"
    LEADER = "分管领导"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentRules:
    """紧急规定, in minutes: contact, arrival and the report count from the dispatch.

    ``ladder`` says how long after something was owed and not done the unit's telephone, its duty room and
    its leader are rung.
    """

    contact: int
    arrive: int
    say_when: int
    ladder: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eta:
    """预计完成: said at ``said_at``."""

    said_at: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentChain:
    """How far an urgent work order has come at one unit; what has not happened is None."""

    dispatched_at: datetime
    taken_on_at: datetime | None = None
    contacted_at: datetime | None = None
    arrived_at: datetime | None = None
    etas: tuple[Eta, ...] = ()
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What is owed by ``due``, and when it was done; ``number`` tells one promised time from another."""

    owed: Owed
    number: int
    due: datetime
    met_at: datetime | None


Told = tuple[Owed, int, Rung]


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """升级: ring this one, at this minute, because this is still owed.

    ``duty_gap`` (脱岗): the duty room was rung and nothing came of it, so its absence is on record.
    """

    owed: Owed
    number: int
    rung: Rung
    at: datetime
    duty_gap: bool = False


def name_of(escalation: Escalation) -> Told:
    """Give what an escalation is known by: kept in a row with a unique key, it happens once."""
    return escalation.owed, escalation.number, escalation.rung


def taken_on(chain: UrgentChain, at: datetime) -> UrgentChain:
    """接单: the unit has answered. The first answer counts."""
    _check(chain, at)
    return replace(chain, taken_on_at=chain.taken_on_at or at)


def contacted(chain: UrgentChain, at: datetime) -> UrgentChain:
    """联系: the unit has spoken with the citizen, and so has taken it on."""
    return replace(taken_on(chain, at), contacted_at=chain.contacted_at or at)


def arrived(chain: UrgentChain, at: datetime) -> UrgentChain:
    """到场, and so has taken it on."""
    return replace(taken_on(chain, at), arrived_at=chain.arrived_at or at)


def said_when(chain: UrgentChain, at: datetime, due: datetime) -> UrgentChain:
    """报时: says by when it will be finished; may be said again. Raises EtaInThePast or AlreadyFinished."""
    if due <= at:
        raise EtaInThePast(due=due.isoformat(timespec="minutes"))
    return replace(taken_on(chain, at), etas=(*chain.etas, Eta(said_at=at, due=due)))


def finished(chain: UrgentChain, at: datetime) -> UrgentChain:
    """处置完毕: nothing is owed any more; closing remains a person's decision."""
    return replace(taken_on(chain, at), finished_at=at)


def debts(chain: UrgentChain, rules: UrgentRules) -> list[Debt]:
    """Give all that was ever owed, in the order of time."""
    begin, end = chain.dispatched_at, chain.finished_at
    first_said = chain.etas[0].said_at if chain.etas else None
    owed = [
        (Owed.TAKE_ON, 0, chain.taken_on_at),
        (Owed.CONTACT, rules.contact, chain.contacted_at),
        (Owed.ARRIVE, rules.arrive, chain.arrived_at),
        (Owed.SAY_WHEN, rules.say_when, first_said),
    ]
    found = [
        Debt(owed=what, number=0, due=begin + timedelta(minutes=minutes), met_at=_earliest(done, end))
        for what, minutes, done in owed
    ]
    for number, eta in enumerate(chain.etas):
        again = chain.etas[number + 1].said_at if number + 1 < len(chain.etas) else None
        found.append(Debt(owed=Owed.KEEP_TIME, number=number, due=eta.due, met_at=_earliest(again, end)))
    return sorted(found, key=lambda debt: debt.due)


def escalations_between(
    chain: UrgentChain, rules: UrgentRules, look: tuple[datetime, datetime], told: Collection[Told]
) -> tuple[Escalation, ...]:
    """Give whom to ring for ``look[0]`` < at ≤ ``look[1]``, in order, but nobody twice for the same thing.

    Looking from before the dispatch misses nothing that came due while nobody looked.
    """
    since, until = look
    found = [
        step
        for debt in debts(chain, rules)
        for step in _steps(debt, rules)
        if since < step.at <= until and name_of(step) not in told
    ]
    return tuple(sorted(found, key=lambda step: (step.at, tuple(Owed).index(step.owed))))


def next_at(chain: UrgentChain, rules: UrgentRules, told: Collection[Told]) -> datetime | None:
    """Give when to look again; None when nothing is owed that nobody was rung for."""
    steps = (step for debt in debts(chain, rules) for step in _steps(debt, rules))
    return min((step.at for step in steps if name_of(step) not in told), default=None)


def _steps(debt: Debt, rules: UrgentRules) -> Iterator[Escalation]:
    for rung, minutes in zip(Rung, rules.ladder, strict=True):
        at = debt.due + timedelta(minutes=minutes)
        if debt.met_at is None or at < debt.met_at:
            yield Escalation(
                owed=debt.owed,
                number=debt.number,
                rung=rung,
                at=at,
                duty_gap=debt.owed is Owed.TAKE_ON and rung is Rung.LEADER,
            )


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)


def _check(chain: UrgentChain, at: datetime) -> None:
    if at < chain.dispatched_at:
        raise StepTakenEarlier(at=at.isoformat(timespec="minutes"))
    if chain.finished_at is not None:
        raise AlreadyFinished(at=chain.finished_at.isoformat(timespec="minutes"))
