"""The supervisor with real processes: what comes up, what does not, what dies, what will not end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.leftovers import end_leftover, is_running
from app.supervisor import Part, PartFailed, PartSlow, Ready, Supervisor

SERVES = "import time, sys; print('serving', flush=True); time.sleep(600)"
FAILS = "import sys; print('some noise'); sys.exit('端口 5038 已被占用')"
WILL_NOT_END = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('serving', flush=True); time.sleep(600)"
)
HAS_CHILDREN = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('serving', flush=True); time.sleep(600)"
)
PATIENCE_SECONDS = 10.0
LOOK_SECONDS = 0.02


@pytest_asyncio.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    one = Supervisor()
    yield one
    await one.stop()


def _part(folder: Path, name: str, program: str, *, patience: float = PATIENCE_SECONDS) -> Part:
    log = folder / f"{name}.out"
    return Part(
        name=name,
        title=name,
        argv=(sys.executable, "-c", program, str(folder)),
        ready=_says_serving(log),
        log=log,
        run=folder,
        cwd=folder,
        patience_seconds=patience,
    )


def _text(file: Path) -> str:
    return file.read_text()


def _pid_files(folder: Path) -> list[Path]:
    return list(folder.glob("*.pid"))


def _says_serving(log: Path) -> Ready:
    async def look(_pid: int) -> bool:
        return "serving" in _text(log)

    return look


async def _until_back(supervisor: Supervisor, name: str, old: int) -> None:
    until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while supervisor.pid_of(name) == old:
        assert asyncio.get_running_loop().time() < until
        await asyncio.sleep(LOOK_SECONDS)


async def test_a_part_serves_and_its_number_stands_in_a_file(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(_part(tmp_path, "one", SERVES))
    assert (tmp_path / "one.pid").read_text() == str(supervisor.pid_of("one"))
    await supervisor.stop()
    assert not (tmp_path / "one.pid").exists()


async def test_one_that_fails_takes_the_others_down_and_its_own_words_are_told(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    await supervisor.start(_part(tmp_path, "one", SERVES))
    first = supervisor.pid_of("one")
    with pytest.raises(PartFailed) as told:
        await supervisor.start(_part(tmp_path, "two", FAILS))
    assert str(told.value) == f"two启动失败:端口 5038 已被占用 (完整记录 {tmp_path}/two.out)"
    assert not is_running(first)
    assert _pid_files(tmp_path) == []


async def test_what_an_earlier_life_said_is_not_taken_for_the_reason(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    (tmp_path / "one.out").write_text("从前的错误\n")
    with pytest.raises(PartFailed, match="它没有说原因"):
        await supervisor.start(_part(tmp_path, "one", "raise SystemExit(1)"))


async def test_one_that_never_serves_is_given_up_and_ended(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(PartSlow, match="还没有就绪"):
        await supervisor.start(_part(tmp_path, "one", "import time; time.sleep(600)", patience=0.5))
    assert _pid_files(tmp_path) == []


async def test_a_program_that_is_not_there_is_named(supervisor: Supervisor, tmp_path: Path) -> None:
    part = _part(tmp_path, "one", SERVES)
    gone = Part(**{name: getattr(part, name) for name in part.__slots__} | {"argv": ("/nowhere/asterisk",)})
    with pytest.raises(PartFailed, match="/nowhere/asterisk"):
        await supervisor.start(gone)


async def test_one_that_dies_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(_part(tmp_path, "one", SERVES))
    first = supervisor.pid_of("one")
    os.kill(first, signal.SIGKILL)
    await _until_back(supervisor, "one", first)
    assert is_running(supervisor.pid_of("one"))
    assert (tmp_path / "one.pid").read_text() == str(supervisor.pid_of("one"))


async def test_one_that_was_stopped_stays_stopped(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(_part(tmp_path, "one", SERVES))
    pid = supervisor.pid_of("one")
    await supervisor.stop_part("one")
    await asyncio.sleep(0.5)
    assert not is_running(pid)
    assert _pid_files(tmp_path) == []


async def test_one_that_will_not_end_is_killed(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.supervisor.STOP_SECONDS", 0.3)
    await supervisor.start(_part(tmp_path, "one", WILL_NOT_END))
    pid = supervisor.pid_of("one")
    await supervisor.stop()
    assert not is_running(pid)


async def test_a_leftover_is_ended_with_its_children(supervisor: Supervisor, tmp_path: Path) -> None:
    home = tmp_path / "up"
    run = home / "run"
    run.mkdir(parents=True)
    await supervisor.start(_part(run, "one", HAS_CHILDREN))
    pid = supervisor.pid_of("one")
    [child] = _text(Path(f"/proc/{pid}/task/{pid}/children")).split()
    await asyncio.to_thread(end_leftover, run, "one")
    assert not is_running(pid)
    assert not is_running(int(child))
