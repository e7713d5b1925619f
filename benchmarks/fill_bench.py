"""填充压测台: a PostgreSQL of its own for the bulk fill, and what was measured on it."""

import sys
from contextlib import closing

from app.demo import demo_instance
from app.filling import progress
from app.instance import Instance
from app.parts import database_part, database_url
from app.supervisor import Supervisor
from app.work_clocks import policies_of
from benchmarks.fill import OPENINGS, OPENINGS_QUICKLY, FillBench, Line
from core.clock import SystemClock
from core.database import Database
from core.settings import Storage
from simulator.fill import FillPlan

CALLS, TICKETS, QUICKER = 1_000_000, 300_000, 100


async def fill_bench(*, quick: bool) -> list[Line]:
    """Fill and look; a quick run fills a hundredth."""
    demo = demo_instance("bench-fill")
    settings = demo.settings.model_copy(update={"database": Storage()})
    instance = Instance(name=demo.name, folder=demo.folder, settings=settings, places=demo.places)
    with instance.claimed(afresh=True):
        instance.make_folders()
        instance.save()
        supervisor = Supervisor()
        await supervisor.start(database_part(instance))
        try:
            return await _measure(instance, quick=quick)
        finally:
            await supervisor.stop()


async def _measure(instance: Instance, *, quick: bool) -> list[Line]:
    share = QUICKER if quick else 1
    plan = FillPlan(
        calls=CALLS // share, tickets=TICKETS // share, until=SystemClock().now().date().replace(day=1)
    )
    with closing(Database(database_url(instance))) as database:
        database.migrate()
        bench = FillBench(database, instance.profile, policies_of(instance.profile), SystemClock())
        with progress("填充") as told:
            lines = [bench.fill(plan, told)]
        for line in bench.looks(plan):
            print(f"▶ {line.what} {line.took:.0f} 毫秒", file=sys.stderr, flush=True)
            lines.append(line)
        return lines + await bench.openings(OPENINGS_QUICKLY if quick else OPENINGS)
