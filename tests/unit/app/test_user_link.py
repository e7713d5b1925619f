"""``./hotline user link``: one person's link to one work order, for somebody who may see it."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.user import NoPublicUrl, link_for
from app.ticket_actions import NoSuchUser
from console.page_links import Links, holder_of
from core.clock import SystemClock
from core.database import Database
from core.ids import TicketNo
from tests.fakes.channels import LINKS
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.fakes.work import Office
from tickets.user_register import UserAsked, UserRegister
from tickets.user_store import users_known
from tickets.work_desk import MayNotSee, NoSuchTicket


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: NINE_O_CLOCK)
    with fresh_database(f"sqlite:///{tmp_path}/links.db") as database:
        yield database


@pytest.fixture
async def number(database: Database) -> TicketNo:
    ticket = await Office(database).dispatched()
    register = UserRegister(database, SystemClock(), "root")
    register.put(UserAsked(name="市长", role="接听领导"))
    register.put(UserAsked(name="水务周", role="联络员", unit="水务局"))
    register.put(UserAsked(name="前任", role="督办员", active=False))
    return ticket.ticket_no


def asked(name: str, number: str) -> argparse.Namespace:
    return argparse.Namespace(name=name, number=number)


def test_a_leader_gets_a_link_that_is_his(database: Database, number: TicketNo) -> None:
    address = link_for(asked("市长", number), database, LINKS)
    link = LINKS.read(address.rpartition("/")[2], NINE_O_CLOCK)
    [mayor] = [user for user in database.now(users_known) if user.name == "市长"]
    assert (link.number, link.mark) == (number, LINKS.mark(holder_of(mayor)))


def test_who_may_not_see_the_work_order_gets_no_link(database: Database, number: TicketNo) -> None:
    with pytest.raises(MayNotSee):
        link_for(asked("水务周", number), database, LINKS)
    for name in ("前任", "没有的人"):
        with pytest.raises(NoSuchUser):
            link_for(asked(name, number), database, LINKS)
    with pytest.raises(NoSuchTicket):
        link_for(asked("市长", "260101000000000009"), database, LINKS)


def test_without_a_public_address_the_setting_is_named(database: Database, number: TicketNo) -> None:
    with pytest.raises(NoPublicUrl, match="public_url"):
        link_for(asked("市长", number), database, Links(key="k", public_url="", days=7))
