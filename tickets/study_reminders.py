"""学习提醒: units that owe their study are told once a period, days before it ends, in office hours.

Any number of workers may look. Who was told is a row with a unique key, written in the transaction in
which the message is kept: after a restart, or a database that was away, one goes on with the others.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from core.clock import SHANGHAI, Clock
from core.database import Connection, Database
from tickets import study_store
from tickets.circulars.period import Period
from tickets.limits import Office
from tickets.study import is_worked, remind_on
from tickets.study_desk import owing_in
from tickets.study_policy import StudyPolicy
from tickets.units import Unit

log = structlog.get_logger(__name__)

AT_A_TIME = 50
"""So many units in one transaction: calls go before."""
KIND = "学习提醒"
LAST_DAY = "%m月%d日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """通知: something for a unit's contacts that belongs to no work order; ``once`` names the occasion."""

    kind: str
    once: str
    text: str
    at: datetime


class Tell(Protocol):
    """Whoever keeps a notice for the contacts of a unit, in this transaction; gives how many it goes to."""

    def __call__(self, connection: Connection, unit: Unit, notice: Notice, /) -> int:
        """Keep it; told twice is once."""
        ...


class StudyReminders:
    """One worker."""

    def __init__(self, database: Database, policy: StudyPolicy, office: Office, tell: Tell) -> None:
        """Begin without looking."""
        self._database = database
        self._policy = policy
        self._office = office
        self._tell = tell

    async def look(self, clock: Clock) -> int:
        """Remind all who are to be reminded now; gives how many they are. Raises DatabaseTrouble."""
        number = 0
        while self._is_time(now := clock.now().astimezone(SHANGHAI)):
            told = await self._database.in_transaction(lambda c, at=now: self._remind(c, at))  # type: ignore[misc]  # bound at once
            number += len(told)
            for unit, contacts in told:
                # Only what was committed is said to have happened.
                _say(unit, self._policy.period_of(now.date()), contacts)
            if len(told) < AT_A_TIME:
                break
        return number

    def _is_time(self, now: datetime) -> bool:
        day, calendar = now.date(), self._office.calendar
        if not self._policy.remind_days or not is_worked(day, calendar):
            return False
        if not self._office.begins <= now.time() < self._office.ends:
            return False
        return day >= remind_on(self._policy.period_of(day), self._policy, calendar)

    def _remind(self, connection: Connection, now: datetime) -> list[tuple[Unit, int]]:
        period = self._policy.period_of(now.date())
        waiting = [one.unit for one in owing_in(connection, now.date(), self._policy) if not one.reminded_at]
        return [
            (unit, self._tell(connection, unit, self._notice(unit, period, now)))
            for unit in waiting[:AT_A_TIME]
            if study_store.add_reminder(connection, unit.unit_id, period, now)
        ]

    def _notice(self, unit: Unit, period: Period, now: datetime) -> Notice:
        words = {"unit": unit.name, "period": period.name, "last": f"{period.last:{LAST_DAY}}"}
        once = f"{KIND}|{unit.unit_id}|{period.name}"
        return Notice(kind=KIND, once=once, text=self._policy.text.format_map(words), at=now)


def _say(unit: Unit, period: Period, contacts: int) -> None:
    if contacts:
        log.info(
            "还没有研究热线工作的单位, 已短信提醒", unit=unit.name, period=period.name, contacts=contacts
        )
    else:
        log.warning("还没有研究热线工作的单位, 没有短信可发, 请打电话", unit=unit.name, period=period.name)
