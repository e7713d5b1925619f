"""The catalogue of recordings: what is written comes back as it was, on either database."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from core.database import Connection, Database
from core.ids import CallId, TicketNo
from recordings import keeping_store, store
from recordings.keeping_store import BEGINNING, Stray
from recordings.model import (
    Access,
    Act,
    Codec,
    Condition,
    Gap,
    GapReason,
    Hold,
    Piece,
    Recording,
    RecordingState,
)
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, after

TO_THE_MICROSECOND = NINE_O_CLOCK.replace(microsecond=123456)
OTHER = CallId("hotline-1772413200.2")
TICKET = TicketNo("260302090009000001")


def _piece(call_id: CallId = CALL, number: int = 1) -> Piece:
    return Piece(
        number=number,
        path=f"/recordings/{call_id}+{number}.raw",
        from_at=TO_THE_MICROSECOND,
        to_at=TO_THE_MICROSECOND + after(3600.5),
        sha256="0" * 64,
        bytes=5_000_000_000,
        codec=Codec.FLAC,
        file_bytes=4_900_000_000,
        condition=Condition.CHANGED,
    )


def _gap(at: float = 3.25, reason: GapReason = GapReason.PAUSED_BY_SEAT) -> Gap:
    begins = TO_THE_MICROSECOND + after(at)
    return Gap(from_at=begins, to_at=begins + after(2), reason=reason, about="座席暂停录音 2 秒")


def _recording(call_id: CallId = CALL) -> Recording:
    return Recording(
        call_id=call_id,
        node="hotline",
        at=TO_THE_MICROSECOND,
        pieces=(_piece(call_id),),
        gaps=(_gap(), _gap(9), _gap(9, GapReason.DISK_FULL)),
        gap="缺少 2.0 秒;'; DROP TABLE recordings; --",
    )


def _put(database: Database, *all_of_them: Recording) -> None:
    def work(connection: Connection) -> None:
        for recording in all_of_them:
            store.put(connection, recording)

    database.now(work)


class TestManifests:
    def test_one_comes_back_as_it_was_with_more_than_four_gigabytes(self, database: Database) -> None:
        whole = replace(
            _recording(), gaps=tuple(sorted(_recording().gaps, key=lambda g: (g.from_at, g.reason)))
        )
        _put(database, whole)
        assert database.now(lambda c: store.recording_of(c, CALL)) == whole

    def test_it_is_registered_once(self, database: Database) -> None:
        assert database.now(lambda c: store.register(c, _recording()))
        again = replace(_recording(), gap="anders")
        assert not database.now(lambda c: store.register(c, again))
        found = database.now(lambda c: store.recording_of(c, CALL))
        assert found is not None
        assert found.gap == _recording().gap

    def test_pieces_come_by_number_and_a_gap_that_was_closed_is_gone(self, database: Database) -> None:
        _put(database, _recording())
        grown = replace(_recording(), pieces=(_piece(), _piece(number=2)), gaps=(_gap(),))
        _put(database, grown)
        assert database.now(lambda c: store.recording_of(c, CALL)) == grown

    def test_one_that_is_deleted_says_when_and_by_which_rule(self, database: Database) -> None:
        gone = replace(
            _recording(),
            state=RecordingState.DELETED,
            gaps=(),
            deleted_at=TO_THE_MICROSECOND,
            deleted_for="保存 730 天",
        )
        _put(database, gone)
        assert database.now(lambda c: store.locked(c, CALL)) == gone

    def test_what_there_is_not_is_none(self, database: Database) -> None:
        assert database.now(lambda c: store.recording_of(c, CALL)) is None
        assert database.now(lambda c: store.locked(c, CALL)) is None
        assert database.now(lambda c: store.recordings_of(c, [])) == {}

    def test_what_was_not_heard_yet_is_found_oldest_first(self, database: Database) -> None:
        older = replace(_recording(OTHER), at=NINE_O_CLOCK - timedelta(days=1), gaps=())
        newer = replace(_recording(), gaps=())
        _put(database, newer, older)
        assert database.now(lambda c: store.unheard(c, "hotline")) == [older, newer]
        database.now(lambda c: store.mark_heard(c, OTHER, failed=False))
        assert database.now(lambda c: store.unheard(c, "hotline")) == [newer]
        assert database.now(lambda c: store.unheard(c, "other")) == []

    def test_in_vain_is_heard_only_what_has_no_sound(self, database: Database) -> None:
        silent = replace(_recording(OTHER), pieces=(replace(_piece(OTHER), bytes=0),))
        _put(database, _recording(), silent)
        for call_id in (CALL, OTHER):
            database.now(lambda c, call_id=call_id: store.mark_heard(c, call_id, failed=True))  # type: ignore[misc]  # bound at once
        assert [one.call_id for one in database.now(lambda c: store.unheard(c, "hotline"))] == [CALL]

    def test_only_what_was_heard_and_has_sound_waits_for_compression(self, database: Database) -> None:
        heard = replace(_recording(), state=RecordingState.HEARD)
        silent = replace(heard, call_id=OTHER, pieces=(replace(_piece(OTHER), bytes=0),))
        _put(database, heard, silent)
        later = TO_THE_MICROSECOND + after(1)
        found = database.now(lambda c: store.heard_before(c, "hotline", later))
        assert [one.call_id for one in found] == [CALL]
        assert database.now(lambda c: store.heard_before(c, "hotline", TO_THE_MICROSECOND)) == []


class TestLongLists:
    def test_pieces_come_page_by_page_each_once(self, database: Database) -> None:
        calls = [CallId(f"hotline-1772413200.{number}") for number in range(7)]
        _put(database, *(replace(_recording(call), pieces=(_piece(call), _piece(call, 2))) for call in calls))
        gone = replace(_recording(calls[3]), state=RecordingState.DELETED, pieces=(_piece(calls[3]),))
        _put(database, gone, replace(_recording(CallId("other-1.1")), node="other"))
        seen = [BEGINNING]
        turn = partial(keeping_store.registered_after, node="hotline", limit=3)
        while page := database.now(partial(turn, after=seen[-1])):
            seen += [(one.call_id, one.piece.number) for one in page]
        assert seen[1:] == [(call, number) for call in calls if call != calls[3] for number in (1, 2)]

    def test_recordings_come_page_by_page_oldest_first_deleted_ones_never(self, database: Database) -> None:
        calls = [CallId(f"hotline-1772413200.{number}") for number in range(7)]
        for number, call in enumerate(calls):
            _put(database, replace(_recording(call), at=TO_THE_MICROSECOND + after(number // 2)))
        _put(database, replace(_recording(calls[2]), state=RecordingState.DELETED))
        limit = TO_THE_MICROSECOND + after(3)
        seen: list[Recording] = []
        turn = partial(keeping_store.begun_before, node="hotline", instant=limit, limit=2)
        while page := database.now(partial(turn, after=seen[-1] if seen else None)):
            seen += page
        assert [one.call_id for one in seen] == [calls[n] for n in (0, 1, 3, 4, 5)]

    def test_whose_a_file_is(self, database: Database) -> None:
        _put(database, _recording())
        path = _piece().path
        found = database.now(lambda c: keeping_store.registered_at(c, [path, "/recordings/nobodys.raw"]))
        assert {place: (one.call_id, one.piece) for place, one in found.items()} == {path: (CALL, _piece())}

    def test_the_recordings_of_a_time(self, database: Database) -> None:
        _put(database, _recording(), replace(_recording(OTHER), at=TO_THE_MICROSECOND + after(60)))
        found = database.now(
            lambda c: keeping_store.between(c, "hotline", TO_THE_MICROSECOND, TO_THE_MICROSECOND + after(60))
        )
        assert [one.call_id for one in found] == [CALL]


class TestHolds:
    def _hold(self, call_id: CallId | None, ticket: TicketNo | None = None) -> Hold:
        return Hold(
            call_id=call_id, ticket_no=ticket, reason="复核", held_by="张三", held_at=TO_THE_MICROSECOND
        )

    def test_they_come_back_by_call_and_by_work_order(self, database: Database) -> None:
        of_call, of_ticket = self._hold(CALL), self._hold(None, TICKET)
        database.now(lambda c: keeping_store.add_hold(c, of_call))
        database.now(lambda c: keeping_store.add_hold(c, of_ticket))
        found = database.now(lambda c: keeping_store.holds_on(c, [CALL, TICKET, OTHER]))
        assert found == {CALL: [of_call], TICKET: [of_ticket]}
        assert database.now(lambda c: keeping_store.holds_on(c, [OTHER])) == {}

    def test_lifting_is_written_down_and_happens_once(self, database: Database) -> None:
        hold = self._hold(CALL)
        database.now(lambda c: keeping_store.add_hold(c, hold))
        database.now(lambda c: keeping_store.add_hold(c, self._hold(OTHER)))
        lifted = replace(hold, lifted_at=TO_THE_MICROSECOND, lifted_by="李四", lifted_for="结案")
        values = {"lifted_at": TO_THE_MICROSECOND, "lifted_by": "李四", "lifted_for": "结案"}
        assert database.now(lambda c: keeping_store.lift_holds(c, CALL, values)) == 1
        assert database.now(lambda c: keeping_store.lift_holds(c, CALL, values)) == 0
        found = database.now(lambda c: keeping_store.holds_on(c, [CALL, OTHER]))
        assert found == {CALL: [lifted], OTHER: [self._hold(OTHER)]}


class TestAccess:
    def test_who_did_what_comes_back_in_order(self, database: Database) -> None:
        noted = [
            Access(at=TO_THE_MICROSECOND, who="张三", act=act, call_id=CALL, reason="复核", given_to="/a.wav")
            for act in (Act.LISTEN, Act.EXPORT, Act.REVEAL)
        ]
        for access in noted:
            database.now(lambda c, access=access: keeping_store.note_access(c, access))  # type: ignore[misc]  # bound at once
        assert database.now(lambda c: keeping_store.accesses_of(c, CALL)) == noted
        assert database.now(lambda c: keeping_store.accesses_of(c, OTHER)) == []


class TestStrays:
    def test_they_are_listed_once_and_forgotten(self, database: Database) -> None:
        strays = [
            Stray(path=path, node="hotline", found_at=TO_THE_MICROSECOND, bytes=5, why="文件名不是来电编号")
            for path in ("/recordings/a.txt", "/recordings/录音.txt")
        ]
        for stray in (*strays, strays[0]):
            database.now(lambda c, stray=stray: keeping_store.list_stray(c, stray))  # type: ignore[misc]  # bound at once
        assert database.now(lambda c: keeping_store.strays_of(c, "hotline")) == strays
        assert database.now(lambda c: keeping_store.strays_at(c, ["/recordings/a.txt", "/b"])) == {
            "/recordings/a.txt"
        }
        database.now(lambda c: keeping_store.forget_strays(c, ["/recordings/a.txt"]))
        assert database.now(lambda c: keeping_store.strays_of(c, "hotline")) == strays[1:]
