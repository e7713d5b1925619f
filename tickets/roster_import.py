"""值班表导入: the lines of a duty roster become shifts; all that is wrong is told at once."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from core.clock import SHANGHAI
from core.errors import HotlineError
from tickets import unit_words
from tickets.roster import Duty, Shift
from tickets.unit_file import ImportRefused, Problem, Row, read_rows
from tickets.units import UnitTree

NEEDED = ("单位", "日期", "开始", "结束", "姓名", "电话")
KNOWN = (*NEEDED, "身份")
ONE_DAY = timedelta(days=1)
DUTIES: Mapping[str, Duty] = {"": Duty.WATCH, **{duty.value: duty for duty in Duty}}


class WrongDuty(HotlineError):
    """值班身份只能写 值班员 或 带班领导, 不写就是值班员。"""


class WrongDay(HotlineError):
    """日期要写成 2026-05-01, 时刻要写成 08:30。"""


def shifts_in(file: Path, tree: UnitTree) -> list[Shift]:
    """Read the shifts of a CSV or XLSX file; one that ends before it begins ends on the next day.

    Raises FileUnreadable, or ImportRefused with every problem.
    """
    shifts: dict[tuple[object, ...], Shift] = {}
    problems: list[Problem] = []
    for row in read_rows(file, NEEDED, KNOWN):
        try:
            shift = _shift(row, tree)
        except HotlineError as error:
            problems.append(Problem(line=row.line, reason=str(error)))
            continue
        key = (shift.unit_id, shift.duty, shift.begins, shift.name)
        if key in shifts:
            problems.append(Problem(line=row.line, reason="同一班写了两次"))
        shifts[key] = shift
    if problems:
        raise ImportRefused(problems, file=file.name)
    return list(shifts.values())


def _shift(row: Row, tree: UnitTree) -> Shift:
    if row["身份"] not in DUTIES:
        raise WrongDuty(given=row["身份"])
    begins, ends = _instant(row, "开始"), _instant(row, "结束")
    return Shift(
        unit_id=tree.find(row["单位"]).unit_id,
        begins=begins,
        ends=ends if ends > begins else ends + ONE_DAY,
        name=unit_words.person_name(row["姓名"]),
        phone=unit_words.phone(row["电话"]),
        duty=DUTIES[row["身份"]],
    )


def _instant(row: Row, heading: str) -> datetime:
    """``24:00`` is the midnight that ends the day."""
    day, clock = unit_words.plain(row["日期"])[:10], unit_words.plain(row[heading])
    try:
        at = datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)
        if clock == "24:00":
            return at + ONE_DAY
        return datetime.combine(at, time.fromisoformat(clock.zfill(len("08:30"))), SHANGHAI)
    except ValueError as error:
        raise WrongDay(day=row["日期"], time=row[heading]) from error
