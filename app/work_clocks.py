"""时限看守: tells what has come due, in the engine and beside all calls; a bad policy file stops no call."""

import asyncio
from datetime import date
from pathlib import Path

import structlog

from core.clock import Clock
from core.database import Database
from core.errors import HotlineError
from core.outbox import Outbox
from tickets.flow_policy import read_flow
from tickets.limit_file import read_policy
from tickets.timers import Timers
from tickets.work_desk import Policies

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 60.0
ALARM_SECONDS = 6 * 3600.0


class ProfileMissing(HotlineError):
    """没有这个配置档:请核对 settings.toml 的 profile,它是 profiles 文件夹里一个子文件夹的名字。"""


def policies_of(profile: Path) -> Policies:
    """Read what work orders follow; raises ProfileMissing or PolicyWrong."""
    if not profile.is_dir():
        raise ProfileMissing(profile=profile.name)
    return Policies(limits=read_policy(profile), flow=read_flow(profile))


class WorkClocks:
    """Reads the policies, looks at every clock that has come to a point, and watches the calendar's end."""

    def __init__(self, profile: Path, database: Database, outbox: Outbox, clock: Clock) -> None:
        """Nothing is read before :meth:`run`."""
        self._profile = profile
        self._database = database
        self._outbox = outbox
        self._clock = clock

    async def run(self) -> None:
        """Look until cancelled."""
        policies = await self._policies()
        async with asyncio.TaskGroup() as group:
            group.create_task(Timers(self._database, self._outbox, policies, self._clock).run())
            group.create_task(self._watch_calendar(policies))

    async def _policies(self) -> Policies:
        """Read them as soon as they can be read: they may be mended while we run."""
        while True:
            try:
                return policies_of(self._profile)
            except HotlineError as error:
                log.error("时限规则读不了, 到点提醒停着, 来电不受影响", reason=str(error))  # noqa: TRY400 - a sentence, no trace
            await asyncio.sleep(AGAIN_SECONDS)

    async def _watch_calendar(self, policies: Policies) -> None:
        told: date | None = None
        while True:
            today = self._clock.now().date()
            if told != today and (alarm := policies.limits.alarm(today)):
                log.warning("工作日历快用完了", reason=alarm)
                told = today
            await asyncio.sleep(ALARM_SECONDS)
