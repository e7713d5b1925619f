"""样例读法: takes values out of a JSON file, and says at which place something is wrong."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from core.errors import HotlineError

LONGEST_SECONDS = 366 * 24 * 3600
MOST = 100_000


class FixtureWrong(HotlineError):
    """统计样例文件有误:请按括号里的原因改正后重试。"""


class Part:
    """One object of the file, whose values are checked when they are asked for."""

    def __init__(self, file: Path, place: str, values: object) -> None:
        """Remember where it stands; raises FixtureWrong when it is no object."""
        self._file, self._place = file, place
        if not isinstance(values, dict):
            raise self.wrong("应当是一个对象 { … }")
        self._values: dict[str, Any] = values

    @classmethod
    def of(cls, file: Path) -> "Part":
        """Read a whole file."""
        try:
            read = json.loads(file.read_text(encoding="utf-8-sig"), parse_constant=_refuse)
        except OSError as wrong:
            raise FixtureWrong(file=file, reason="文件不存在或读不了") from wrong
        except UnicodeDecodeError as wrong:
            raise FixtureWrong(file=file, reason="不是 UTF-8 编码的文本") from wrong
        except json.JSONDecodeError as wrong:
            place = f"第 {wrong.lineno} 行第 {wrong.colno} 列"
            raise FixtureWrong(file=file, reason=f"不是 JSON,{place}读不下去") from wrong
        except (ValueError, RecursionError) as wrong:
            raise FixtureWrong(file=file, reason="不是 JSON,数字或层次不对") from wrong
        return cls(file, "", read)

    @property
    def names(self) -> Sequence[str]:
        """Give the names of all values, as they stand in the file."""
        return tuple(self._values)

    def wrong(self, reason: str) -> FixtureWrong:
        """Give the error that names this place."""
        return FixtureWrong(file=self._file, reason=f"{self._place} {reason}".strip())

    def plain(self) -> dict[str, Any]:
        """Give everything, as it stands in the file."""
        return dict(self._values)

    def has(self, name: str) -> bool:
        """Tell whether a value is there, and not null."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """Give a text that is not empty."""
        value = self._values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"缺少 {name},或它不是文字")
        return value

    def choice(self, name: str, choices: Iterable[str], default: str = "") -> str:
        """Give one of some words."""
        known = list(choices)
        value = self.text(name) if self.has(name) or not default else default
        if value not in known:
            raise self.wrong(f"{name} 不能是 {value!r},可以是 {'、'.join(known)}")
        return value

    def seconds(self, name: str, default: int | None = None) -> int:
        """Give whole seconds from 0 to a year; fractions are cut off."""
        if default is not None and not self.has(name):
            return default
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"缺少 {name},或它不是数字")
        if not 0 <= value <= LONGEST_SECONDS:
            raise self.wrong(f"{name} 应在 0 到 {LONGEST_SECONDS} 之间,不是 {value}")
        return math.floor(value)

    def number(self, name: str) -> int:
        """Give how many of something there were."""
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            raise self.wrong(f"{name} 应当是 0 到 {MOST} 的整数")
        return value

    def truth(self, name: str, *, default: bool) -> bool:
        """Give true or false."""
        value = self._values.get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(f"{name} 应当是 true 或 false")
        return value

    def part(self, name: str) -> "Part":
        """Give the object of that name; an empty one when it is not there."""
        return Part(self._file, f"{self._place} {name}".strip(), self._values.get(name, {}))

    def parts(self, name: str) -> list["Part"]:
        """Give the objects of a list, each named by its place from 1; none when it is not there."""
        values = self._values.get(name, [])
        if not isinstance(values, list):
            raise self.wrong(f"{name} 应当是一个列表 [ … ]")
        place = f"{self._place} {name}".strip()
        return [Part(self._file, f"{place} 第 {n} 项", value) for n, value in enumerate(values, start=1)]

    def numbers(self, name: str) -> tuple[int, ...]:
        """Give a list of whole numbers from 0 to 100."""
        values = self._values.get(name, [])
        if not isinstance(values, list) or not all(_is_mark(value) for value in values):
            raise self.wrong(f"{name} 应当是 0 到 100 的整数的列表")
        return tuple(values)


def _is_mark(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100


def _refuse(constant: str) -> object:
    raise ValueError(constant)
