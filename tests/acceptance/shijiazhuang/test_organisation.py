"""石家庄: who answers for what, and what is published of it."""

from datetime import date, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.acceptance.city import City
from tests.fakes.organisation import csv_file, unit
from tests.fakes.work import HOUSING, REVIEWER
from tickets.circulars.edition import Edition, content
from tickets.circulars.period import Kind, ended_before
from tickets.circulars.sheet_file import write_sheet_file
from tickets.roles import Actor, Role
from tickets.roster import whom_to_ring
from tickets.unit_register import UnitRegister
from tickets.units import Person, Post
from tickets.urgent_chain import Rung
from tickets.wish import Action

PEOPLE = (
    Person(post=Post.HEAD, name="王局长", phone="0311-1"),
    Person(post=Post.DEPUTY, name="李副局长", phone="0311-2"),
    Person(post=Post.CONTACT, name="赵联络", phone="0311-3"),
    Person(post=Post.OFFICER, name="钱经办", phone="0311-4"),
)


def test_sjz_02_a_unit_has_a_head_a_deputy_staff_and_duty_day_and_night(city: City, tmp_path: Path) -> None:
    """Units: main leader responsible, deputy in charge, full/part-time staff, 24 h duty"""
    register = UnitRegister(city.database, city.clock, "主任")
    kept = register.put(unit("02", "住建局", "01", people=PEOPLE, round_the_clock=True, duty_phone="0311-9"))
    assert [person.post for person in kept.people] == [Post.HEAD, Post.DEPUTY, Post.CONTACT, Post.OFFICER]
    whole = [("住建局", f"2026-03-{day:02d}", "08:00", "08:00", "张三", "0311-5") for day in range(1, 4)]
    register.import_roster(
        csv_file(tmp_path / "roster.csv", [("单位", "日期", "开始", "结束", "姓名", "电话"), *whole])
    )
    sunday = city.at("2026-03-01 08:00")
    assert register.gaps(sunday, sunday + timedelta(days=3)) == []
    (gap,) = register.gaps(sunday, sunday + timedelta(days=4))
    assert gap.begins == sunday + timedelta(days=3)
    rung = [whom_to_ring(kept, (), rung, sunday) for rung in Rung]
    assert [person.phone for person in rung if person] == ["0311-3", "0311-9", "0311-2"]


async def test_sjz_17_a_circular_comes_out_every_quarter_and_when_it_is_needed(city: City) -> None:
    """Circular once a quarter, ad hoc when needed"""
    ticket = await city.handling()
    quarters = [date(2026, month, 1) for month in (1, 4, 7, 10)]
    issued = {kind for day in quarters for kind, _ in ended_before(day, city.regular)}
    assert Kind.QUARTERLY in issued
    assert all(Kind.QUARTERLY in dict(ended_before(day, city.regular)) for day in quarters)
    assert Kind.QUARTERLY not in dict(ended_before(date(2026, 5, 1), city.regular))
    quarterly = city.circular(Kind.QUARTERLY)
    assert quarterly.title == "2026年第一季度热线工单季度排名"
    assert quarterly.figure("sent").figure.ids == (ticket.ticket_no,)
    assert city.circular(Kind.SPECIAL).period.name == "2026年第10周"


async def test_sjz_18_the_years_figures_of_each_unit_go_to_the_assessment_office(
    city: City, tmp_path: Path
) -> None:
    """In annual special assessment; year-end figures go to the assessment office"""
    done = await city.sent(await city.submitted())
    for _ in range(4):
        await city.sent(await city.submitted())
    await city.take(done, Action.SIGN, HOUSING)
    city.at("2027-01-01 00:00")
    assert Kind.YEARLY in dict(ended_before(date(2027, 1, 1), city.regular))
    city.at("2026-12-31 23:59")
    yearly = city.circular(Kind.YEARLY)
    (line,) = content(yearly)["units"]
    assert line["figures"]["sent"]["value"] == "5"
    assert line["figures"]["sign_rate"]["value"] == "20.00%"
    file = tmp_path / "2026.xlsx"
    write_sheet_file(Edition(circular=yearly), file)
    sheets = CalamineWorkbook.from_path(file)
    cells = [
        cell
        for name in sheets.sheet_names
        for row in sheets.get_sheet_by_name(name).to_python()
        for cell in row
    ]
    assert done.ticket_no in cells


async def test_sjz_19_head_and_handler_are_named_on_every_task(city: City) -> None:
    """Joint meeting with the efficiency office; severe cases → supervision department pursues head and

    handler
    """
    UnitRegister(city.database, city.clock, "主任").put(unit("02", "住建局", "01", people=PEOPLE))
    handler = Actor(name="钱经办", role=Role.CONTACT, unit="02")
    ticket = await city.take(await city.sent(await city.submitted()), Action.SIGN, handler)
    (task,) = ticket.work.tasks
    tree = UnitRegister(city.database, city.clock, "主任").tree()
    (head,) = tree.find(task.unit).people_as(Post.HEAD)
    assert (task.handler, head.name) == ("钱经办", "王局长")
    signed = next(event for event in await city.desk.history(ticket.ticket_no) if event.action == "签收")
    assert (signed.actor, signed.role) == ("钱经办", "联络员")
    assert REVIEWER.name in {event.actor for event in await city.desk.history(ticket.ticket_no)}
