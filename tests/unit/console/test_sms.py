"""Short messages: the right words to the right people, and none of them twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.http_post import NoAnswer, NotReached
from console.page_links import Links
from console.sms import MOST_TRIES, Refused, SmsDesk, SmsPost, Spool
from console.sms_store import MessageState, ShortMessage, messages_known, send_again
from console.sms_texts import read_texts
from core.database import Database
from core.errors import HotlineError
from core.events import TicketStepped
from tests.fakes.channels import LINKS
from tests.fakes.organisation import unit
from tests.fakes.work import PROFILE, REVIEWER, SEAT, SUPERVISOR, VISITOR, Office, outcome
from tickets import unit_store
from tickets.profile import PolicyWrong
from tickets.units import Person, Post
from tickets.wish import Action

NO_LINKS = Links(key="k", public_url="", days=7)


class Gateway:
    """Takes messages, or answers what it was told to."""

    def __init__(self) -> None:
        self.taken: list[ShortMessage] = []
        self.trouble: BaseException | None = None

    async def send(self, message: ShortMessage) -> str:
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(message)
        return "ok"


class Counter:
    """An office whose steps lead to short messages."""

    def __init__(self, database: Database, links: Links = NO_LINKS) -> None:
        self.office = Office(database)
        housing = unit("02", "住建局", "01")
        contact = Person(post=Post.CONTACT, name="小周", phone="13900001111")
        database.now(lambda c: unit_store.put_units(c, [replace(housing, people=(contact,))]))
        self.desk = SmsDesk(database, read_texts(PROFILE), links)
        self.gateway = Gateway()
        self.post = SmsPost(database, self.gateway, self.office.clock)

    async def tell(self, times: int = 1) -> None:
        await self.office.outbox.deliver_once()
        for fact in self.office.ear.heard:
            assert isinstance(fact, TicketStepped)
            for _ in range(times):
                await self.desk.keep(fact)
        self.office.ear.heard.clear()

    async def send_all(self) -> None:
        while await self.post.send_next():
            pass

    def kept(self, state: MessageState | None = None) -> list[ShortMessage]:
        return self.office.database.now(lambda c: messages_known(c, state, 100))


@pytest.fixture
def counter(database: Database) -> Counter:
    return Counter(database)


async def test_the_citizen_hears_number_and_code_and_the_contact_hears_of_the_order(counter: Counter) -> None:
    ticket = await counter.office.dispatched()
    await counter.tell()
    await counter.send_all()
    first, second = counter.gateway.taken
    assert (first.phone, second.phone) == ("13812341234", "13900001111")
    assert ticket.ticket_no in first.text
    assert ticket.query_code in first.text
    assert "住建局" in second.text
    assert ticket.query_code not in second.text


async def test_with_a_public_address_the_unit_gets_a_link_that_opens_its_order(database: Database) -> None:
    counter = Counter(database, LINKS)
    office = counter.office
    ticket = await office.dispatched()
    await office.take(ticket, Action.URGE, SEAT, arrival="2.1", text="还没有人来")
    await office.take(ticket, Action.SUPERVISE, SUPERVISOR, text="请今天办好")
    await counter.tell(times=2)
    told = [one for one in counter.kept() if one.phone == "13900001111"]
    assert {one.kind for one in told} == {"派单", "催办", "督办"}
    for one in told:
        address = one.text.rpartition("手机办理 ")[2]
        link = LINKS.read(address.removeprefix("https://12345.city.example/hotline/m/"), one.at)
        assert link.number == ticket.ticket_no
        assert link.until - one.at == timedelta(days=7)
    assert all("https" not in one.text for one in counter.kept() if one.phone == ticket.phone)


async def test_without_a_public_address_no_message_has_a_link(counter: Counter) -> None:
    await counter.office.dispatched()
    await counter.tell()
    assert all("手机" not in one.text and "http" not in one.text for one in counter.kept())


async def test_the_heads_of_a_unit_are_told_when_the_texts_say_so(database: Database, tmp_path: Path) -> None:
    counter = Counter(database, LINKS)
    rule = 'name = "x"\non = ["督办"]\nto = "单位领导"\ntext = "{unit}"\nwith_link = " {link}"'
    (tmp_path / "sms.toml").write_text(f"[[message]]\n{rule}", encoding="utf-8")
    people = tuple(
        Person(post=post, name=f"某{place}", phone=f"1390000222{place}")
        for place, post in enumerate((Post.CONTACT, Post.HEAD, Post.DEPUTY, Post.OFFICER))
    )
    database.now(lambda c: unit_store.put_units(c, [unit("02", "住建局", "01", people=people)]))
    counter.desk = SmsDesk(database, read_texts(tmp_path), LINKS)
    ticket = await counter.office.dispatched()
    await counter.office.take(ticket, Action.SUPERVISE, SUPERVISOR, text="请今天办好")
    await counter.tell()
    assert sorted(one.phone for one in counter.kept()) == ["13900002221", "13900002222"]
    assert all(one.text.startswith("住建局 https://") for one in counter.kept())


async def test_the_result_goes_to_the_citizen_once(counter: Counter) -> None:
    await counter.office.closed()
    await counter.tell()
    await counter.send_all()
    results = [one.text for one in counter.gateway.taken if one.kind == "办结"]
    assert len(results) == 1
    assert outcome(counter.office.clock.now()).result in results[0]


async def test_whoever_was_merged_hears_the_result_too(counter: Counter) -> None:
    office = counter.office
    main, other = await office.handling(), await office.submitted(phone="13911112222")
    await office.take(other, Action.MERGE, REVIEWER, parent=main.ticket_no, reason="同一件事")
    ticket = await office.take(await office.reported(main), Action.ACCEPT, REVIEWER)
    await office.take(ticket, Action.VISITED, VISITOR, visit=office.visit())
    await counter.tell(times=2)
    await counter.send_all()
    [told] = [one for one in counter.gateway.taken if one.kind == "并单办结"]
    assert told.phone == "13911112222"
    assert "现已办结" in told.text
    assert main.ticket_no not in told.text


async def test_a_fact_that_is_told_again_sends_nothing_again(counter: Counter) -> None:
    await counter.office.submitted()
    await counter.tell(times=3)
    await counter.send_all()
    assert len(counter.gateway.taken) == 1


async def test_what_was_sent_is_not_sent_after_a_restart(counter: Counter) -> None:
    await counter.office.submitted()
    await counter.tell()
    await counter.send_all()
    again = SmsPost(counter.office.database, counter.gateway, counter.office.clock)
    assert not await again.send_next()
    assert len(counter.gateway.taken) == 1


async def test_what_was_on_its_way_when_we_died_is_left_to_a_person(counter: Counter) -> None:
    await counter.office.submitted()
    await counter.tell()

    class Died(BaseException):
        pass

    counter.gateway.trouble = Died()
    with pytest.raises(Died):
        await counter.post.send_next()
    fresh = Gateway()
    again = SmsPost(counter.office.database, fresh, counter.office.clock)
    assert not await again.send_next()
    [doubtful] = counter.kept(MessageState.UNCERTAIN)
    now = counter.office.clock.now()
    assert counter.office.database.now(lambda c: send_again(c, doubtful.once, now))
    assert await again.send_next()
    assert [one.once for one in fresh.taken] == [doubtful.once]


async def test_a_gateway_that_is_away_gets_it_later_and_not_for_ever(counter: Counter) -> None:
    await counter.office.submitted()
    await counter.tell()
    counter.gateway.trouble = NotReached(reason="away")
    for _ in range(MOST_TRIES):
        assert await counter.post.send_next()
        assert not await counter.post.send_next()
        counter.office.clock.forward(3600)
    [failed] = counter.kept()
    assert (failed.state, failed.tries) == (MessageState.FAILED, MOST_TRIES)


@pytest.mark.parametrize(
    ("trouble", "state"),
    [(NoAnswer(reason="ReadTimeout"), MessageState.UNCERTAIN), (Refused(status=400), MessageState.FAILED)],
)
async def test_what_may_have_been_sent_or_was_refused_is_not_tried_again(
    counter: Counter, trouble: HotlineError, state: MessageState
) -> None:
    await counter.office.submitted()
    await counter.tell()
    counter.gateway.trouble = trouble
    await counter.send_all()
    counter.gateway.trouble = None
    counter.office.clock.forward(86400)
    await counter.send_all()
    assert counter.gateway.taken == []
    assert [one.state for one in counter.kept()] == [state]


@pytest.mark.parametrize("phone", ["", "anonymous", "1" * 30, "110;rm"])
async def test_who_has_no_number_gets_no_message(counter: Counter, phone: str) -> None:
    await counter.office.submitted(phone=phone)
    await counter.tell()
    assert counter.kept() == []


async def test_without_a_gateway_every_message_is_a_whole_file(counter: Counter, tmp_path: Path) -> None:
    ticket = await counter.office.submitted()
    await counter.tell()
    post = SmsPost(counter.office.database, Spool(folder=tmp_path / "sms"), counter.office.clock)
    assert await post.send_next()
    [file] = (tmp_path / "sms").iterdir()
    assert ticket.ticket_no in file.read_text(encoding="utf-8")
    assert [one.said for one in counter.kept(MessageState.SENT)] == [file.name]


async def test_a_step_without_a_text_sends_nothing(counter: Counter) -> None:
    ticket = await counter.office.opened()
    await counter.office.take(ticket, Action.EDIT, SEAT, fields={"title": "新标题"})
    await counter.tell()
    assert counter.kept() == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('on = ["起飞"]', "没有这个步骤"),
        ('text = "{name}"', "花括号里只能写"),
        ('text = "{number"', "花括号没有配对"),
        ('text = "{link}"', "花括号里只能写"),
        ('with_link = "{link}"', "不能发给来电人"),
        ('to = "路人"', "只能写"),
    ],
)
def test_a_mistake_in_the_texts_is_named(tmp_path: Path, line: str, reason: str) -> None:
    told = {"name": 'name = "受理"', "on": 'on = ["提交"]', "to": 'to = "来电人"', "text": 'text = "好"'}
    told[line.split(" ", maxsplit=1)[0]] = line
    (tmp_path / "sms.toml").write_text("[[message]]\n" + "\n".join(told.values()), encoding="utf-8")
    with pytest.raises(PolicyWrong, match=reason):
        read_texts(tmp_path)
