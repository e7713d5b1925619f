"""市民来电: the default flow. No menu (GB/T 33358): greet, say that it is recorded, on to a person."""

from core.ids import QueueName
from ivr.call import Call, Next, ToQueue
from ivr.prompt_book import Prompt

INTAKE = QueueName("intake")
"""综合受理: the seats that take every call. Asterisk allows no queue with the name ``general``."""


async def citizen_call(call: Call) -> Next:
    """来电 → 问候与录音告知 → 综合受理."""
    await call.say(Prompt.GREETING)
    return ToQueue(INTAKE)
