"""批量填充: a year of a hotline's calls and work orders in minutes, to measure on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from core.clock import SHANGHAI
from core.database import Connection, Database
from core.errors import HotlineError
from queue_manager.model import CallRow
from queue_manager.store import number_of_calls
from simulator.fill_calls import FilledCall, calls_of_day, phone
from simulator.fill_pattern import Pattern, Row, Stamped
from simulator.fill_rows import look_anew, write_calls, write_tickets
from simulator.fill_tickets import Lives, units
from tickets import numbers_store, store, unit_store
from tickets.guards import WorkRules
from tickets.numbering import query_code, ticket_no
from tickets.units import UnitTree

CHANNELS = ("网站", "微信", "APP", "短信")
BY_TELEPHONE = 0.85
STAMPS = 40
"""So many work orders have the same life, with numbers, callers and words of their own."""
STREETS = (
    "和平路",
    "解放路",
    "人民路",
    "建设路",
    "中山路",
    "湖滨路",
    "学府街",
    "工业大道",
    "滨江路",
    "新华街",
)
WORDS = (
    "半夜",
    "连续三天",
    "今天早上",
    "上个月开始",
    "多次反映",
    "小区门口",
    "楼上",
    "学校旁边",
    "市场里",
    "路口",
)
Step = Callable[[int, int], None]
"""Is told how many days are written, of how many."""


class NotEmpty(HotlineError):
    """这个数据库里已经有来电或工单:批量填充只在空库上做, 真实的数据不能和编出来的混在一起。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillPlan:
    """How much, over which days: the last ``days`` before ``until``."""

    calls: int
    tickets: int
    until: date
    days: int = 365
    seed: int = 1

    @property
    def end(self) -> datetime:
        """The first instant that is not filled any more."""
        return datetime.combine(self.until, time(), SHANGHAI)

    def day(self, number: int) -> date:
        """Give a day by its place, 0 is the first."""
        return self.until - timedelta(days=self.days - number)


class Fill:
    """Writes a plan's rows into a database, in one transaction: all of it is there, or nothing."""

    def __init__(self, plan: FillPlan, rules: WorkRules) -> None:
        """``rules`` say limits and flow; the units are our own."""
        self._plan = plan
        tree = UnitTree(units())
        self._rules = replace(rules, units=lambda: tree)
        self._chance = Random(plan.seed)

    def run(self, database: Database, told: Step) -> None:
        """Write everything; raises NotEmpty."""
        database.now(lambda connection: self._write(connection, told))

    def _write(self, connection: Connection, told: Step) -> None:
        if number_of_calls(connection) or store.latest_tickets(connection, 1):
            raise NotEmpty
        unit_store.put_units(connection, units())
        for day in range(self._plan.days):
            calls = list(calls_of_day(self._plan.day(day), self._share(self._plan.calls, day), self._chance))
            write_calls(connection, calls)
            stamped = list(self._stamped(day, self._share(self._plan.tickets, day), calls))
            write_tickets(connection, stamped)
            told(day + 1, self._plan.days)
        numbers_store.go_on_after(connection, self._plan.tickets)
        look_anew(connection)

    def _share(self, whole: int, day: int) -> int:
        days = self._plan.days
        return whole * (day + 1) // days - whole * day // days

    def _stamped(self, day: int, number: int, calls: list[FilledCall]) -> Iterator[Stamped]:
        lives = Lives(self._rules, self._plan.end, self._chance)
        answered = [one.call for one in calls if one.call.answered_at is not None]
        self._chance.shuffle(answered)
        first = self._plan.tickets * day // self._plan.days + 1
        pattern: Pattern | None = None
        for count in range(number):
            if pattern is None or count % STAMPS == 0:
                pattern = Pattern.of(lives.one(self._plan.day(day)))
            call = answered.pop() if answered and self._chance.random() < BY_TELEPHONE else None
            yield pattern, self._own(pattern, first + count, call)

    def _own(self, pattern: Pattern, sequence: int, call: CallRow | None) -> Row:
        """Give what is a work order's own."""
        chance = self._chance
        channel = "电话" if call else chance.choice(CHANNELS)
        address = f"{chance.choice(STREETS)}{chance.randrange(1, 400)}号"
        first, second = chance.sample(WORDS, 2)
        return {
            "ticket_no": ticket_no(pattern.received_at, sequence),
            "query_code": query_code(chance),
            "src_channel": channel,
            "call_id": call.call_id if call else f"{channel}:fill:{sequence}",
            "phone": call.caller if call else phone(chance),
            "address": address,
            "content": f"来电人反映{address}{first}{pattern.title}, {second}的住户也有意见, 希望尽快处理。",
        }
