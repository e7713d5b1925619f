"""座席指标: how seats spent their logged-in time, from their own states, and how they took their offers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from core.ids import SeatNo
from queue_manager.figures.facts import (
    Offer,
    Offered,
    Period,
    Result,
    SeatTime,
    Sheet,
    Shift,
    Spent,
    Stay,
)
from queue_manager.figures.figure import Reading, count, mean, rate, rounded

HOUR_SECONDS = 3600
Marks = int | Fraction
UNANSWERED = (Offered.REJECTED, Offered.RUNG_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatDay:
    """一个座席的统计素材 within a window; ``login`` and ``times`` in seconds, counted apart from each other.

    ``scheduled`` and ``kept`` are the seconds of its shifts and how many of them it kept.
    """

    seat: SeatNo
    login: int = 0
    times: Counter[SeatTime] = field(default_factory=Counter)
    stays: tuple[Stay, ...] = ()
    offers: Counter[Offered] = field(default_factory=Counter)
    scheduled: int = 0
    kept: int = 0
    sheets: tuple[Marks, ...] = ()

    @property
    def busy(self) -> int:
        """处理时长: talk with hold, and wrap-up."""
        return self.times[SeatTime.TALK] + self.times[SeatTime.ACW]

    @property
    def unaccounted(self) -> int:
        """对不上的秒数: log-in time less the time of all states; anything but 0 is a fault of ours."""
        return self.login - self.times.total()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """What was seen of all seats within the window; ``logins`` and ``spent`` apart from each other."""

    logins: tuple[Period, ...] = ()
    spent: tuple[Spent, ...] = ()
    duty: tuple[Period, ...] = ()
    offers: tuple[Offer, ...] = ()
    shifts: tuple[Shift, ...] = ()
    sheets: tuple[Sheet, ...] = ()


def seat_days(facts: SeatFacts, stays: Iterable[Stay]) -> list[SeatDay]:
    """Give every seat that was logged in, took a call, was offered one or should work; by number."""
    by_seat = _Gathered()
    for spent in facts.spent:
        by_seat.times[spent.seat][spent.state] += spent.seconds
    for login in facts.logins:
        by_seat.login[login.seat] += login.until - login.since
    for offer in facts.offers:
        by_seat.offers[offer.seat][offer.outcome] += offer.times
    for stay in stays:
        if stay.seat is not None and stay.result is Result.ANSWERED:
            by_seat.stays[stay.seat].append(stay)
    for shift in facts.shifts:
        by_seat.planned[shift.seat] += shift.until - shift.since
        by_seat.kept[shift.seat] += _kept(shift, facts.duty)
    for sheet in facts.sheets:
        by_seat.sheets[sheet.seat].append(sheet.marks)
    return [by_seat.day_of(seat) for seat in by_seat.seats()]


def readings(day: SeatDay) -> dict[str, Reading]:
    """Give the figures of one seat; see the rule book."""
    times = day.times
    finished = [stay for stay in day.stays if stay.finished]
    answered, available = len(day.stays), day.login - times[SeatTime.PAUSE]
    taken = day.offers[Offered.ACCEPTED]
    missed = sum(day.offers[outcome] for outcome in UNANSWERED)
    return {
        "busy": count(day.busy),
        "occupancy": rate(day.busy, available),
        "utilisation": rate(day.busy, day.login),
        "login": count(day.login),
        "available": count(available),
        **{state.value: count(times[state]) for state in SeatTime},
        "unaccounted": count(day.unaccounted),
        "calls_answered": count(answered),
        "calls_per_hour": Reading(
            value=rounded(answered * HOUR_SECONDS, day.login), num=answered, den=day.login
        ),
        "non_response": count(missed),
        "answer_rate": rate(taken, taken + missed),
        "handle_time": mean(sum(stay.talk + stay.acw for stay in finished), len(finished)),
        "mean_acw": mean(sum(stay.acw for stay in finished), len(finished)),
        "mean_hold": mean(sum(stay.hold for stay in finished), len(finished)),
        "adherence": rate(day.kept, day.scheduled),
        "quality": _quality(day.sheets),
    }


def _quality(sheets: Sequence[Marks]) -> Reading:
    """The sum is a whole number of fifths: one decimal says it exactly."""
    total = sum(sheets, Fraction())
    value = rounded(total.numerator, total.denominator * len(sheets))
    whole = total.denominator == 1
    return Reading(value=value, num=total.numerator if whole else float(total), den=len(sheets))


def _kept(shift: Shift, duty: Iterable[Period]) -> int:
    worked = sum(
        max(0, min(period.until, shift.until) - max(period.since, shift.since))
        for period in duty
        if period.seat == shift.seat
    )
    return worked if shift.works else shift.until - shift.since - worked


@dataclass(slots=True)
class _Gathered:
    """What belongs to each seat, while it is gathered."""

    times: defaultdict[SeatNo, Counter[SeatTime]] = field(default_factory=lambda: defaultdict(Counter))
    login: Counter[SeatNo] = field(default_factory=Counter)
    offers: defaultdict[SeatNo, Counter[Offered]] = field(default_factory=lambda: defaultdict(Counter))
    stays: defaultdict[SeatNo, list[Stay]] = field(default_factory=lambda: defaultdict(list))
    planned: Counter[SeatNo] = field(default_factory=Counter)
    kept: Counter[SeatNo] = field(default_factory=Counter)
    sheets: defaultdict[SeatNo, list[Marks]] = field(default_factory=lambda: defaultdict(list))

    def seats(self) -> list[SeatNo]:
        return sorted({*self.times, *self.login, *self.offers, *self.stays, *self.planned, *self.sheets})

    def day_of(self, seat: SeatNo) -> SeatDay:
        return SeatDay(
            seat=seat,
            login=self.login[seat],
            times=self.times[seat],
            stays=tuple(self.stays[seat]),
            offers=self.offers[seat],
            scheduled=self.planned[seat],
            kept=self.kept[seat],
            sheets=tuple(self.sheets[seat]),
        )
