"""The interface for other systems: one ticket for each delivery, order kept, nobody's data given away."""

import asyncio

import pytest

from core.database import Database
from core.events import TicketStepped
from tests.fakes.channels import DEMAND, SECRET, Counter
from tests.fakes.work import REVIEWER
from tickets import store, work_store
from tickets.model import TicketState
from tickets.roles import Role
from tickets.wish import Action

PROBLEM = "application/problem+json"


@pytest.fixture
def counter(database: Database) -> Counter:
    return Counter(database)


class TestHandingIn:
    async def test_a_demand_becomes_a_ticket_that_waits_for_the_reviewer(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        assert (ticket.state, ticket.src_channel) == (TicketState.TO_PREVIEW, "网站")
        assert (ticket.citizen.name, ticket.phone, ticket.address) == ("张三", "13812341234", "和平路1号")
        history = await counter.office.desk.history(ticket.ticket_no)
        assert [(event.action, event.actor, event.role) for event in history] == [
            ("登记", "web", "系统"),
            ("提交", "web", "系统"),
        ]

    async def test_the_same_delivery_a_hundred_times_is_one_ticket(self, counter: Counter) -> None:
        answers = await asyncio.gather(*(counter.hand_in() for _ in range(100)))
        assert len({answer.json()["ticket_no"] for answer in answers}) == 1
        assert sorted(answer.status_code for answer in answers) == [200] * 99 + [201]
        assert len(counter.office.database.now(lambda c: store.latest_tickets(c, 10))) == 1
        await counter.office.outbox.deliver_once()
        steps = [fact.action for fact in counter.office.ear.heard if isinstance(fact, TicketStepped)]
        assert steps == ["登记", "提交"]

    async def test_the_same_key_with_another_content_is_refused(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        again = await counter.hand_in(content="另一件事")
        assert (again.status_code, again.headers["content-type"]) == (409, PROBLEM)
        assert counter.office.kept(ticket.ticket_no) == ticket

    async def test_two_sources_may_use_the_same_key(self, counter: Counter) -> None:
        counter.give_key("province", Role.SYSTEM)
        first = await counter.hand_in()
        other = await counter.hand_in(source="province")
        assert first.json()["ticket_no"] != other.json()["ticket_no"]

    async def test_who_broke_off_in_the_middle_is_served_to_the_end_when_he_tells_it_again(
        self, counter: Counter
    ) -> None:
        broken = counter.office.desk.take

        async def away(*_told: object) -> None:
            raise ConnectionError

        counter.office.desk.take = away  # type: ignore[assignment,method-assign]
        with pytest.raises(ConnectionError):
            await counter.hand_in()
        counter.office.desk.take = broken  # type: ignore[method-assign]
        assert (await counter.handed_in()).state is TicketState.TO_PREVIEW

    async def test_whoever_asks_for_secrecy_has_it_before_anybody_sees_the_ticket(
        self, counter: Counter
    ) -> None:
        ticket = await counter.handed_in(confidential=True)
        steps = [event.action for event in await counter.office.desk.history(ticket.ticket_no)]
        assert ticket.citizen.confidential
        assert steps == ["登记", "设为保密", "提交"]

    @pytest.mark.parametrize("name", ["content", "title", "name", "address", "cause"])
    async def test_markup_is_only_text(self, counter: Counter, name: str) -> None:
        nasty = "'; DROP TABLE tickets; -- <script>alert(1)</script>"
        ticket = await counter.handed_in(**{name: nasty})
        assert nasty in (
            ticket.content,
            ticket.title,
            ticket.citizen.name,
            ticket.address,
            ticket.demand.cause,
        )

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"content": "  "}, "content"),
            ({"content": "a\x00b"}, "content"),
            ({"channel": "飞鸽"}, "channel"),
            ({"phone": "<b>1</b>"}, "phone"),
            ({"tittle": "x"}, "tittle"),
            ({"title": "长" * 201}, "title"),
        ],
    )
    async def test_what_cannot_be_taken_is_refused_in_one_sentence(
        self, counter: Counter, wrong: dict[str, str], field: str
    ) -> None:
        answer = await counter.hand_in(**wrong)
        told = answer.json()
        assert (answer.status_code, answer.headers["content-type"], told["field"]) == (422, PROBLEM, field)
        assert any("一" <= sign <= "鿿" for sign in told["title"])
        assert counter.office.database.now(lambda c: store.latest_tickets(c, 10)) == []

    async def test_a_body_that_is_too_large_is_refused(self, counter: Counter) -> None:
        answer = await counter.hand_in(content="长" * 200_000)
        assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)

    async def test_without_a_delivery_key_nothing_is_taken(self, counter: Counter) -> None:
        answer = await counter.client.post("/api/v1/tickets", json=DEMAND, headers=counter.signed())
        assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


