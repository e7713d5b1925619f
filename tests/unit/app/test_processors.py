"""处理器时间: what the kernel says of a machine whose host gives its processors to others."""

from pathlib import Path

import pytest

from app.commands.status import Finding, taken_by_host
from app.processors import Processors
from tests.processors import ProcessorsTaken, naming_the_host

BEFORE = "cpu  100 0 50 9000 10 5 5 40 0 0\ncpu0 100 0 50 9000 10 5 5 40 0 0\n"
AFTER = "cpu  160 10 70 9500 10 5 5 140 0 0\ncpu0 160 10 70 9500 10 5 5 140 0 0\n"


def test_what_the_host_took_is_a_share_of_what_was_needed(tmp_path: Path) -> None:
    before, after = _read(tmp_path, BEFORE), _read(tmp_path, AFTER)
    assert after.taken_since(before) == pytest.approx(100 / (100 + 90))


def test_waiting_and_idling_count_as_neither(tmp_path: Path) -> None:
    before, after = _read(tmp_path, BEFORE), _read(tmp_path, BEFORE.replace("9000 10", "19000 700"))
    assert after.taken_since(before) == 0.0


def test_where_the_kernel_does_not_say_nothing_was_taken(tmp_path: Path) -> None:
    nothing = Processors.now(tmp_path / "no such file")
    assert Processors.now(tmp_path / "no such file").taken_since(nothing) == 0.0


def test_a_failure_is_named_after_the_host_when_it_took_the_processors(tmp_path: Path) -> None:
    with pytest.raises(ProcessorsTaken, match="53%") as told:
        _fails_while(tmp_path / "stat", AFTER)
    assert isinstance(told.value.__cause__, AssertionError)


def test_a_failure_on_a_machine_that_ran_is_told_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        _fails_while(tmp_path / "stat", AFTER.replace("140", "49"))


def test_status_says_what_chops_the_sound() -> None:
    before, after = Processors(used=1000, taken=50), Processors(used=1070, taken=80)
    found = taken_by_host(before, after)
    assert found.said == "宿主机占去所需时间的 30%,通话的声音会断续"
    assert "预留" in found.soon


def test_status_is_content_with_a_machine_that_runs() -> None:
    before, after = Processors(used=1000, taken=50), Processors(used=1090, taken=51)
    assert taken_by_host(before, after) == Finding(part="处理器", said="宿主机占去所需时间的 1%")


def _fails_while(stat: Path, becomes: str) -> None:
    stat.write_text(BEFORE)
    with naming_the_host(stat):
        stat.write_text(becomes)
        raise AssertionError


def _read(folder: Path, stat: str) -> Processors:
    (folder / "stat").write_text(stat)
    return Processors.now(folder / "stat")
