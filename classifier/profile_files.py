"""配置档文件: reads a profile's CSV and TOML files and says in which line something is wrong."""

import csv
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.phrases import Phrase, PhraseWrong, phrase_of
from core.errors import HotlineError


class ProfileFileWrong(HotlineError):
    """请改正这个配置档文件后再启动。"""

    def sentence(self) -> str:
        """Name the file, the line when there is one, and the reason."""
        line = f"第 {self.facts['line']} 行" if self.facts["line"] else ""
        return f"{self.facts['file']} {line}有误: {self.facts['reason']}。{self.__doc__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a CSV file: its cells without outer spaces, in the order of the columns."""

    file: Path
    line: int
    cells: tuple[str, ...]

    def wrong(self, reason: str) -> ProfileFileWrong:
        """Return the error that names this line."""
        return ProfileFileWrong(file=self.file, line=self.line, reason=reason)

    def weight(self, column: int) -> float:
        """Return the cell as a number above 0 and at most 10."""
        try:
            weight = float(self.cells[column])
        except ValueError:
            weight = 0.0
        if not 0 < weight <= 10:
            raise self.wrong(f"分值“{self.cells[column]}”应是 0 到 10 之间的数")
        return weight

    def words(self, column: int) -> tuple[str, ...]:
        """Return the words of a cell, which spaces separate; at least one."""
        words = tuple(self.cells[column].split())
        if not words:
            raise self.wrong("至少要写一个词")
        return words


def text_of(file: Path) -> str:
    """Return the whole file as text."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as wrong:
        raise ProfileFileWrong(file=file, line=0, reason="文件不存在或读不了") from wrong
    except UnicodeDecodeError as wrong:
        raise ProfileFileWrong(file=file, line=0, reason="不是 UTF-8 编码") from wrong


def rows_of(file: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Give the lines of a CSV file below its header, which must name exactly these columns."""
    reader = csv.reader(text_of(file).splitlines())
    header = [cell.strip() for cell in next(reader, [])]
    if header != list(columns):
        raise ProfileFileWrong(file=file, line=1, reason=f"第一行应是 {','.join(columns)}")
    for cells in reader:
        row = Row(file=file, line=reader.line_num, cells=tuple(cell.strip() for cell in cells))
        if not any(row.cells):
            continue
        if len(row.cells) != len(columns):
            raise row.wrong(f"应有 {len(columns)} 列, 实有 {len(row.cells)} 列")
        yield row


class TomlTable:
    """One table of a TOML file, whose values are checked when they are asked for."""

    def __init__(self, file: Path, written: str, values: dict[str, object]) -> None:
        """Keep the file's text to find a line again."""
        self._file, self._written, self._values = file, written, values

    @classmethod
    def of(cls, file: Path) -> "TomlTable":
        """Read a whole file."""
        written = text_of(file)
        try:
            return cls(file, written, tomllib.loads(written))
        except tomllib.TOMLDecodeError as wrong:
            raise ProfileFileWrong(file=file, line=0, reason=f"TOML 写法不对, {wrong}") from wrong

    def wrong(self, reason: str, near: str) -> ProfileFileWrong:
        """Return the error that names the first line with ``near`` in it."""
        place = self._written.find(near)
        line = self._written.count("\n", 0, place) + 1 if place >= 0 else 0
        return ProfileFileWrong(file=self._file, line=line, reason=reason)

    def tables(self, name: str) -> tuple["TomlTable", ...]:
        """Return the tables ``[[name]]``, at least one."""
        values = self._values.get(name)
        if not isinstance(values, list) or not values or not all(isinstance(one, dict) for one in values):
            raise self.wrong(f"缺少 [[{name}]]", name)
        return tuple(TomlTable(self._file, self._written, one) for one in values)

    def table(self, name: str) -> "TomlTable":
        """Return the table ``[name]``."""
        values = self._values.get(name)
        if not isinstance(values, dict):
            raise self.wrong(f"缺少 [{name}]", name)
        return TomlTable(self._file, self._written, values)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text, which is not empty; without a default it has to be there."""
        value = self._values.get(name, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self.wrong(f"缺少文字 {name}", name)
        return value

    def number(self, name: str) -> float:
        """Return a number above 0 and at most 10."""
        value = self._values.get(name)
        if not isinstance(value, int | float) or not 0 < value <= 10:
            raise self.wrong(f"{name} 应是 0 到 10 之间的数", f"{name} = {value}")
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; it may be empty, but must be there."""
        values = self._values.get(name)
        if not isinstance(values, list) or not all(isinstance(one, str) and one for one in values):
            raise self.wrong(f"{name} 应是一串文字", name)
        return tuple(str(one) for one in values)

    def phrases(self, name: str) -> tuple[Phrase, ...]:
        """Return a list of phrases in the small pattern language."""
        phrases: list[Phrase] = []
        for written in self.texts(name):
            try:
                phrases.append(phrase_of(written))
            except PhraseWrong as wrong:
                raise self.wrong(str(wrong), f'"{written}"') from wrong
        return tuple(phrases)
