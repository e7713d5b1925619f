"""A city's folder lies over the default's: file by file, and for policies key by key."""

from pathlib import Path

import pytest

from core.profiles import beneath, file_of
from recordings.rule import read_rule
from tests.house.tree import ROOT

DEFAULT = ROOT / "profiles" / "default"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """An empty city beside a default that has one file."""
    (tmp_path / "default").mkdir()
    (tmp_path / "default" / "one.toml").write_text("a = 1")
    (tmp_path / "city").mkdir()
    return tmp_path / "city"


def test_what_a_city_does_not_have_is_the_defaults(city: Path) -> None:
    assert file_of(city, "one.toml") == city.parent / "default" / "one.toml"
    (city / "one.toml").write_text("a = 2")
    assert file_of(city, "one.toml") == city / "one.toml"


def test_what_neither_has_is_looked_for_in_the_city(city: Path) -> None:
    assert file_of(city, "two.toml") == city / "two.toml"


def test_nothing_lies_beneath_the_default_nor_beneath_a_folder_on_its_own(city: Path) -> None:
    assert beneath(city) == city.parent / "default"
    assert beneath(city.parent / "default") is None
    assert beneath(city.parent) is None


def test_a_city_without_a_keeping_rule_keeps_recordings_by_the_defaults(city: Path) -> None:
    rule = (DEFAULT / "recordings.toml").read_text(encoding="utf-8")
    (city.parent / "default" / "recordings.toml").write_text(rule, encoding="utf-8")
    assert read_rule(city / "recordings.toml") == read_rule(DEFAULT / "recordings.toml")
