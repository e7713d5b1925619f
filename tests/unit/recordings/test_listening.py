"""Nobody hears a recording without saying what for, and whoever hears it is told what is missing."""

import io
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.database import Database
from core.ids import CallId
from recordings import keeping_store, store
from recordings.files import measure
from recordings.holding import HoldDesk, NoReason, Said
from recordings.listening import Asked, ListeningDesk, NoRecording, RecordingDeleted
from recordings.model import Access, Act, Recording, RecordingState
from recordings.registry import Lies, manifest_of, piece_of
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.facts import CALL, CALLER
from tests.fakes.recordings import FakeCallBook, archive, ended, lay

WHY = Said(who="张三", reason="投诉复核")
SOUND = bytes(range(200)) * 160
OTHER = CallId("hotline-1772413200.2")


class Given:
    """One recording, and a desk at which it is heard."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.database = database
        self.clock = StandingClock()
        self.book = FakeCallBook()
        self.archive = archive(database, folder, self.clock, self.book)
        self.desk = ListeningDesk(self.archive)

    def recorded(self, call_id: CallId = CALL, sound: bytes = SOUND) -> Recording:
        path = lay(self.folder / f"{call_id}.raw", sound, self.clock)
        self.book.add(call_id, path)
        lies = Lies(path=path, audio=measure(path), file_bytes=len(sound))
        end = ended(NINE_O_CLOCK + timedelta(seconds=1), call_id=call_id)
        recording = manifest_of(end, self.book.known[call_id], lies, "hotline")
        self.database.now(lambda c: store.put(c, recording))
        return recording

    async def hear(self, said: Said = WHY, file: str = "") -> tuple[Recording, bytes]:
        into = io.BytesIO()
        heard = await self.desk.listen(Asked(call_id=CALL, said=said, file=file), into)
        into.seek(0)
        with wave.open(into, "rb") as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 8000)
            return heard, sound.readframes(sound.getnframes())

    def accesses(self) -> list[Access]:
        return self.database.now(lambda c: keeping_store.accesses_of(c, CALL))


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    return Given(database, tmp_path)


async def test_a_recording_is_given_as_it_is(given: Given) -> None:
    recording = given.recorded()
    assert await given.hear() == (recording, SOUND)


async def test_every_listening_is_written_down(given: Given) -> None:
    given.recorded()
    await given.hear()
    given.clock.forward(60)
    await given.hear(Said(who="李四", reason="  质检\n抽查 "), file="/home/li/call.wav")
    assert given.accesses() == [
        Access(at=NINE_O_CLOCK, who="张三", act=Act.LISTEN, call_id=CALL, reason="投诉复核"),
        Access(
            at=NINE_O_CLOCK + timedelta(minutes=1),
            who="李四",
            act=Act.EXPORT,
            call_id=CALL,
            reason="质检 抽查",
            given_to="/home/li/call.wav",
        ),
    ]


async def test_it_is_written_down_before_anything_is_heard(given: Given) -> None:
    given.recorded()

    class Broken(io.BytesIO):
        def write(self, _sound: object, /) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        await given.desk.listen(Asked(call_id=CALL, said=WHY), Broken())
    assert len(given.accesses()) == 1


@pytest.mark.parametrize("reason", ["", " ", "长" * 201])
async def test_without_a_reason_nothing_is_heard(given: Given, reason: str) -> None:
    given.recorded()
    with pytest.raises(NoReason):
        await given.hear(Said(who="张三", reason=reason))
    with pytest.raises(NoReason):
        await given.desk.show(CALL, Said(who="张三", reason=reason))
    assert given.accesses() == []


async def test_what_there_is_not_cannot_be_heard(given: Given) -> None:
    with pytest.raises(NoRecording):
        await given.hear()
    with pytest.raises(NoRecording):
        await given.desk.show(CALL)
    assert given.accesses() == []


@pytest.mark.parametrize("state", [RecordingState.EXPIRED, RecordingState.DELETED])
async def test_what_is_deleted_cannot_be_heard(given: Given, state: RecordingState) -> None:
    gone = replace(given.recorded(), state=state, deleted_for="保存 730 天")
    given.database.now(lambda c: store.put(c, gone))
    with pytest.raises(RecordingDeleted, match="730"):
        await given.hear()
    assert given.accesses() == []


async def test_pieces_are_heard_one_after_the_other(given: Given) -> None:
    recording = given.recorded()
    further = lay(given.folder / f"{CALL}+2.raw", SOUND[::-1], given.clock)
    lies = Lies(path=further, audio=measure(further), file_bytes=len(SOUND))
    both = replace(recording, pieces=(*recording.pieces, piece_of(2, NINE_O_CLOCK, lies)))
    given.database.now(lambda c: store.put(c, both))
    assert await given.hear() == (both, SOUND + SOUND[::-1])


async def test_one_that_was_changed_is_given_and_declared(given: Given) -> None:
    given.recorded()
    lay(given.folder / f"{CALL}.raw", SOUND[::-1], given.clock)
    heard, sound = await given.hear()
    assert sound == SOUND[::-1]
    assert (heard.state, heard.gap) == (RecordingState.DAMAGED, "登记之后文件被改动")
    assert given.database.now(lambda c: store.recording_of(c, CALL)) == heard


async def test_one_that_is_gone_is_declared(given: Given) -> None:
    given.recorded()
    (given.folder / f"{CALL}.raw").unlink()
    heard, sound = await given.hear()
    assert (sound, heard.gap) == (b"", "登记之后文件缺失")


async def test_a_recording_that_never_had_a_file_is_silent_and_no_worse_than_before(given: Given) -> None:
    recording = given.recorded()
    silent = replace(recording, pieces=(replace(recording.pieces[0], sha256="", bytes=0, path="/nowhere"),))
    given.database.now(lambda c: store.put(c, silent))
    heard, sound = await given.hear()
    assert (sound, heard.state) == (b"", RecordingState.READY)


async def test_looking_at_a_manifest_is_free_revealing_the_number_is_written_down(given: Given) -> None:
    given.recorded()
    await given.desk.show(CALL)
    assert given.accesses() == []
    whole = await given.desk.show(CALL, WHY)
    assert whole.call is not None
    assert whole.call.caller == CALLER
    assert [access.act for access in whole.accesses] == [Act.REVEAL]


async def test_a_manifest_shows_holds_on_the_call_and_on_its_work_orders(given: Given) -> None:
    given.recorded()
    given.book.add_ticket(CALL, "260302090009000001")
    await HoldDesk(given.archive).hold(CALL, WHY)
    await HoldDesk(given.archive).hold("260302090009000001", WHY)
    whole = await given.desk.show(CALL)
    assert [(hold.call_id, hold.ticket_no) for hold in whole.holds] == [
        (CALL, None),
        (None, "260302090009000001"),
    ]


async def test_a_list_has_the_last_of_a_day(given: Given) -> None:
    for number in range(5):
        given.recorded(CallId(f"hotline-1772413200.{number}"))
    day = (NINE_O_CLOCK - timedelta(hours=9), NINE_O_CLOCK + timedelta(hours=15))
    listed = await given.desk.begun_between(*day, last=2)
    assert [one.recording.call_id for one in listed] == ["hotline-1772413200.3", "hotline-1772413200.4"]
    assert await given.desk.begun_between(*day, last=2, gaps_only=True) == []
    assert await given.desk.begun_between(day[1], day[1] + timedelta(days=1), last=2) == []
