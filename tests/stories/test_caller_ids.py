"""主叫号码: whatever a trunk sends as the caller's number, the citizen reaches a seat.

Numbers come from other people's switches: withheld, empty, far too long, in Chinese, with quotes, with
line breaks that would be a second command to Asterisk, with variables that Asterisk would fill in. All of
them are harmless by the time they reach a flow, a row, a log or a seat's telephone.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from core.ids import CallId
from simulator.caller_id import ANONYMOUS, CallerId
from tests.stories.hotline import Hotline
from tests.stories.people import SEAT_WORDS
from tests.stories.records import assert_told_once

HARMLESS = re.compile(r"[0-9a-zA-Z+*#._@-]{0,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strange:
    """A caller id, what the row keeps of it, the number that is dialled and what the row keeps of that."""

    what: str
    caller: CallerId
    kept: str
    dialled: str
    dialled_kept: str = ""


FORGED = CallId("forged-1")
FORGED_EVENT = f"Event: QueueCallerJoin\r\nTimestamp: 1\r\nChanVariable: CALL_ID={FORGED}"

STRANGERS = (
    Strange(what="empty", caller=CallerId(), kept="", dialled="12345001"),
    Strange(what="anonymous", caller=ANONYMOUS, kept="anonymous", dialled="12345002"),
    Strange(what="endless", caller=CallerId(number="7" * 300), kept="7" * 64, dialled="12345003"),
    Strange(
        what="quotes",
        caller=CallerId(name='"; DROP TABLE calls; --', number='"138\'00"'),
        kept="13800",
        dialled="12345004",
    ),
    Strange(
        what="line breaks",
        caller=CallerId(number="139\r\nSET VARIABLE FLOW_NEXT hang_up"),
        kept="139SETVARIABLEFLOW_NEXThang_up",
        dialled="12345005",
    ),
    Strange(
        what="an event in it",
        caller=CallerId(number=f"139\r\n\r\n{FORGED_EVENT}\r\n\r\n"),
        kept="139EventQueueCallerJoinTimestamp1ChanVariableCALL_IDforged1",
        dialled="12345009",
    ),
    Strange(
        what="variables",
        caller=CallerId(name="${CHANNEL(name)}", number="${EVAL(${CHANNEL(name)})}"),
        kept="EVALCHANNELname",
        dialled="12345006",
    ),
    Strange(what="Chinese", caller=CallerId(name="市长", number="一三八00"), kept="00", dialled="12345007"),
    Strange(
        what="a dialled number with an event in it",
        caller=CallerId(number="13800138000"),
        kept="13800138000",
        dialled="12345010%0D%0Aagi_arg_1%3A%20forged-1%0D%0A%0D%0A" + quote(FORGED_EVENT),
        dialled_kept="12345010agi_arg_1forged1EventQueueCallerJoinTimestamp1ChanVari",
    ),
    Strange(what="a seat's", caller=CallerId(number="8001"), kept="8001", dialled="12345008"),
)


@pytest.mark.parametrize("strange", STRANGERS, ids=lambda strange: strange.what)
async def test_a_citizen_with_a_strange_number_reaches_a_seat(hotline: Hotline, strange: Strange) -> None:
    async with (
        hotline.seat() as seat,
        hotline.citizen(shown=strange.caller, dialled=strange.dialled) as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await talk.hangs_up()
    assert await citizen.has_heard(SEAT_WORDS)
    row = await hotline.records.call_to(strange.dialled_kept or strange.dialled)
    record = await hotline.records.complete(row)
    assert record.row.caller == strange.kept
    assert record.ticket is not None
    assert record.ticket.phone == strange.kept
    assert_told_once(record)
    assert hotline.records.call(FORGED) is None
