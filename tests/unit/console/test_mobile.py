"""The page on a telephone: what a unit sees and may do there, once each."""

import base64
import hashlib
import html
import re
from datetime import timedelta

import pytest

from core.database import Database
from tests.fakes.channels import LINKS, Counter
from tests.fakes.telephone import Telephone, post, with_unit
from tests.fakes.work import FIVE, HOUSING, REVIEWER, SEAT
from tickets import work_store
from tickets.model import TicketState
from tickets.tasks import TaskState
from tickets.wish import Action

NASTY = "<script>alert('1')</script>\"><img src=x>"
RESULT = {"result": "水管已换", "proof": "3月2日10点电话答复", "head": "王局长"}


@pytest.fixture
def counter(database: Database) -> Counter:
    return with_unit(Counter(database))


@pytest.fixture
async def phone(counter: Counter) -> Telephone:
    return Telephone(counter, await counter.office.dispatched())


class TestSeeing:
    async def test_the_page_shows_the_work_order_without_the_citizens_data(self, phone: Telephone) -> None:
        answer = await phone.look()
        assert answer.status_code == 200
        for shown in (phone.ticket.ticket_no, "待签收", "楼道漏水", "投诉", "住建局 主办", "还有", "派单"):
            assert shown in answer.text
        for hidden in ("张三", "13812341234"):
            assert hidden not in answer.text

    async def test_of_a_confidential_one_not_even_the_address_is_told(self, phone: Telephone) -> None:
        await phone.counter.office.take(phone.ticket, Action.CONFIDE, SEAT)
        text = (await phone.look()).text
        assert "和平路" not in text
        assert "138****" not in text
        assert "查看来电人" not in text

    async def test_nothing_of_it_is_kept_loaded_or_found(self, phone: Telephone) -> None:
        answer = await phone.look()
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        style = answer.text.partition("<style>")[2].partition("</style>")[0]
        assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
        assert not re.search(r"<script|<link|<img|src=|style=|https?://", answer.text)

    @pytest.mark.parametrize("field", ["title", "content", "address", "name", "cause"])
    async def test_markup_in_any_field_is_only_text(self, counter: Counter, field: str) -> None:
        office = counter.office
        ticket = await office.take(
            await office.opened(fields={**FIVE, field: NASTY}), Action.SUBMIT, SEAT, reason=NASTY
        )
        opinion = await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",), text=NASTY)
        text = (await Telephone(counter, opinion).look()).text
        # The name alone is masked, wherever it stands.
        assert (NASTY if field != "name" else "<***") in html.unescape(text)
        assert "<script" not in text
        assert "<img" not in text

    async def test_markup_that_was_typed_comes_back_as_text(self, phone: Telephone) -> None:
        refused = await phone.send(Action.REFUSE, reason=NASTY)
        stale = await phone.send_old(1, Action.PROGRESS, text=NASTY)
        told = await phone.counter.client.get(f"{phone.link}?done={NASTY}")
        assert NASTY in html.unescape(refused.text)
        assert NASTY in html.unescape(stale.text)
        for answer in (refused, stale, told):
            assert "<script" not in answer.text
            assert "<img" not in answer.text

    @pytest.mark.parametrize(
        ("minutes", "words"), [(0, "还有"), (60 * 24 * 60, "已超期")], ids=["in time", "late"]
    )
    async def test_how_much_time_is_left_is_said(self, phone: Telephone, minutes: int, words: str) -> None:
        lead = phone.kept.lead
        assert lead is not None
        link = LINKS.sealed(
            phone.ticket.ticket_no,
            phone.holder,  # type: ignore[arg-type]  # there is one
            phone.counter.office.clock.now() + timedelta(days=99),
        )
        phone.counter.office.clock.forward(minutes * 60)
        assert words in (await phone.counter.client.get(f"/m/{link}")).text


