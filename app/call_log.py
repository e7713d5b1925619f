"""通话日志: one line per call and one per change, numbered, masked; made for tailing at 3 a.m.

Every line has the same fields in the same order. A call's end is its line 通话, which sums it up;
when another end is told later that is a line 更正, so the lines 通话 are the calls. Told twice equals
told once, and a gap in the numbers is a loss that can be seen.
"""

from typing import Protocol, TypeVar

from app.call_log_files import CallLogWriter
from app.call_log_lines import CallSummary, Line, line_of, summary_line
from app.call_log_words import CORRECTED, SUMMARY
from core.events import KEPT, CallEnded, KeptFact
from core.ids import CallId
from core.outbox import Listener

LISTENER = "call_log"
REMEMBERED_LINES = 5_000
"""Far more than the outbox tells a second time after a crash."""
REMEMBERED_CALLS = 50_000
"""Several days of calls: a call's end is corrected within minutes, if at all."""

Known = TypeVar("Known")


class Rows(Protocol):
    """话单: whoever knows what became of a call."""

    async def summary_of(self, call_id: CallId) -> CallSummary | None:
        """Sum up a call that has ended; None when there is no row of it."""
        ...


class CallLog:
    """Writes a line per fact, and at its end the sum of a call."""

    def __init__(self, writer: CallLogWriter, rows: Rows, key: str) -> None:
        """``key`` is that of the numbers' hashes; what an earlier life wrote is not written again."""
        self._writer = writer
        self._rows = rows
        self._key = key
        # Dictionaries keep their order: the oldest is forgotten first.
        self._lines: dict[int, None] = dict.fromkeys(map(_told_by, writer.remembered.lines))
        self._summed_up: dict[str, None] = dict.fromkeys(writer.remembered.summed_up)

    @property
    def listener(self) -> Listener:
        """Every kept fact, from the outbox, so that none is missing after a restart."""
        return Listener(name=LISTENER, wants=dict.fromkeys(KEPT, self.write))

    async def write(self, fact: KeptFact) -> None:
        """Write one line, unless it stands there; raises NotNow while the disk takes none."""
        line = await self._line_of(fact)
        told = _told_by(line)
        if told in self._lines:
            return
        is_summary = line["what"] == SUMMARY
        if is_summary and fact.call_id in self._summed_up:
            line["what"] = CORRECTED
        self._writer.write(line)
        _remember(self._lines, told, REMEMBERED_LINES)
        if is_summary:
            _remember(self._summed_up, fact.call_id, REMEMBERED_CALLS)

    async def _line_of(self, fact: KeptFact) -> Line:
        if isinstance(fact, CallEnded):
            return summary_line(fact, await self._rows.summary_of(fact.call_id), self._key)
        return line_of(fact, self._key)


def _told_by(line: Line) -> int:
    """Tell lines apart by what they say, not by when and how often it was said."""
    what = SUMMARY if line["what"] == CORRECTED else line["what"]
    said = {name: value for name, value in line.items() if name not in ("seq", "what", "written")}
    return hash((what, repr(sorted(said.items()))))


def _remember(known: dict[Known, None], new: Known, most: int) -> None:
    known[new] = None
    if len(known) > most:
        del known[next(iter(known))]
