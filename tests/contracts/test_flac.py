"""压缩: the real flac program gives back the same audio, or leaves the recording alone, whatever stops it."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.database import Database
from core.events import RecordingCompressed
from recordings import store
from recordings.desk import RecordingDesk
from recordings.findings import Finding, Seen
from recordings.flac import CompressionFailed, Flac
from recordings.model import Codec, Recording, RecordingState
from recordings.sweep import Sweep
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear, fresh_database
from tests.fakes.facts import CALL
from tests.fakes.recordings import FakeCallBook, archive, ended, lay
from tests.fakes.sound import clips, stereo

SOUND = stereo(clips()[0][0], clips()[1][0])


@pytest.fixture
def program() -> Path:
    found = shutil.which("flac")
    assert found, "install flac"
    return Path(found)


def names_in(folder: Path) -> list[str]:
    return sorted(left.name for left in folder.iterdir())


def decoded(program: Path, flac: Path) -> bytes:
    raw = ("--force-raw-format", "--endian=little", "--sign=signed")
    argv = [str(program), "--silent", "--decode", "--stdout", *raw, str(flac)]
    return subprocess.run(argv, check=True, capture_output=True).stdout


async def test_the_audio_comes_back_bit_by_bit_and_is_smaller(program: Path, tmp_path: Path) -> None:
    raw, flac = tmp_path / "call.raw", tmp_path / "call.flac"
    raw.write_bytes(SOUND)
    await Flac(program).compress(raw, flac)
    assert decoded(program, flac) == SOUND
    assert flac.stat().st_size < len(SOUND) * 0.6
    assert names_in(tmp_path) == ["call.flac", "call.raw"]


async def test_what_is_no_whole_number_of_frames_is_left_alone(program: Path, tmp_path: Path) -> None:
    raw = tmp_path / "call.raw"
    raw.write_bytes(SOUND[:4001])
    with pytest.raises(CompressionFailed, match="原始录音保持不变"):
        await Flac(program).compress(raw, tmp_path / "call.flac")
    assert names_in(tmp_path) == ["call.raw"]


async def test_without_the_program_the_recording_is_left_alone(tmp_path: Path) -> None:
    raw = tmp_path / "call.raw"
    raw.write_bytes(SOUND)
    with pytest.raises(CompressionFailed):
        await Flac(Path("/nowhere/flac")).compress(raw, tmp_path / "call.flac")
    assert names_in(tmp_path) == ["call.raw"]


async def test_what_a_piece_measures_is_the_same_in_either_codec(program: Path, tmp_path: Path) -> None:
    raw, flac = tmp_path / "call.raw", tmp_path / "call.flac"
    raw.write_bytes(SOUND)
    await Flac(program).compress(raw, flac)
    assert await Flac(program).measure(flac) == await Flac(program).measure(raw)


@pytest.mark.parametrize("name", ["call.raw", "call.flac"])
async def test_the_sound_of_a_piece_is_given_in_either_codec(
    program: Path, tmp_path: Path, name: str
) -> None:
    raw = tmp_path / "call.raw"
    raw.write_bytes(SOUND)
    await Flac(program).compress(raw, raw.with_suffix(".flac"))
    assert b"".join([chunk async for chunk in Flac(program).audio_of(tmp_path / name)]) == SOUND


async def test_a_torn_file_has_no_measure(program: Path, tmp_path: Path) -> None:
    raw, flac = tmp_path / "call.raw", tmp_path / "call.flac"
    raw.write_bytes(SOUND)
    await Flac(program).compress(raw, flac)
    flac.write_bytes(flac.read_bytes()[:-500])
    assert await Flac(program).measure(flac) is None
    assert await Flac(program).measure(tmp_path / "nothing.flac") is None
    assert await Flac(Path("/nowhere/flac")).measure(flac) is None


async def test_whoever_stops_listening_leaves_no_program_behind(program: Path, tmp_path: Path) -> None:
    raw = tmp_path / "call.raw"
    raw.write_bytes(SOUND * 50)
    await Flac(program).compress(raw, raw.with_suffix(".flac"))
    audio = Flac(program).audio_of(raw.with_suffix(".flac"))
    assert SOUND.startswith((await anext(audio))[: len(SOUND)])
    await audio.aclose()


class Given:
    """A call that has ended and was transcribed."""

    def __init__(self, database: Database, folder: Path, program: Path) -> None:
        self.folder = folder
        self.raw, self.flac = folder / f"{CALL}.raw", folder / f"{CALL}.flac"
        self.clock = StandingClock()
        self.database = database
        book = FakeCallBook()
        book.add(CALL, self.raw)
        self.archive = archive(database, folder, self.clock, book, program)
        self.ear = Ear(RecordingCompressed)
        self.outbox = self.ear.connect(database)
        self.desk = RecordingDesk(self.archive, self.outbox, folder / "recordings.toml")

    async def transcribed(self) -> None:
        self.raw.write_bytes(SOUND)
        await self.desk.call_ended(ended(self.clock.forward(len(SOUND) / 32000)))
        self.database.now(lambda c: store.mark_heard(c, CALL, failed=False))

    async def compress(self) -> int:
        return await self.desk.compressor.compress_heard()

    async def sweep(self, *, dry_run: bool = False) -> list[Finding]:
        return [found async for found in Sweep(self.archive, dry_run=dry_run).run()]

    def row(self) -> Recording:
        found = self.database.now(lambda c: store.recording_of(c, CALL))
        assert found is not None
        return found


@pytest.fixture
async def given(program: Path, tmp_path: Path) -> AsyncIterator[Given]:
    with fresh_database(f"sqlite:///{tmp_path}/hotline.db") as database:
        folder = tmp_path / "recordings"
        folder.mkdir()
        given = Given(database, folder, program)
        await given.transcribed()
        yield given


async def test_a_recording_stays_raw_for_a_while(given: Given) -> None:
    assert await given.compress() == 0
    assert given.raw.exists()


async def test_later_it_is_compressed_and_found_at_its_new_path(given: Given, program: Path) -> None:
    checksum = given.row().sha256
    given.clock.forward(timedelta(hours=2).total_seconds())
    assert await given.compress() == 1
    assert await given.compress() == 0
    row = given.row()
    assert (row.state, row.path, row.sha256) == (RecordingState.COMPRESSED, str(given.flac), checksum)
    assert row.pieces[0].codec is Codec.FLAC
    assert row.pieces[0].file_bytes == given.flac.stat().st_size
    assert names_in(given.folder) == [given.flac.name]
    assert decoded(program, given.flac) == SOUND
    await given.outbox.deliver_once()
    [told] = given.ear.heard
    assert isinstance(told, RecordingCompressed)
    assert told.path == str(given.flac)


async def test_a_recording_that_was_changed_is_never_compressed(given: Given) -> None:
    given.raw.write_bytes(SOUND[:-400])
    given.clock.forward(timedelta(hours=2).total_seconds())
    with capture_logs() as logs:
        assert await given.compress() == 0
    assert given.raw.exists()
    assert given.row().state is RecordingState.DAMAGED
    assert "被改动" in given.row().gap
    assert [line["event"] for line in logs] == ["录音不完整"]


async def test_a_recording_that_is_gone_is_declared(given: Given) -> None:
    given.raw.unlink()
    given.clock.forward(timedelta(hours=2).total_seconds())
    assert await given.compress() == 0
    assert given.row().state is RecordingState.DAMAGED
    assert "缺失" in given.row().gap


class TestKilled:
    """What ``kill -9`` leaves at each step of a compression is put right, and the audio is there."""

    async def test_while_it_was_written(self, given: Given) -> None:
        lay(given.folder / f"{CALL}.flac.new", b"fLaC half of it", given.clock)
        given.clock.forward(timedelta(hours=2).total_seconds())
        assert [found.seen for found in await given.sweep(dry_run=True)] == [Seen.LEFTOVER]
        assert [found.seen for found in await given.sweep()] == [Seen.LEFTOVER]
        assert await given.sweep() == []
        assert await given.compress() == 1
        assert names_in(given.folder) == [given.flac.name]

    async def test_before_it_was_written_down(self, given: Given, program: Path) -> None:
        await Flac(program).compress(given.raw, given.flac)
        given.clock.forward(timedelta(hours=2).total_seconds())
        lay(given.flac, given.flac.read_bytes()[:-3], given.clock)
        assert await given.sweep() == []
        assert await given.compress() == 1
        assert names_in(given.folder) == [given.flac.name]
        assert decoded(program, given.flac) == SOUND

    async def test_before_the_raw_file_was_removed(self, given: Given) -> None:
        given.clock.forward(timedelta(hours=2).total_seconds())
        await given.compress()
        lay(given.raw, SOUND, given.clock)
        assert [(found.seen, found.path) for found in await given.sweep()] == [
            (Seen.LEFTOVER, str(given.raw))
        ]
        assert names_in(given.folder) == [given.flac.name]
        assert await given.sweep() == []

    async def test_a_raw_file_that_is_not_the_same_is_never_removed(self, given: Given) -> None:
        given.clock.forward(timedelta(hours=2).total_seconds())
        await given.compress()
        lay(given.raw, SOUND[:-400], given.clock)
        assert [found.seen for found in await given.sweep()] == [Seen.STRAY]
        assert given.raw.exists()
        assert await given.sweep() == []


async def test_a_compressed_recording_brought_back_raw_from_a_copy_is_found(given: Given) -> None:
    given.clock.forward(timedelta(hours=2).total_seconds())
    await given.compress()
    given.flac.unlink()
    assert [found.seen for found in await given.sweep()] == [Seen.MISSING]
    assert given.row().state is RecordingState.DAMAGED
    lay(given.raw, SOUND, given.clock)
    assert [found.seen for found in await given.sweep(dry_run=True)] == [Seen.FOUND_AGAIN]
    assert [found.seen for found in await given.sweep()] == [Seen.FOUND_AGAIN]
    row = given.row()
    assert (row.state, row.path, row.gap) == (RecordingState.READY, str(given.raw), "")
    assert await given.sweep() == []


async def test_a_deleted_recording_is_not_compressed_into_life(given: Given) -> None:
    given.clock.forward(timedelta(hours=2).total_seconds())
    waiting = given.database.now(lambda c: store.heard_before(c, "hotline", given.clock.now()))
    gone = replace(given.row(), state=RecordingState.DELETED)
    given.database.now(lambda c: store.put(c, gone))
    assert [one.call_id for one in waiting] == [CALL]
    assert not await given.desk.compressor._compress(waiting[0])
    assert not given.flac.exists()
    assert given.row() == gone


async def test_a_compressed_file_that_nobody_registered_is_taken_up(given: Given, program: Path) -> None:
    given.clock.forward(timedelta(hours=2).total_seconds())
    stray = lay(given.folder / "hotline-1772413200.9.raw", SOUND, given.clock)
    await Flac(program).compress(stray, stray.with_suffix(".flac"))
    stray.unlink()
    lay(stray.with_suffix(".flac"), stray.with_suffix(".flac").read_bytes(), given.clock)
    lay(given.folder / "hotline-1772413200.8.flac", b"no FLAC at all", given.clock)
    assert sorted((found.seen, found.about) for found in await given.sweep()) == [
        (Seen.ADOPTED, ""),
        (Seen.STRAY, "读不出的 FLAC 文件"),
    ]
    await given.desk.announce()
    await given.outbox.deliver_once()
    [told] = given.ear.heard
    assert told.call_id == "hotline-1772413200.9"
    assert await given.sweep() == []
