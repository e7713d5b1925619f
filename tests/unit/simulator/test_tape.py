"""录音带: packets become one sound."""

import wave
from pathlib import Path

import pytest

from simulator.alaw import SILENCE, to_alaw
from simulator.tape import Tape

LOUD = to_alaw([8000] * 160)
SOFT = to_alaw([80] * 160)


def test_packets_in_order_are_one_sound() -> None:
    tape = Tape()
    tape.add(0.00, 1000, LOUD)
    tape.add(0.02, 1160, SOFT)
    assert tape.sound() == LOUD + SOFT


def test_a_pause_in_sending_is_silence() -> None:
    tape = Tape()
    tape.add(0.00, 1000, LOUD)
    tape.add(0.06, 1480, LOUD)
    assert tape.sound() == LOUD + SILENCE * 320 + LOUD


def test_packets_that_overtake_each_other_fall_into_place() -> None:
    tape = Tape()
    tape.add(0.00, 1000, LOUD)
    tape.add(0.04, 1320, LOUD)
    tape.add(0.04, 1160, SOFT)
    assert tape.sound() == LOUD + SOFT + LOUD


def test_timestamps_may_wrap_around() -> None:
    tape = Tape()
    tape.add(0.00, (1 << 32) - 160, LOUD)
    tape.add(0.02, 0, SOFT)
    assert tape.sound() == LOUD + SOFT


def test_a_sender_that_starts_anew_is_placed_by_the_clock() -> None:
    tape = Tape()
    tape.add(5.00, 1000, LOUD)
    tape.add(5.10, 900_000_000, SOFT)
    assert tape.sound() == LOUD + SILENCE * 640 + SOFT


def test_an_empty_tape_is_silent() -> None:
    tape = Tape()
    assert tape.sound() == b""
    assert tape.first_at is None
    assert tape.loudness() == 0.0


def test_loudness_is_told_for_a_stretch_of_time() -> None:
    tape = Tape()
    tape.add(0.00, 0, SOFT)
    tape.add(0.02, 160, LOUD)
    assert tape.loudness(until=0.01) == pytest.approx(80, abs=10)
    assert tape.loudness(since=0.01) == pytest.approx(8000, rel=0.05)
    assert tape.first_loud_at(4000) == 0.02
    assert tape.first_loud_at(20000) is None


def test_a_saved_tape_is_a_telephone_wav(tmp_path: Path) -> None:
    tape = Tape()
    tape.add(0.00, 0, LOUD)
    tape.save(tmp_path / "heard.wav")
    with wave.open(str(tmp_path / "heard.wav"), "rb") as opened:
        assert opened.getparams()[:4] == (1, 2, 8000, 160)
