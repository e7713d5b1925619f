"""日志核对: proves that no line of the call log is missing, or says which ones are.

By the running numbers, and by the rows: a call that has ended in the database has its line 通话.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from app.call_log_files import CallLogFiles, parsed, raw_lines
from app.call_log_words import CORRECTED, SUMMARY
from core.ids import CallId
from queue_manager.model import CallRow

CAUGHT_UP = timedelta(minutes=1)
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Numbers that no line has, both included, and the file that goes on behind them."""

    first: int
    last: int
    before: Path


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found; ``first`` and ``last`` are 0 in an empty log."""

    files: int = 0
    lines: int = 0
    first: int = 0
    last: int = 0
    gaps: list[Gap] = field(default_factory=list)
    out_of_order: list[int] = field(default_factory=list)
    unreadable: Counter[Path] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    corrected: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether every number from the first to the last stands there once and in order."""
        return not (self.gaps or self.out_of_order or self.unreadable)


def verify(files: CallLogFiles) -> Verdict:
    """Read every line of every file, packed ones too."""
    verdict = Verdict()
    for path in files.in_order():
        verdict.files += 1
        for raw in raw_lines(path):
            if line := parsed(raw):
                _take(verdict, line["seq"], path)
                verdict.calls[line["call_id"]] += line["what"] == SUMMARY
                verdict.corrected += line["what"] == CORRECTED
            else:
                verdict.unreadable[path] += 1
    verdict.calls = +verdict.calls
    return verdict


def _take(verdict: Verdict, number: int, path: Path) -> None:
    if verdict.lines and number <= verdict.last:
        verdict.out_of_order.append(number)
    elif verdict.lines and number > verdict.last + 1:
        verdict.gaps.append(Gap(first=verdict.last + 1, last=number - 1, before=path))
    verdict.first = verdict.first or number
    verdict.last = max(verdict.last, number)
    verdict.lines += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the database knew before the files were read: calls, and how many lines waited to be written."""

    calls: tuple[CallRow, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How many calls have ended, which of them have no line, and how many lines waited."""

    ended: int
    without_line: tuple[CallId, ...]
    waiting: int

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is missing for good."""
        return not self.without_line or self.waiting > 0


def written_since(files: CallLogFiles) -> datetime | None:
    """Give since when every call that arrived must be found; None in an empty log.

    That is when the first line came true, or was written, if it tells what had to be caught up.
    """
    for path in files.in_order():
        for raw in raw_lines(path):
            if (line := parsed(raw)) and "written" in line:
                at, written = (datetime.fromisoformat(line[name]) for name in ("at", "written"))
                return at if written - at < CAUGHT_UP else written
    return None


def compared(verdict: Verdict, rows: Rows) -> Compared:
    """Hold the lines against the rows of the calls that arrived since the first of them."""
    ended = [row.call_id for row in rows.calls if row.end_reason is not None]
    without = tuple(call_id for call_id in ended if call_id not in verdict.calls)
    return Compared(ended=len(ended), without_line=without, waiting=rows.waiting)


def sentence_of(told: Compared) -> str:
    """Say in Chinese what the rows say."""
    if not told.without_line:
        return f"数据库里这段时间结束的 {told.ended} 通来电,每通都有“{SUMMARY}”行。"
    some = "、".join(told.without_line[:SHOWN])
    number = len(told.without_line)
    if told.waiting:
        return f"数据库里有 {number} 通来电还没有写进日志,发件箱里有 {told.waiting} 条待写,稍后再核对。"
    return f"数据库里有 {number} 通来电在日志里没有“{SUMMARY}”行:{some}{'等' if number > SHOWN else ''}。"


def sentences(verdict: Verdict) -> list[str]:
    """Say in Chinese what was found, the proof or each thing that spoils it."""
    if not verdict.lines:
        return ["日志里还没有行,没有什么可核对的。"]
    held = f"{verdict.files} 个文件,{verdict.lines} 行,{len(verdict.calls)} 通来电"
    if verdict.is_whole:
        said = [f"序号 {verdict.first} 到 {verdict.last} 连续,没有缺口({held})。"]
    else:
        said = [f"序号 {verdict.first} 到 {verdict.last} 不完整({held}):"]
    said += [f"缺 {_range(gap)},应在 {gap.before.name} 或它之前" for gap in verdict.gaps]
    said += [f"序号 {number} 重复或颠倒" for number in verdict.out_of_order]
    said += [f"{path.name} 有 {number} 行读不出" for path, number in verdict.unreadable.items()]
    return said + _remarks(verdict)


def _remarks(verdict: Verdict) -> list[str]:
    said = []
    if verdict.first > 1:
        said.append(f"序号 {verdict.first} 之前的行已过保留期,或文件已移走。")
    if verdict.corrected:
        said.append(f"{verdict.corrected} 行更正:那几通来电的结束原因后来才查清。")
    return said


def _range(gap: Gap) -> str:
    if gap.first == gap.last:
        return f"序号 {gap.first}(1 行)"
    return f"序号 {gap.first} 到 {gap.last}({gap.last - gap.first + 1} 行)"
