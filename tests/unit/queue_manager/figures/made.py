"""做好的素材: arrivals and seats as short words, for tests of figures."""

from datetime import datetime, timedelta

from core.clock import SHANGHAI
from core.ids import CallId, QueueName, SeatNo
from queue_manager.figures.facts import REFUSED, Arrival, Result, Second, Stay
from queue_manager.figures.figure import Window, floored
from queue_manager.figures.policy import Policy

MIDNIGHT = datetime(2026, 11, 22, tzinfo=SHANGHAI)
DAY = Window(since=MIDNIGHT, until=MIDNIGHT + timedelta(days=1))
NOON = MIDNIGHT + timedelta(hours=12)
INTAKE = QueueName("intake")
ENTERPRISE = QueueName("enterprise")
SEAT = SeatNo("8001")
POLICY = Policy()
TALK = 60


def after(hours: float = 0, *, seconds: float = 0) -> datetime:
    return MIDNIGHT + timedelta(hours=hours, seconds=seconds)


def second(hours: float = 0, *, seconds: float = 0) -> Second:
    return floored(after(hours, seconds=seconds))


def stay(result: Result = Result.ANSWERED, wait: int = 0, queue: QueueName = INTAKE) -> Stay:
    answered = result is Result.ANSWERED
    return Stay(
        queue=queue,
        result=result,
        entered=result not in REFUSED,
        wait=wait,
        from_arrival=wait + 5 if answered else None,
        seat=SEAT if answered else None,
        talk=TALK if answered else 0,
    )


def arrival(name: str, *stays: Stay, at: datetime = NOON, flag: str = "") -> Arrival:
    """A call with these stays; one that hung up in the greeting when there is none."""
    answered = next((one for one in stays if one.result is Result.ANSWERED), None)
    deciding = answered or (stays[-1] if stays else None)
    return Arrival(
        call_id=CallId(name),
        at=at,
        result=deciding.result if deciding else Result.PROMPT_HANGUP,
        entered=any(one.entered for one in stays),
        wait=sum(one.wait for one in stays[: stays.index(answered) + 1 if answered else None]),
        from_arrival=answered.from_arrival if answered else None,
        stays=stays,
        flag=flag,
    )
