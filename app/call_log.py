"""通话日志: one line per call and one per change, numbered, masked; made for tailing at 3 a.m.

A gap in the numbers is a loss that can be seen; the numbers go on after a restart.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from core.events import (
    KEPT,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallQueued,
    EndReason,
    KeptFact,
    RecordingCompressed,
    RecordingReady,
    SuggestionReady,
    TicketDrafted,
    TicketFilled,
    TranscriptReady,
)
from core.outbox import Listener
from core.wire import outward

TAIL_BYTES = 64 * 1024
_NUMBERED = re.compile(rb'^{"seq": (\d+), .*}$', re.MULTILINE)

WORDS = {
    CallArrived: "来电",
    CallQueued: "入队",
    CallAnswered: "接通",
    CallEnded: "结束",
    RecordingReady: "录音",
    RecordingCompressed: "压缩",
    TranscriptReady: "转写",
    SuggestionReady: "推荐",
    TicketDrafted: "草稿",
    TicketFilled: "填单",
}
REASONS = {
    EndReason.ANSWERED: "已接通",
    EndReason.HUNG_UP_IN_PROMPT: "问候中挂机",
    EndReason.HUNG_UP_WAITING: "排队中挂机",
    EndReason.HUNG_UP_RINGING: "振铃中挂机",
    EndReason.OVERFLOW_TIMEOUT: "排队超时",
    EndReason.NO_SEAT: "无座席",
    EndReason.QUEUE_FULL: "队列已满",
    EndReason.LEFT_BY_KEY: "按键离开",
    EndReason.WITHDRAWN: "被撤出",
    EndReason.TRANSFERRED: "转出",
    EndReason.SYSTEM_FAILURE: "系统故障",
    EndReason.UNKNOWN_END: "结束不明",
}


class CallLog:
    """Appends a line per fact to ``calls.jsonl``."""

    def __init__(self, file: Path) -> None:
        """Go on from the last number in the file."""
        self._file = file
        self._seq = _last_number(file)

    @property
    def listener(self) -> Listener:
        """Every kept fact, from the outbox, so that none is missing after a restart."""
        return Listener(name="call_log", wants=dict.fromkeys(KEPT, self.write))

    async def write(self, fact: KeptFact) -> None:
        """Write one line."""
        self._seq += 1
        line = {"seq": self._seq, "what": WORDS[type(fact)], **outward(fact)}
        for bulky in ("segments", "suggestion"):
            if bulky in line:
                line[bulky] = _short(fact)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def readable(line: dict[str, Any]) -> str:
    """Give a line of the file as columns: number, time, what, call, and what there is to say."""
    said = {
        k: v for k, v in line.items() if k not in ("seq", "at", "what", "call_id") and v not in ("", [], None)
    }
    if "end_reason" in said:
        said["end_reason"] = REASONS[EndReason(said["end_reason"])]
    rest = " ".join(f"{key}={value}" for key, value in said.items())
    at = f"{datetime.fromisoformat(str(line['at'])):%m-%d %H:%M:%S.%f}"[:-3]
    return f"{line['seq']:>6} {at} {line['what']} {line['call_id']} {rest}"


class CallLogReader:
    """Reads a call log as it grows."""

    def __init__(self, file: Path) -> None:
        """Begin with the first line."""
        self._file = file
        self._read = 0

    def new_lines(self) -> Iterator[dict[str, Any]]:
        """Yield the lines written since the last look, each once it is whole; torn ones are passed over."""
        if not self._file.exists():
            return
        with self._file.open("rb") as lines:
            lines.seek(self._read)
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                with suppress(ValueError):
                    yield json.loads(line)


def _short(fact: KeptFact) -> str:
    match fact:
        case TranscriptReady():
            return f"{len(fact.segments)}句 {sum(len(s.text) for s in fact.segments)}字"
        case SuggestionReady():
            told = fact.suggestion
            return f"{told.demand_type.value} {told.category} {told.urgency.value}"
        case _:
            return ""


def _last_number(file: Path) -> int:
    """Give the last number in the file, 0 in a new one; a line that a crash tore is ended."""
    if not file.exists():
        return 0
    with file.open("rb+") as lines:
        lines.seek(max(0, file.stat().st_size - TAIL_BYTES))
        tail = lines.read()
        if tail and not tail.endswith(b"\n"):
            lines.write(b"\n")
    numbers = [int(found[1]) for found in _NUMBERED.finditer(tail)]
    return numbers[-1] if numbers else 0
