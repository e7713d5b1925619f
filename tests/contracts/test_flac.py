"""压缩: the real flac program gives back the same audio, or leaves the recording alone."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.database import Database
from core.events import RecordingCompressed, TranscriptReady
from recordings.desk import RecordingDesk, Shelf
from recordings.flac import CompressionFailed, Flac
from recordings.model import Recording, RecordingState
from recordings.store import recording_of
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear, fresh_database
from tests.fakes.facts import CALL
from tests.fakes.recordings import arrived, ended
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


class Given:
    """A call that has ended and was transcribed."""

    def __init__(self, database: Database, folder: Path, program: Path) -> None:
        self.raw, self.flac = folder / "call.raw", folder / "call.flac"
        self.clock = StandingClock()
        self.database = database
        shelf = Shelf(node="hotline", folder=folder, free_bytes=0, flac=program)
        self.ear = Ear(RecordingCompressed)
        self.outbox = self.ear.connect(database)
        self.desk = RecordingDesk(database, self.outbox, self.clock, shelf)

    async def transcribed(self) -> None:
        self.raw.write_bytes(SOUND)
        await self.desk.call_started(arrived(self.raw))
        await self.desk.call_ended(ended(self.clock.forward(len(SOUND) / 32000)))
        await self.desk.transcribed(
            TranscriptReady(call_id=CALL, at=self.clock.now(), segments=(), model="fake")
        )

    def row(self) -> Recording:
        found = self.database.now(lambda c: recording_of(c, CALL))
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
    assert await given.desk.compress_heard() == 0
    assert given.raw.exists()


async def test_later_it_is_compressed_and_found_at_its_new_path(given: Given, program: Path) -> None:
    checksum = given.row().sha256
    given.clock.forward(timedelta(hours=2).total_seconds())
    assert await given.desk.compress_heard() == 1
    assert await given.desk.compress_heard() == 0
    row = given.row()
    assert (row.state, row.path, row.sha256) == (RecordingState.COMPRESSED, str(given.flac), checksum)
    assert names_in(given.raw.parent) == ["call.flac"]
    assert decoded(program, given.flac) == SOUND
    await given.outbox.deliver_once()
    [told] = given.ear.heard
    assert isinstance(told, RecordingCompressed)
    assert told.path == str(given.flac)


async def test_stopped_in_between_it_takes_the_proved_file(given: Given, program: Path) -> None:
    await Flac(program).compress(given.raw, given.flac)
    given.raw.unlink()
    given.clock.forward(timedelta(hours=2).total_seconds())
    assert await given.desk.compress_heard() == 1
    assert given.row().path == str(given.flac)


async def test_a_recording_that_was_changed_is_never_compressed(given: Given) -> None:
    given.raw.write_bytes(SOUND[:-400])
    given.clock.forward(timedelta(hours=2).total_seconds())
    with capture_logs() as logs:
        assert await given.desk.compress_heard() == 0
    assert given.raw.exists()
    assert given.row().state is RecordingState.DAMAGED
    assert "被改动" in given.row().gap
    assert [line["event"] for line in logs] == ["录音不完整"]
