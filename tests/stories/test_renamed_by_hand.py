"""手工改名: somebody gives a seat another name in Asterisk's queue, past our program.

The log says so in words of a hotline, the name is put right within seconds, and the call that comes next
counts for the seat.
"""

import json
from pathlib import Path

from app.parts import ask_asterisk
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import they_talk
from tests.stories.waiting import until_true

CHANGED = "座席在 Asterisk 里被人改动, 改回"
REPAIRED_SECONDS = 5.0


async def test_a_seat_is_renamed_in_asterisk(hotline: Hotline) -> None:
    log = hotline.instance.logs / "engine.jsonl"
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        ask_asterisk(hotline.instance, f"queue remove member PJSIP/{SEATS[0]} from intake")
        ask_asterisk(hotline.instance, f"queue add member PJSIP/{SEATS[0]} to intake penalty 0 as 张三")
        await until_true(lambda: was_told(log), "a word in the log", REPAIRED_SECONDS)
        await until_true(
            lambda: "张三" not in ask_asterisk(hotline.instance, "queue show intake"),
            "the name",
            REPAIRED_SECONDS,
        )
        await citizen.skips_the_greeting()
        await they_talk(citizen, await seat.answers())
    assert (await hotline.records.complete_from(citizen.number)).row.seat == SEATS[0]


def was_told(log: Path) -> bool:
    """Tell whether the log names the seat and one of the changes."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if CHANGED in line]
    return any(line["seat"] == SEATS[0] and "改名为 张三" in line["what"] for line in lines)
