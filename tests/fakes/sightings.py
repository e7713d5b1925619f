"""What is seen of calls, and whole calls of every kind, to be shuffled, doubled and torn by the tests."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.events import EndReason
from core.ids import CallId, QueueName, SeatNo
from queue_manager.sightings import Mouth, OfferEnd, Seen, Sighting, Transfer, Vanished
from queue_manager.story import Home
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, CALLER

HOME = Home(node="hotline", recordings="/recordings")
INTAKE, EXPERTS = QueueName("intake"), QueueName("experts")
FIRST, SECOND, THIRD = SeatNo("8001"), SeatNo("8002"), SeatNo("8003")


def moment(seconds: float) -> datetime:
    return NINE_O_CLOCK + timedelta(seconds=seconds)


def seen(kind: Seen, at: float, call_id: CallId = CALL, mouth: Mouth = Mouth.AMI, **said: Any) -> Sighting:
    return Sighting(call_id=call_id, at=moment(at), kind=kind, mouth=mouth, **said)


def arrived(call_id: CallId = CALL, at: float = 0) -> Sighting:
    recording = f"/recordings/{call_id}.raw"
    return seen(Seen.ARRIVED, at, call_id, caller=CALLER, dialled="12345", detail=recording)


def queued(call_id: CallId = CALL, at: float = 5, queue: QueueName = INTAKE, position: int = 1) -> Sighting:
    return seen(Seen.QUEUED, at, call_id, queue=queue, position=position)


def offered(
    call_id: CallId = CALL, at: float = 6, seat: SeatNo = FIRST, queue: QueueName = INTAKE
) -> Sighting:
    return seen(Seen.OFFERED, at, call_id, queue=queue, seat=seat)


def rung_out(
    call_id: CallId = CALL, at: float = 21, seat: SeatNo = FIRST, queue: QueueName = INTAKE
) -> Sighting:
    return seen(Seen.OFFER_ENDED, at, call_id, queue=queue, seat=seat, detail=OfferEnd.NO_ANSWER, seconds=15)


def refused(call_id: CallId = CALL, at: float = 8, seat: SeatNo = FIRST) -> Sighting:
    return seen(Seen.OFFER_ENDED, at, call_id, seat=seat, detail=OfferEnd.REFUSED)


def answered(
    call_id: CallId = CALL, at: float = 9, seat: SeatNo = FIRST, queue: QueueName = INTAKE
) -> Sighting:
    return seen(Seen.ANSWERED, at, call_id, queue=queue, seat=seat, seconds=4)


def held(call_id: CallId = CALL, at: float = 20, seat: SeatNo = FIRST) -> Sighting:
    return seen(Seen.HELD, at, call_id, seat=seat)


def unheld(call_id: CallId = CALL, at: float = 30, seat: SeatNo = FIRST) -> Sighting:
    return seen(Seen.UNHELD, at, call_id, seat=seat)


def completed(call_id: CallId = CALL, at: float = 69, by: str = "caller", **said: Any) -> Sighting:
    told = {"queue": INTAKE, "seat": FIRST, "seconds": 60, **said}
    return seen(Seen.COMPLETED, at, call_id, detail=by, **told)


def left_queue(call_id: CallId = CALL, at: float = 65, why: str = "TIMEOUT") -> Sighting:
    return seen(Seen.LEFT_QUEUE, at, call_id, mouth=Mouth.DIALPLAN, queue=INTAKE, detail=why)


def blind(call_id: CallId = CALL, at: float = 40, seat: SeatNo = FIRST, to: str = "8002") -> Sighting:
    return seen(Seen.TRANSFERRED, at, call_id, seat=seat, detail=Transfer.BLIND, target=to)


def attended(call_id: CallId = CALL, at: float = 40, seat: SeatNo = FIRST, to: str = "8002") -> Sighting:
    return seen(Seen.TRANSFERRED, at, call_id, seat=seat, detail=Transfer.ATTENDED, target=to)


def left_us(call_id: CallId = CALL, at: float = 12) -> Sighting:
    said: dict[str, Any] = {"detail": Transfer.OUTSIDE, "target": "110"}
    return seen(Seen.TRANSFERRED, at, call_id, mouth=Mouth.DIALPLAN, **said)


def gone(call_id: CallId = CALL, at: float = 69) -> Sighting:
    return seen(Seen.GONE, at, call_id)


def vanished(
    call_id: CallId = CALL, at: float = 100, since: float | None = None, why: Vanished = Vanished.UNSEEN
) -> Sighting:
    earliest = None if since is None else moment(since)
    return seen(Seen.GONE, at, call_id, mouth=Mouth.RECONCILIATION, detail=why, not_before=earliest)


def whole_call(call_id: CallId = CALL) -> list[Sighting]:
    """Four seconds of waiting, a minute of talk."""
    return [
        arrived(call_id),
        queued(call_id),
        offered(call_id),
        answered(call_id),
        completed(call_id),
        gone(call_id),
    ]


def left_with(why: str, call_id: CallId) -> list[Sighting]:
    return [arrived(call_id), queued(call_id), left_queue(call_id, why=why), gone(call_id, at=70)]


def refused_at_the_door(why: str, call_id: CallId) -> list[Sighting]:
    return [arrived(call_id), left_queue(call_id, at=5, why=why), gone(call_id, at=9)]


def passed_on_blindly(call_id: CallId = CALL) -> list[Sighting]:
    """The first seat talks for 31 s, ten of them on hold; the second rings 3 s and talks for 60 s."""
    of_second = QueueName("seat-8002")
    return [
        arrived(call_id),
        queued(call_id),
        offered(call_id),
        answered(call_id),
        held(call_id),
        unheld(call_id),
        blind(call_id),
        completed(call_id, at=40.001, by="transfer", seconds=31),
        queued(call_id, at=40.01, queue=of_second),
        offered(call_id, at=40.02, seat=SECOND, queue=of_second),
        answered(call_id, at=43, seat=SECOND, queue=of_second),
        completed(call_id, at=103, queue=of_second, seat=SECOND, by="agent"),
        gone(call_id, at=103.01),
    ]


def passed_on_after_asking(call_id: CallId = CALL) -> list[Sighting]:
    """The first seat talks, holds, asks the second and hands the citizen over; the second hangs up first."""
    return [
        arrived(call_id),
        queued(call_id),
        offered(call_id),
        answered(call_id),
        held(call_id),
        attended(call_id),
        completed(call_id, at=40.001, by="transfer", seconds=31),
        seen(Seen.SEAT_GONE, 100, call_id, seat=SECOND),
        gone(call_id, at=100.01),
    ]


def refused_then_answered(call_id: CallId = CALL) -> list[Sighting]:
    """The first seat refuses, the second rings out, the third answers after an overflow into its group."""
    return [
        arrived(call_id),
        queued(call_id),
        offered(call_id),
        refused(call_id),
        rung_out(call_id, at=8.001),
        offered(call_id, at=9, seat=SECOND),
        rung_out(call_id, at=24, seat=SECOND),
        left_queue(call_id, at=65),
        queued(call_id, at=70, queue=EXPERTS),
        offered(call_id, at=71, seat=THIRD, queue=EXPERTS),
        answered(call_id, at=75, seat=THIRD, queue=EXPERTS),
        completed(call_id, at=135, seat=THIRD, queue=EXPERTS, by="agent"),
        gone(call_id, at=135.01),
    ]


ENDS: dict[EndReason, list[Callable[[CallId], list[Sighting]]]] = {
    EndReason.ANSWERED: [whole_call, passed_on_blindly, passed_on_after_asking, refused_then_answered],
    EndReason.HUNG_UP_IN_PROMPT: [lambda call: [arrived(call), gone(call, at=3)]],
    EndReason.HUNG_UP_WAITING: [
        lambda call: [arrived(call), queued(call), gone(call, at=20)],
        lambda call: [arrived(call), queued(call), offered(call), rung_out(call), gone(call, at=40)],
    ],
    EndReason.HUNG_UP_RINGING: [
        lambda call: [arrived(call), queued(call), offered(call), gone(call, at=8)],
    ],
    EndReason.OVERFLOW_TIMEOUT: [partial(left_with, "TIMEOUT")],
    EndReason.NO_SEAT: [partial(left_with, "LEAVEEMPTY"), partial(refused_at_the_door, "JOINEMPTY")],
    EndReason.QUEUE_FULL: [partial(refused_at_the_door, "FULL")],
    EndReason.LEFT_BY_KEY: [partial(left_with, "KEY")],
    EndReason.WITHDRAWN: [partial(left_with, "WITHDRAW")],
    EndReason.TRANSFERRED: [lambda call: [arrived(call), left_us(call), gone(call, at=90)]],
    EndReason.SYSTEM_FAILURE: [
        lambda call: [arrived(call), queued(call), vanished(call, why=Vanished.ASTERISK_RESTARTED)],
    ],
    EndReason.UNKNOWN_END: [lambda call: [arrived(call), queued(call), vanished(call)]],
}
"""For each reason the calls that end in it."""
