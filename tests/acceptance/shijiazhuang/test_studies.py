"""石家庄: every unit studies the hotline's work once a quarter, and is reminded before the quarter ends."""

from datetime import date, timedelta

import pytest

from console.sms import SmsPost
from console.unit_notices import notify_unit
from core.database import Database
from tests.acceptance.city import City
from tests.fakes.organisation import unit
from tests.fakes.work import DIRECTOR, HOUSING
from tests.unit.console.test_sms import Gateway
from tickets import unit_store
from tickets.deadlines import UnitClass
from tickets.study import StudyKind
from tickets.study_desk import Entry, StudyDesk
from tickets.study_policy import read_study
from tickets.study_reminders import StudyReminders
from tickets.units import Person, Post

STUDY = Entry(
    unit="住建局", kind=StudyKind.STUDY, day=date(2026, 2, 10), topic="热线工作", chair="王局长", people=9
)


class Quarters:
    """A city that goes from day to day, with an engine that looks every two hours and sends what is kept."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.desk = StudyDesk(city.database, city.clock)
        self.policy = read_study(city.profile)
        self.gateway = Gateway()
        self.post = SmsPost(city.database, self.gateway, city.clock)

    def owing(self, day: str) -> list[str]:
        return [one.unit.name for one in self.desk.owing(date.fromisoformat(day), self.policy, DIRECTOR)]

    async def go_on_until(self, day: str) -> list[tuple[str, str]]:
        """Give when who was sent a message, until the midnight with which this day begins."""
        found = []
        city = self.city
        while f"{city.clock.now():%Y-%m-%d}" < day:
            # Another worker each time: nothing is remembered but what the database keeps.
            office = city.policies.limits.office
            await StudyReminders(city.database, self.policy, office, notify_unit).look(city.clock)
            while await self.post.send_next():
                found.append((f"{city.clock.now():%m-%d %H:%M}", self.gateway.taken[-1].phone))
            city.clock.forward(timedelta(hours=2).total_seconds())
        return found


@pytest.fixture
def quarters(city: City, database: Database) -> Quarters:
    def contact(phone: str) -> tuple[Person, ...]:
        return (Person(post=Post.CONTACT, name="赵联络", phone=phone),)

    fresh = [
        unit("01", "热线办", people=contact("0311-10001")),
        unit("02", "住建局", "01", people=contact("0311-20002")),
        unit("03", "水务局", "01", people=contact("0311-30003")),
        unit("0201", "物业科", "02", people=contact("0311-20102")),
        unit("04", "村联系点", "01", unit_class=UnitClass.CONTACT_POINT, people=contact("0311-40004")),
    ]
    database.now(lambda connection: unit_store.put_units(connection, fresh))
    return Quarters(city)


async def test_sjz_03_who_has_not_studied_by_the_quarters_last_fortnight_is_reminded_once(
    quarters: Quarters,
) -> None:
    """Each unit studies the work ≥ 1 per quarter"""
    quarters.city.at("2026-01-01 01:00")
    assert await quarters.go_on_until("2026-02-10") == []
    assert quarters.owing("2026-02-10") == ["热线办", "住建局", "物业科", "水务局", "村联系点"]
    quarters.city.at("2026-02-10 11:00")
    quarters.desk.add(STUDY, HOUSING)
    assert await quarters.go_on_until("2026-03-16") == []
    sent = await quarters.go_on_until("2026-04-01")
    assert {at for at, _ in sent} == {"03-16 09:00"}
    assert sorted(phone for _, phone in sent) == ["0311-10001", "0311-20102", "0311-30003", "0311-40004"]
    assert {one.text[:20] for one in quarters.gateway.taken} == {
        f"【12345热线】{name}在2026年第一季度"[:20] for name in ("热线办", "物业科", "水务局", "村联系点")
    }


async def test_sjz_03_the_next_quarter_begins_anew_and_a_study_entered_late_stops_the_reminder(
    quarters: Quarters,
) -> None:
    """Each unit studies the work ≥ 1 per quarter"""
    quarters.city.at("2026-03-31 09:00")
    assert len(await quarters.go_on_until("2026-04-01")) == 5
    assert quarters.owing("2026-03-31") == quarters.owing("2026-04-01")
    assert await quarters.go_on_until("2026-06-15") == []
    late = quarters.desk.add(
        Entry(unit="水务局", kind=StudyKind.STUDY, day=date(2026, 6, 1), topic="热线", chair="李", people=7),
        DIRECTOR,
    )
    training = Entry(
        unit="住建局", kind=StudyKind.TRAINING, day=date(2026, 6, 2), topic="热线", chair="李", people=7
    )
    quarters.desk.add(training, DIRECTOR)
    sent = await quarters.go_on_until("2026-06-16")
    assert sorted(phone for _, phone in sent) == ["0311-10001", "0311-20002", "0311-20102", "0311-40004"]
    quarters.desk.withdraw(late.number, "没有开成", DIRECTOR)
    assert "水务局" in quarters.owing("2026-06-30")
    assert [phone for _, phone in await quarters.go_on_until("2026-07-01")] == ["0311-30003"]
    assert await quarters.go_on_until("2026-09-14") == []
