"""A citizen, and a seat, on a line that exists only in the test."""

from dataclasses import dataclass, field

from core.ids import CallId, QueueName, SeatNo
from ivr.call import CallerGone
from ivr.prompt_book import Prompt

SEAT = SeatNo("8001")
CALL = CallId("hotline-1772413200.1")


@dataclass(kw_only=True)
class FakeCall:
    """Hears every prompt to the end, or hangs up in ``hangs_up_in`` and is gone from then on."""

    call_id: CallId = CALL
    caller: str = "13812345678"
    dialled: str = "12345"
    hangs_up_in: Prompt | None = None
    heard: list[Prompt] = field(default_factory=list)
    gone: bool = False

    async def say(self, prompt: Prompt) -> None:
        if self.gone:
            raise CallerGone
        self.heard.append(prompt)
        if prompt is self.hangs_up_in:
            self.gone = True
            raise CallerGone


@dataclass(kw_only=True)
class FakeSeatCall:
    """Dials a code; presses ``key`` when asked for one, or hangs up in ``hangs_up_in``."""

    code: str
    seat: SeatNo = SEAT
    supervisor: bool = False
    key: str = ""
    hangs_up_in: Prompt | None = None
    heard: list[Prompt] = field(default_factory=list)

    async def say(self, prompt: Prompt) -> None:
        self.heard.append(prompt)
        if prompt is self.hangs_up_in:
            raise CallerGone

    async def ask_key(self, prompt: Prompt) -> str:
        await self.say(prompt)
        return self.key


class StrangersOnly:
    """A hotline on its first day."""

    def queue_that_knows(self, _caller: str) -> QueueName | None:
        return None


@dataclass(kw_only=True)
class OneIsKnown:
    """A hotline that has talked to one citizen."""

    caller: str
    queue: QueueName

    def queue_that_knows(self, caller: str) -> QueueName | None:
        return self.queue if caller == self.caller else None
