"""通话听写: real Vosk hears calls from recordings that grow as Asterisk writes them."""

import asyncio
from itertools import chain
from pathlib import Path

import pytest

import asr
from asr.desk import ListeningDesk
from asr.leg import SpeechModel
from asr.vosk_engine import load_model
from core.events import Fact, TranscriptReady, WordsHeard
from core.understanding import Segment, Side
from tests.fakes.clock import StandingClock
from tests.fakes.recordings import arrived, ready
from tests.fakes.sound import clips, silence, stereo

BLOCK = 32 * 1024
SPOKEN = clips()


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return load_model(Path(asr.__path__[0]) / "models" / "demo-synth")


class Ears:
    """A listening desk and all that it tells."""

    def __init__(self, model: SpeechModel) -> None:
        self.told: list[Fact] = []
        self.transcript: asyncio.Future[TranscriptReady] = asyncio.get_running_loop().create_future()
        self.desk = ListeningDesk(model, self.tell, StandingClock(), live_calls=4)

    def tell(self, fact: Fact) -> None:
        self.told.append(fact)
        if isinstance(fact, TranscriptReady):
            self.transcript.set_result(fact)


def conversation() -> bytes:
    """Citizen and seat take turns, half a second apart."""
    citizen, seat = b"", b""
    for number, (samples, _) in enumerate(SPOKEN):
        other = silence(len(samples) / 16000)
        citizen += (other if number % 2 else samples) + silence(0.5)
        seat += (samples if number % 2 else other) + silence(0.5)
    return stereo(citizen, seat)


async def grow(path: Path, sound: bytes) -> None:
    with path.open("ab", buffering=0) as file:
        for at in range(0, len(sound), BLOCK):
            file.write(sound[at : at + BLOCK])
            await asyncio.sleep(0.05)


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def raw_text(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.raw.replace(" ", "") for segment in segments)


async def heard_live(model: SpeechModel, path: Path, sound: bytes) -> tuple[TranscriptReady, list[Fact]]:
    ears = Ears(model)
    ears.desk.call_started(arrived(path))
    await asyncio.sleep(0.3)
    await grow(path, sound)
    ears.desk.recording_ready(ready(path))
    transcript = await asyncio.wait_for(ears.transcript, 2)
    await ears.desk.close()
    return transcript, ears.told


async def heard_afterwards(model: SpeechModel, path: Path) -> TranscriptReady:
    ears = Ears(model)
    ears.desk.recording_ready(ready(path))
    transcript = await asyncio.wait_for(ears.transcript, 20)
    await ears.desk.close()
    return transcript


async def test_a_call_is_heard_while_it_lasts_and_the_same_way_afterwards(
    model: SpeechModel, tmp_path: Path
) -> None:
    path = tmp_path / "call.raw"
    live, told = await heard_live(model, path, conversation())
    words = [fact for fact in told if isinstance(fact, WordsHeard)]
    assert live.outcome == "done"
    assert live.model == "demo-synth"
    assert [segment.side for segment in live.segments] == [Side.CITIZEN, Side.SEAT] * 4
    assert tuple(word.segment for word in words if word.final) == live.segments
    assert any(not word.final for word in words)
    afterwards = await heard_afterwards(model, path)
    assert afterwards.segments == live.segments


async def test_at_most_five_characters_in_a_hundred_are_wrong(model: SpeechModel, tmp_path: Path) -> None:
    wrong = 0
    for number, (samples, said) in enumerate(SPOKEN):
        path = tmp_path / f"{number}.raw"
        path.write_bytes(stereo(samples, b""))
        transcript = await heard_afterwards(model, path)
        assert {segment.side for segment in transcript.segments} == {Side.CITIZEN}
        wrong += distance(said, raw_text(transcript.segments))
    assert wrong <= 0.05 * len("".join(chain.from_iterable(said for _, said in SPOKEN)))


async def test_a_number_that_was_read_out_is_written_in_digits(model: SpeechModel, tmp_path: Path) -> None:
    path = tmp_path / "number.raw"
    path.write_bytes(stereo(SPOKEN[3][0], b""))
    transcript = await heard_afterwards(model, path)
    assert [segment.text for segment in transcript.segments] == ["电话13800123456"]
