"""座席导入: the lines of a file become seats; all that is wrong is told at once, then nothing is added."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from core.errors import HotlineError
from core.ids import QueueName
from queue_manager.seats import LAST_PENALTY, SeatRegister, WrongPenalty, check_number, check_queue
from tickets.unit_file import ImportRefused, Problem, Row, read_rows
from tickets.unit_words import yes_or_no

NEEDED = ("座席号",)
KNOWN = (*NEEDED, "名称", "技能组", "优先级", "班长")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAsked:
    """A seat as it is written; without a queue a new one serves the first of all, None: as it was."""

    number: str
    name: str
    queue: str
    penalty: int
    supervisor: bool | None


def seats_in(file: Path, queues: Collection[QueueName]) -> list[SeatAsked]:
    """Read a CSV or XLSX file; a seat may stand there once for each of its queues.

    Raises FileUnreadable, or ImportRefused with every problem.
    """
    found: dict[tuple[str, str], SeatAsked] = {}
    problems: list[Problem] = []
    for row in read_rows(file, NEEDED, KNOWN):
        try:
            seat = _seat(row, queues)
        except HotlineError as error:
            problems.append(Problem(line=row.line, reason=str(error)))
            continue
        if (seat.number, seat.queue) in found:
            problems.append(Problem(line=row.line, reason=f"座席 {seat.number} {seat.queue} 写了两次"))
        found[seat.number, seat.queue] = seat
    if problems:
        raise ImportRefused(problems, file=file.name)
    return list(found.values())


def bring_in(register: SeatRegister, seats: Iterable[SeatAsked]) -> None:
    """Add them, or change those that are known."""
    for seat in seats:
        register.add(seat.number, seat.name, supervisor=seat.supervisor)
        if seat.queue:
            register.give_skill(seat.number, seat.queue, seat.penalty)


def _seat(row: Row, queues: Collection[QueueName]) -> SeatAsked:
    check_number(row["座席号"])
    if row["技能组"]:
        check_queue(row["技能组"], queues)
    return SeatAsked(
        number=row["座席号"],
        name=row["名称"],
        queue=row["技能组"],
        penalty=_penalty(row["优先级"] or "0"),
        supervisor=yes_or_no(row["班长"]) if row["班长"] else None,
    )


def _penalty(written: str) -> int:
    if not written.isdecimal() or int(written) > LAST_PENALTY:
        raise WrongPenalty(given=written)
    return int(written)
