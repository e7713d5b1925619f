"""The copy of the code that a service user can read."""

import io
from pathlib import Path

import pytest

from app.prepare.code_copy import readable_code
from app.prepare.progress import Progress


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "checkout"
    files = (
        "pyproject.toml",
        "settings.toml",
        "core/__init__.py",
        "core/clock.py",
        "core/__pycache__/clock.cpython-311.pyc",
        "profiles/demo/units.toml",
        "tests/__init__.py",
        "docs/tour.md",
        ".git/config",
    )
    for name in files:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("text", encoding="utf-8")
        (project / name).chmod(0o600)
    return project


def copied(project: Path, state: Path) -> Path:
    return readable_code(project, state, Progress(io.StringIO()))


def test_packages_and_data_are_copied_and_no_settings_which_hold_passwords(
    project: Path, tmp_path: Path
) -> None:
    folder = copied(project, tmp_path)
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "complete",
        "core/__init__.py",
        "core/clock.py",
        "profiles/demo/units.toml",
    }


def test_everybody_may_read_the_copy(project: Path, tmp_path: Path) -> None:
    folder = copied(project, tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o755
    assert (folder / "core" / "clock.py").stat().st_mode & 0o777 == 0o644


def test_the_same_content_is_copied_once_and_changed_content_anew(project: Path, tmp_path: Path) -> None:
    first = copied(project, tmp_path)
    assert copied(project, tmp_path) == first
    (project / "core" / "clock.py").write_text("other", encoding="utf-8")
    assert copied(project, tmp_path) != first
