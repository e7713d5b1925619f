"""学习培训存储: studies and trainings, what was withdrawn of them, and who was reminded; all append-only."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    func,
    insert,
    select,
)

from core.database import Instant, insert_new, metadata
from tickets.circulars.period import Period
from tickets.study import Study, StudyKind, Withdrawal
from tickets.units import UnitId

studies = Table(
    "study_records",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("unit", String(32), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("topic", String(200), nullable=False),
    Column("chair", String(40), nullable=False),
    Column("people", Integer, nullable=False),
    Column("remark", Text, nullable=False),
    Column("entered_by", String(40), nullable=False),
    Column("entered_at", Instant, nullable=False),
)
withdrawals = Table(
    "study_withdrawals",
    metadata,
    Column("number", Integer, ForeignKey("study_records.number"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", String(40), nullable=False),
    Column("why", Text, nullable=False),
)
reminders = Table(
    "study_reminders",
    metadata,
    Column("unit", String(32), primary_key=True),
    Column("period", String(20), primary_key=True),
    Column("at", Instant, nullable=False),
)
_OF_STUDY = ("unit", "kind", "day", "topic", "chair", "people", "remark", "entered_by", "entered_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which entries: of one unit (empty: the centre's; None: all), of one kind, of some days, the newest."""

    unit: UnitId | None = None
    kind: StudyKind | None = None
    first: date = date.min
    after: date = date.max
    most: int = 1000


def lock(connection: Connection) -> None:
    """Let nobody else enter until this transaction ends: the same one must not be entered twice."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE study_records IN SHARE ROW EXCLUSIVE MODE")


def add_study(connection: Connection, study: Study) -> int:
    """Keep an entry for ever; gives its number."""
    row = {name: getattr(study, name) for name in _OF_STUDY}
    return int(connection.execute(insert(studies).returning(studies.c.number), row).scalar_one())


def withdraw_study(connection: Connection, number: int, withdrawal: Withdrawal) -> bool:
    """Keep for ever that an entry no longer counts; False when it was withdrawn before."""
    row = {"number": number, "at": withdrawal.at, "by": withdrawal.by, "why": withdrawal.why}
    return insert_new(connection, withdrawals, row) > 0


def study_by_number(connection: Connection, number: int) -> Study | None:
    """Give an entry; None when there is none."""
    row = connection.execute(_all().where(studies.c.number == number)).mappings().first()
    return _study(row) if row else None


def same_study(connection: Connection, study: Study) -> Study | None:
    """Give what was entered for this unit, day and topic and still counts; None when nothing was."""
    same = (studies.c.unit == study.unit) & (studies.c.day == study.day) & (studies.c.topic == study.topic)
    row = connection.execute(_all().where(same, withdrawals.c.number.is_(None))).mappings().first()
    return _study(row) if row else None


def studies_known(connection: Connection, asked: Asked) -> list[Study]:
    """Give entries, the last day first; what was withdrawn, too."""
    days = (studies.c.day >= asked.first, studies.c.day < asked.after)
    found = _all().where(*days).order_by(studies.c.day.desc(), studies.c.number.desc()).limit(asked.most)
    if asked.unit is not None:
        found = found.where(studies.c.unit == asked.unit)
    if asked.kind is not None:
        found = found.where(studies.c.kind == asked.kind)
    return [_study(row) for row in connection.execute(found).mappings()]


def times_studied(connection: Connection, period: Period) -> dict[UnitId, int]:
    """Give how often each unit's leaders studied in a period, without trainings and what was withdrawn."""
    asked = (
        select(studies.c.unit, func.count())
        .outerjoin(withdrawals)
        .where(
            studies.c.kind == StudyKind.STUDY,
            studies.c.day >= period.first,
            studies.c.day < period.after,
            withdrawals.c.number.is_(None),
        )
        .group_by(studies.c.unit)
    )
    return {UnitId(unit): times for unit, times in connection.execute(asked)}


def reminded_in(connection: Connection, period: Period) -> dict[UnitId, datetime]:
    """Give which units were reminded in a period, and when."""
    asked = select(reminders.c.unit, reminders.c.at).where(reminders.c.period == period.name)
    return {UnitId(unit): at for unit, at in connection.execute(asked)}


def add_reminder(connection: Connection, unit: UnitId, period: Period, at: datetime) -> bool:
    """Keep for ever that a unit was reminded; False when somebody had reminded it in this period."""
    return insert_new(connection, reminders, {"unit": unit, "period": period.name, "at": at}) > 0


def _all() -> Select[tuple[object, ...]]:
    withdrawn = (
        withdrawals.c.at.label("withdrawn_at"),
        withdrawals.c.by.label("withdrawn_by"),
        withdrawals.c.why.label("withdrawn_why"),
    )
    return select(studies, *withdrawn).outerjoin_from(studies, withdrawals)


def _study(row: RowMapping) -> Study:
    at = row["withdrawn_at"]
    withdrawn = Withdrawal(at=at, by=row["withdrawn_by"], why=row["withdrawn_why"]) if at else None
    own = {name: row[name] for name in _OF_STUDY}
    return Study(number=row["number"], **own | {"kind": StudyKind(row["kind"])}, withdrawn=withdrawn)
