"""The state folder: where it lies, what counts as whole, what is taken away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.prepare.state_folder import (
    COMPLETE,
    IN_USE,
    KEPT_SECONDS,
    StateFolderHidden,
    StateFolderUnusable,
    is_complete,
    keep_in_use,
    making,
    open_to_others,
    opened,
    state_folder_of,
    sweep,
)

NOW = 2_000_000_000.0
HOLD = """\
import sys
from pathlib import Path
from app.prepare.state_folder import keep_in_use
keep_in_use(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def folder_used(state: Path, name: str, *, seconds_ago: float) -> Path:
    folder = state / name
    with making(folder):
        (folder / IN_USE).touch()
    os.utime(folder / IN_USE, (NOW - seconds_ago, NOW - seconds_ago))
    return folder


def test_root_uses_the_system_folder_and_others_their_own() -> None:
    assert state_folder_of({}, root=True) == Path("/var/lib/hotline")
    assert state_folder_of({"HOME": "/home/li"}, root=False) == Path("/home/li/.local/state/hotline")
    assert state_folder_of({"XDG_STATE_HOME": "/s"}, root=False) == Path("/s/hotline")


@pytest.mark.parametrize("root", [True, False])
def test_the_override_counts_for_everybody(root: bool) -> None:
    assert state_folder_of({"HOTLINE_STATE_DIR": "/srv/h", "HOME": "/home/li"}, root=root) == Path("/srv/h")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateFolderUnusable, match="HOTLINE_STATE_DIR"):
        opened(tmp_path / "file" / "state", root=False)


def test_root_refuses_a_folder_that_the_service_user_cannot_reach(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    assert not open_to_others(closed)
    with pytest.raises(StateFolderHidden):
        opened(closed / "state", root=True)


def test_what_was_made_to_its_end_is_whole(tmp_path: Path) -> None:
    with making(tmp_path / "part"):
        assert not is_complete(tmp_path / "part")
    assert is_complete(tmp_path / "part")


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off() -> None:
        with making(tmp_path / "part"):
            (tmp_path / "part" / "half").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert not (tmp_path / "part").exists()


def test_making_again_begins_from_nothing(tmp_path: Path) -> None:
    for name in ("first", "second"):
        with making(tmp_path / "part"):
            (tmp_path / "part" / name).touch()
    assert sorted(path.name for path in (tmp_path / "part").iterdir()) == [COMPLETE, "second"]


def test_versions_unused_for_long_go_and_their_neighbours_stay(tmp_path: Path) -> None:
    current = folder_used(tmp_path, "python-run-3", seconds_ago=0)
    lately = folder_used(tmp_path, "python-run-2", seconds_ago=KEPT_SECONDS - 1)
    long_ago = folder_used(tmp_path, "python-run-1", seconds_ago=KEPT_SECONDS + 1)
    other_kind = folder_used(tmp_path, "python-run-x-1", seconds_ago=KEPT_SECONDS + 1)
    sweep(current, NOW)
    assert [path.exists() for path in (current, lately, long_ago, other_kind)] == [True, True, False, True]


def test_a_version_that_a_process_runs_from_stays(tmp_path: Path) -> None:
    running = folder_used(tmp_path, "code-1", seconds_ago=KEPT_SECONDS + 1)
    command = (sys.executable, "-c", HOLD, str(running))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        os.utime(running / IN_USE, (0, 0))
        sweep(tmp_path / "code-2", NOW)
        assert running.exists()
    sweep(tmp_path / "code-2", NOW)
    assert not running.exists()


def test_use_is_remembered_by_its_day(tmp_path: Path) -> None:
    folder = folder_used(tmp_path, "code-1", seconds_ago=0)
    os.utime(folder / IN_USE, (0, 0))
    keep_in_use(folder)
    assert (folder / IN_USE).stat().st_mtime > 0
