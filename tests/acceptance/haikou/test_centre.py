"""海口: the centre, its seats, its figures and its levels."""

import ast
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.database import Database
from queue_manager.figures.erlang import answered_within, seats_needed
from queue_manager.figures.facts import Result
from queue_manager.figures.policy import read_policy
from queue_manager.figures.report import Seen, report_of
from queue_manager.figures.rolling import Request, rolling_rate
from queue_manager.seat_rules import read_seat_rules
from queue_manager.seats import SeatRegister
from queue_manager.store import number_of_calls
from simulator.day.citizens import fates_of
from simulator.day.day_file import read_day
from simulator.fill import Fill, FillPlan
from tests.acceptance.city import City
from tests.fakes.clock import StandingClock
from tests.fakes.organisation import HEADINGS, csv_file
from tests.fakes.organisation import city as units_of_a_city
from tests.fakes.work import HOUSING, SEAT, outcome
from tests.house.tree import ROOMS, modules, parsed
from tests.unit.queue_manager.figures.made import DAY, after, arrival, stay
from tickets.circular_store import material_between
from tickets.circulars.circular import asked_for, circular_of
from tickets.circulars.period import Kind, period_of
from tickets.circulars.policy import read_circular_policy
from tickets.flow_policy import read_flow
from tickets.guards import StepRefused, WorkRules
from tickets.limit_file import read_policy as read_limits
from tickets.roles import Actor, May, Role, may
from tickets.roster import Duty, on_duty
from tickets.unit_import import units_in
from tickets.unit_register import UnitRegister
from tickets.units import UnitTree
from tickets.wish import Action

PEAK = 10_400
HANDLE_SECONDS = 180


def test_hk_03_a_peak_day_is_drawn_and_every_call_of_it_is_counted(profile: Path) -> None:
    """Daily 700+ → 3,400+, peak 10,400"""
    day = read_day("peak")
    assert day.calls == PEAK
    fates = fates_of(day, PEAK, seed=1)
    calls = [
        arrival(f"{number}", stay(wait=number % 30), at=after(seconds=min(fate.at, 86_399)))
        for number, fate in enumerate(fates)
    ]
    seen = Seen(window=DAY, as_of=DAY.until, arrivals=tuple(calls))
    report = report_of(seen, None, read_policy(profile))
    assert report.calls["distinct_calls"].value == PEAK
    busiest = max(report.staffing, key=lambda half: half.requests)
    assert busiest.requests * 2 > PEAK * 0.07
    assert sum(half.requests for half in report.staffing) == pytest.approx(PEAK)


def test_hk_05_the_connect_rate_rolls_over_24_hours_and_warns_below_the_norm(profile: Path) -> None:
    """Connect rate ~93 %"""
    policy = read_policy(profile)
    calls = [
        arrival(f"{n}", stay() if n < 93 else stay(Result.ABANDONED, 40), at=after(n / 5)) for n in range(100)
    ]
    requests = [Request(at=call.at, answered=call.result is Result.ANSWERED) for call in calls]
    assert rolling_rate(requests, after(24)).value == 93.0
    report = report_of(Seen(window=DAY, as_of=after(23), arrivals=tuple(calls)), None, policy)
    assert report.rolling["rolling_connect_rate"].value == 93.0
    assert policy.connect_rate_target == 95
    assert report.outlook is not None
    assert report.outlook.misses_from is not None


def test_hk_07_calls_management_and_handling_are_rooms_that_do_not_know_each_other() -> None:
    """三位一体: 呼叫平台 + 管理平台 + 处理平台 command centre"""
    crossings = [
        f"{path} → {imported}"
        for room in ROOMS
        for path in modules(room)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module
        if (imported := node.module.partition(".")[0]) in ROOMS and imported != room
    ]
    assert {"queue_manager", "tickets"} <= set(ROOMS)
    assert crossings == []


async def test_hk_08_discipline_and_supervision_sit_in_the_centre_read_all_and_supervise(city: City) -> None:
    """Working group on each level; discipline, organisation and supervision offices station staff in

    the centre
    """
    stationed = Actor(name="派驻纪检", role=Role.STATIONED)
    assert may(stationed, May.READ)
    assert may(stationed, May.READ_AUDIT)
    assert not may(stationed, May.REVEAL)
    ticket = await city.take(await city.handling(), Action.SUPERVISE, stationed, text="请按期办结")
    assert ticket.work.supervisions[-1].by == "派驻纪检"
    for action in (Action.DONE, Action.DISPATCH, Action.ACCEPT, Action.CONFIDE):
        with pytest.raises(StepRefused):
            await city.take(ticket, action, stationed, outcome=outcome(city.clock.now()))