class TestKeys:
    @pytest.mark.parametrize(
        "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}]
    )
    async def test_without_a_key_nobody_gets_in(self, counter: Counter, headers: dict[str, str]) -> None:
        for path in ("/api/v1/tickets", "/api/v1/tickets/260302090000000001"):
            answer = await counter.client.get(path, headers=headers)
            assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)

    async def test_a_reader_hands_nothing_in(self, counter: Counter) -> None:
        counter.give_key("paper", Role.REPORTS)
        assert (await counter.hand_in(source="paper")).status_code == 403

    async def test_a_source_sees_its_own_tickets_and_no_others(self, counter: Counter) -> None:
        counter.give_key("province", Role.SYSTEM)
        ticket = await counter.handed_in()
        path = f"/api/v1/tickets/{ticket.ticket_no}"
        other = await counter.client.get(path, headers=counter.signed("province"))
        nobody = await counter.client.get(path[:-1] + "9", headers=counter.signed("province"))
        assert (other.status_code, nobody.status_code) == (404, 404)
        listed = [
            len((await counter.client.get("/api/v1/tickets", headers=counter.signed(name))).json()["tickets"])
            for name in ("web", "province")
        ]
        assert listed == [1, 0]

    async def test_a_source_searches_among_its_own(self, counter: Counter) -> None:
        counter.give_key("province", Role.SYSTEM)
        await counter.hand_in("D-1", title="路灯坏了")
        await counter.hand_in("D-2", title="楼道漏水")
        await counter.hand_in("D-3", source="province", title="路灯坏了")
        path = "/api/v1/tickets?words=路灯&state=待派遣"
        answer = await counter.client.get(path, headers=counter.signed())
        assert [one["title"] for one in answer.json()["tickets"]] == ["路灯坏了"]