class TestSteps:
    async def test_only_what_the_desk_allows_now_is_offered(self, phone: Telephone) -> None:
        first = await phone.offered()
        assert {"签收", "退单", "报进展", "联系群众", "reveal"} <= first
        assert first.isdisjoint({"办结上报", "申请延期", "批示", "督办", "派单"})
        await phone.send(Action.SIGN)
        second = await phone.offered()
        assert {"办结上报", "申请延期", "退单"} <= second
        assert "签收" not in second

    async def test_a_unit_signs_contacts_tells_and_finishes_on_a_telephone(self, phone: Telephone) -> None:
        for action, typed, state in (
            (Action.SIGN, {}, TicketState.HANDLING),
            (Action.CONTACT, {"text": "10点电话联系"}, TicketState.HANDLING),
            (Action.PROGRESS, {"text": "师傅已到"}, TicketState.HANDLING),
            (Action.DONE, RESULT, TicketState.TO_CHECK),
        ):
            phone.counter.office.clock.forward(60)
            answer = await phone.send(action, **typed)
            assert (answer.status_code, phone.kept.state) == (303, state)
            assert "已记下" in (await phone.counter.client.get(phone.link + answer.headers["location"])).text
        lead = phone.kept.lead
        assert lead is not None
        assert (lead.handler, lead.contacts[0].how, lead.outcomes[0].result) == (
            "小周",
            "10点电话联系",
            "水管已换",
        )
        [done] = [e for e in await phone.counter.office.desk.history(phone.ticket.ticket_no) if e.seq == 7]
        assert (done.actor, done.role, done.reason) == ("小周", "联络员", "水管已换")

    async def test_a_unit_refuses_with_reason_and_clause(self, phone: Telephone) -> None:
        missing = await phone.send(Action.REFUSE, reason="不归我局")
        assert (missing.status_code, phone.kept.version) == (422, phone.ticket.version)
        assert "退单要写明依据的条款" in missing.text
        assert "不归我局</textarea>" in missing.text
        await phone.send(Action.REFUSE, reason="不归我局", clause="第3条")
        assert phone.kept.state is TicketState.TO_PREVIEW
        assert phone.kept.work.refusals[0].clause == "第3条"
        assert (await phone.look()).status_code == 200

    async def test_a_unit_asks_for_time(self, phone: Telephone) -> None:
        await phone.send(Action.SIGN)
        assert "时限要写成" in (await phone.send(Action.ASK_EXTENSION, limit="很久", reason="等材料")).text
        assert (await phone.send(Action.ASK_EXTENSION, limit="3个工作日", reason="等材料")).status_code == 303
        assert phone.kept.state is TicketState.EXT_PENDING

    async def test_who_only_assists_finishes_his_part(self, counter: Counter) -> None:
        ticket = await counter.office.submitted()
        ticket = await counter.office.take(
            ticket, Action.DISPATCH, REVIEWER, leads=("水务局",), assists=("住建局",)
        )
        phone = Telephone(counter, ticket)
        await phone.send(Action.SIGN)
        assert {"任务办结"} <= await phone.offered() - {"办结上报"} == await phone.offered()
        await phone.send(Action.TASK_DONE, text="已协助")
        assert [task.state for task in phone.kept.work.tasks if task.unit == "02"] == [TaskState.DONE]

    async def test_what_is_not_offered_is_refused_all_the_same(self, phone: Telephone) -> None:
        for action in (Action.DONE, Action.INSTRUCT, Action.APPROVE):
            assert (await phone.send(action, **RESULT)).status_code == 422
        assert phone.kept == phone.ticket

    @pytest.mark.parametrize("step", ["派单", "审核通过", "设为保密", "", "撤单"])
    async def test_a_step_that_no_form_has_is_never_taken(self, phone: Telephone, step: str) -> None:
        answer = await post(phone.counter, phone.link, {"step": step, "version": "3", "reason": "x"})
        assert (answer.status_code, phone.kept) == (422, phone.ticket)

    @pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"step=%E7%AD%BE%E6%94%B6&version=x", b"&" * 100])
    async def test_what_is_no_form_changes_nothing(self, phone: Telephone, body: bytes) -> None:
        answer = await phone.counter.client.post(phone.link, content=body)
        assert (answer.status_code, phone.kept) == (422, phone.ticket)

    async def test_what_may_not_be_kept_is_refused(self, phone: Telephone) -> None:
        answer = await phone.send(Action.PROGRESS, text="a\x00b")
        assert (answer.status_code, phone.kept) == (422, phone.ticket)

    async def test_what_is_still_missing_for_a_step_is_said(self, phone: Telephone) -> None:
        await phone.send(Action.SIGN)
        office = phone.counter.office
        office.clock.forward(90 * 86400)
        again = Telephone(phone.counter, phone.ticket)
        assert "已经超过时限" in (await again.look()).text