def test_hk_09_units_stand_on_five_levels_down_to_the_station(tmp_path: Path) -> None:
    """Five-level response: city, district, town/street, village/community, community station"""
    rows = [HEADINGS, *units_of_a_city((1, 4, 3, 2, 2))]
    tree = UnitTree(units_in(csv_file(tmp_path / "units.csv", rows), {}))
    levels = Counter(tree.level(one) for one in tree)
    assert levels == {1: 1, 2: 4, 3: 12, 4: 24, 5: 48}
    station = next(one for one in tree if tree.level(one) == 5)
    assert len(tree.above(station)) == 4


def test_hk_11_eighty_five_seats_work_in_shifts_and_the_need_is_known(
    database: Database, profile: Path
) -> None:
    """85 operators in shifts, 24 h"""
    seats = SeatRegister(database, StandingClock(), tuple(read_seat_rules(profile).queues))
    for number in range(8001, 8086):
        seats.add(f"{number}")
    assert len(seats.all()) == 85
    mean, peak = (calls * 0.1 * HANDLE_SECONDS / 3600 for calls in (3_400, PEAK))
    assert seats_needed(mean, 0.95, 15, HANDLE_SECONDS) == 24
    assert seats_needed(peak, 0.95, 15, HANDLE_SECONDS) == 63
    in_three_shifts = 85 // 3
    assert answered_within(mean, in_three_shifts, 15, HANDLE_SECONDS) > 0.95
    assert in_three_shifts < peak


async def test_hk_16_who_was_asked_first_stays_named_and_heads_take_turns_on_duty(
    city: City, tmp_path: Path
) -> None:
    """Rules: 《监督考核问责暂行办法》《首问责任制度》《成员单位负责人轮流值班制度》"""
    ticket = await city.closed()
    first, *_ = await city.desk.history(ticket.ticket_no)
    assert (first.action, first.actor) == ("登记", SEAT.name)
    refused = await city.take(
        await city.dispatched(), Action.REFUSE, HOUSING, reason="不归我们管", clause="三定方案"
    )
    assert [one.unit for one in refused.work.refusals] == [HOUSING.unit]
    register = UnitRegister(city.database, city.clock, "主任")
    heads = [
        ("住建局", f"2026-03-0{day}", "08:00", "08:00", name, "0898-1", "带班领导")
        for day, name in ((1, "王局长"), (2, "李局长"))
    ]
    register.import_roster(
        csv_file(tmp_path / "heads.csv", [("单位", "日期", "开始", "结束", "姓名", "电话", "身份"), *heads])
    )
    day = city.at("2026-03-01 00:00")
    shifts = register.shifts(day, day + timedelta(days=3))
    turns = [on_duty(shifts, day + timedelta(days=days, hours=9), Duty.LEADER) for days in (0, 1, 2)]
    assert [[shift.name for shift in turn] for turn in turns] == [["王局长"], ["李局长"], []]


def test_hk_02_a_thousandth_of_a_years_calls_is_laid_in_and_every_one_is_counted(
    database: Database, profile: Path
) -> None:
    """Before 2017 ≈ 270 k calls/year; 1 Jan–29 Aug 2017 542 k; year estimate 950 k (≈ 3.5×)"""
    rules = WorkRules(limits=read_limits(profile), flow=read_flow(profile), units=lambda: UnitTree(()))
    plan = FillPlan(calls=950, tickets=300, until=date(2026, 1, 1), days=365)
    Fill(plan, rules).run(database, lambda _done, _of: None)
    assert database.now(number_of_calls) == plan.calls
    year = asked_for(Kind.YEARLY, after(0), period_of(Kind.YEARLY, date(2025, 6, 1)))
    material = database.now(lambda one: material_between(one, year.before.since, year.as_of))
    circular = circular_of(year, material, read_circular_policy(profile))
    assert circular.figure("received").figure.num > plan.tickets * 0.9
    assert circular.trend.total == circular.figure("valid").figure.num
    assert all(check.holds for check in circular.checks)
