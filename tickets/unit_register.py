"""单位登记: adds and changes units, people and rosters; the tree is checked whole, every change is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from core.clock import Clock
from core.database import Connection, Database
from tickets import unit_store
from tickets.roster import DutyCheck, Gap, Shift, gaps_of
from tickets.roster_import import shifts_in
from tickets.unit_import import units_in
from tickets.unit_store import UnitChange
from tickets.units import Person, Post, Unit, UnitId, UnitTree, check_people


class UnitRegister:
    """The organisation in the database, at once; ``by`` stands for who changes it."""

    def __init__(self, database: Database, clock: Clock, by: str) -> None:
        """Work on this database."""
        self._database = database
        self._clock = clock
        self._by = by

    def tree(self) -> UnitTree:
        """Give all units."""
        return self._database.now(lambda connection: UnitTree(unit_store.units_known(connection)))

    def put(self, unit: Unit) -> Unit:
        """添加或修改单位. Raises ContactsWrong, NoSuchUnit, UnitsInACircle or SameName."""
        check_people(unit)
        self._database.now(lambda connection: self._write(connection, [unit]))
        return unit

    def import_units(self, file: Path) -> tuple[int, int]:
        """导入单位: all of a file or nothing; gives how many are new and how many were changed.

        Raises FileUnreadable or ImportRefused.
        """

        def work(connection: Connection) -> tuple[int, int]:
            unit_store.lock(connection)
            known = {unit.unit_id: unit for unit in unit_store.units_known(connection)}
            return self._write(connection, units_in(file, known))

        return self._database.now(work)

    def set_people(self, words: str, post: Post, people: Sequence[Person]) -> Unit:
        """Name those of one post anew. Raises NoSuchUnit, UnitUnclear or ContactsWrong."""

        def work(connection: Connection) -> Unit:
            unit_store.lock(connection)
            unit = UnitTree(unit_store.units_known(connection)).find(words)
            others = tuple(person for person in unit.people if person.post is not post)
            changed = replace(unit, people=(*others, *people))
            check_people(changed)
            self._write(connection, [changed])
            return changed

        return self._database.now(work)

    def import_roster(self, file: Path) -> dict[UnitId, int]:
        """导入值班表: in the place of the shifts of the same stretch; gives how many for each unit.

        Raises FileUnreadable or ImportRefused.
        """

        def work(connection: Connection) -> dict[UnitId, int]:
            tree = UnitTree(unit_store.units_known(connection))
            of_unit: dict[UnitId, list[Shift]] = {}
            for shift in shifts_in(file, tree):
                of_unit.setdefault(shift.unit_id, []).append(shift)
            now = self._clock.now()
            for unit_id, shifts in of_unit.items():
                unit_store.put_roster(connection, unit_id, shifts)
                diff = {"roster": (None, _span_of(shifts))}
                change = UnitChange(unit_id=unit_id, at=now, by=self._by, diff=diff)
                unit_store.add_changes(connection, [change])
            return {unit_id: len(shifts) for unit_id, shifts in of_unit.items()}

        return self._database.now(work)

    def shifts(
        self, since: datetime, until: datetime, of_units: Iterable[UnitId] | None = None
    ) -> list[Shift]:
        """Give the shifts that touch this window."""
        return self._database.now(lambda c: unit_store.shifts_between(c, since, until, of_units))

    def gaps(self, since: datetime, until: datetime) -> list[Gap]:
        """脱岗: where a unit that must be on duty day and night has nobody in the roster."""
        bound = [unit for _, unit in self.tree().walk() if unit.round_the_clock and unit.active]
        shifts = self.shifts(since, until, [unit.unit_id for unit in bound])
        return [gap for unit in bound for gap in gaps_of(unit.unit_id, shifts, since, until)]

    def note_check(self, words: str, phone: str, *, answered: bool, note: str = "") -> DutyCheck:
        """查岗: keep what ringing a duty room came to, now. Raises NoSuchUnit or UnitUnclear."""

        def work(connection: Connection) -> DutyCheck:
            unit = UnitTree(unit_store.units_known(connection)).find(words)
            check = DutyCheck(
                unit_id=unit.unit_id,
                at=self._clock.now(),
                phone=phone or unit.duty_phone,
                answered=answered,
                by=self._by,
                note=note,
            )
            unit_store.add_check(connection, check)
            return check

        return self._database.now(work)

    def checks(self, since: datetime, until: datetime) -> list[DutyCheck]:
        """Give the checks of this window."""
        return self._database.now(lambda c: unit_store.checks_between(c, since, until))

    def history(self, unit_id: UnitId) -> list[UnitChange]:
        """Give what was ever changed about a unit."""
        return self._database.now(lambda c: unit_store.changes_of(c, unit_id))

    def _write(self, connection: Connection, units: Sequence[Unit]) -> tuple[int, int]:
        unit_store.lock(connection)
        known = {unit.unit_id: unit for unit in unit_store.units_known(connection)}
        tree = UnitTree({**known, **{unit.unit_id: unit for unit in units}}.values())
        changed = [unit for _, unit in tree.walk() if known.get(unit.unit_id) != unit]
        now = self._clock.now()
        unit_store.put_units(connection, changed)
        unit_store.add_changes(
            connection,
            [
                UnitChange(unit_id=unit.unit_id, at=now, by=self._by, diff=_diff(known, unit))
                for unit in changed
            ],
        )
        new = sum(unit.unit_id not in known for unit in changed)
        return new, len(changed) - new


def _diff(known: Mapping[UnitId, Unit], unit: Unit) -> dict[str, tuple[object, object]]:
    was = asdict(known[unit.unit_id]) if unit.unit_id in known else {}
    return {name: (was.get(name), now) for name, now in asdict(unit).items() if was.get(name) != now}


def _span_of(shifts: Sequence[Shift]) -> str:
    first, last = min(shift.begins for shift in shifts), max(shift.ends for shift in shifts)
    return f"{first:%Y-%m-%d %H:%M} 至 {last:%Y-%m-%d %H:%M}, {len(shifts)} 班"
