"""Whole calls as Asterisk 22 tells of them on its manager interface, event by event."""

from collections.abc import Callable
from random import Random

from core.events import EndReason
from core.ids import CallId
from tests.fakes.clock import NINE_O_CLOCK

Event = dict[str, str]
START = NINE_O_CLOCK.timestamp()
INTAKE, EXPERTS = "intake", "experts"


class AmiCall:
    """One citizen's call; every sentence adds the events that Asterisk would send."""

    def __init__(self, number: int, chance: Random) -> None:
        """``number`` tells calls apart; lengths are drawn from ``chance``."""
        self.call_id = CallId(f"hotline-{START:.0f}.{number}")
        self.number = number
        self.events: list[Event] = []
        self._chance = chance
        self._at = START + chance.uniform(0, 600)
        self._legs = 0
        self._seat = ""
        self._queue = ""

    def waits(self, least: float = 0.05, most: float = 40.0) -> float:
        """Time passes; gives how much."""
        seconds = round(self._chance.uniform(least, most), 3)
        self._at += seconds
        return seconds

    def arrives(self) -> None:
        self._tell("Newstate", channelstate="6")

    def enters(self, queue: str = INTAKE) -> None:
        self._queue = queue
        self.waits(0.5, 6)
        self._tell("QueueCallerJoin", queue=queue, position="1")

    def rings(self, seat: str) -> None:
        self._seat = seat
        self._legs += 1
        self.waits()
        self._tell("AgentCalled", **self._at_seat())

    def rings_out(self) -> None:
        self.waits(15, 15.2)
        self._tell("AgentRingNoAnswer", ringtime="15000", **self._at_seat())
        self._tell("DialEnd", dialstatus="NOANSWER", **self._at_seat())
        self._leg_hangs_up("0")

    def is_refused(self) -> None:
        self.waits(0.1, 10)
        kind = self._chance.choice(("busy", "declined"))
        self._tell("DialEnd", dialstatus="BUSY" if kind == "busy" else "NOANSWER", **self._at_seat())
        self._tell("AgentRingNoAnswer", ringtime="3000", **self._at_seat())
        self._leg_hangs_up("17" if kind == "busy" else "21")

    def is_answered(self) -> None:
        self.waits(0.1, 14)
        self._tell("AgentConnect", holdtime="4", ringtime="2", **self._at_seat())

    def is_held(self) -> None:
        for event in ("Hold", "Unhold"):
            self.waits()
            self._tell(event, **self._leg())

    def is_passed_on_to(self, queue: str) -> None:
        self.waits()
        self._tell(
            "BlindTransfer",
            result="Success",
            extension=queue[-4:],
            transfererchannel=self._leg()["channel"],
            transfereechanvariable=self._variables,
        )
        self._tell("AgentComplete", reason="transfer", talktime="9", **self._at_seat())
        self._leg_hangs_up("16")
        self._at += 0.01
        self._queue = queue
        self._tell("QueueCallerJoin", queue=queue, position="1")

    def is_handed_to(self, seat: str) -> None:
        """After the seat has asked the other one."""
        self.waits()
        self._tell("Hold", **self._leg())
        self.waits()
        self._tell(
            "AttendedTransfer",
            result="Success",
            desttype="Bridge",
            origtransfererchannel=self._leg()["channel"],
            transfereechanvariable=self._variables,
            transfertargetchannel=f"PJSIP/{seat}-000000ff",
        )
        self._tell("AgentComplete", reason="transfer", talktime="9", **self._at_seat())
        self._leg_hangs_up("16")
        self._seat = ""

    def talk_ends(self, by: str) -> None:
        self.waits()
        self._tell("AgentComplete", reason=by, talktime="30", **self._at_seat())
        self._leg_hangs_up("16")
        self._at += 0.002
        self.hangs_up()

    def leaves(self, status: str) -> None:
        self.waits()
        self._tell("UserEvent", userevent="QueueLeft", queue=self._queue, status=status)

    def hangs_up(self) -> None:
        self._tell("Hangup", cause="16")

    @property
    def _variables(self) -> str:
        return f"CALL_ID={self.call_id}\nDIALLED=12345"

    def _leg(self) -> Event:
        channel = f"PJSIP/{self._seat}-{self.number:04x}{self._legs:04x}"
        return {"uniqueid": f"hotline-1.{self.number}{self._legs:03}", "channel": channel}

    def _at_seat(self) -> Event:
        leg = self._leg()
        interface = f"PJSIP/{self._seat}"
        return {"queue": self._queue, "interface": interface, "destchannel": leg["channel"]}

    def _leg_hangs_up(self, cause: str) -> None:
        self._tell("Hangup", cause=cause, **self._leg())

    def _tell(self, event: str, **said: str) -> None:
        self._at += 0.0001
        told = {
            "event": event,
            "timestamp": f"{self._at:.6f}",
            "uniqueid": self.call_id,
            "channel": f"PJSIP/trunk-{self.number:08x}",
            "calleridnum": "13812345678",
            "chanvariable": self._variables,
        }
        self.events.append({**told, **said})


