"""来电指标: what became of arrivals, or of stays in one queue, and every rate that suites make of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from queue_manager.figures.facts import REFUSED, Arrival, Result, Stay
from queue_manager.figures.figure import Reading, count, mean, nearest_rank, rate
from queue_manager.figures.policy import Policy


@dataclass(slots=True, kw_only=True)
class Tally:
    """计数: everything that the formulas need, from one pass; waits are sorted, in seconds."""

    results: Counter[Result] = field(default_factory=Counter)
    entered: int = 0
    refused: int = 0
    waiting: int = 0
    answered_waits: list[int] = field(default_factory=list)
    abandoned_waits: list[int] = field(default_factory=list)
    callback_waits: list[int] = field(default_factory=list)
    longest: int | None = None
    answered_from_arrival: list[int] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """人工请求."""
        return self.entered + self.refused

    @property
    def answered(self) -> int:
        """接通."""
        return self.results[Result.ANSWERED]

    @property
    def abandoned(self) -> int:
        """放弃."""
        return self.results[Result.ABANDONED]


def tally_of(seen: Iterable[Arrival | Stay]) -> Tally:
    """Count arrivals (the whole hotline), or stays (one queue), in any order."""
    tally = Tally()
    waits = {
        Result.ANSWERED: tally.answered_waits,
        Result.ABANDONED: tally.abandoned_waits,
        Result.CALLBACK: tally.callback_waits,
    }
    for one in seen:
        result = one.result
        tally.results[result] += 1
        if not one.entered:
            tally.refused += result in REFUSED
            continue
        tally.entered += 1
        tally.waiting += result is Result.LIVING
        if tally.longest is None or one.wait > tally.longest:
            tally.longest = one.wait
        if result in waits:
            waits[result].append(one.wait)
        if result is Result.ANSWERED and one.from_arrival is not None:
            tally.answered_from_arrival.append(one.from_arrival)
    for values in waits.values():
        values.sort()
    return tally


def counts(tally: Tally, policy: Policy) -> dict[str, Reading]:
    """Give the plain numbers; the outcomes sum up to all that was seen."""
    readings = {
        "requests": count(tally.requests),
        "entered": count(tally.entered),
        "short_abandoned": count(_within(tally.abandoned_waits, policy.short_seconds)),
    }
    return readings | {result.value: count(tally.results[result]) for result in Result}


def rates(tally: Tally, policy: Policy) -> dict[str, Reading]:
    """Give the shares, each by its own denominator; see the rule book."""
    answered, abandoned = tally.answered, tally.abandoned
    in_time = _within(tally.answered_waits, policy.threshold_seconds)
    gave_up_early = _within(tally.abandoned_waits, policy.threshold_seconds)
    rang_back_early = _within(tally.callback_waits, policy.threshold_seconds)
    from_arrival = sum(wait <= policy.threshold_seconds for wait in tally.answered_from_arrival)
    known = bool(tally.answered_from_arrival) or not answered
    short = _within(tally.abandoned_waits, policy.short_seconds)
    return {
        "connect_rate": rate(answered, tally.requests),
        "connect_rate_entered": rate(answered, tally.entered),
        "connect_rate_ex_short": rate(answered, tally.requests - short),
        "answered_in_15s": rate(in_time, tally.requests),
        "answered_in_15s_from_arrival": rate(from_arrival, tally.requests if known else 0),
        "service_level_asterisk": rate(in_time, answered),
        "service_level_asterisk_2": rate(in_time + gave_up_early, answered + abandoned),
        "service_level_amazon": rate(in_time + gave_up_early + rang_back_early, tally.entered),
        "service_level_vonage_breakouts": rate(in_time, tally.entered - tally.waiting),
        "service_level_vonage": rate(in_time, answered + abandoned),
        "service_level_xcally": rate(in_time, answered + abandoned - gave_up_early),
        "abandon_rate": rate(abandoned, tally.entered),
        "abandon_rate_ex_short": rate(abandoned - short, answered + abandoned - short),
    }


def waits(tally: Tally) -> dict[str, Reading]:
    """Give how long citizens waited."""
    return {
        "mean_wait_answered": mean(sum(tally.answered_waits), len(tally.answered_waits)),
        "mean_wait_abandoned": mean(sum(tally.abandoned_waits), len(tally.abandoned_waits)),
        "max_wait": Reading(value=tally.longest, num=tally.longest, den=tally.entered),
        "p50_wait_answered": nearest_rank(tally.answered_waits, 50),
        "p90_wait_answered": nearest_rank(tally.answered_waits, 90),
    }


def handle_time(stays: Iterable[Stay]) -> Reading:
    """Give talk (with hold) and wrap-up by answered stay whose talk is over."""
    lengths = [stay.talk + stay.acw for stay in stays if stay.result is Result.ANSWERED and stay.finished]
    return mean(sum(lengths), len(lengths))


def _within(waits: Sequence[int], seconds: int) -> int:
    return sum(wait <= seconds for wait in waits)
