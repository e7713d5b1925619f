"""读数: what Asterisk writes, read so that a row can hold it; a wire may be broken, and anything may come."""

import re
from datetime import datetime

from core.clock import SHANGHAI, from_epoch
from core.ids import CALL_ID_SHAPE, CallId, QueueName, SeatNo

LONGEST_NAME = 32
"""Of a queue or a seat."""
LONGEST_NUMBER = 64
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=SHANGHAI).timestamp() for year in (2000, 2100))
_HARMFUL = re.compile(r"[^0-9a-zA-Z+*#._@-]")


def call_named(text: str) -> CallId | None:
    """Give the call that is named so; None for what is no name of a call."""
    return CallId(text) if CALL_ID_SHAPE.fullmatch(text) else None


def word(text: str, longest: int = LONGEST_NAME) -> str:
    """Keep what can be printed, at most so many characters."""
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable())
    return text[:longest]


def queue_named(text: str) -> QueueName:
    """Read a queue's name."""
    return QueueName(word(text))


def seat_named(text: str) -> SeatNo:
    """Read a seat's number."""
    return SeatNo(word(text))


def file_named(text: str, recordings: str, call_id: CallId) -> str:
    """Read where a call is recorded; its usual place when that is not said."""
    usual = f"{recordings}/{call_id}.raw"
    another = re.fullmatch(r"~\d{1,3}\.raw", text.removeprefix(usual.removesuffix(".raw")))
    return text if another else usual


def number_shown(shown: str) -> str:
    """Keep of a number what the dialplan keeps: harmless signs, at most 64; empty when withheld."""
    return "" if shown == "<unknown>" else _HARMFUL.sub("", shown)[:LONGEST_NUMBER]


def whole(number: str) -> int:
    """Read a number as Asterisk writes it; 0 for anything else."""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def instant(seconds: str) -> datetime | None:
    """Read seconds since 1970; None for what is none, or lies outside of this century."""
    try:
        number = float(seconds)
    except ValueError:
        return None
    return from_epoch(number) if EARLIEST <= number < LATEST else None
