"""``up``: opens, serves, stops in order, and mends what a killed start left behind."""

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from app.prepare.code_copy import readable_code
from app.prepare.places import Places
from app.prepare.progress import Progress
from tests.commands.command_line import OPEN, CommandLine

STRANGER = 54321
"""A number that is nobody's account."""
PARTS = ("Asterisk", "引擎", "识别", "消息代理", "数据库")


def test_it_opens_on_its_own_postgresql_and_a_seat_is_added_while_it_runs(line: CommandLine) -> None:
    line.settle(database="")
    with line.running() as up:
        status = line.run("status")
        assert status.code == 0, status.out
        assert all(f"✔ {part}" in status.out for part in PARTS), status.out
        added = line.run("seat", "add", "8001", "--name", "一号台")
        assert added.code == 0, added.err
        assert f"127.0.0.1:{line.ports.sip}" in added.out
        assert "8001  一号台" in line.run("seat", "list").out
        assert "8001" in _asterisk_says(line, "pjsip show endpoints")
        up.press(signal.SIGINT)
        assert up.end() == 0
    assert "已停止" in up.said.read_text()
    seats = line.run("seat", "list")
    assert (seats.code, len(seats.sentences)) == (1, 1)
    assert "数据库连不上" in seats.err


def test_a_seat_survives_a_stop_and_a_start(line: CommandLine) -> None:
    for round_ in range(2):
        with line.running() as up:
            if round_ == 0:
                assert line.run("seat", "add", "8002").code == 0
            assert "8002" in line.run("seat", "list").out
            assert "8002" in _asterisk_says(line, "pjsip show endpoints")
            up.press(signal.SIGTERM)
            assert up.end() == 0
    assert "座席 1 个" in up.said.read_text()


@pytest.mark.parametrize("step", ["启动 Asterisk", "启动引擎", "载入语音模型"])
def test_it_can_be_stopped_while_it_is_still_opening(line: CommandLine, step: str) -> None:
    with line.running(until=step) as up:
        up.press(signal.SIGTERM)
        assert up.end() == 0
    assert OPEN not in up.said.read_text()


def test_without_a_broker_it_works_too(line: CommandLine) -> None:
    line.settle()
    text = line.settings_file.read_text().replace("[broker]", '[broker]\nuse = "none"')
    line.settings_file.write_text(text)
    with line.running() as up:
        status = line.run("status")
        assert status.code == 0, status.out
        assert "设置为不使用" in status.out
        assert not (line.instance_folder / "run" / "broker.pid").exists()
        up.press(signal.SIGTERM)
        assert up.end() == 0


def test_asked_twice_it_still_puts_everything_away(line: CommandLine) -> None:
    with line.running() as up:
        up.press(signal.SIGINT)
        up.press(signal.SIGINT)
        assert up.end() == 0


def test_what_a_killed_start_left_running_is_ended_by_the_next(line: CommandLine) -> None:
    line.settle(database="")
    with line.running() as killed:
        before = {name: _pid(line, name) for name in ("asterisk", "engine", "database", "broker")}
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.wait()
        assert line.processes() != []
        with line.running() as up:
            assert line.run("status").code == 0
            assert {name: _pid(line, name) for name in before}.items().isdisjoint(before.items())
            assert not any(Path(f"/proc/{pid}/exe").exists() for pid in before.values())
            up.press(signal.SIGTERM)
            assert up.end() == 0


def test_a_second_up_is_refused_and_does_the_first_no_harm(line: CommandLine) -> None:
    with line.running() as up:
        second = line.up()
        assert (second.code, len(second.sentences)) == (1, 1), second.err
        assert "已经在运行" in second.err
        assert line.run("status").code == 0
        up.press(signal.SIGTERM)
        assert up.end() == 0


def test_a_part_that_dies_is_started_again_and_status_says_so_in_between(line: CommandLine) -> None:
    with line.running() as up:
        engine = _pid(line, "engine")
        os.kill(engine, signal.SIGSTOP)
        os.kill(engine, signal.SIGKILL)
        up.wait_until(lambda: _pid(line, "engine") != engine and line.run("status").code == 0)
        up.press(signal.SIGTERM)
        assert up.end() == 0


def test_a_checkout_that_only_its_owner_can_read_is_no_hindrance(line: CommandLine, tmp_path: Path) -> None:
    """As ``./hotline`` does it for root: services run from a copy of the code below the state folder."""
    if line.places.service_user is None:
        pytest.skip("without root everything runs as one user")
    closed = tmp_path / "checkout"
    _copy_of_the_checkout(line.places.project, closed)
    for path in (closed, *closed.rglob("*")):
        os.chown(path, STRANGER, STRANGER)
    closed.chmod(0o700)
    state = line.folder / "state"
    state.mkdir()
    with Path(os.devnull).open("w") as nowhere:
        code = readable_code(closed, state, Progress(nowhere))
    line.places = replace(line.places, project=closed, code=code)
    with line.running() as up:
        assert line.run("status").code == 0
        assert not any(str(closed) in one for one in line.processes() if "-m app up" not in one)
        up.press(signal.SIGTERM)
        assert up.end() == 0


def _copy_of_the_checkout(project: Path, closed: Path) -> None:
    unwanted = shutil.ignore_patterns(".git", ".*_cache", ".hypothesis", "__pycache__", "tests")
    shutil.copytree(project, closed, ignore=unwanted)


def _pid(line: CommandLine, part: str) -> int:
    return int((line.instance_folder / "run" / f"{part}.pid").read_text())


def _asterisk_says(line: CommandLine, command: str) -> str:
    places = Places.read(line.folder / "places.json")
    assert places.asterisk is not None
    return line.tool(
        str(places.asterisk.launcher),
        "-C",
        str(line.instance_folder / "asterisk" / "etc" / "asterisk.conf"),
        "-rx",
        command,
    )
