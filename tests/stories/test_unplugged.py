"""话机掉线: a seat's telephone is unplugged in the middle of a talk, without a word to anybody.

Asterisk does not notice, and the citizen hears nothing more. The log says so within half a minute and names
the call; the seat gets no more calls; the citizen who hangs up and calls again reaches another person.
"""

import json
from pathlib import Path

from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import assert_they_heard_each_other, they_talk
from tests.stories.records import assert_told_once, is_answered
from tests.stories.waiting import until_true

SAID = "座席话机在通话中掉线, 市民可能听不到声音"
NOTICED_SECONDS = 30.0


async def test_a_telephone_is_unplugged_in_the_middle_of_a_talk(hotline: Hotline) -> None:
    async with hotline.telephone_of(SEATS[0]) as unplugged, hotline.citizen() as citizen:
        await unplugged.dials("*12")
        await citizen.skips_the_greeting()
        await unplugged.answers()
        row = await hotline.records.call_from(citizen.number, is_answered)
        await unplugged.phone.unplug()
        log = hotline.instance.logs / "engine.jsonl"
        await until_true(lambda: row.call_id in calls_cut_off(log), "a word in the log", NOTICED_SECONDS)
        await citizen.hangs_up()
    async with hotline.seat(SEATS[1]) as other, hotline.citizen(citizen.number) as again:
        await again.skips_the_greeting()
        talk = await other.answers()
        await they_talk(again, talk)
    await assert_they_heard_each_other(again, talk)
    record = await hotline.records.complete_from(citizen.number)
    assert_told_once(record)
    assert record.row.seat == SEATS[1]
    rows = hotline.records.calls_from(citizen.number)
    assert [one.seat for one in rows] == [SEATS[1], SEATS[0]]
    async with hotline.seat(SEATS[0]):
        pass  # plugged in again, and logged off in the end


def calls_cut_off(log: Path) -> set[str]:
    """Give the calls of which the log says that the seat's telephone is gone."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if SAID in line]
    return {str(line.get("call_id")) for line in lines}
