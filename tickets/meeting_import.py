"""会议交办表: the lines of a file become what a meeting decides; all that is wrong is told at once."""

from datetime import datetime, time
from pathlib import Path

from core.clock import SHANGHAI
from core.errors import HotlineError
from core.ids import TicketNo
from tickets.meetings import Decision
from tickets.unit_file import ImportRefused, Problem, Row, read_rows
from tickets.units import UnitTree

NEEDED = ("工单", "主办", "时限")
KNOWN = (*NEEDED, "协办", "意见")


class WrongDue(HotlineError):
    """时限要写成 2026-05-01, 或 2026-05-01 17:30。"""


def decisions_in(file: Path, tree: UnitTree, ends: time) -> list[Decision]:
    """Read a CSV or XLSX file; a day alone ends at ``ends``, the end of office hours.

    Raises FileUnreadable, or ImportRefused with every problem.
    """
    found: dict[TicketNo, Decision] = {}
    problems: list[Problem] = []
    for row in read_rows(file, NEEDED, KNOWN):
        try:
            decision = _decision(row, tree, ends)
        except HotlineError as error:
            problems.append(Problem(line=row.line, reason=str(error)))
            continue
        if decision.ticket in found:
            problems.append(Problem(line=row.line, reason=f"工单 {decision.ticket} 写了两次"))
        found[decision.ticket] = decision
    if problems:
        raise ImportRefused(problems, file=file.name)
    return list(found.values())


def _decision(row: Row, tree: UnitTree, ends: time) -> Decision:
    """Whoever assists may be named several times, with spaces or commas between."""
    assists = row["协办"].replace("、", " ").replace(",", " ").replace("，", " ").split()
    return Decision(
        ticket=TicketNo(row["工单"]),
        lead=tree.find(row["主办"]).unit_id,
        assists=tuple(str(tree.find(one).unit_id) for one in assists),
        due=_due(row["时限"], ends),
        text=row["意见"],
    )


def _due(written: str, ends: time) -> datetime:
    try:
        at = datetime.fromisoformat(written.replace("/", "-"))
    except ValueError as error:
        raise WrongDue(due=written) from error
    whole_day = at.time() == time() and ":" not in written
    return datetime.combine(at, ends if whole_day else at.time(), SHANGHAI)
