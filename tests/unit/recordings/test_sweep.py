"""The catalogue and the folder are compared both ways; what differs is named once, whatever it is."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from core.database import Database
from core.events import EndReason
from core.ids import CallId
from recordings import keeping_store
from recordings.files import until_closed
from recordings.findings import Seen
from recordings.model import Condition, GapReason, RecordingState
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL
from tests.fakes.recordings import ended, lay
from tests.unit.recordings.folders import SOUND, Swept

STRANGER = CallId("hotline-1772413200.99")


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Swept:
    return Swept(database, tmp_path / "recordings")


async def test_where_all_is_well_nothing_is_found(given: Swept) -> None:
    await given.recorded(CALL, STRANGER)
    assert await given.kinds(thorough=True) == []


class TestFilesOfTheCatalogue:
    async def test_a_file_that_is_gone_is_declared(self, given: Swept) -> None:
        await given.recorded()
        given.path().unlink()
        assert await given.kinds() == [Seen.MISSING]
        row = given.row()
        assert (row.state, row.pieces[0].condition) == (RecordingState.DAMAGED, Condition.MISSING)
        assert [gap.reason for gap in row.gaps] == [GapReason.MISSING]
        assert row.gap == "登记之后文件缺失"

    async def test_a_file_that_was_cut_is_declared(self, given: Swept) -> None:
        await given.recorded()
        lay(given.path(), SOUND[:-1000], given.clock)
        assert await given.kinds() == [Seen.CHANGED]
        assert given.row().gap == "登记之后文件被改动"

    async def test_a_file_of_the_same_size_with_other_sound_is_found_by_a_thorough_look(
        self, given: Swept
    ) -> None:
        await given.recorded()
        sound = given.path().read_bytes()
        lay(given.path(), sound[::-1], given.clock)
        assert await given.kinds() == []
        assert await given.kinds(thorough=True) == [Seen.CHANGED]

    async def test_first_changed_then_gone_is_told_twice(self, given: Swept) -> None:
        await given.recorded()
        lay(given.path(), b"", given.clock)
        assert await given.kinds() == [Seen.CHANGED]
        given.path().unlink()
        assert await given.kinds() == [Seen.MISSING]
        assert [gap.reason for gap in given.row().gaps] == [GapReason.MISSING]

    @pytest.mark.parametrize("loss", ["gone", "cut"])
    async def test_one_that_is_back_from_a_copy_is_whole_again(self, given: Swept, loss: str) -> None:
        await given.recorded()
        before, sound = given.row(), given.path().read_bytes()
        given.path().unlink() if loss == "gone" else lay(given.path(), b"cut", given.clock)
        assert len(await given.kinds()) == 1
        lay(given.path(), sound, given.clock)
        assert await given.kinds() == [Seen.FOUND_AGAIN]
        assert given.row() == before

    async def test_what_is_back_but_not_the_same_is_changed(self, given: Swept) -> None:
        await given.recorded()
        sound = given.path().read_bytes()
        given.path().unlink()
        assert await given.kinds() == [Seen.MISSING]
        lay(given.path(), sound[::-1], given.clock)
        assert await given.kinds() == [Seen.CHANGED]

    async def test_a_folder_that_moved_is_followed(self, given: Swept) -> None:
        await given.recorded(CALL, STRANGER)
        elsewhere = given.folder.rename(given.folder.with_name("moved"))
        given.archive = replace(given.archive, shelf=replace(given.archive.shelf, folder=elsewhere))
        assert await given.kinds() == [Seen.FOUND_AGAIN, Seen.FOUND_AGAIN]
        assert given.row().path == str(elsewhere / given.path().name)
        assert given.row().state is RecordingState.READY

    async def test_a_file_that_turns_up_late_is_registered_and_told(self, given: Swept) -> None:
        await given.recorded(sound=None)
        assert given.row().gap == "没有录音文件"
        assert await given.kinds() == []
        lay(given.path(), SOUND, given.clock)
        assert await given.kinds() == [Seen.FOUND_AGAIN]
        assert (given.row().state, given.row().gap) == (RecordingState.ADOPTED, "")
        assert given.row().bytes == len(SOUND)

    async def test_one_that_was_still_written_when_its_call_ended_is_registered_anew(
        self, given: Swept, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("recordings.desk.until_closed", partial(until_closed, patience=0.1))
        given.book.add(CALL, given.path())
        with given.path().open("wb") as asterisk:
            asterisk.write(SOUND)
            asterisk.flush()
            end = ended(NINE_O_CLOCK + timedelta(seconds=3))
            await given.desk.call_ended(end)
            assert given.row().gap == "挂机后录音文件仍被占用"
            asterisk.write(SOUND)
        assert await given.kinds() == [Seen.FOUND_AGAIN]
        assert (given.row().gap, given.row().bytes) == ("", 2 * len(SOUND))

    async def test_one_that_was_still_written_and_then_changed_is_changed(
        self, given: Swept, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("recordings.desk.until_closed", partial(until_closed, patience=0.1))
        given.book.add(CALL, given.path())
        with given.path().open("wb") as asterisk:
            asterisk.write(SOUND)
            asterisk.flush()
            await given.desk.call_ended(ended(NINE_O_CLOCK + timedelta(seconds=3)))
        lay(given.path(), b"other" + SOUND, given.clock)
        assert await given.kinds() == [Seen.CHANGED]

    async def test_those_of_another_node_are_its_own_business(self, given: Swept) -> None:
        await given.recorded()
        given.put(replace(given.row(), node="other"))
        given.path().unlink()
        assert await given.kinds() == []


class TestFilesWithoutARecording:
    async def test_one_named_after_a_call_is_taken_up(self, given: Swept) -> None:
        lay(given.path(STRANGER), SOUND, given.clock)
        assert await given.kinds() == [Seen.ADOPTED]
        row = given.row(STRANGER)
        assert (row.state, row.bytes, row.gap) == (RecordingState.ADOPTED, len(SOUND), "")
        assert row.at == NINE_O_CLOCK

    async def test_what_the_journal_knows_of_its_call_is_used(self, given: Swept) -> None:
        given.book.add(STRANGER, given.path(STRANGER))
        given.book.known[STRANGER] = replace(
            given.book.known[STRANGER],
            gone_at=NINE_O_CLOCK + timedelta(seconds=60),
            end_reason=EndReason.ANSWERED,
        )
        lay(given.path(STRANGER), SOUND, given.clock)
        assert await given.kinds() == [Seen.ADOPTED]
        assert given.row(STRANGER).gap == "录音缺少约 57 秒"

    async def test_that_of_a_living_call_is_left_alone(self, given: Swept) -> None:
        given.book.add(STRANGER, given.path(STRANGER))
        lay(given.path(STRANGER), SOUND, given.clock)
        assert await given.kinds() == []

    async def test_one_that_was_written_just_now_is_left_alone(self, given: Swept) -> None:
        lay(given.path(STRANGER), SOUND, given.clock, timedelta(minutes=9))
        lay(given.folder / "notes.txt", SOUND, given.clock, timedelta(minutes=9))
        assert await given.kinds() == []
        given.clock.forward(120)
        assert sorted(await given.kinds()) == [Seen.ADOPTED, Seen.STRAY]

    async def test_one_that_somebody_writes_is_left_alone(self, given: Swept) -> None:
        lay(given.path(STRANGER), SOUND, given.clock)
        with given.path(STRANGER).open("ab"):
            assert await given.kinds() == []

    async def test_after_the_clock_was_put_back_nothing_is_touched(self, given: Swept) -> None:
        lay(given.path(STRANGER), SOUND, given.clock, timedelta(hours=-1))
        assert await given.kinds() == []

    async def test_a_further_piece_is_added_to_its_recording(self, given: Swept) -> None:
        await given.recorded()
        lay(given.folder / f"{CALL}+2.raw", SOUND, given.clock, timedelta(minutes=30))
        assert await given.kinds() == [Seen.ADOPTED]
        row = given.row()
        assert [piece.number for piece in row.pieces] == [1, 2]
        assert row.pieces[1].to_at == NINE_O_CLOCK - timedelta(minutes=30)
        assert (row.state, row.path) == (RecordingState.READY, str(given.path()))

    @pytest.mark.parametrize(
        "name", ["notes.txt", ".hidden", "录音.raw", "hotline-1772413200.99.raw.bak", "x" * 200, "a b.new"]
    )
    async def test_one_named_otherwise_is_listed_and_left(self, given: Swept, name: str) -> None:
        lay(given.folder / name, b"something", given.clock)
        assert await given.kinds() == [Seen.STRAY]
        assert (given.folder / name).read_bytes() == b"something"
        (listed,) = given.database.now(lambda c: keeping_store.strays_of(c, "hotline"))
        assert (listed.path, listed.bytes) == (str(given.folder / name), 9)

    async def test_what_is_no_file_is_listed(self, given: Swept) -> None:
        (given.folder / "folder").mkdir()
        (given.path(STRANGER)).symlink_to(given.folder / "folder")
        assert await given.kinds() == [Seen.STRAY, Seen.STRAY]

    async def test_a_stray_that_was_cleared_away_is_forgotten(self, given: Swept) -> None:
        stray = lay(given.folder / "notes.txt", b"", given.clock)
        assert await given.kinds() == [Seen.STRAY]
        stray.unlink()
        assert await given.kinds() == []
        assert given.database.now(lambda c: keeping_store.strays_of(c, "hotline")) == []
        lay(stray, b"", given.clock)
        assert await given.kinds() == [Seen.STRAY]

    async def test_a_deleted_recording_that_is_back_is_listed_and_not_taken_up(self, given: Swept) -> None:
        await given.recorded()
        given.put(replace(given.row(), state=RecordingState.DELETED))
        assert await given.kinds() == [Seen.STRAY]
        assert given.row().state is RecordingState.DELETED

    async def test_one_that_is_being_deleted_is_left_to_that(self, given: Swept) -> None:
        await given.recorded()
        given.put(replace(given.row(), state=RecordingState.EXPIRED))
        assert await given.kinds() == []

    async def test_a_folder_that_is_gone_declares_every_recording(self, given: Swept) -> None:
        await given.recorded(CALL, STRANGER)
        given.folder.rename(given.folder.with_name("gone"))
        assert await given.kinds() == [Seen.MISSING, Seen.MISSING]
