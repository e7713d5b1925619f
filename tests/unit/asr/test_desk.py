"""Which calls are heard, when, and what is told when it goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from asr.desk import ListeningDesk
from core.events import Fact, TranscriptReady, WordsHeard
from core.ids import CallId
from core.understanding import Side
from tests.fakes.clock import StandingClock
from tests.fakes.facts import CALL
from tests.fakes.recogniser import FakeModel
from tests.fakes.recordings import arrived, ready
from tests.fakes.sound import silence, stereo, tone

OTHER = CallId("hotline-1772413200.2")
TALK = stereo(tone(1) + silence(3), silence(2) + tone(1) + silence(1))


class Given:
    """A listening desk with room for one live call."""

    def __init__(self, model: FakeModel, recording: Path) -> None:
        self.model = model
        self.recording = recording
        self.told: list[Fact] = []
        self.words = asyncio.Event()
        self.desk = ListeningDesk(model, self._tell, StandingClock(), live_calls=1)
        self._transcripts: asyncio.Queue[TranscriptReady] = asyncio.Queue()

    def _tell(self, fact: Fact) -> None:
        self.told.append(fact)
        if isinstance(fact, WordsHeard):
            self.words.set()
        if isinstance(fact, TranscriptReady):
            self._transcripts.put_nowait(fact)

    async def transcript(self) -> TranscriptReady:
        return await asyncio.wait_for(self._transcripts.get(), 5)


@pytest.fixture
async def given(tmp_path: Path) -> AsyncIterator[Given]:
    given = Given(FakeModel("你 好"), tmp_path / "call.raw")
    yield given
    await given.desk.close()


async def test_a_complete_recording_becomes_a_transcript_of_both_sides(given: Given) -> None:
    given.recording.write_bytes(TALK)
    given.desk.recording_ready(ready(given.recording))
    transcript = await given.transcript()
    assert (transcript.call_id, transcript.outcome, transcript.reason) == (CALL, "done", "")
    assert transcript.model == "fake"
    assert [(each.side, each.text) for each in transcript.segments] == [
        (Side.CITIZEN, "你好"),
        (Side.SEAT, "你好"),
    ]


async def test_a_live_call_tells_its_words_before_it_ends(given: Given) -> None:
    given.recording.write_bytes(TALK)
    given.desk.call_started(arrived(given.recording))
    await asyncio.wait_for(given.words.wait(), 5)
    given.desk.recording_ready(ready(given.recording))
    transcript = await given.transcript()
    finals = [fact.segment for fact in given.told if isinstance(fact, WordsHeard) and fact.final]
    assert transcript.segments == tuple(finals)


async def test_told_twice_is_heard_once(given: Given) -> None:
    given.recording.write_bytes(TALK)
    for _ in range(2):
        given.desk.call_started(arrived(given.recording))
    for _ in range(2):
        given.desk.recording_ready(ready(given.recording))
    await given.transcript()
    assert len(given.model.recognisers) == 2


async def test_whoever_asks_again_is_told_the_same_transcript_again(given: Given) -> None:
    given.recording.write_bytes(TALK)
    given.desk.recording_ready(ready(given.recording))
    first = await given.transcript()
    given.desk.recording_ready(ready(given.recording))
    assert await given.transcript() == first
    assert len(given.model.recognisers) == 2


async def test_a_call_that_found_no_room_is_heard_afterwards(given: Given) -> None:
    given.recording.write_bytes(TALK)
    given.desk.call_started(arrived(given.recording))
    given.desk.call_started(arrived(given.recording, OTHER))
    given.desk.recording_ready(ready(given.recording, OTHER))
    assert (await given.transcript()).call_id == OTHER


async def test_a_missing_recording_is_told_with_its_reason(given: Given) -> None:
    given.desk.recording_ready(ready(given.recording))
    transcript = await given.transcript()
    assert transcript.outcome == "failed"
    assert "找不到录音文件" in transcript.reason


async def test_what_failed_is_tried_again_when_asked_again(given: Given) -> None:
    given.desk.recording_ready(ready(given.recording))
    await given.transcript()
    given.recording.write_bytes(TALK)
    given.desk.recording_ready(ready(given.recording))
    assert (await given.transcript()).outcome == "done"


async def test_an_empty_recording_is_skipped_with_its_reason(given: Given) -> None:
    given.recording.touch()
    given.desk.recording_ready(ready(given.recording))
    transcript = await given.transcript()
    assert (transcript.outcome, transcript.segments) == ("skipped", ())
    assert transcript.reason


async def test_a_recording_that_cannot_be_read_fails_in_one_sentence(given: Given) -> None:
    given.recording.mkdir()
    given.desk.recording_ready(ready(given.recording))
    transcript = await given.transcript()
    assert transcript.outcome == "failed"
    assert "读不出来" in transcript.reason


async def test_a_recogniser_that_breaks_keeps_what_it_had_heard(tmp_path: Path) -> None:
    given = Given(FakeModel("你 好", breaks_at=3.0), tmp_path / "call.raw")
    given.recording.write_bytes(TALK)
    given.desk.recording_ready(ready(given.recording))
    transcript = await given.transcript()
    assert transcript.outcome == "failed"
    assert "识别器坏了" in transcript.reason
    assert [each.side for each in transcript.segments] == [Side.CITIZEN]
    await given.desk.close()


async def test_closing_stops_at_once_and_tells_nothing(given: Given) -> None:
    given.recording.write_bytes(TALK)
    given.desk.call_started(arrived(given.recording))
    await given.desk.close()
    assert not any(isinstance(fact, TranscriptReady) for fact in given.told)
