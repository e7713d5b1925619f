"""What is refused at the desk for work orders, what is merged, and who sees secrets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.database import Database
from core.errors import HotlineError
from core.ids import TicketNo
from tests.fakes.work import (
    DIRECTOR,
    FIVE,
    HOUSING,
    LEADER,
    REVIEWER,
    SEAT,
    Office,
    outcome,
)
from tickets import file_store
from tickets.clock_changes import DueInThePast
from tickets.guards import StepRefused
from tickets.merged import MergeImpossible
from tickets.model import Attachment, TicketState
from tickets.steps_intake import NoSuchField, TextUnusable, ValueUnknown
from tickets.transitions import NotInThisState, NotYourRole
from tickets.units import NamedTwice, NoSuchUnit, TwoLeads, UnitClosed
from tickets.wish import Action, Wish
from tickets.work_desk import (
    MayNotSee,
    NoSuchTicket,
    NothingToDo,
    StaleVersion,
    StepOutOfOrder,
)

TEXTS = (
    *("name", "other_phone", "enterprise_name", "contact_pref", "address", "content", "title", "category"),
    *("occurred_at", "district", "about", "cause", "missing_because", "urgency_reason", "note"),
)
NASTY = "'); DROP TABLE tickets; --<script>alert(1)</script>&amp;\"\\%_"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


class TestChase:
    async def test_it_is_attached_to_the_old_one_and_voids_the_draft(self, office: Office) -> None:
        old, draft = await office.handling(), await office.opened()
        wish = Wish(action=Action.URGE, actor=SEAT, at=office.clock.now(), arrival=draft.call_id, text="快点")
        for _ in range(2):
            old = await office.desk.urge(old.ticket_no, wish, None)
        await office.desk.take(
            draft.ticket_no, replace(wish, action=Action.MERGE, parent=old.ticket_no, reason="催办")
        )
        assert len(old.work.chases) == 1
        assert office.kept(draft.ticket_no).state is TicketState.MERGED

    async def test_both_happen_or_neither(self, office: Office) -> None:
        old = await office.handling()
        wish = Wish(action=Action.URGE, actor=SEAT, at=office.clock.now(), arrival="x", text="快点")
        with pytest.raises(NoSuchTicket):
            await office.desk.urge(old.ticket_no, wish, TicketNo("1"))
        assert office.kept(old.ticket_no) == old

    async def test_nothing_is_merged_into_itself_in_a_circle_or_into_what_has_ended(
        self, office: Office
    ) -> None:
        one, other = await office.submitted(), await office.submitted()
        with pytest.raises(StepRefused):
            await office.take(one, Action.MERGE, REVIEWER, parent=one.ticket_no)
        await office.take(one, Action.MERGE, REVIEWER, parent=other.ticket_no)
        with pytest.raises(MergeImpossible):
            await office.take(other, Action.MERGE, REVIEWER, parent=one.ticket_no)
        again = await office.take(one, Action.UNMERGE, REVIEWER, reason="不是一件事")
        assert (again.state, again.work.parent) == (TicketState.TO_PREVIEW, None)


class TestRefused:
    async def test_a_stale_version_is_named(self, office: Office) -> None:
        ticket = await office.submitted()
        await office.take(ticket, Action.EDIT, REVIEWER, fields={"title": "新"}, version=ticket.version)
        with pytest.raises(StaleVersion, match="别人改过"):
            await office.take(ticket, Action.EDIT, REVIEWER, fields={"title": "旧"}, version=ticket.version)

    async def test_a_step_before_the_last_one_is_refused(self, office: Office) -> None:
        ticket = await office.submitted()
        office.clock.forward(-3600)
        with pytest.raises(StepOutOfOrder):
            await office.take(ticket, Action.RETURN, REVIEWER, reason="x")

    @pytest.mark.parametrize(
        ("leads", "assists", "error"),
        [
            (("没有的局",), (), NoSuchUnit),
            (("住建局", "水务局"), (), TwoLeads),
            (("住建局",), ("02",), NamedTwice),
            (("旧局",), (), UnitClosed),
        ],
    )
    async def test_a_wrong_unit_is_refused_and_nothing_changes(
        self, office: Office, leads: tuple[str, ...], assists: tuple[str, ...], error: type[HotlineError]
    ) -> None:
        ticket = await office.submitted()
        with pytest.raises(error):
            await office.take(ticket, Action.DISPATCH, REVIEWER, leads=leads, assists=assists)
        assert office.kept(ticket.ticket_no) == ticket
        assert len(await office.desk.history(ticket.ticket_no)) == ticket.version

    async def test_a_due_time_in_the_past_is_refused(self, office: Office) -> None:
        ticket = await office.submitted()
        past = office.clock.now() - timedelta(hours=1)
        with pytest.raises((StepRefused, DueInThePast)):
            await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",), due=past)

    async def test_a_unit_that_told_nobody_is_not_done(self, office: Office) -> None:
        ticket = await office.handling()
        bare = outcome(office.clock.now(), proof="")
        with pytest.raises(StepRefused, match="证明"):
            await office.take(ticket, Action.DONE, HOUSING, outcome=bare)

    async def test_a_step_that_the_state_or_the_role_does_not_allow_is_named(self, office: Office) -> None:
        ticket = await office.submitted()
        with pytest.raises(NotInThisState, match="待派遣"):
            await office.take(ticket, Action.ACCEPT, REVIEWER)
        with pytest.raises(NotYourRole, match="话务员"):
            await office.take(ticket, Action.DISPATCH, SEAT, leads=("住建局",))

    async def test_an_attachment_of_20_megabytes_is_refused(self, office: Office) -> None:
        ticket = await office.submitted()
        big = Attachment(name="a.zip", size=20_000_000, sha256="0" * 64)
        with pytest.raises(StepRefused, match="太大"):
            await office.take(ticket, Action.ATTACH, SEAT, attachment=big)
        for _ in range(2):
            ticket = await office.take(ticket, Action.ATTACH, SEAT, attachment=replace(big, size=5))
        assert len(ticket.demand.attachments) == 1
        rows = office.database.now(lambda connection: file_store.files_of(connection, ticket.ticket_no))
        assert [(row.name, row.size, row.by) for row in rows] == [("a.zip", 5, SEAT.name)]

    async def test_markup_and_quotes_are_only_characters_in_every_field(self, office: Office) -> None:
        told = {field: f"{field}{NASTY}" for field in TEXTS}
        ticket = office.kept((await office.opened(fields={**FIVE, **told})).ticket_no)
        places = (ticket, ticket.citizen, ticket.demand)
        kept = {f: getattr(place, f) for f in TEXTS for place in places if hasattr(place, f)}
        assert kept == told

    async def test_markup_and_quotes_are_only_characters_in_every_word_of_a_step(
        self, office: Office
    ) -> None:
        ticket = await office.take(await office.submitted(), Action.RETURN, REVIEWER, reason=NASTY)
        ticket = await office.take(ticket, Action.COMPLETE, SEAT, reason=NASTY)
        ticket = await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",), text=NASTY)
        ticket = await office.take(ticket, Action.REFUSE, HOUSING, reason=NASTY, clause=NASTY)
        told = [event.reason for event in await office.desk.history(ticket.ticket_no)]
        assert told[2:] == [NASTY] * 4
        assert (ticket.work.refusals[0].clause, ticket.work.opinion) == (NASTY, NASTY)
        with pytest.raises(NoSuchUnit):
            await office.take(ticket, Action.DISPATCH, REVIEWER, leads=(NASTY,))

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"state": "closed"}, NoSuchField),
            ({"urgency": "很急"}, ValueUnknown),
            ({"mass": "许多"}, ValueUnknown),
            ({"title": "长" * 201}, TextUnusable),
            ({"title": "铃\x07"}, TextUnusable),
            ({"title": "零\x00"}, TextUnusable),
        ],
    )
    async def test_a_field_that_cannot_be_so_is_refused(
        self, office: Office, fields: dict[str, str], error: type[HotlineError]
    ) -> None:
        ticket = await office.opened()
        with pytest.raises(error):
            await office.take(ticket, Action.EDIT, SEAT, fields=fields)

    async def test_what_nobody_can_write_is_refused_in_a_reason_too(self, office: Office) -> None:
        ticket = await office.submitted()
        with pytest.raises(TextUnusable):
            await office.take(ticket, Action.RETURN, REVIEWER, reason="零\x00")
        with pytest.raises(TextUnusable):
            await office.opened(phone="138\x00")

    async def test_the_same_delivery_a_hundred_times_is_one_work_order(self, office: Office) -> None:
        arrival = office.arrival(channel="微信", key="长" * 100)
        opened = [await office.desk.open(arrival) for _ in range(100)]
        assert len({ticket.ticket_no for ticket in opened}) == 1
        assert len(await office.desk.history(opened[0].ticket_no)) == 1


class TestAskingBeforehand:
    async def test_each_step_is_told_what_would_refuse_it_and_none_is_taken(self, office: Office) -> None:
        ticket = await office.dispatched()
        now = office.clock.now()
        wishes = [
            Wish(action=Action.SIGN, actor=HOUSING, at=now),
            Wish(action=Action.REFUSE, actor=HOUSING, at=now, reason="不归我局"),
            Wish(action=Action.DONE, actor=HOUSING, at=now),
            Wish(action=Action.DISPATCH, actor=HOUSING, at=now),
        ]
        told = await office.desk.refusals(ticket.ticket_no, wishes)
        assert [type(one) for one in told] == [type(None), StepRefused, NotInThisState, NotInThisState]
        assert office.kept(ticket.ticket_no) == ticket
        assert len(await office.desk.history(ticket.ticket_no)) == ticket.version

    async def test_what_would_change_nothing_is_not_to_be_done(self, office: Office) -> None:
        ticket = await office.handling()
        ticket = await office.take(ticket, Action.ARRIVE, HOUSING)
        arrive = Wish(action=Action.ARRIVE, actor=HOUSING, at=office.clock.now())
        [told] = await office.desk.refusals(ticket.ticket_no, [arrive])
        assert isinstance(told, NothingToDo)


class TestSecrets:
    async def test_whoever_sees_a_number_is_on_record(self, office: Office) -> None:
        ticket = await office.submitted()
        with pytest.raises(MayNotSee):
            await office.desk.reveal(ticket.ticket_no, LEADER, office.clock.now(), "看看")
        with pytest.raises(MayNotSee):
            await office.desk.reveal(ticket.ticket_no, SEAT, office.clock.now(), "")
        shown = await office.desk.reveal(ticket.ticket_no, SEAT, office.clock.now(), "回拨")
        assert shown.phone == "13812341234"

    async def test_a_secret_one_is_shown_to_few(self, office: Office) -> None:
        ticket = await office.take(await office.submitted(), Action.CONFIDE, SEAT)
        with pytest.raises(MayNotSee):
            await office.desk.reveal(ticket.ticket_no, REVIEWER, office.clock.now(), "回拨")
        await office.desk.reveal(ticket.ticket_no, DIRECTOR, office.clock.now(), "领导要求")
        ticket = await office.take(ticket, Action.UNCONFIDE, DIRECTOR, reason="来电人同意")
        assert not ticket.citizen.confidential
