"""The lock files hold what pyproject.toml asks for."""

import re
import tomllib

from app.prepare.start import PROJECT

PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+) \\$", re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    found = PINNED.finditer((PROJECT / lock).read_text(encoding="utf-8"))
    return {hit["name"]: hit["version"] for hit in found}


def asked_for(*, tests: bool) -> set[str]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + (project["optional-dependencies"]["test"] if tests else [])
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in asked}


def test_what_the_project_asks_for_is_locked() -> None:
    assert asked_for(tests=False) <= pinned("requirements.lock").keys()
    assert asked_for(tests=True) <= pinned("requirements-test.lock").keys()


def test_tests_run_on_the_same_versions() -> None:
    assert pinned("requirements.lock").items() <= pinned("requirements-test.lock").items()


def test_no_lock_names_a_host() -> None:
    for lock in ("requirements-build.lock", "requirements.lock", "requirements-test.lock"):
        assert "://" not in (PROJECT / lock).read_text(encoding="utf-8")
