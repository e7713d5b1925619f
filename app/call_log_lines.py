"""日志行: what the call log says of a fact, and of a call at its end; always the same fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.call_log_numbers import hash_of
from app.call_log_words import OFFERS, OUTCOMES, PARTIES, REASONS, SUMMARY, WORDS
from core.events import (
    CallEnded,
    CallRungInVain,
    EndReason,
    KeptFact,
    RecordingReady,
    SuggestionReady,
    TicketFilled,
    TicketStepped,
    TranscriptReady,
)
from core.privacy import masked_number
from core.wire import outward
from queue_manager.model import OfferOutcome

Line = dict[str, Any]
SECONDS = "_seconds"
CHECKSUM_SIGNS = 10
"""The whole checksum stands with the recording; in its middle it may look like a telephone number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSummary:
    """What became of a call, as its rows say at its end; ``more`` is for behind the columns."""

    caller: str
    queues: tuple[str, ...]
    seats: tuple[str, ...]
    waited_seconds: float
    talk_seconds: float
    hold_seconds: float
    end_reason: EndReason
    more: Mapping[str, Any]


def line_of(fact: KeptFact, key: str) -> Line:
    """Give the line of a change; ``key`` is that of the numbers' hashes."""
    said = _said_in(fact)
    for known in ("call_id", "at", "caller"):
        said.pop(known, None)
    queue = said.pop("queue", None) or said.pop("to_queue", None)
    seats = said.pop("seats", None) or [said.pop("seat", None) or said.pop("to_seat", None)]
    caller = str(getattr(fact, "caller", ""))
    return {
        **_opening(fact, WORDS[type(fact)], caller, key),
        "queues": [queue] if queue else [],
        "seats": [seat for seat in seats if seat],
        "waited_ms": said.pop("waited_ms", None),
        "talk_ms": said.pop("talk_ms", None),
        "hold_ms": said.pop("hold_ms", None),
        "result": _result(fact),
        "more": {name: value for name, value in said.items() if value not in ("", [], None)},
    }


def summary_line(fact: CallEnded, call: CallSummary | None, key: str) -> Line:
    """Give the line of a whole call; of one without a row, only what the fact knows."""
    if call is None:
        return line_of(fact, key)
    return {
        **_opening(fact, SUMMARY, call.caller, key),
        "queues": list(call.queues),
        "seats": list(call.seats),
        "waited_ms": milliseconds(call.waited_seconds),
        "talk_ms": milliseconds(call.talk_seconds),
        "hold_ms": milliseconds(call.hold_seconds),
        "result": REASONS[call.end_reason],
        "more": dict(call.more),
    }


def milliseconds(seconds: float) -> int:
    """Give whole milliseconds."""
    return round(seconds * 1000)


def to_the_millisecond(at: datetime) -> str:
    """Write an instant as every line does."""
    return at.isoformat(timespec="milliseconds")


def _opening(fact: KeptFact, what: str, caller: str, key: str) -> Line:
    return {
        "at": to_the_millisecond(fact.at),
        "what": what,
        "call_id": fact.call_id,
        "caller": masked_number(caller),
        "number_hash": hash_of(caller, key),
    }


def _in_milliseconds(said: Line) -> Line:
    return {
        name.removesuffix(SECONDS) + "_ms" if name.endswith(SECONDS) else name: (
            milliseconds(value) if name.endswith(SECONDS) else value
        )
        for name, value in said.items()
    }


def _result(fact: KeptFact) -> str | None:
    match fact:
        case CallEnded():
            return REASONS[fact.end_reason]
        case CallRungInVain():
            return OFFERS[OfferOutcome.REJECTED if fact.refused else OfferOutcome.RUNG_OUT]
        case RecordingReady():
            return "有缺失" if fact.gap else "完整"
        case TranscriptReady():
            return OUTCOMES[fact.outcome]
        case SuggestionReady() | TicketFilled():
            told = fact.suggestion if isinstance(fact, SuggestionReady) else fact
            return told.urgency.value
        case _:
            return fact.action if isinstance(fact, TicketStepped) else None


def _said_in(fact: KeptFact) -> Line:
    """Give what a fact says, in short: not what the result says already, nor what would fill pages."""
    match fact:
        case TranscriptReady():
            signs = sum(len(segment.text) for segment in fact.segments)
            heard = f"{len(fact.segments)}句{signs}字"
            return {"heard": heard, "model": fact.model, "reason": fact.reason}
        case SuggestionReady():
            told = fact.suggestion
            return {"demand_type": told.demand_type.value, "category": told.category}
    said = _in_milliseconds(outward(fact))
    for in_the_result in ("end_reason", "refused"):
        said.pop(in_the_result, None)
    if isinstance(fact, CallEnded):
        said["ended_by"] = PARTIES[fact.ended_by]
    if isinstance(fact, TicketFilled):
        said.pop("urgency")
    if isinstance(fact, TicketStepped):
        said["step"] = said.pop("seq")
        said.pop("action")
    if isinstance(fact, RecordingReady):
        said["sha256"] = fact.sha256[:CHECKSUM_SIGNS]
    return said
