"""质检: one call of a seat is heard again and marked in five aspects; which calls, chance decides."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from core.errors import HotlineError
from core.ids import CallId, SeatNo

ASPECTS: Mapping[str, str] = {
    "language": "用语",
    "record": "记录",
    "dispatch": "派单",
    "handling": "处理",
    "feedback": "反馈",
}
"""What is marked, in the order in which marks are written."""
FULL_MARKS = 100
_MARK = re.compile(r"[0-9]{1,3}")
_COMMAS = re.compile("[,\uff0c、]")


class MarksWrong(HotlineError):
    """五项都要打分, 每项 0 到 100 的整数, 次序是用语、记录、派单、处理、反馈, 例如 95,90,100,80,85。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """五项得分: how polite, how exact, sent the right way, dealt with, and told back; 0 to 100 each."""

    language: int
    record: int
    dispatch: int
    handling: int
    feedback: int

    @property
    def total(self) -> int:
        """Give the sum of the five; the mark of the whole is a fifth of it."""
        return sum(getattr(self, aspect) for aspect in ASPECTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySheet:
    """质检表 of what one seat said in one call: who marked it and when, and what he wrote beside it."""

    call_id: CallId
    seat: SeatNo
    at: datetime
    by: str
    marks: Marks
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """一段接听: a call that a seat talked in, the seconds of all its talks in it together."""

    seat: SeatNo
    call_id: CallId
    arrived_at: datetime
    talk_seconds: float


def marks_in(text: str) -> Marks:
    """Read five marks with commas between them, Chinese ones too; raises MarksWrong."""
    told = [part.strip() for part in _COMMAS.split(text)]
    if not all(_MARK.fullmatch(part) for part in told):
        raise MarksWrong(given=repr(text))
    return marks_of([int(part) for part in told])


def marks_of(told: Sequence[int]) -> Marks:
    """Give the marks, written in the order of :data:`ASPECTS`; raises MarksWrong."""
    if len(told) != len(ASPECTS) or any(not 0 <= mark <= FULL_MARKS for mark in told):
        raise MarksWrong(given=",".join(map(str, told)))
    return Marks(**dict(zip(ASPECTS, told, strict=True)))


def drawn(talks: Iterable[Talk], each: int, chance: Random) -> list[Talk]:
    """抽取: so many talks of every seat, or all where it has fewer. By seat and time of arrival.

    The same talks and the same chance give the same draw, in whatever order they come.
    """
    of_seat: defaultdict[SeatNo, list[Talk]] = defaultdict(list)
    for talk in sorted(talks, key=_in_order):
        of_seat[talk.seat].append(talk)
    found = [talk for own in of_seat.values() for talk in chance.sample(own, min(each, len(own)))]
    return sorted(found, key=_in_order)


def _in_order(talk: Talk) -> tuple[SeatNo, datetime, CallId]:
    return talk.seat, talk.arrived_at, talk.call_id
