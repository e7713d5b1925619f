"""What Asterisk answers when it is asked what lives, made up."""

from collections.abc import Callable
from datetime import datetime

from core.ids import CallId, SeatNo
from queue_manager.reconciliation import Look, look_of
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, CALLER

Answer = dict[str, str]


def citizen(call_id: CallId = CALL, duration: str = "00:00:30", bridge: str = "") -> Answer:
    return {
        "event": "CoreShowChannel",
        "channel": f"PJSIP/trunk-{abs(hash(call_id)) % 16**8:08x}",
        "uniqueid": call_id,
        "chanvariable": f"CALL_ID={call_id}\nDIALLED=12345",
        "calleridnum": CALLER,
        "duration": duration,
        "bridgeid": bridge,
    }


def leg(seat: SeatNo, bridge: str, duration: str = "00:00:10") -> Answer:
    return {
        "event": "CoreShowChannel",
        "channel": f"PJSIP/{seat}-000000a1",
        "uniqueid": f"hotline-9.{seat}",
        "duration": duration,
        "bridgeid": bridge,
    }


def entry(call_id: CallId = CALL, wait: int = 25, queue: str = "intake") -> Answer:
    return {"event": "QueueEntry", "uniqueid": call_id, "queue": queue, "wait": str(wait), "position": "2"}


def member(seat: SeatNo, called: str) -> Answer:
    return {"event": "QueueMember", "queue": "intake", "name": called, "location": f"PJSIP/{seat}"}


class AskedAsterisk:
    """Answers with what it was told to answer; ``meanwhile`` happens before it does."""

    def __init__(self, *answers: Answer, at: datetime = NINE_O_CLOCK) -> None:
        self.answers = answers
        self.at = at
        self.meanwhile: Callable[[], object] = lambda: None

    async def look(self) -> Look:
        self.meanwhile()
        return look_of(self.at, self.answers)

    async def caught_up(self) -> None:
        return
