"""What the rule lets go is deleted, what is held or open stays, and a rehearsal says exactly what will be."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.recordings_shown import summary_line
from core.database import Database
from core.ids import CallId
from recordings import keeping_store, store
from recordings.holding import (
    DeletedAlready,
    NoReason,
    NotHeld,
    NothingToHold,
    Said,
)
from recordings.keeping import Keeper, Verdict
from recordings.model import RecordingState
from recordings.sweep import Sweep
from tests.fakes.facts import CALL
from tests.fakes.recordings import lay
from tests.unit.recordings.folders import TEN_DAYS, TICKET, WHY, Kept

OTHER = CallId("hotline-1772413200.2")


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Kept:
    return Kept(database, tmp_path / "recordings")


class TestDeleting:
    async def test_only_what_is_older_than_the_rule_goes(self, given: Kept) -> None:
        given.recorded(CALL, 10.9)
        given.recorded(OTHER, 10)
        assert await given.verdicts() == {CALL: Verdict.DELETE}
        assert given.files() == [f"{OTHER}.raw"]

    async def test_the_manifest_stays_and_says_when_and_by_which_rule(self, given: Kept) -> None:
        before = given.recorded()
        await given.keep()
        row = given.row()
        assert (row.state, row.deleted_at) == (RecordingState.DELETED, given.clock.now())
        assert row.deleted_for == "保存 10 天, 到 2026-03-01 为止"
        assert row.pieces == before.pieces

    async def test_a_second_run_has_nothing_to_do(self, given: Kept) -> None:
        given.recorded()
        assert len(await given.keep()) == 1
        assert await given.keep() == []
        assert summary_line([]) == "没有到期的录音。"

    async def test_every_piece_goes_and_what_compression_left_beside(self, given: Kept) -> None:
        given.recorded(files=3)
        lay(given.folder / f"{CALL}.flac", b"", given.clock)
        await given.keep()
        assert given.files() == []

    async def test_a_rehearsal_changes_nothing(self, given: Kept) -> None:
        before = given.recorded()
        await given.run(dry_run=True)
        assert given.row() == before
        assert given.files() == [f"{CALL}.raw"]

    async def test_a_file_that_is_gone_already_is_no_obstacle(self, given: Kept) -> None:
        given.recorded()
        (given.folder / f"{CALL}.raw").unlink()
        assert await given.verdicts() == {CALL: Verdict.DELETE}

    async def test_one_that_cannot_be_removed_is_named_and_tried_again(self, given: Kept) -> None:
        recording = given.recorded()
        file = given.folder / f"{CALL}.raw"
        file.unlink()
        file.mkdir()
        (judged,) = await given.run()
        assert judged.verdict is Verdict.NOT_REMOVABLE
        assert given.row().state is RecordingState.EXPIRED
        file.rmdir()
        assert await given.verdicts() == {CALL: Verdict.DELETE}
        assert given.row().pieces == recording.pieces

    async def test_what_a_killed_run_had_decided_is_brought_to_its_end(self, given: Kept) -> None:
        half = replace(given.recorded(), state=RecordingState.EXPIRED, deleted_for="保存 10 天")
        given.database.now(lambda c: store.put(c, half))
        (judged,) = await given.keep()
        assert judged.why == "保存 10 天"
        assert given.row().state is RecordingState.DELETED
        assert given.files() == []

    async def test_those_of_another_node_are_its_own_business(self, given: Kept) -> None:
        foreign = replace(given.recorded(), node="other")
        given.database.now(lambda c: store.put(c, foreign))
        assert await given.keep() == []

    async def test_many_are_dealt_with_page_by_page(
        self, given: Kept, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping_store, "begun_before", partial(keeping_store.begun_before, limit=3))
        calls = [CallId(f"hotline-1772413200.{number}") for number in range(10, 18)]
        for call_id in calls:
            given.recorded(call_id)
        await given.holds.hold(calls[2], WHY)
        assert list(await given.verdicts()) == calls
        assert given.files() == [f"{calls[2]}.raw"]

    async def test_the_sweep_misses_nothing_afterwards(self, given: Kept) -> None:
        given.recorded()
        await given.keep()
        assert [found async for found in Sweep(given.archive).run()] == []


class TestOpenTickets:
    async def test_while_a_work_order_is_open_its_recording_stays(self, given: Kept) -> None:
        given.recorded()
        given.book.add_ticket(CALL, TICKET)
        (judged,) = await given.keep()
        assert (judged.verdict, judged.why) == (Verdict.TICKET_OPEN, f"工单 {TICKET}")
        assert given.files() == [f"{CALL}.raw"]

    async def test_once_it_is_closed_the_recording_goes(self, given: Kept) -> None:
        given.recorded()
        given.book.add_ticket(CALL, TICKET, is_open=False)
        assert await given.verdicts() == {CALL: Verdict.DELETE}

    async def test_one_open_work_order_of_two_is_enough(self, given: Kept) -> None:
        given.recorded()
        given.book.add_ticket(CALL, TICKET, is_open=False)
        given.book.add_ticket(CALL, "260302090009000002")
        assert await given.verdicts() == {CALL: Verdict.TICKET_OPEN}

    async def test_a_rule_may_set_an_end_for_open_ones_too(self, given: Kept) -> None:
        rule = replace(TEN_DAYS, open_ticket_days=20)
        given.recorded(CALL, 20)
        given.recorded(OTHER, 21)
        given.book.add_ticket(CALL, TICKET)
        given.book.add_ticket(OTHER, "260302090009000002")
        assert await given.verdicts(rule) == {OTHER: Verdict.DELETE, CALL: Verdict.TICKET_OPEN}


class TestHolding:
    async def test_a_held_recording_stays_and_the_reason_is_shown(self, given: Kept) -> None:
        given.recorded()
        assert await given.holds.hold(CALL, WHY) == 1
        (judged,) = await given.keep()
        assert (judged.verdict, judged.why) == (Verdict.HELD, "信访复核 (张三)")
        assert given.files() == [f"{CALL}.raw"]

    async def test_once_it_is_lifted_the_recording_goes(self, given: Kept) -> None:
        given.recorded()
        await given.holds.hold(CALL, WHY)
        await given.holds.lift(CALL, Said(who="李四", reason="复核结束"))
        assert await given.verdicts() == {CALL: Verdict.DELETE}

    async def test_lifting_lifts_every_hold_on_the_same(self, given: Kept) -> None:
        given.recorded()
        for _ in range(2):
            await given.holds.hold(CALL, WHY)
        await given.holds.lift(CALL, WHY)
        with pytest.raises(NotHeld):
            await given.holds.lift(CALL, WHY)

    async def test_a_work_order_holds_all_its_calls_also_later_ones(self, given: Kept) -> None:
        given.recorded(CALL)
        given.book.add_ticket(CALL, TICKET, is_open=False)
        assert await given.holds.hold(TICKET, WHY) == 1
        given.recorded(OTHER)
        given.book.add_ticket(OTHER, TICKET, is_open=False)
        assert await given.verdicts() == {CALL: Verdict.HELD, OTHER: Verdict.HELD}

    async def test_a_hold_on_a_work_order_is_lifted_by_its_number_only(self, given: Kept) -> None:
        given.recorded()
        given.book.add_ticket(CALL, TICKET, is_open=False)
        await given.holds.hold(TICKET, WHY)
        with pytest.raises(NotHeld):
            await given.holds.lift(CALL, WHY)
        await given.holds.lift(TICKET, WHY)
        assert await given.verdicts() == {CALL: Verdict.DELETE}

    async def test_a_living_call_may_be_held_before_it_has_a_recording(self, given: Kept) -> None:
        given.book.add(CALL)
        assert await given.holds.hold(CALL, WHY) == 0
        given.recorded()
        assert await given.verdicts() == {CALL: Verdict.HELD}

    @pytest.mark.parametrize("key", ["hotline-1.1", TICKET, "", "'; DROP TABLE recordings; --"])
    async def test_what_there_is_not_cannot_be_held(self, given: Kept, key: str) -> None:
        with pytest.raises(NothingToHold):
            await given.holds.hold(key, WHY)

    @pytest.mark.parametrize("reason", ["", "  ", "\n\t", "长" * 201])
    async def test_a_reason_must_be_given(self, given: Kept, reason: str) -> None:
        given.recorded()
        with pytest.raises(NoReason):
            await given.holds.hold(CALL, Said(who="张三", reason=reason))
        with pytest.raises(NoReason):
            await given.holds.lift(CALL, Said(who="张三", reason=reason))

    @pytest.mark.parametrize("state", [RecordingState.EXPIRED, RecordingState.DELETED])
    async def test_it_is_too_late_for_what_is_deleted(self, given: Kept, state: RecordingState) -> None:
        gone = replace(given.recorded(), state=state)
        given.database.now(lambda c: store.put(c, gone))
        with pytest.raises(DeletedAlready):
            await given.holds.hold(CALL, WHY)

    async def test_a_hold_that_comes_while_the_rule_is_applied_wins(self, given: Kept) -> None:
        given.recorded(CALL, 12)
        given.recorded(OTHER, 11)
        seen = []
        async for judged in Keeper(given.archive, TEN_DAYS).run():
            seen.append((judged.recording.call_id, judged.verdict))
            if len(seen) == 1:
                await given.holds.hold(OTHER, WHY)
        assert seen == [(CALL, Verdict.DELETE), (OTHER, Verdict.HELD)]
        assert given.files() == [f"{OTHER}.raw"]
