"""Logs that grow are put away, and removed in the end; nothing that somebody still needs is lost."""

import os
from pathlib import Path

import pytest

from app.log_keeping import Kept, LogKeeper
from tests.fakes.clock import StandingClock

DAY = 86_400.0
LARGE = b"x" * 101


class Logs:
    """A folder as the hotline has it; files may grow to 100 bytes."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.asterisks = folder / "log", folder / "asterisk" / "log"
        for each in (self.ours, self.asterisks / "cel-custom"):
            each.mkdir(parents=True)
        self.clock = StandingClock()
        self.rotated = 0
        kept = Kept(ours=self.ours, asterisks=self.asterisks, file_bytes=100, days=190)
        self.keeper = LogKeeper(kept, self.clock, self._rotate)

    def _rotate(self) -> None:
        self.rotated += 1

    def write(self, name: str, said: bytes = LARGE) -> Path:
        file = (self.ours if name.endswith(("jsonl", "out")) else self.asterisks) / name
        file.write_bytes(said)
        return file

    def named(self, file: Path) -> list[str]:
        return sorted(each.name for each in file.parent.glob(f"{file.name}*"))


@pytest.fixture
def logs(tmp_path: Path) -> Logs:
    return Logs(tmp_path)


@pytest.mark.parametrize("name", ["engine.jsonl", "recogniser.jsonl", "cel-custom/cel.csv"])
def test_a_file_that_has_grown_is_renamed_and_begun_anew_by_who_writes_it(logs: Logs, name: str) -> None:
    file = logs.write(name)
    logs.keeper.tidy()
    assert logs.named(file) == [f"{file.name}.20260302-090000"]
    assert file.with_name(f"{file.name}.20260302-090000").read_bytes() == LARGE


def test_what_a_part_prints_is_cut_because_it_holds_the_file_open(logs: Logs) -> None:
    file = logs.write("engine.out", b"")
    with file.open("ab") as printing:
        printing.write(LARGE)
        printing.flush()
        logs.keeper.tidy()
        printing.write(b"and on")
    assert file.read_bytes() == b"and on"
    assert file.with_name("engine.out.20260302-090000").read_bytes() == LARGE


@pytest.mark.parametrize("name", ["queue_log", "messages.log"])
def test_asterisk_is_asked_to_put_away_what_it_holds_open(logs: Logs, name: str) -> None:
    file = logs.write(name)
    logs.keeper.tidy()
    assert logs.rotated == 1
    assert file.read_bytes() == LARGE


def test_small_files_stay_until_the_next_day(logs: Logs) -> None:
    small = [logs.write(name, b"one line") for name in ("engine.jsonl", "cel-custom/cel.csv", "queue_log")]
    logs.keeper.tidy()
    assert all(file.exists() for file in small)
    assert logs.rotated == 0
    logs.clock.forward(DAY)
    logs.keeper.tidy()
    assert [file.exists() for file in small] == [False, False, True]
    assert logs.rotated == 1


def test_two_that_are_put_away_in_one_second_both_stay(logs: Logs) -> None:
    for said in (LARGE, LARGE + b"again"):
        logs.write("engine.jsonl", said)
        logs.keeper.tidy()
    assert logs.named(logs.ours / "engine.jsonl") == [
        "engine.jsonl.20260302-090000",
        "engine.jsonl.20260302-090000-2",
    ]


@pytest.mark.parametrize("name", ["calls.jsonl", "calls-20260301-1.jsonl", "audit.jsonl"])
def test_the_call_log_and_the_list_of_who_asked_for_numbers_are_left_alone(logs: Logs, name: str) -> None:
    file = logs.write(name)
    logs.clock.forward(400 * DAY)
    logs.keeper.tidy()
    assert logs.named(file) == [file.name]


@pytest.mark.parametrize(
    ("name", "days"),
    [("engine.jsonl", 190), ("engine.out", 190), ("queue_log", 30), ("cel-custom/cel.csv", 30)],
)
def test_what_is_too_old_is_removed_asterisks_notes_with_their_full_numbers_sooner(
    logs: Logs, name: str, days: int
) -> None:
    file = logs.write(name, b"")
    ages = {f"{file.name}.1": days + 1, f"{file.name}.2": days - 1}
    for put_away, age in ages.items():
        old = file.with_name(put_away)
        old.write_bytes(LARGE)
        at = logs.clock.now().timestamp() - age * DAY
        os.utime(old, (at, at))
    logs.keeper.tidy()
    assert logs.named(file) == [file.name, f"{file.name}.2"]