class TestTwiceAndStale:
    async def test_the_same_form_sent_twice_is_taken_once(self, phone: Telephone) -> None:
        version = phone.kept.version
        answers = [await phone.send_old(version, Action.PROGRESS, text="在路上") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [303] * 3
        assert [task.progress[0].text for task in phone.kept.work.tasks] == ["在路上"]
        assert len(phone.kept.work.tasks[0].progress) == 1

    async def test_a_stale_form_says_so_shows_the_new_state_and_keeps_what_was_typed(
        self, phone: Telephone
    ) -> None:
        version = phone.kept.version
        await phone.counter.office.take(phone.ticket, Action.SIGN, HOUSING)
        answer = await phone.send_old(version, Action.PROGRESS, text="写了很久的进展")
        assert answer.status_code == 409
        assert "被别人改过" in answer.text
        assert "办理中" in answer.text
        assert "写了很久的进展" in answer.text
        assert phone.kept.version == version + 1

    async def test_other_words_on_an_old_form_are_not_taken_for_the_same(self, phone: Telephone) -> None:
        version = phone.kept.version
        await phone.send_old(version, Action.PROGRESS, text="在路上")
        assert (await phone.send_old(version, Action.PROGRESS, text="到了")).status_code == 409

    async def test_what_was_typed_for_a_step_that_is_gone_is_shown(self, phone: Telephone) -> None:
        version = phone.kept.version
        office = phone.counter.office
        await office.take(phone.ticket, Action.TAKE_BACK_DISPATCH, REVIEWER, reason="派错了")
        answer = await phone.send_old(version, Action.PROGRESS, text="写了很久的进展")
        assert "您刚才写的" in answer.text
        assert "写了很久的进展" in answer.text


class TestRevealing:
    async def test_name_and_number_are_shown_for_a_reason_that_is_kept(self, phone: Telephone) -> None:
        answer = await post(phone.counter, phone.link, {"step": "reveal", "reason": "联系核实"})
        assert "张三 13812341234" in answer.text
        kept = phone.counter.office.database.now(lambda c: work_store.reveals_of(c, phone.ticket.ticket_no))
        assert [(one.actor, one.role, one.reason) for one in kept] == [
            ("小周", "联络员", "手机页面: 联系核实")
        ]
        assert "13812341234" not in (await phone.look()).text

    @pytest.mark.parametrize(("reason", "secret"), [("  ", False), ("好奇", True), ("核实\x00", False)])
    async def test_without_a_reason_or_of_a_confidential_one_nothing_is_shown(
        self, phone: Telephone, reason: str, *, secret: bool
    ) -> None:
        office = phone.counter.office
        if secret:
            await office.take(phone.ticket, Action.CONFIDE, SEAT)
        answer = await post(phone.counter, phone.link, {"step": "reveal", "reason": reason})
        assert answer.status_code == 422
        assert "13812341234" not in answer.text
        assert office.database.now(lambda c: work_store.reveals_of(c, phone.ticket.ticket_no)) == []
