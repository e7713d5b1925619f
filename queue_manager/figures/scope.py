"""统计范围: all call figures of the whole hotline, or of one queue, from the same arrivals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.ids import QueueName
from queue_manager.figures.call_side import Tally, counts, handle_time, rates, tally_of, waits
from queue_manager.figures.facts import REFUSED, Arrival, Result, Stay
from queue_manager.figures.figure import Reading, count, rate
from queue_manager.figures.policy import Policy
from queue_manager.figures.rolling import Request
from queue_manager.figures.rule_book import CALLS
from queue_manager.sightings import NO_QUEUE


def is_request(one: Arrival | Stay) -> bool:
    """Tell whether it reached the point of being queued (人工请求)."""
    return one.entered or one.result in REFUSED


def counted(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Give the arrivals of citizens: without test calls and robots."""
    return [arrival for arrival in arrivals if not arrival.flag]


def requests_of(arrivals: Iterable[Arrival]) -> list[Request]:
    """Give what the rolling connect rate is made of."""
    return [
        Request(at=one.at, answered=one.result is Result.ANSWERED, open=one.result is Result.LIVING)
        for one in arrivals
        if is_request(one) and not one.flag
    ]


def stays_in(arrivals: Iterable[Arrival], queue: QueueName | None) -> list[Stay]:
    """Give the stays in a queue, or in any."""
    return [stay for one in arrivals for stay in one.stays if queue is None or stay.queue == queue]


class CallSide:
    """来电指标: of the whole hotline and of every queue; what they have in common is counted once."""

    def __init__(self, arrivals: Sequence[Arrival]) -> None:
        """Count all of them."""
        self._arrivals = len(arrivals)
        citizens = counted(arrivals)
        self._citizens = len(citizens)
        self._whole = tally_of(citizens)
        self._stays: defaultdict[QueueName, list[Stay]] = defaultdict(list)
        for stay in stays_in(citizens, None):
            self._stays[stay.queue].append(stay)

    @property
    def queues(self) -> list[QueueName]:
        """Give every queue in which somebody was, by name."""
        return sorted(self._stays.keys() - {NO_QUEUE})

    def readings(self, queue: QueueName | None, policy: Policy) -> dict[str, Reading]:
        """Give every call figure, in the order of the rule book; None for a queue means the whole hotline.

        Arrivals and hang-ups in the greeting are the whole hotline's, whatever the queue.
        """
        if queue is None:
            scope, stays = self._whole, [stay for stays in self._stays.values() for stay in stays]
        else:
            stays = self._stays.get(queue, [])
            scope = tally_of(stays)
        readings = {
            **_of_the_hotline(self._whole, self._citizens),
            **counts(scope, policy),
            "prompt_hangup": count(self._whole.results[Result.PROMPT_HANGUP]),
            **rates(scope, policy),
            **waits(scope),
            "handle_time": handle_time(stays),
            "excluded": count(self._arrivals - self._citizens),
        }
        return {key: readings[key] for key in CALLS}


def _of_the_hotline(whole: Tally, arrivals: int) -> dict[str, Reading]:
    return {
        "distinct_calls": count(arrivals),
        "human_requests": count(whole.requests),
        "hotline_connect_rate": rate(whole.answered, whole.requests),
    }
