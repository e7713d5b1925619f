"""学习提醒看守: reminds units by day of the study they owe; a bad policy file stops no call."""

import asyncio
from pathlib import Path

import structlog

from console.unit_notices import notify_unit
from core.chore import is_done
from core.clock import Clock
from core.database import Connection, Database
from core.errors import HotlineError
from tickets.limit_file import read_policy
from tickets.study_policy import read_study
from tickets.study_reminders import KIND, Notice, StudyReminders
from tickets.units import Unit

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 60.0
LOOK_SECONDS = 600.0


class StudyWatch:
    """Reads the policy once it can be read, and looks every ten minutes."""

    def __init__(self, profile: Path, database: Database, clock: Clock, *, sends: bool) -> None:
        """Nothing is read before :meth:`run`; ``sends``: there is a part that sends what is kept."""
        self._profile = profile
        self._database = database
        self._clock = clock
        self._tell = notify_unit if sends else _tell_nobody

    async def run(self) -> None:
        """Look until cancelled; what a database that is away has missed is done at the next look."""
        reminders = await self._reminders()
        while True:
            await is_done(lambda: reminders.look(self._clock), KIND)
            await asyncio.sleep(LOOK_SECONDS)

    async def _reminders(self) -> StudyReminders:
        """Read the policy as soon as it can be read: it may be mended while we run."""
        while True:
            try:
                policy, office = read_study(self._profile), read_policy(self._profile).office
            except HotlineError as error:
                log.error("学习研究制度读不了, 学习提醒停着, 来电不受影响", reason=str(error))  # noqa: TRY400 - a sentence, no trace
            else:
                return StudyReminders(self._database, policy, office, self._tell)
            await asyncio.sleep(AGAIN_SECONDS)


def _tell_nobody(_connection: Connection, _unit: Unit, _notice: Notice) -> int:
    return 0
