"""Who gets to the page on a telephone: nobody without a fitting link; and what leaders do there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.database import Database
from core.ids import TicketNo
from tests.fakes.channels import Counter
from tests.fakes.telephone import CONTACT, HEAD, UNIT, Telephone, as_user, path_for, post, with_unit
from tests.fakes.work import DIRECTOR, SUPERVISOR
from tickets import unit_store
from tickets.model import TicketState
from tickets.roles import Actor, Role
from tickets.wish import Action


@pytest.fixture
def counter(database: Database) -> Counter:
    return with_unit(Counter(database))


@pytest.fixture
async def phone(counter: Counter) -> Telephone:
    return Telephone(counter, await counter.office.dispatched())


class TestClosedDoors:
    async def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(self, phone: Telephone) -> None:
        counter, office = phone.counter, phone.counter.office
        other = await office.submitted()
        assert phone.holder is not None
        links = [
            "/m/x",
            phone.link[:-1] + ("A" if phone.link[-1] != "A" else "B"),
            path_for(counter, other.ticket_no, phone.holder),
            path_for(counter, TicketNo("260101000000000009"), phone.holder),
            path_for(counter, phone.ticket.ticket_no, replace(phone.holder, known_by="联络员 139")),
        ]
        answers = [await counter.client.get(link) for link in links]
        answers += [await post(counter, link, {"step": "签收", "version": "3"}) for link in links]
        office.clock.forward(8 * 86400)
        answers.append(await phone.look())
        assert {answer.status_code for answer in answers} == {403}
        assert len({answer.content for answer in answers}) == 1
        assert "楼道" not in answers[0].text
        assert answers[0].headers["cache-control"] == "no-store"
        assert phone.kept == phone.ticket

    async def test_who_is_no_contact_any_more_has_no_link_any_more(self, phone: Telephone) -> None:
        successor = replace(CONTACT, name="小吴", phone="13900002222")
        database = phone.counter.office.database
        database.now(lambda c: unit_store.put_units(c, [replace(UNIT, people=(successor,))]))
        assert (await phone.look()).status_code == 403

    async def test_a_user_who_was_switched_off_has_no_link_any_more(self, counter: Counter) -> None:
        ticket = await counter.office.submitted()
        link = path_for(counter, ticket.ticket_no, as_user(counter, SUPERVISOR))
        assert (await counter.client.get(link)).status_code == 200
        as_user(counter, SUPERVISOR, active=False)
        assert (await counter.client.get(link)).status_code == 403

    async def test_a_user_of_another_unit_sees_nothing(self, phone: Telephone) -> None:
        water = as_user(phone.counter, Actor(name="水务", role=Role.CONTACT, unit="03"))
        link = path_for(phone.counter, phone.ticket.ticket_no, water)
        assert (await phone.counter.client.get(link)).status_code == 403

    async def test_who_guesses_is_stopped_and_others_go_on(self, phone: Telephone) -> None:
        answers = [await phone.counter.client.get(f"/m/{number:048}") for number in range(21)]
        assert [answer.status_code for answer in answers] == [403] * 20 + [429]
        assert (await phone.look()).status_code == 200

    async def test_one_link_is_opened_no_more_than_sixty_times_a_minute(self, phone: Telephone) -> None:
        answers = [(await phone.look()).status_code for _ in range(61)]
        assert answers == [200] * 60 + [429]
        phone.counter.office.clock.forward(60)
        assert (await phone.look()).status_code == 200


class TestLeaders:
    async def test_a_leader_instructs_from_a_telephone(self, counter: Counter) -> None:
        office = counter.office
        ticket = await office.take(await office.submitted(), Action.TO_LEADER, DIRECTOR, text="请阅示")
        link = path_for(counter, ticket.ticket_no, as_user(counter, Actor(name="市长", role=Role.LEADER)))
        assert 'value="批示"' in (await counter.client.get(link)).text
        due = office.clock.now() + timedelta(days=3)
        told = {"text": "请住建局三天内办好", "unit": "住建局", "due": f"{due:%Y-%m-%dT%H:%M}"}
        form = {"step": "批示", "version": f"{ticket.version}", **told}
        assert (await post(counter, link, {**form, "due": "后天"})).status_code == 422
        assert (await post(counter, link, {**form, "unit": "没有的局"})).status_code == 422
        assert (await post(counter, link, form)).status_code == 303
        kept = office.kept(ticket.ticket_no)
        assert (kept.state, kept.work.supervisions[0].by) == (TicketState.TO_SIGN, "市长")
        assert kept.lead is not None
        assert (kept.lead.unit, kept.due) == ("02", due.replace(second=0, microsecond=0))

    async def test_a_supervisor_supervises_and_a_leader_does_not(self, counter: Counter) -> None:
        ticket = await counter.office.dispatched()
        pages = [
            (await counter.client.get(path_for(counter, ticket.ticket_no, as_user(counter, who)))).text
            for who in (SUPERVISOR, Actor(name="市长", role=Role.LEADER))
        ]
        assert ['value="督办"' in page for page in pages] == [True, False]

    async def test_the_head_of_a_unit_acts_as_its_head(self, counter: Counter) -> None:
        phone = Telephone(counter, await counter.office.dispatched(), HEAD)
        await phone.send(Action.SIGN)
        history = await counter.office.desk.history(phone.ticket.ticket_no)
        assert (history[-1].actor, history[-1].role) == ("王局长", "单位领导")
