"""填充压测: a year of calls and work orders in PostgreSQL, and how long it takes to look at it."""

import asyncio
import statistics
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import SystemRandom
from time import perf_counter
from typing import Any

from app.circular_files import next_edition
from app.figures_seen import seen_with_demands
from app.filling import filling_of
from benchmarks.figures import figure, markdown_table, percentile
from core.clock import Clock
from core.database import Connection, Database
from core.ids import TicketNo
from core.outbox import Outbox
from queue_manager.figures.figure import Window
from queue_manager.figures.policy import read_policy
from queue_manager.figures.report import report_of
from simulator.fill import FillPlan
from tickets import store, work_store
from tickets.circulars.circular import asked_for
from tickets.circulars.period import Kind, period_of
from tickets.model import TicketState
from tickets.roles import Actor, Role
from tickets.work_desk import Arrival, Policies, WorkDesk
from tickets.work_store import Asked

ROUNDS = 5
OPENINGS, OPENINGS_QUICKLY = 1000, 100
A_SECOND = 50
LIST_MS, FIGURE_MS, OPENING_MS, FILL_SECONDS = 1000.0, 200.0, 20.0, 600.0
SEAT = Actor(name="小李", role=Role.SEAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was measured, in milliseconds, and what it may take."""

    what: str
    took: float
    most: float
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was quick enough."""
        return self.took <= self.most


class FillBench:
    """Fills an empty database, and looks at it as people would."""

    def __init__(self, database: Database, profile: Path, policies: Policies, clock: Clock) -> None:
        """Write nothing yet."""
        self._database = database
        self._profile = profile
        self._policies = policies
        self._clock = clock

    def fill(self, plan: FillPlan, told: Callable[[int, int], None]) -> Line:
        """Write it all."""
        began = perf_counter()
        filling_of(plan, self._policies).run(self._database, told)
        took = (perf_counter() - began) * 1000
        return Line(
            what="填充", took=took, most=FILL_SECONDS * 1000, note=f"{plan.calls} 来电 {plan.tickets} 工单"
        )

    def looks(self, plan: FillPlan) -> Iterator[Line]:
        """Measure every look; the best of some rounds is printed, as the machine is shared."""
        for name, asked in self._lists(plan):
            yield self._timed(f"列表:{name}", LIST_MS, partial(_length, asked))
        yield from self._figures(plan)
        for kind in (Kind.WEEKLY, Kind.MONTHLY):
            yield self._circular(plan, kind)

    def _lists(self, plan: FillPlan) -> Iterator[tuple[str, Asked]]:
        yield "最新 50 张", Asked()
        yield "待办", Asked(states=(TicketState.HANDLING, TicketState.TO_SIGN))
        yield "一个单位的", Asked(units=("05",))
        yield "超期", Asked(overdue_at=plan.end)
        yield "一个渠道、紧急", Asked(channel="微信", urgency="紧急")
        yield "一个号码", Asked(phone="10012345678")
        yield "搜索:常见的字", Asked(words="漏水")
        yield "搜索:一个门牌", Asked(words="学府街 399号 多次反映")
        yield "搜索:没有的字", Asked(words="外星人")
        yield "搜索:工单号", Asked(words=self._some_number())

    def _figures(self, plan: FillPlan) -> Iterator[Line]:
        policy = read_policy(self._profile)
        for name, days in (("一天", 1), ("一周", 7)):
            window = Window(since=plan.end - timedelta(days=days), until=plan.end)

            def look(connection: Connection, window: Window = window) -> int:
                return len(
                    report_of(seen_with_demands(connection, window, plan.end, policy), None, policy).calls
                )

            yield self._timed(f"指标:{name}", FIGURE_MS, look)

    def _circular(self, plan: FillPlan, kind: Kind) -> Line:
        asked = asked_for(kind, plan.end, period_of(kind, plan.until - timedelta(days=28)))
        took = []
        for _ in range(2):
            began = perf_counter()
            next_edition(self._database, asked, self._profile, Path("none"), self._clock)
            took.append((perf_counter() - began) * 1000)
        return Line(what=f"通报:{kind}", took=min(took), most=LIST_MS)

    async def openings(self, number: int) -> list[Line]:
        """Open new work orders, and look at old ones, fifty a second."""
        desk = WorkDesk(self._database, Outbox(self._database), self._policies, SystemRandom())
        numbers = self._database.now(
            lambda c: [one.ticket_no for one in work_store.listing(c, Asked(most=number))]
        )

        async def create(count: int) -> None:
            arrival = Arrival(
                channel="电话",
                key=f"bench-{self._clock.now():%H%M%S}-{count}",
                at=self._clock.now(),
                actor=SEAT,
                phone="10012345678",
                fields={"content": "路灯坏了", "title": "路灯坏了"},
            )
            await desk.open(arrival)

        async def view(count: int) -> None:
            one = numbers[count % len(numbers)]
            await desk.ticket(one)
            await desk.history(one)

        return [
            _paced("开一张新工单", await _at_a_pace(number, create)),
            _paced("打开一张工单", await _at_a_pace(number, view)),
        ]

    def _timed(self, what: str, most: float, look: Callable[[Connection], int]) -> Line:
        took, found = [], 0
        for _ in range(ROUNDS):
            began = perf_counter()
            found = self._database.now(look)
            took.append((perf_counter() - began) * 1000)
        return Line(what=what, took=statistics.median(took), most=most, note=f"{found} 项")

    def _some_number(self) -> TicketNo:
        return self._database.now(lambda c: store.latest_tickets(c, 1))[0].ticket_no


async def _at_a_pace(number: int, do: Callable[[int], Coroutine[Any, Any, None]]) -> list[float]:
    """Begin one every fiftieth of a second, whatever became of those before; gives milliseconds."""
    took: list[float] = []
    clock = asyncio.get_running_loop().time
    begin = clock()

    async def one(count: int) -> None:
        due = begin + count / A_SECOND
        await asyncio.sleep(max(0.0, due - clock()))
        began = clock()
        await do(count)
        took.append((clock() - began) * 1000)

    await asyncio.gather(*(one(count) for count in range(number)))
    return took


def _length(asked: Asked, connection: Connection) -> int:
    return len(work_store.listing(connection, asked))


def _paced(what: str, took: list[float]) -> Line:
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    return Line(
        what=f"{what}, p99",
        took=p99,
        most=OPENING_MS,
        note=f"{A_SECOND}/秒 {len(took)} 次, p50 {figure(p50)}",
    )


def table(lines: list[Line]) -> str:
    """Write what was measured."""
    rows = [
        (one.what, figure(one.took), figure(one.most), "是" if one.holds else "**否**", one.note)
        for one in lines
    ]
    return markdown_table(("项目", "毫秒", "不超过", "达到", "说明"), rows)
