"""配置档: reads a policy file into the dataclass that it must fit, and says what is wrong in clear words."""

import re
import string
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.errors import HotlineError
from core.profiles import beneath

Shape = TypeVar("Shape")
NO_MORE_KEYS = {"extra": "forbid"}
"""Put ``__pydantic_config__: ClassVar[dict[str, str]] = NO_MORE_KEYS`` into every shape: typos are errors."""
Place = tuple[str | int, ...]
"""Where in a file, as the keys and numbers that lead there: ``("rule", 2, "limit")``."""
LONGEST_TEXT = 300
"""So much fits into a short message."""


class PolicyWrong(HotlineError):
    """请改正这个配置档文件。"""

    def sentence(self) -> str:
        """Name the file, the line, the key and the reason."""
        line = f" 第 {self.facts['line']} 行" if self.facts["line"] else ""
        key = f" {self.facts['key']}" if self.facts["key"] else ""
        return f"{self.facts['file']}{line}{key} 有误:{self.facts['reason']}。{self.__doc__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A file of a profile: its text, in which a mistake is found again; and the default's beneath it.

    A key that a city does not write is the default's; tables are laid over each other key by key. A list,
    that of the ``[[rule]]`` for instance, is the city's as a whole: its order decides.
    """

    path: Path
    text: str
    base: "PolicyFile | None" = None

    @classmethod
    def of(cls, path: Path) -> "PolicyFile":
        """Read it; raises PolicyWrong."""
        folder = beneath(path.parent)
        base = cls.of(folder / path.name) if folder and (folder / path.name).exists() else None
        if base and not path.exists():
            return base
        try:
            return cls(path=path, text=path.read_text(encoding="utf-8-sig"), base=base)
        except UnicodeDecodeError as error:
            raise PolicyWrong(file=path, line=0, key="", reason="不是 UTF-8 文本") from error
        except OSError as error:
            raise PolicyWrong(file=path, line=0, key="", reason="没有这个文件, 或者读不了") from error

    @property
    def values(self) -> dict[str, Any]:
        """Give what it says, over what the default says; raises PolicyWrong."""
        try:
            own = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._unreadable(error) from error
        return _laid_over(self.base.values, own) if self.base else own

    def read(self, shape: type[Shape]) -> Shape:
        """Give what it says as ``shape``, a dataclass of plain values; raises PolicyWrong."""
        try:
            return TypeAdapter(shape).validate_python(self.values)
        except ValidationError as error:
            # A misspelt key is told before the key that is missing because of it.
            first = min(error.errors(), key=lambda one: one["type"] != "unexpected_keyword_argument")
            reason = _REASONS.get(first["type"], first["msg"])
            expected = str(first.get("ctx", {}).get("expected", "")).replace(" or ", "、").replace(", ", "、")
            raise self.wrong(first["loc"], reason.replace("{expected}", expected)) from error

    def wrong(self, place: Place, reason: str) -> PolicyWrong:
        """Give the error that names the line to which ``place`` leads."""
        keys = [str(part) for part in place if isinstance(part, str)]
        if self.base and place and f"{place[0]}" not in tomllib.loads(self.text):
            return self.base.wrong(place, reason)
        return PolicyWrong(file=self.path, line=self._line_of(place), key=".".join(keys), reason=reason)

    def _line_of(self, place: Place) -> int:
        """Follow the place down the file; 0 when it does not lead anywhere."""
        line_start = 0
        for part, after in zip(place, (*place[1:], ""), strict=True):
            if isinstance(part, int):
                continue
            name = re.escape(part)
            heads = re.finditer(
                rf"^[ \t]*(?:\[\[?{name}\]|{name}[ \t]*=)", self.text[line_start:], re.MULTILINE
            )
            starts = [line_start + head.start() for head in heads]
            if not starts:
                break
            line_start = starts[after if isinstance(after, int) and after < len(starts) else 0]
        else:
            return self.text.count("\n", 0, line_start) + 1
        return 0 if line_start == 0 else self.text.count("\n", 0, line_start) + 1

    def _unreadable(self, error: tomllib.TOMLDecodeError) -> PolicyWrong:
        found = re.search(r"line (\d+)", str(error))
        reason = "不合 TOML 语法, 多半是缺了引号或括号, 或者同一项写了两次"
        return PolicyWrong(file=self.path, line=int(found[1]) if found else 0, key="", reason=reason)


def _laid_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: base[key] for key in own if isinstance(base.get(key), dict) and isinstance(own[key], dict)}
    return {**base, **own, **{key: _laid_over(under, own[key]) for key, under in both.items()}}


def wrong_in_text(text: str, places: Collection[str]) -> str:
    """Say what is wrong with the text of a short message, whose braces name ``places``; else nothing."""
    try:
        named = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return "花括号没有配对"
    if unknown := [name for name in named if name not in places]:
        return f"花括号里只能写 {'、'.join(places)}, 不能写 {'、'.join(unknown)}"
    return f"太长, 最多 {LONGEST_TEXT} 字" if len(text) > LONGEST_TEXT else ""


_REASONS = {
    "unexpected_keyword_argument": "没有这一项, 请核对拼写",
    "missing": "缺了这一项",
    "enum": "只能写 {expected}",
    "literal_error": "只能写 {expected}",
    "int_type": "应当是整数",
    "int_parsing": "应当是整数",
    "int_from_float": "应当是整数",
    "bool_type": "应当是 true 或 false",
    "string_type": "应当是加引号的文字",
    "tuple_type": "应当是一列, 写在 [ ] 里",
    "dict_type": "应当是一节",
    "dataclass_type": "应当是一节",
    "dataclass_exact_type": "应当是一节",
    "time_parsing": "应当是时刻, 例如 17:30",
    "time_type": "应当是时刻, 例如 17:30",
    "missing_keyword_only_argument": "缺了这一项",
    "missing_argument": "缺了这一项",
    "missing_positional_only_argument": "缺了这一项",
}
