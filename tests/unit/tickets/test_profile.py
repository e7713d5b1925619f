"""A city's policy file lies over the default's, and a mistake is found in the one in which it stands."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from tickets.profile import NO_MORE_KEYS, PolicyFile, PolicyWrong


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    __pydantic_config__: ClassVar[dict[str, str]] = NO_MORE_KEYS
    one: int
    two: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    __pydantic_config__: ClassVar[dict[str, str]] = NO_MORE_KEYS
    name: str
    names: tuple[str, ...]
    table: _Table


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "default").mkdir()
    (tmp_path / "city").mkdir()
    default = 'name = "默认"\nnames = ["甲", "乙"]\n\n[table]\none = 1\ntwo = 2\n'
    (tmp_path / "default" / "a.toml").write_text(default, encoding="utf-8")
    return tmp_path / "city" / "a.toml"


def test_a_city_without_the_file_has_the_defaults(city: Path) -> None:
    assert PolicyFile.of(city).read(_Shape).name == "默认"


def test_keys_are_laid_over_each_other_and_a_list_is_the_citys_as_a_whole(city: Path) -> None:
    city.write_text('names = ["丙"]\n[table]\ntwo = 3\n', encoding="utf-8")
    assert PolicyFile.of(city).read(_Shape) == _Shape(name="默认", names=("丙",), table=_Table(one=1, two=3))


def test_a_mistake_is_named_with_the_city_and_its_line(city: Path) -> None:
    city.write_text('\n[table]\ntwo = "三"\n', encoding="utf-8")
    with pytest.raises(PolicyWrong, match=r"city/a\.toml 第 3 行 table\.two 有误:应当是整数"):
        PolicyFile.of(city).read(_Shape)


def test_a_mistake_of_the_default_is_named_there(city: Path) -> None:
    city.write_text('name = "某市"\n', encoding="utf-8")
    file = PolicyFile.of(city)
    assert "default/a.toml 第 6 行" in str(file.wrong(("table", "two"), "不对"))
    assert "city/a.toml 第 1 行" in str(file.wrong(("name",), "不对"))


def test_a_file_that_neither_has_is_missing(city: Path) -> None:
    with pytest.raises(PolicyWrong, match=r"city/b\.toml 有误:没有这个文件"):
        PolicyFile.of(city.with_name("b.toml"))
