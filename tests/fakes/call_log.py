"""通话日志: a log in a folder of its own, with rows that say what a test wants them to say."""

import json
from pathlib import Path
from typing import Any

from app.call_log import CallLog
from app.call_log_files import CallLogFiles, CallLogWriter, Limits, parsed, raw_lines
from app.call_log_keeping import CallLogKeeper
from app.call_log_lines import CallSummary
from core.clock import Clock
from core.events import EndReason, KeptFact
from core.ids import CallId
from tests.fakes.clock import StandingClock
from tests.fakes.facts import CALLER

KEY = "a key of this installation"
ROOMY = Limits(file_bytes=64 * 1024 * 1024, days=190)


class SaidRows:
    """Knows of every call what it was told to know."""

    def __init__(self, summary: CallSummary | None = None) -> None:
        self.summary = summary

    async def summary_of(self, _call_id: CallId) -> CallSummary | None:
        return self.summary


def summary(end_reason: EndReason = EndReason.ANSWERED, hold_seconds: float = 2.5) -> CallSummary:
    return CallSummary(
        caller=CALLER,
        queues=("intake", "seat-8002"),
        seats=("8001", "8002"),
        waited_seconds=4.0,
        talk_seconds=60.0,
        hold_seconds=hold_seconds,
        end_reason=end_reason,
        more={"dialled": "12345", "urgency": "加急"},
    )


def a_writer(folder: Path, clock: Clock | None = None, limits: Limits = ROOMY) -> CallLogWriter:
    return CallLogWriter(CallLogFiles(folder), clock or StandingClock(), limits)


def a_keeper(folder: Path, clock: Clock, limits: Limits = ROOMY) -> CallLogKeeper:
    return CallLogKeeper(CallLogFiles(folder), clock, limits)


async def wrote(folder: Path, *facts: KeptFact, rows: SaidRows | None = None) -> None:
    """Write facts, in a life of their own."""
    log = CallLog(a_writer(folder), rows or SaidRows(), KEY)
    for fact in facts:
        await log.write(fact)


def lines_in(folder: Path) -> list[dict[str, Any]]:
    """Every line of every file, oldest first."""
    said = (parsed(raw) for path in CallLogFiles(folder).in_order() for raw in raw_lines(path))
    return [line for line in said if line is not None]


def numbers_in(folder: Path) -> list[int]:
    return [line["seq"] for line in lines_in(folder)]


def letters_in(folder: Path) -> str:
    return "".join(json.dumps(line, ensure_ascii=False) for line in lines_in(folder))


def said_line(number: int) -> dict[str, Any]:
    """What a writer is given, of a call of this number."""
    return {
        "at": "2026-03-02T09:00:00.000+08:00",
        "what": "来电",
        "call_id": f"hotline-1772413200.{number}",
    }
