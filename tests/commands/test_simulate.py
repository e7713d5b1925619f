"""``simulate``: a day of one's own is rehearsed, for people and for programs."""

import json

import pytest

from simulator.day.day_file import DAYS
from tests.commands.command_line import CommandLine
from tests.commands.test_refused import refused
from tests.house.tree import is_chinese

CALLS = 12
EARLY = """
[[shifts]]
from = "00:00"
to = "00:40"
seats = 3
"""


@pytest.fixture
def day(line: CommandLine) -> str:
    """Half an hour after midnight: nobody calls later, and nobody works later."""
    quiet = (DAYS / "quiet.toml").read_text(encoding="utf-8").partition("[[shifts]]")[0]
    before, _, after = quiet.partition("by_half_hour = [")
    rest = after.partition("]")[2]
    file = line.folder / "ours.toml"
    weights = ", ".join(["1"] + ["0"] * 47)
    file.write_text(f"{before}by_half_hour = [{weights}]{rest}{EARLY}", encoding="utf-8")
    return str(file)


def test_a_program_reads_what_came_of_the_day_on_the_last_line(line: CommandLine, day: str) -> None:
    ran = line.run("simulate", "--day", day, "--calls", str(CALLS), "--chaos", "4", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out.splitlines()[-1])
    assert (told["arrivals"], told["rows"]) == (CALLS, CALLS)
    assert (told["lost"], told["duplicate_tickets"], told["double_offers"]) == (0, 0, 0)
    assert told["wrong"] == []
    assert sum(told["blows"].values()) == 4
    assert told["wall_seconds"] > 0


def test_a_person_reads_a_table(line: CommandLine, day: str) -> None:
    ran = line.run("simulate", "--day", day, "--calls", "3")
    assert ran.code == 0, ran.err
    assert "来电" in ran.out
    assert is_chinese(ran.out)


def test_a_day_that_there_is_not_is_answered_with_those_there_are(line: CommandLine) -> None:
    refused(line.run("simulate", "--day", "holiday"), "peak", "quiet")
