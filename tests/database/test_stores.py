"""Stores: what a room writes is what it reads back, to the instant, on either database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, Table, insert, select

from asr import store as transcripts
from classifier import store as suggestions
from core.clock import SHANGHAI
from core.database import Database, Instant, metadata
from core.events import EndReason
from core.ids import CallId, SeatNo, TicketNo
from core.understanding import Urgency
from queue_manager import journal_store
from queue_manager import store as calls
from queue_manager.model import Blind, CallStory, GapRow, Heard
from queue_manager.story import story_of
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, after, suggestion, transcript
from tests.fakes.sightings import (
    HOME,
    arrived,
    passed_on_blindly,
    queued,
    refused_then_answered,
    whole_call,
)
from tickets import store as tickets
from tickets.model import Ticket, TicketState

TO_THE_MICROSECOND = NINE_O_CLOCK.replace(microsecond=123456)
OTHER = CallId("hotline-1772413200.2")


def _story(call_id: CallId = CALL, *, whole: bool = True) -> CallStory:
    return story_of(call_id, whole_call(call_id) if whole else [arrived(call_id), queued(call_id)], HOME)


class TestCalls:
    def test_a_call_comes_back_as_it_was(self, database: Database) -> None:
        database.now(lambda c: journal_store.put(c, _story()))
        found = database.now(lambda c: calls.call_of(c, CALL))
        assert found == _story().call
        assert found is not None
        assert found.end_reason is EndReason.ANSWERED

    def test_segments_and_offers_come_back_as_they_were(self, database: Database) -> None:
        for told in (
            story_of(CALL, passed_on_blindly(), HOME),
            story_of(OTHER, refused_then_answered(OTHER), HOME),
        ):
            call_id = told.call.call_id
            database.now(lambda c, told=told: journal_store.put(c, told))  # type: ignore[misc]  # bound at once
            of_call = database.now(lambda c, i=call_id: (calls.segments_of(c, i), calls.offers_of(c, i)))  # type: ignore[misc]  # the same
            assert of_call == (list(told.segments), list(told.offers))

    def test_a_day_comes_back_call_by_call(self, database: Database) -> None:
        told = story_of(CALL, passed_on_blindly(), HOME)
        database.now(lambda c: journal_store.put(c, told))
        since, until = NINE_O_CLOCK, NINE_O_CLOCK + timedelta(days=1)
        assert database.now(lambda c: calls.calls_between(c, since, until)) == [told.call]
        assert database.now(lambda c: calls.segments_between(c, since, until)) == list(told.segments)
        assert database.now(lambda c: calls.offers_between(c, since, until)) == list(told.offers)
        assert database.now(lambda c: calls.calls_between(c, until, until + timedelta(days=1))) == []

    def test_what_turns_out_to_be_less_leaves_nothing_behind(self, database: Database) -> None:
        longer = story_of(CALL, passed_on_blindly(), HOME)
        database.now(lambda c: journal_store.put(c, longer))
        database.now(lambda c: journal_store.put(c, _story(), known={CALL: longer}))
        assert database.now(lambda c: calls.segments_of(c, CALL)) == list(_story().segments)
        assert database.now(lambda c: calls.offers_of(c, CALL)) == list(_story().offers)

    def test_sightings_come_back_as_they_were_however_often_they_are_kept(self, database: Database) -> None:
        for _ in range(2):
            database.now(lambda c: journal_store.keep(c, passed_on_blindly()))
        found = database.now(lambda c: journal_store.sightings_of(c, {CALL, OTHER}))
        assert found == {CALL: set(passed_on_blindly())}

    def test_a_gap_comes_back_for_every_window_that_it_touches(self, database: Database) -> None:
        gap = GapRow(
            node="hotline",
            began_at=TO_THE_MICROSECOND,
            ended_at=NINE_O_CLOCK + after(9),
            why=Blind.ENGINE_AWAY,
        )
        database.now(lambda c: calls.put_gap(c, gap))
        database.now(lambda c: calls.put_gap(c, replace(gap, closed=2)))

        def between(since: float, until: float) -> list[GapRow]:
            window = NINE_O_CLOCK + after(since), NINE_O_CLOCK + after(until)
            return database.now(lambda c: calls.gaps_between(c, *window))

        assert between(-5, 5) == between(5, 60) == [replace(gap, closed=2)]
        assert between(-5, 0) == between(9, 60) == []

    def test_a_call_that_was_never_seen_is_none(self, database: Database) -> None:
        assert database.now(lambda c: calls.call_of(c, CALL)) is None

    def test_written_again_it_is_changed_and_not_doubled(self, database: Database) -> None:
        database.now(lambda c: journal_store.put(c, _story(whole=False)))
        database.now(lambda c: journal_store.put(c, _story()))
        assert database.now(lambda c: calls.latest_calls(c, 10)) == [_story().call]

    def test_only_calls_of_this_node_that_have_not_ended_are_open(self, database: Database) -> None:
        living = _story(OTHER, whole=False)
        foreign = story_of(CallId("other-1.1"), [arrived(CallId("other-1.1"))], replace(HOME, node="other"))
        database.now(lambda c: journal_store.put(c, _story(), living, foreign))
        assert database.now(lambda c: calls.open_calls(c, "hotline")) == [living.call]

    def test_when_asterisk_was_last_heard_is_known_of_each_node(self, database: Database) -> None:
        heard = Heard(at=TO_THE_MICROSECOND, booted_at=NINE_O_CLOCK)
        assert database.now(lambda c: calls.last_heard(c, "hotline")) is None
        for later in (replace(heard, booted_at=None), heard):
            database.now(lambda c, later=later: calls.put_heard(c, "hotline", later))  # type: ignore[misc]  # bound at once
        assert database.now(lambda c: calls.last_heard(c, "hotline")) == heard
        assert database.now(lambda c: calls.last_heard(c, "other")) is None

    def test_the_latest_calls_come_newest_first(self, database: Database) -> None:
        for number in range(3):
            told = story_of(
                CallId(f"hotline-{number}"), [arrived(CallId(f"hotline-{number}"), at=number)], HOME
            )
            database.now(lambda c, told=told: journal_store.put(c, told))  # type: ignore[misc]  # bound at once
        latest = database.now(lambda c: calls.latest_calls(c, 2))
        assert [row.call_id for row in latest] == ["hotline-2", "hotline-1"]


def _ticket(call_id: CallId = CALL, number: str = "260302090009000001") -> Ticket:
    return Ticket(
        ticket_no=TicketNo(number),
        query_code="7KQ2MZ",
        state=TicketState.DRAFT,
        src_channel="电话",
        call_id=call_id,
        orig_did="12345",
        received_at=TO_THE_MICROSECOND,
        seat=SeatNo("8001"),
        phone="13812345678",
        content="楼道里闻到煤气味,物业电话打不通;'; DROP TABLE tickets; --",
        urgency=Urgency.VERY_URGENT,
        suggestion=suggestion().suggestion,
    )


class TestTickets:
    def test_a_ticket_comes_back_as_it_was(self, database: Database) -> None:
        database.now(lambda c: tickets.put(c, _ticket(), TicketState.DRAFT))
        assert database.now(lambda c: tickets.ticket_of_call(c, CALL)) == _ticket()

    def test_a_draft_without_suggestion_comes_back_without(self, database: Database) -> None:
        bare = replace(_ticket(), suggestion=None)
        database.now(lambda c: tickets.put(c, bare, TicketState.DRAFT))
        assert database.now(lambda c: tickets.ticket_of_call(c, CALL)) == bare

    def test_a_changed_ticket_takes_the_place_of_the_old(self, database: Database) -> None:
        changed = replace(_ticket(), title="燃气泄漏", version=2)
        database.now(lambda c: tickets.put(c, _ticket(), TicketState.DRAFT))
        database.now(lambda c: tickets.put(c, changed, TicketState.DRAFT))
        assert database.now(lambda c: tickets.latest_tickets(c, 10)) == [changed]

    def test_the_latest_tickets_come_newest_first(self, database: Database) -> None:
        later = replace(_ticket(OTHER, "260302090009000002"), received_at=NINE_O_CLOCK + after(60))
        database.now(lambda c: tickets.put(c, later, TicketState.DRAFT))
        database.now(lambda c: tickets.put(c, _ticket(), TicketState.DRAFT))
        assert database.now(lambda c: tickets.latest_tickets(c, 2)) == [later, _ticket()]


class TestTranscripts:
    def test_a_transcript_comes_back_with_every_word(self, database: Database) -> None:
        assert database.now(lambda c: transcripts.keep(c, transcript()))
        assert database.now(lambda c: transcripts.transcript_of(c, CALL)) == transcript()

    def test_the_same_again_is_nothing_new(self, database: Database) -> None:
        again = replace(transcript(), at=NINE_O_CLOCK + after(500))
        assert database.now(lambda c: transcripts.keep(c, transcript()))
        assert not database.now(lambda c: transcripts.keep(c, again))

    def test_one_that_failed_never_replaces_one_that_is_done(self, database: Database) -> None:
        failed = replace(transcript(), outcome="failed", segments=(), reason="录音读不出")
        database.now(lambda c: transcripts.keep(c, transcript()))
        assert not database.now(lambda c: transcripts.keep(c, failed))
        assert database.now(lambda c: transcripts.transcript_of(c, CALL)) == transcript()


class TestSuggestions:
    def test_the_same_suggestion_is_kept_once_and_a_better_one_replaces_it(self, database: Database) -> None:
        assert database.now(lambda c: suggestions.put(c, suggestion()))
        assert not database.now(lambda c: suggestions.put(c, suggestion()))
        assert database.now(lambda c: suggestions.put(c, suggestion(urgency=Urgency.URGENT)))


class TestInstants:
    @pytest.fixture
    def instants(self, database: Database) -> Iterator[Table]:
        table = Table("instants", metadata, Column("id", Integer, primary_key=True), Column("at", Instant))
        database.now(table.create)
        yield table
        metadata.remove(table)

    @pytest.mark.parametrize(
        "at",
        [
            TO_THE_MICROSECOND,
            datetime(2026, 12, 31, 16, 0, tzinfo=UTC),
            datetime(2026, 1, 1, 0, 0, tzinfo=timezone(timedelta(hours=-11))),
            datetime(1970, 1, 1, tzinfo=UTC),
        ],
    )
    def test_an_instant_of_any_zone_comes_back_as_the_same_instant_in_shanghai(
        self, database: Database, instants: Table, at: datetime
    ) -> None:
        database.now(lambda c: c.execute(insert(instants).values(id=1, at=at)))
        found = database.now(lambda c: c.execute(select(instants.c.at)).scalar_one())
        assert found == at
        assert found.tzinfo is SHANGHAI

    def test_instants_are_ordered_whatever_their_zone(self, database: Database, instants: Table) -> None:
        early = datetime(2026, 3, 2, 23, 0, tzinfo=timezone(timedelta(hours=14)))
        late = datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
        database.now(lambda c: c.execute(insert(instants), [{"id": 1, "at": late}, {"id": 2, "at": early}]))
        ids = database.now(lambda c: c.execute(select(instants.c.id).order_by(instants.c.at)).scalars().all())
        assert list(ids) == [2, 1]

    def test_no_instant_stays_none(self, database: Database, instants: Table) -> None:
        database.now(lambda c: c.execute(insert(instants).values(id=1, at=None)))
        assert database.now(lambda c: c.execute(select(instants.c.at)).scalar_one()) is None
