"""座席话机: a seat puts a citizen on hold and takes her back, with our telephone and with a foreign one.

baresip registers with its password, logs in, rings, answers, holds, resumes and hangs up. The citizen hears
the seat, and the waiting tone while she is on hold. Nothing breaks the recording: what she said before and
after the hold is in it, and in the draft.
"""

import asyncio
from pathlib import Path

from simulator.digest import Account
from tests.stories.baresip import Baresip, baresip
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import MOST, SEAT_BYE, SEAT_WORDS, CitizenCalling
from tests.stories.records import assert_told_once
from tests.stories.sounds import share_heard, sides_of
from tests.stories.waiting import PATIENCE_SECONDS, until_true

BEFORE_HOLD = "我家楼道里闻到煤气味"
AFTER_HOLD = "社保卡丢了怎么补办"
WAITING_TONE = 300
"""Level of a sample of the waiting tone; the line is quieter when nobody speaks."""
SDP_AFTER_RESUME = 4
"""Asterisk has described its side for the log-in, the call, the hold, and now."""


async def test_a_seat_holds_and_resumes(hotline: Hotline) -> None:
    await hotline.sounds.prepare(BEFORE_HOLD, AFTER_HOLD)
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await citizen.says(BEFORE_HOLD)
        held_at = asyncio.get_running_loop().time()
        await talk.call.hold()
        await until_the_waiting_tone(citizen, held_at)
        await talk.call.resume()
        await citizen.says(AFTER_HOLD)
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
    assert await citizen.has_heard(SEAT_WORDS)
    assert await citizen.has_heard(SEAT_BYE)
    assert await talk.has_heard(BEFORE_HOLD)
    assert await talk.has_heard(AFTER_HOLD)
    await assert_nothing_is_missing(hotline, citizen)


async def test_a_seat_answers_holds_and_hangs_up_with_baresip(hotline: Hotline, tmp_path: Path) -> None:
    await hotline.sounds.prepare(BEFORE_HOLD, AFTER_HOLD)
    seat = Account(user=SEATS[0], secret=hotline.instance.secret(f"seat-{SEATS[0]}"))
    says = await hotline.sounds.of(SEAT_WORDS)
    async with baresip(hotline.instance.places, hotline.server, seat, says, tmp_path) as telephone:
        await log_in(telephone)
        async with hotline.citizen() as citizen:
            await citizen.skips_the_greeting()
            await talk_with_a_hold(telephone, citizen)
        telephone.dial("*15")  # whoever is the next to log in here has no wrap-up to wait for
        await telephone.until_told("CALL_CLOSED", times=3)
        telephone.dial("*13")
        await telephone.until_told("CALL_CLOSED", times=4)
        heard = telephone.heard_in_call(2)
    # baresip 1.0.0 records nothing that comes after a hold
    assert await share_heard(await hotline.sounds.of(BEFORE_HOLD), heard) >= MOST
    await assert_nothing_is_missing(hotline, citizen)


async def log_in(telephone: Baresip) -> None:
    telephone.dial("*12")
    await telephone.until_told("CALL_CLOSED")


async def talk_with_a_hold(telephone: Baresip, citizen: CitizenCalling) -> None:
    ringing = await telephone.until_told("CALL_INCOMING")
    assert citizen.number in ringing["peeruri"]
    telephone.tell("accept")
    await citizen.hears(SEAT_WORDS)
    await citizen.says(BEFORE_HOLD)
    held_at = asyncio.get_running_loop().time()
    telephone.tell("hold")
    await until_the_waiting_tone(citizen, held_at)
    telephone.tell("resume")
    await telephone.until_told("CALL_REMOTE_SDP", times=SDP_AFTER_RESUME)
    await citizen.says(AFTER_HOLD)
    telephone.tell("hangup")
    await citizen.call.until_over(PATIENCE_SECONDS)


async def until_the_waiting_tone(citizen: CitizenCalling, since: float) -> None:
    tape = citizen.call.audio.heard
    await until_true(lambda: tape.first_loud_at(WAITING_TONE, since) is not None, "the waiting tone")


async def assert_nothing_is_missing(hotline: Hotline, citizen: CitizenCalling) -> None:
    """What was said before and after the hold is in the recording, the words and the draft."""
    record = await hotline.records.complete_from(citizen.number)
    assert_told_once(record)
    assert record.row.seat == SEATS[0]
    left, _ = sides_of(record.file)
    for words in (BEFORE_HOLD, AFTER_HOLD):
        assert await share_heard(await hotline.sounds.of(words), left) >= MOST
    assert record.ticket is not None
    for word in ("煤气", "社保卡"):
        assert word in record.said
        assert word in record.ticket.content
