"""Seats on both databases: what is written comes back, twice equals once, history has no gap."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.database import Database
from core.events import Party
from core.ids import CallId, QueueName, SeatNo
from queue_manager import journal_store, seat_store
from queue_manager.model import CallRow, CallStory, SegmentRow, Via
from queue_manager.offering import Candidate, OfferReason
from queue_manager.seat_state import Happening, Seat, SeatChange, SeatEvent, SeatNow
from queue_manager.seat_store import Supervised, Unwritten
from queue_manager.seat_table import step
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, CALLER, after

ONE, TWO = SeatNo("8001"), SeatNo("8002")
ODD = after(61.123456)


def history() -> tuple[SeatNow, list[SeatChange]]:
    """A seat logs in, is rung, talks, wraps up."""
    now = SeatNow(seat=ONE, since=NINE_O_CLOCK, changed_at=NINE_O_CLOCK)
    changes = []
    deeds = (SeatEvent.LOG_IN, SeatEvent.OFFERED, SeatEvent.ANSWERED, SeatEvent.CALL_OVER)
    for number, event in enumerate(deeds):
        what = Happening(
            event=event, at=NINE_O_CLOCK + after(10 * number), call_id=CALL, leg="hotline-2", seconds=20
        )
        stepped = step(now, what)
        assert stepped is not None
        now = stepped[0]
        changes.append(stepped[1])
    return now, changes


def reason(seconds: float = 0.0) -> OfferReason:
    candidate = Candidate(seat=ONE, state="ready", idle_seconds=None, penalty=5, misses=1)
    return OfferReason(
        call_id=CALL,
        at=NINE_O_CLOCK + after(seconds),
        seat=ONE,
        queue=QueueName("intake"),
        sentence="这一刻只有座席 8001 空闲, 所以振它。",
        candidates=(candidate, replace(candidate, seat=TWO, idle_seconds=3, hindrance="占线")),
    )


class TestRegister:
    def test_seats_come_back_by_number_with_their_skills_and_go(self, database: Database) -> None:
        skills = {QueueName("english"): 5, QueueName("intake"): 0}
        one = Seat(number=TWO, name="二号台", added_at=NINE_O_CLOCK, skills=skills)
        other = Seat(number=ONE, name="一号台", added_at=NINE_O_CLOCK + ODD, supervisor=True)
        for seat in (one, other):
            database.now(lambda c, seat=seat: seat_store.put_seat(c, seat))  # type: ignore[misc]  # bound at once
        assert database.now(seat_store.seats_known) == [other, one]
        database.now(lambda c: seat_store.put_seat(c, replace(one, skills={QueueName("english"): 7})))
        assert database.now(seat_store.seats_known)[1].skills == {"english": 7}
        assert database.now(lambda c: seat_store.drop_seat(c, TWO))
        assert not database.now(lambda c: seat_store.drop_seat(c, TWO))
        assert database.now(seat_store.seats_known) == [other]

    def test_a_seat_of_the_first_version_serves_intake_and_supervises_nobody(
        self, database: Database
    ) -> None:
        old = ("8009", "旧台", "2026-03-02 01:00:00")
        written = f"INSERT INTO seats (number, name, added_at) VALUES {old}"  # noqa: S608 - our own
        database.now(lambda c: c.exec_driver_sql(written))
        [seat] = database.now(seat_store.seats_known)
        assert (seat.number, seat.supervisor) == ("8009", False)


class TestStates:
    def test_what_a_seat_does_comes_back(self, database: Database) -> None:
        now, changes = history()
        database.now(lambda c: seat_store.write_down(c, Unwritten(seats={ONE: now}, changes=changes)))
        assert database.now(seat_store.seat_states) == {ONE: now}
        assert database.now(lambda c: seat_store.seat_state_of(c, ONE)) == now
        assert database.now(lambda c: seat_store.seat_state_of(c, TWO)) is None

    def test_written_twice_equals_written_once(self, database: Database) -> None:
        now, changes = history()
        asked = Supervised(
            at=NINE_O_CLOCK, seat=TWO, wish="whisper", about="8001", call_id=CALL, answer="done"
        )
        sheet = Unwritten(seats={ONE: now}, changes=changes, offers=[reason()], supervised=[asked])
        for _ in range(2):
            database.now(lambda c: seat_store.write_down(c, sheet))
        end = NINE_O_CLOCK + timedelta(hours=1)
        assert database.now(lambda c: seat_store.seat_events_between(c, NINE_O_CLOCK, end)) == changes
        assert database.now(lambda c: seat_store.offer_reasons_of(c, CALL)) == [reason()]
        assert database.now(lambda c: seat_store.supervision_between(c, NINE_O_CLOCK, end)) == [asked]

    def test_a_window_takes_its_beginning_and_not_its_end(self, database: Database) -> None:
        now, changes = history()
        database.now(lambda c: seat_store.write_down(c, Unwritten(seats={ONE: now}, changes=changes)))
        since, until = changes[1].at, changes[3].at
        found = database.now(lambda c: seat_store.seat_events_between(c, since, until))
        assert [change.version for change in found] == [2, 3]
        assert database.now(lambda c: seat_store.last_seat_events(c, since)) == changes[:1]
        assert database.now(lambda c: seat_store.last_seat_events(c, changes[0].at)) == []


@pytest.mark.parametrize("hours", [0, 25])
def test_who_talked_to_whom_comes_back_oldest_first(database: Database, hours: int) -> None:
    call = CallRow(call_id=CALL, node="hotline", caller=CALLER, arrived_at=NINE_O_CLOCK)
    segments = [_talk(CALL, 1, ONE), _talk(CALL, 2, TWO), replace(_talk(CALL, 3, ONE), answered_at=None)]
    database.now(lambda c: journal_store.put(c, CallStory(call=call, segments=tuple(segments))))
    since = NINE_O_CLOCK - timedelta(hours=24) + timedelta(hours=hours)
    talks = database.now(lambda c: seat_store.talks_since(c, since))
    known = [(CALLER, ONE, NINE_O_CLOCK + after(10)), (CALLER, TWO, NINE_O_CLOCK + after(20))]
    assert talks == (known if hours == 0 else [])


def _talk(call_id: CallId, number: int, seat: SeatNo) -> SegmentRow:
    at = NINE_O_CLOCK + after(10 * number)
    return SegmentRow(
        call_id=call_id,
        number=number,
        via=Via.QUEUE,
        queue=QueueName("intake"),
        position=1,
        began_at=at,
        queued_at=at,
        seat=seat,
        answered_at=at,
        ended_at=None,
        end=None,
        ended_by=Party.NOBODY_KNOWS,
        from_seat=None,
        waited_seconds=0.0,
        talk_seconds=0.0,
        hold_seconds=0.0,
    )
