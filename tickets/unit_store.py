"""组织存储: the tables ``units``, ``unit_people``, ``duty_shifts``, ``duty_checks``, ``unit_changes``."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
)

from core.database import Instant, metadata, upsert
from tickets.deadlines import UnitClass
from tickets.roster import Duty, DutyCheck, Shift
from tickets.units import Person, Post, Unit, UnitId

units = Table(
    "units",
    metadata,
    Column("unit_id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("parent", String(32), ForeignKey("units.unit_id"), index=True),
    Column("unit_class", String(8), nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("duty_phone", String(40), nullable=False),
    Column("round_the_clock", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
)
people = Table(
    "unit_people",
    metadata,
    Column("unit_id", String(32), ForeignKey("units.unit_id"), primary_key=True),
    Column("post", String(8), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("name", String(40), nullable=False),
    Column("phone", String(40), nullable=False),
)
shifts = Table(
    "duty_shifts",
    metadata,
    Column("unit_id", String(32), ForeignKey("units.unit_id"), primary_key=True),
    Column("duty", String(8), primary_key=True),
    Column("begins", Instant, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("phone", String(40), nullable=False),
    Column("ends", Instant, nullable=False, index=True),
)
checks = Table(
    "duty_checks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", String(32), ForeignKey("units.unit_id"), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("phone", String(40), nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("by", String(40), nullable=False),
    Column("note", String(200), nullable=False),
)
changes = Table(
    "unit_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", String(32), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String(40), nullable=False),
    Column("diff", JSON, nullable=False),
)
_OF_UNITS = ("unit_id", "name", "parent", "unit_class", "aliases", "duty_phone", "round_the_clock", "active")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
    """谁改了什么: ``diff`` gives for each field what it was (None: a new unit) and what it is."""

    unit_id: UnitId
    at: datetime
    by: str
    diff: Mapping[str, tuple[Any, Any]]


def lock(connection: Connection) -> None:
    """Let nobody else change units until this transaction ends: the tree is checked as a whole."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE units IN SHARE ROW EXCLUSIVE MODE")


def units_known(connection: Connection) -> list[Unit]:
    """Give every unit with its people."""
    of_unit: defaultdict[str, list[Person]] = defaultdict(list)
    by_place = select(people).order_by(people.c.unit_id, people.c.place)
    for row in connection.execute(by_place):
        of_unit[row.unit_id].append(Person(post=Post(row.post), name=row.name, phone=row.phone))
    return [_unit(row, tuple(of_unit[row.unit_id])) for row in connection.execute(select(units))]


def _unit(row: Any, of_unit: tuple[Person, ...]) -> Unit:  # noqa: ANN401 - a row of any shape
    return Unit(
        unit_id=UnitId(row.unit_id),
        name=row.name,
        parent=row.parent and UnitId(row.parent),
        unit_class=UnitClass(row.unit_class),
        aliases=tuple(row.aliases),
        duty_phone=row.duty_phone,
        round_the_clock=row.round_the_clock,
        active=row.active,
        people=of_unit,
    )


def put_units(connection: Connection, changed: Sequence[Unit]) -> None:
    """Write units, new or changed, with their people; whoever is above comes first."""
    if not changed:
        return
    upsert(connection, units, *({name: getattr(unit, name) for name in _OF_UNITS} for unit in changed))
    connection.execute(delete(people).where(people.c.unit_id.in_([unit.unit_id for unit in changed])))
    rows = [
        {"unit_id": unit.unit_id, "place": place, **asdict(person)}
        for unit in changed
        for place, person in enumerate(unit.people)
    ]
    if rows:
        connection.execute(insert(people), rows)


def add_changes(connection: Connection, made: Sequence[UnitChange]) -> None:
    """Keep for ever who changed what."""
    if made:
        connection.execute(insert(changes), [asdict(change) for change in made])


def changes_of(connection: Connection, unit_id: UnitId) -> list[UnitChange]:
    """Give what was ever changed about a unit, oldest first."""
    asked = select(changes).where(changes.c.unit_id == unit_id).order_by(changes.c.id)
    return [
        UnitChange(
            unit_id=row.unit_id,
            at=row.at,
            by=row.by,
            diff={name: (was, now) for name, (was, now) in row.diff.items()},
        )
        for row in connection.execute(asked)
    ]


def put_roster(connection: Connection, unit_id: UnitId, fresh: Sequence[Shift]) -> None:
    """Write a unit's shifts in the place of those that began in the same stretch of time."""
    for duty in Duty:
        mine = [shift for shift in fresh if shift.duty is duty]
        if not mine:
            continue
        first, last = min(shift.begins for shift in mine), max(shift.ends for shift in mine)
        same = (shifts.c.unit_id == unit_id) & (shifts.c.duty == duty)
        connection.execute(delete(shifts).where(same, shifts.c.begins >= first, shifts.c.begins < last))
        connection.execute(insert(shifts), [asdict(shift) for shift in mine])


def shifts_between(
    connection: Connection, since: datetime, until: datetime, unit_ids: Iterable[UnitId] | None = None
) -> list[Shift]:
    """Give the shifts that touch this window, of these units or of all, in order."""
    asked = select(shifts).where(shifts.c.ends > since, shifts.c.begins < until)
    if unit_ids is not None:
        asked = asked.where(shifts.c.unit_id.in_(list(unit_ids)))
    asked = asked.order_by(shifts.c.unit_id, shifts.c.begins, shifts.c.name)
    rows = connection.execute(asked).mappings()
    return [Shift(**{**row, "duty": Duty(row["duty"])}) for row in rows]


def add_check(connection: Connection, check: DutyCheck) -> None:
    """Keep for ever what ringing a duty room came to."""
    connection.execute(insert(checks), asdict(check))


def checks_between(connection: Connection, since: datetime, until: datetime) -> list[DutyCheck]:
    """Give the checks of this window, oldest first."""
    columns = [checks.c[name] for name in DutyCheck.__dataclass_fields__]
    asked = select(*columns).where(checks.c.at >= since, checks.c.at < until).order_by(checks.c.id)
    return [DutyCheck(**row) for row in connection.execute(asked).mappings()]
