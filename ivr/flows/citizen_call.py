"""市民来电: the default flow. No menu (GB/T 33358): greet, say that it is recorded, on to a person."""

from typing import Protocol

from core.ids import QueueName
from ivr.call import Call, Next, ToQueue
from ivr.prompt_book import Prompt

INTAKE = QueueName("intake")
"""综合受理: the seats that take every call. Asterisk allows no queue with the name ``general``."""


class Hotline(Protocol):
    """What the hotline knows of whoever calls."""

    def queue_that_knows(self, caller: str) -> QueueName | None:
        """Give the queue of the seat that talked to him last and is ready; None when there is none.

        Looked up in memory: nobody waits for it.
        """
        ...


async def citizen_call(call: Call, hotline: Hotline) -> Next:
    """来电 → 问候与录音告知 → 上次接他的座席 (示闲的话, 只等片刻) → 综合受理."""
    await call.say(Prompt.GREETING)
    return ToQueue(INTAKE, first=hotline.queue_that_knows(call.caller))
