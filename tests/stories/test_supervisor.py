"""班长: a supervisor listens to the talk of another seat, speaks to the seat alone, or joins the talk.

Whoever is listened to hears nothing of it. What a supervisor says to all is on record; what is whispered to
the seat is not, for the citizen did not hear it. A seat without the mark hears that it may not.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest_asyncio

from app.commands.seat import _project
from app.parts import database_url
from core.clock import SystemClock
from core.database import Database
from ivr.prompt_book import Prompt
from queue_manager.seats import SeatRegister
from simulator.alaw import from_alaw
from simulator.call import Call
from simulator.outgoing import OutgoingCall
from tests.stories.ami_trace import traced
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import HARDLY, MOST, SEAT_BYE, SEAT_WORDS, CitizenCalling, SeatAtPhone, SeatTalking
from tests.stories.sounds import share_heard, sides_of
from tests.stories.waiting import PATIENCE_SECONDS, until_true

SUPERVISOR = SEATS[3]
CITIZEN_WORDS = "社保卡丢了怎么补办"
SUPERVISORS_WORDS = "我家楼道里闻到煤气味"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def supervisor_marked(hotline: Hotline) -> None:
    """As ``./hotline seat add 8004 --supervisor`` does it."""
    await hotline.sounds.prepare(CITIZEN_WORDS, SUPERVISORS_WORDS)
    with closing(Database(database_url(hotline.instance), inline=True)) as database:
        register = SeatRegister(database, SystemClock())
        register.add(SUPERVISOR, supervisor=True)
        _project(hotline.instance, register)


async def test_a_supervisor_listens_and_nobody_hears_him(hotline: Hotline) -> None:
    async with talk_with(hotline, "listen_in") as (seat, talk, citizen, supervisor):
        listening = await joins(hotline, supervisor, "*20")
        await citizen.says(CITIZEN_WORDS)
        await talk.says(SEAT_BYE)
        await listening.say(await hotline.sounds.of(SUPERVISORS_WORDS))
        await talk.hangs_up()
        await listening.until_over(PATIENCE_SECONDS)
    assert await share_of(hotline, CITIZEN_WORDS, listening) >= MOST
    assert await share_of(hotline, SEAT_BYE, listening) >= MOST
    assert await share_of(hotline, SUPERVISORS_WORDS, talk.call) <= HARDLY
    assert await share_of(hotline, SUPERVISORS_WORDS, citizen.call) <= HARDLY
    assert seat.rung


async def test_a_supervisor_whispers_to_the_seat_alone(hotline: Hotline) -> None:
    async with talk_with(hotline, "whisper") as (_, talk, citizen, supervisor):
        whispering = await joins(hotline, supervisor, "*21")
        await whispering.say(await hotline.sounds.of(SUPERVISORS_WORDS))
        await citizen.says(CITIZEN_WORDS)
        await whispering.hang_up()
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
    assert await share_of(hotline, CITIZEN_WORDS, whispering) >= MOST
    assert await share_of(hotline, SUPERVISORS_WORDS, talk.call) >= MOST
    assert await share_of(hotline, SUPERVISORS_WORDS, citizen.call) <= HARDLY
    assert await citizen.has_heard(SEAT_BYE)
    left, right = sides_of((await hotline.records.complete_from(citizen.number)).file)
    sound = await hotline.sounds.of(SUPERVISORS_WORDS)
    assert await share_heard(sound, left) <= HARDLY
    assert await share_heard(sound, right) <= HARDLY


async def test_a_supervisor_joins_the_talk_and_is_on_record(hotline: Hotline) -> None:
    async with talk_with(hotline, "barge_in") as (_, talk, citizen, supervisor):
        barging = await joins(hotline, supervisor, "*22")
        await barging.say(await hotline.sounds.of(SUPERVISORS_WORDS))
        await citizen.says(CITIZEN_WORDS)
        await barging.hang_up()
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
    assert await share_of(hotline, CITIZEN_WORDS, barging) >= MOST
    assert await share_of(hotline, SUPERVISORS_WORDS, talk.call) >= MOST
    assert await share_of(hotline, SUPERVISORS_WORDS, citizen.call) >= MOST
    assert await citizen.has_heard(SEAT_BYE)
    record = await hotline.records.complete_from(citizen.number)
    _, right = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(SUPERVISORS_WORDS), right) >= MOST
    assert record.row.seat == SEATS[0]


async def test_only_supervisors_may_and_only_where_there_is_a_talk(hotline: Hotline) -> None:
    async with hotline.telephone_of(SUPERVISOR) as supervisor, hotline.telephone_of(SEATS[2]) as nobody:
        for seat, code, answer in (
            (nobody, f"*20{SUPERVISOR}", Prompt.NOT_ALLOWED),
            (nobody, f"*21{SUPERVISOR}", Prompt.NOT_ALLOWED),
            (nobody, f"*22{SUPERVISOR}", Prompt.NOT_ALLOWED),
            (supervisor, f"*20{SEATS[2]}", Prompt.THAT_SEAT_HAS_NO_CALL),
            (supervisor, "*208999", Prompt.NO_SUCH_SEAT),
            (supervisor, f"*22{SUPERVISOR}", Prompt.NOT_ALLOWED),
        ):
            call = seat.phone.dial(code)
            await call.until_answered(PATIENCE_SECONDS)
            await call.until_over(PATIENCE_SECONDS)
            heard = from_alaw(call.audio.heard.sound())
            assert await share_heard(hotline.prompt(answer), heard) >= MOST, f"{code}: {answer}"


@asynccontextmanager
async def talk_with(
    hotline: Hotline, trace: str
) -> AsyncIterator[tuple[SeatAtPhone, SeatTalking, CitizenCalling, SeatAtPhone]]:
    """A seat and a citizen talk, a supervisor sits at a telephone."""
    async with (
        hotline.seat() as seat,
        hotline.telephone_of(SUPERVISOR) as supervisor,
        traced(hotline.instance, trace),
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        yield seat, talk, citizen, supervisor


async def joins(hotline: Hotline, supervisor: SeatAtPhone, code: str) -> OutgoingCall:
    """Dial a code and wait until its announcement is over, and a moment longer."""
    call = supervisor.phone.dial(f"{code}{SEATS[0]}")
    await call.until_answered(PATIENCE_SECONDS)
    prompt = {"*20": Prompt.LISTENING_IN, "*21": Prompt.WHISPERING, "*22": Prompt.BARGING_IN}[code]
    packets = len(hotline.prompt(prompt)) // 160
    await until_true(lambda: len(call.audio.heard.packets) >= packets, f"the announcement of {code}")
    await asyncio.sleep(1)
    return call


async def share_of(hotline: Hotline, words: str, call: Call) -> float:
    """Tell how much of these words reached this telephone."""
    return await share_heard(await hotline.sounds.of(words), from_alaw(call.audio.heard.sound()))
