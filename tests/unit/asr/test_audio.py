"""A growing recording gives the same two sides however it grows."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from asr.audio import READ_BYTES, GrowingRecording, Legs, legs_of
from core.understanding import Side
from tests.fakes.sound import stereo, tone

SOUND = stereo(tone(0.01, 300), tone(0.01, 700))


def read_all(recording: GrowingRecording) -> Legs:
    read = list(iter(recording.read_new, Legs()))
    return Legs(citizen=b"".join(legs.citizen for legs in read), seat=b"".join(legs.seat for legs in read))


@given(cuts=st.lists(st.integers(min_value=0, max_value=len(SOUND)), max_size=12).map(sorted))
def test_any_growth_gives_the_same_sides(cuts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recording = GrowingRecording(Path(folder) / "call.raw")
        citizen = seat = b""
        for start, end in zip([0, *cuts], [*cuts, len(SOUND)], strict=True):
            with recording.path.open("ab") as file:
                file.write(SOUND[start:end])
            legs = read_all(recording)
            citizen, seat = citizen + legs.citizen, seat + legs.seat
    assert Legs(citizen=citizen, seat=seat) == legs_of(SOUND)


def test_left_is_the_citizen_and_right_the_seat() -> None:
    legs = legs_of(b"\x01\x02\x03\x04\x05\x06\x07\x08")
    assert legs.of(Side.CITIZEN) == b"\x01\x02\x05\x06"
    assert legs.of(Side.SEAT) == b"\x03\x04\x07\x08"


def test_a_file_that_is_not_there_yet_is_nothing_new(tmp_path: Path) -> None:
    recording = GrowingRecording(tmp_path / "call.raw")
    assert not recording.read_new()
    recording.path.write_bytes(SOUND)
    assert recording.read_new()
    assert not recording.read_new()


def test_half_a_frame_waits_for_its_other_half(tmp_path: Path) -> None:
    recording = GrowingRecording(tmp_path / "call.raw")
    recording.path.write_bytes(SOUND[:7])
    assert recording.read_new() == legs_of(SOUND[:4])
    assert not recording.read_new()


def test_one_read_is_about_a_second(tmp_path: Path) -> None:
    recording = GrowingRecording(tmp_path / "call.raw")
    recording.path.write_bytes(bytes(3 * READ_BYTES))
    assert len(recording.read_new().citizen) == READ_BYTES // 2
    assert recording.seconds_read == READ_BYTES / 32000