class TestUpdates:
    async def test_a_chase_is_kept_in_the_old_ticket_and_counts_once(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        for _ in range(3):
            assert (await counter.update(ticket.ticket_no, "U-1", 1)).status_code == 200
        assert [chase.text for chase in counter.office.kept(ticket.ticket_no).work.chases] == ["还没有人来修"]

    async def test_what_comes_out_of_order_is_refused_and_the_history_stays(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        await counter.update(ticket.ticket_no, "U-2", 2)
        before = await counter.office.desk.history(ticket.ticket_no)
        late = await counter.update(ticket.ticket_no, "U-1", 1, text="晚到的旧消息")
        assert (late.status_code, late.headers["content-type"]) == (409, PROBLEM)
        assert await counter.office.desk.history(ticket.ticket_no) == before

    async def test_what_is_added_stands_in_the_note(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        await counter.update(ticket.ticket_no, "U-1", 1, kind="补充", text="门牌是甲1号")
        assert counter.office.kept(ticket.ticket_no).demand.note == "门牌是甲1号"

    async def test_what_the_role_or_the_state_does_not_allow_changes_nothing(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        refused = await counter.update(ticket.ticket_no, "U-1", 1, kind="撤单")
        assert refused.status_code == 403
        office = counter.office
        await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",))
        late = await counter.update(ticket.ticket_no, "U-2", 2, kind="补充")
        assert late.status_code == 409
        assert office.kept(ticket.ticket_no).version == 3


class TestPersonalData:
    async def test_it_is_masked_everywhere(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        counter.give_key("paper", Role.REPORTS)
        for name in ("web", "paper"):
            for path in ("", f"/{ticket.ticket_no}"):
                answer = await counter.client.get(f"/api/v1/tickets{path}", headers=counter.signed(name))
                assert answer.status_code == 200
                assert "13812341234" not in answer.text
                assert "张三" not in answer.text

    async def test_of_a_confidential_one_not_even_the_masked_name_is_told(self, counter: Counter) -> None:
        ticket = await counter.handed_in(confidential=True)
        answer = await counter.client.get(f"/api/v1/tickets/{ticket.ticket_no}", headers=counter.signed())
        assert (answer.json()["name"], answer.json()["phone"]) == ("", "")

    async def test_every_reveal_is_kept_with_person_key_and_reason(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        counter.give_key("desk", Role.REVIEWER)
        answer = await counter.client.post(
            f"/api/v1/tickets/{ticket.ticket_no}/reveal",
            json={"person": "小王", "reason": "回拨核实"},
            headers=counter.signed("desk"),
        )
        assert (answer.status_code, answer.json()["phone"]) == (200, "13812341234")
        kept = counter.office.database.now(lambda c: work_store.reveals_of(c, ticket.ticket_no))
        assert [(one.actor, one.role, one.reason) for one in kept] == [("小王 (desk)", "派单员", "回拨核实")]

    @pytest.mark.parametrize(("role", "secret"), [(Role.REPORTS, False), (Role.REVIEWER, True)])
    async def test_who_may_not_see_it_is_refused_and_leaves_no_reveal(
        self, counter: Counter, role: Role, secret: bool
    ) -> None:
        ticket = await counter.handed_in(confidential=secret)
        counter.give_key("curious", role)
        answer = await counter.client.post(
            f"/api/v1/tickets/{ticket.ticket_no}/reveal",
            json={"person": "小王", "reason": "好奇"},
            headers=counter.signed("curious"),
        )
        assert answer.status_code == 403
        assert counter.office.database.now(lambda c: work_store.reveals_of(c, ticket.ticket_no)) == []


class TestTheCitizensQuery:
    async def test_number_and_code_show_how_it_stands(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        answer = await counter.query(ticket.ticket_no, ticket.query_code.lower())
        assert (answer.status_code, answer.json()["state"]) == (200, "待派遣")
        assert "13812341234" not in answer.text

    async def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        wrong_code = await counter.query(ticket.ticket_no, "AAAAAA")
        wrong_number = await counter.query("260101000000000009", ticket.query_code)
        nothing = await counter.query("", "")
        assert wrong_code.status_code == 404
        assert wrong_code.content == wrong_number.content == nothing.content

    async def test_who_guesses_is_stopped_and_may_ask_again_later(self, counter: Counter) -> None:
        ticket = await counter.handed_in()
        answers = [await counter.query(ticket.ticket_no, f"AAAA{number:02}") for number in range(11)]
        assert [answer.status_code for answer in answers] == [404] * 10 + [429]
        assert (await counter.query(ticket.ticket_no, ticket.query_code)).status_code == 429
        counter.office.clock.forward(3600)
        assert (await counter.query(ticket.ticket_no, ticket.query_code)).status_code == 200

    async def test_one_address_asks_no_more_than_twenty_times_a_minute(self, counter: Counter) -> None:
        answers = [await counter.query(f"2603020900000000{number:02}", "AAAAAA") for number in range(21)]
        assert [answer.status_code for answer in answers] == [404] * 20 + [429]


class TestChannels:
    async def test_a_short_message_and_a_letter_become_tickets(self, counter: Counter) -> None:
        sent = {"message_id": "m-1", "from": "13812341234", "text": "路灯坏了\n在和平路"}
        message = await counter.client.post("/api/v1/channels/sms", json=sent, headers=counter.signed())
        mail = {
            "message_id": "l-1",
            "from": "a@citizen.example",
            "subject": "噪音",
            "text": "夜里施工",
            "box": "市长信箱",
        }
        letter = await counter.client.post("/api/v1/channels/mail", json=mail, headers=counter.signed())
        kept = [counter.office.kept(answer.json()["ticket_no"]) for answer in (message, letter)]
        assert [(one.src_channel, one.title, one.phone) for one in kept] == [
            ("短信", "路灯坏了", "13812341234"),
            ("市长信箱", "噪音", ""),
        ]
        assert kept[1].citizen.contact_pref == "邮箱 a@citizen.example"

    async def test_a_problem_of_the_house_is_no_riddle(self, counter: Counter) -> None:
        assert (await counter.client.get("/api/v1/health")).json() == {"status": "ok"}
        nowhere = await counter.client.get("/api/v1/nowhere")
        assert (nowhere.status_code, nowhere.headers["content-type"]) == (404, PROBLEM)
        assert SECRET not in (await counter.client.get("/api/v1/openapi.json")).text
