"""The Python environment of a lock file."""

from pathlib import Path

import pytest

from app.prepare.python_env import BUILD_LOCK, env_folder, pip_wheel, python_of
from app.prepare.state_folder import making


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (BUILD_LOCK, "requirements.lock", "requirements-test.lock"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def test_running_and_testing_have_an_environment_each(project: Path) -> None:
    run = env_folder(project, project, "requirements.lock")
    test = env_folder(project, project, "requirements-test.lock")
    assert run.name.startswith("python-run-")
    assert test.name.startswith("python-test-")


@pytest.mark.parametrize("changed", [BUILD_LOCK, "requirements.lock"])
def test_a_changed_lock_is_another_environment(project: Path, changed: str) -> None:
    before = env_folder(project, project, "requirements.lock")
    (project / changed).write_text("other", encoding="utf-8")
    assert env_folder(project, project, "requirements.lock") != before


def test_an_environment_counts_when_it_was_finished_and_its_python_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "python-run-1"
    assert python_of(folder) is None
    with making(folder):
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(tmp_path / "base")
    assert python_of(folder) is None
    (tmp_path / "base").touch()
    assert python_of(folder) == folder / "bin" / "python"


def test_pip_is_taken_from_where_the_distribution_puts_its_wheels(tmp_path: Path) -> None:
    wheel = tmp_path / "usr/share/python-wheels/pip-23.0-py3-none-any.whl"
    wheel.parent.mkdir(parents=True)
    wheel.touch()
    assert pip_wheel((tmp_path,)) == wheel