Script = Callable[[AmiCall], None]


def _in_the_prompt(call: AmiCall) -> None:
    call.arrives()
    call.waits()
    call.hangs_up()


def _waiting(call: AmiCall) -> None:
    call.arrives()
    call.enters()
    call.rings("8001")
    call.rings_out()
    call.waits(1, 5)
    call.hangs_up()


def _ringing(call: AmiCall) -> None:
    call.arrives()
    call.enters()
    call.rings("8001")
    call.waits(0.1, 14)
    call.hangs_up()


def _left_with(status: str) -> Script:
    def script(call: AmiCall) -> None:
        call.arrives()
        call.enters()
        call.leaves(status)
        call.waits()
        call.hangs_up()

    return script


def _turned_away(status: str) -> Script:
    def script(call: AmiCall) -> None:
        call.arrives()
        call._queue = INTAKE
        call.leaves(status)
        call.waits()
        call.hangs_up()

    return script


def _left_us(call: AmiCall) -> None:
    call.arrives()
    call.waits()
    call._tell("UserEvent", userevent="LeftUs", to="110")
    call.waits()
    call.hangs_up()


def _answered(call: AmiCall) -> None:
    call.arrives()
    call.enters()
    call.rings("8001")
    call.is_answered()
    call.is_held()
    call.talk_ends("caller")


def _answered_at_last(call: AmiCall) -> None:
    call.arrives()
    call.enters()
    call.rings("8001")
    call.is_refused()
    call.rings("8002")
    call.rings_out()
    call.leaves("TIMEOUT")
    call.enters(EXPERTS)
    call.rings("8003")
    call.is_answered()
    call.talk_ends("agent")


def _passed_on(call: AmiCall) -> None:
    call.arrives()
    call.enters()
    call.rings("8001")
    call.is_answered()
    call.is_held()
    call.is_passed_on_to("seat-8002")
    call.rings("8002")
    call.is_answered()
    call.talk_ends("agent")


def _passed_on_in_vain(call: AmiCall) -> None:
    call.arrives()
    call.enters()
    call.rings("8001")
    call.is_answered()
    call.is_passed_on_to("seat-8002")
    call.rings("8002")
    call.rings_out()
    call.leaves("TIMEOUT")
    call.enters()
    call.waits()
    call.hangs_up()


def _handed_over(call: AmiCall) -> None:
    call.arrives()
    call.enters()
    call.rings("8001")
    call.is_answered()
    call.is_handed_to("8002")
    call.waits()
    call.hangs_up()


SCRIPTS: dict[EndReason, tuple[Script, ...]] = {
    EndReason.ANSWERED: (_answered, _answered_at_last, _passed_on, _passed_on_in_vain, _handed_over),
    EndReason.HUNG_UP_IN_PROMPT: (_in_the_prompt,),
    EndReason.HUNG_UP_WAITING: (_waiting,),
    EndReason.HUNG_UP_RINGING: (_ringing,),
    EndReason.OVERFLOW_TIMEOUT: (_left_with("TIMEOUT"),),
    EndReason.NO_SEAT: (_left_with("LEAVEEMPTY"), _turned_away("JOINEMPTY")),
    EndReason.QUEUE_FULL: (_turned_away("FULL"),),
    EndReason.LEFT_BY_KEY: (_left_with("KEY"),),
    EndReason.WITHDRAWN: (_left_with("WITHDRAW"),),
    EndReason.TRANSFERRED: (_left_us,),
}
"""For every reason that can be seen, the calls that end in it."""
