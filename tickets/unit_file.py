"""导入文件: reads the first sheet of a CSV, XLSX, XLS or ODS file as rows of text with their line numbers."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from io import StringIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from python_calamine import CalamineError, CalamineWorkbook

from core.errors import HotlineError

MOST_BYTES = 20 * 1024 * 1024
MOST_BYTES_UNPACKED = 10 * MOST_BYTES
MOST_ROWS = 20_000
MOST_SIGNS = 200
TEXT_FILES = (".csv", ".txt")
ENCODINGS = ("utf-8-sig", "gb18030")
"""What Chinese offices write CSV in: Excel saves the second."""
Line = tuple[int, Sequence[object]]


class FileUnreadable(HotlineError):
    """这个文件读不了:请另存为 XLSX 或 CSV (UTF-8), 不加密, 不超过 20 MB、两万行。"""


class ImportRefused(HotlineError):
    """文件里有错, 一条也没有导入:请按各行的提示改好再导入。"""

    def __init__(self, problems: Sequence["Problem"], **facts: object) -> None:
        """Keep every problem, in the order of the lines."""
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(**facts, problems=len(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong in a line; line 1 is the header."""

    line: int
    reason: str

    def __str__(self) -> str:
        """Say it in Chinese."""
        return f"第 {self.line} 行:{self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: what stands under each heading, without outer spaces; empty where nothing stands."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, heading: str) -> str:
        """Give what stands under a heading; empty also when the file has no such column."""
        return self.cells.get(heading, "")


def read_rows(file: Path, needed: Sequence[str], known: Sequence[str]) -> list[Row]:
    """Give the lines below the header, which may name its columns in any order.

    Raises FileUnreadable, or ImportRefused when a heading is missing, unknown or there twice.
    """
    (_, header), *lines = _lines_of(file) or [(1, ())]
    headings = [_text(cell) for cell in header]
    while headings and not headings[-1]:
        headings.pop()
    _check_headings(headings, needed, known)
    rows = [
        Row(line=number, cells=dict(zip(headings, map(_text, cells), strict=False)))
        for number, cells in lines
    ]
    written = [row for row in rows if any(row.cells.values())]
    long = [
        Problem(line=row.line, reason=f"{heading}太长, 最多 {MOST_SIGNS} 字")
        for row in written
        for heading, text in row.cells.items()
        if len(text) > MOST_SIGNS
    ]
    if long:
        raise ImportRefused(long)
    return written


def _check_headings(headings: Sequence[str], needed: Sequence[str], known: Sequence[str]) -> None:
    missing = [name for name in needed if name not in headings]
    strange = [name or "(空)" for name in headings if name not in known]
    twice = sorted({name for name in headings if headings.count(name) > 1})
    said = ((missing, "缺少列"), (strange, "不认识的列"), (twice, "写了两次的列"))
    problems = [Problem(line=1, reason=f"{what}:{'、'.join(names)}") for names, what in said if names]
    if problems:
        raise ImportRefused(problems)


def _lines_of(file: Path) -> list[Line]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise FileUnreadable(file=file, reason="太大")
        found = _written(file) if file.suffix.lower() in TEXT_FILES else _sheet(file)
    except OSError as error:
        raise FileUnreadable(file=file, reason=error.strerror or error) from error
    if len(found) > MOST_ROWS:
        raise FileUnreadable(file=file, reason=f"有 {len(found)} 行")
    return found


def _written(file: Path) -> list[Line]:
    content = file.read_bytes()
    for encoding in ENCODINGS:
        try:
            reader = csv.reader(StringIO(content.decode(encoding), newline=""), strict=True)
            return [(reader.line_num, cells) for cells in reader]
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise FileUnreadable(file=file, reason="引号不成对, 或者不是 CSV") from error
    raise FileUnreadable(file=file, reason="文字编码不是 UTF-8 也不是 GB18030")


def _sheet(file: Path) -> list[Line]:
    try:
        _check_unpacked(file)
        rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, BadZipFile) as error:
        raise FileUnreadable(file=file, reason="不是能读的表格") from error
    return list(enumerate(rows, 1))


def _check_unpacked(file: Path) -> None:
    """A small file may unpack to more than the machine can hold."""
    if is_zipfile(file):
        with ZipFile(file) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MOST_BYTES_UNPACKED:
            raise FileUnreadable(file=file, reason="解压后太大")


def _text(cell: object) -> str:
    """Give a cell as one would have typed it: a telephone number is no 13812345678.0."""
    match cell:
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ", "minutes")
        case time():
            return cell.isoformat("minutes")
    return " ".join(str(cell).split())
