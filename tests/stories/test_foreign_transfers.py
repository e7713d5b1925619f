"""外来话机的转接: a telephone that is not ours hands a citizen on with its own transfer key.

baresip is another SIP implementation: what it sends as REFER is not what we would send.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from simulator.digest import Account
from tests.stories.ami_trace import traced
from tests.stories.baresip import Baresip, baresip
from tests.stories.handing_on import assert_all_on_one_recording
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import SEAT_BYE, SEAT_WORDS
from tests.stories.waiting import PATIENCE_SECONDS

FIRST_WORDS = "我家楼道里闻到煤气味"
SECOND_WORDS = "社保卡丢了怎么补办"


async def test_a_foreign_telephone_hands_a_citizen_on(hotline: Hotline, tmp_path: Path) -> None:
    await hotline.sounds.prepare(FIRST_WORDS, SECOND_WORDS)
    async with (
        hotline.telephone_of(SEATS[1]) as colleague,
        logged_in_with_baresip(hotline, tmp_path) as telephone,
        traced(hotline.instance, "blind_transfer_by_baresip") as told,
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        await telephone.until_told("CALL_INCOMING")
        telephone.tell("accept")
        await citizen.hears(SEAT_WORDS)
        await colleague.dials("*12")
        await citizen.says(FIRST_WORDS)
        host, port = hotline.server
        telephone.tell("transfer", f"sip:{SEATS[1]}@{host}:{port}")
        talk = await colleague.answers()
        await citizen.says(SECOND_WORDS)
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
        await colleague.dials("*15")
        await colleague.dials("*13")
    assert await talk.has_heard(SECOND_WORDS)
    assert await citizen.has_heard(SEAT_BYE)
    assert told.of("BlindTransfer")[0]["extension"] == SEATS[1]
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


@asynccontextmanager
async def logged_in_with_baresip(hotline: Hotline, folder: Path) -> AsyncIterator[Baresip]:
    """The first seat has a foreign telephone; at the end it logs off."""
    account = Account(user=SEATS[0], secret=hotline.instance.secret(f"seat-{SEATS[0]}"))
    says = await hotline.sounds.of(SEAT_WORDS)
    async with baresip(hotline.instance.places, hotline.server, account, says, folder) as telephone:
        telephone.dial("*12")
        await telephone.until_told("CALL_CLOSED")
        yield telephone
        telephone.dial("*15")
        await telephone.until_told("CALL_CLOSED", times=3)
        telephone.dial("*13")
        await telephone.until_told("CALL_CLOSED", times=4)
