"""最后: what must be true after all the stories.

The engine has served every call of every story and is still small. No log of the hotline holds a number
that a citizen called from; whoever reads logs reads masked numbers.
"""

import re
from pathlib import Path

import pytest

from tests.lanes import STORY_LANES
from tests.stories.hotline import Hotline
from tests.stories.people import they_talk

ENGINE_MEGABYTES = 150.0
KEPT_BY_ASTERISK = ("queue_log", "cel.csv")
"""Asterisk's own notes, by which the journal is repaired; in a folder that the service user alone reads."""
LONG_NUMBER = re.compile(rb"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture(autouse=True, params=STORY_LANES)
def lane(request: pytest.FixtureRequest) -> str:
    """Every hotline is summed up."""
    return str(request.param)


async def test_the_engine_is_still_small(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        await they_talk(citizen, await seat.answers())
    await hotline.records.complete_from(citizen.number)
    assert resident_megabytes(hotline.pid("engine")) <= ENGINE_MEGABYTES


async def test_no_log_holds_the_number_of_a_citizen(hotline: Hotline) -> None:
    instance = hotline.instance
    logs = [*files_in(instance.logs), *files_in(instance.asterisk / "log")]
    assert {"calls.jsonl", "engine.jsonl", "recogniser.jsonl", "messages.log"} <= {log.name for log in logs}
    told = {log.name: LONG_NUMBER.findall(log.read_bytes()) for log in logs}
    with_numbers = {name for name, numbers in told.items() if numbers}
    assert {name for name in with_numbers if not name.startswith(KEPT_BY_ASTERISK)} == set()


async def test_only_the_service_reads_what_asterisk_notes_for_itself(hotline: Hotline) -> None:
    folder = hotline.instance.asterisk
    assert folder.stat().st_mode & 0o007 == 0


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def resident_megabytes(pid: int) -> float:
    """Give the memory that a process holds, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024
