"""A律: the tables are those of G.711."""

import math

from hypothesis import given
from hypothesis import strategies as st

from simulator.alaw import SILENCE, from_alaw, to_alaw


def test_known_points_of_the_curve_decode_as_in_the_standard() -> None:
    known = {0xD5: 8, 0x55: -8, 0xAA: 32256, 0x2A: -32256, 0x80: 5504, 0x00: -5504}
    assert {code: from_alaw(bytes([code]))[0] for code in known} == known


def test_every_code_survives_a_round_trip() -> None:
    codes = bytes(range(256))
    assert to_alaw(from_alaw(codes)) == codes


@given(st.integers(-32768, 32767))
def test_a_sample_becomes_the_nearest_code(sample: int) -> None:
    heard = from_alaw(to_alaw([sample]))[0]
    nearest = min(abs(value - sample) for value in from_alaw(bytes(range(256))))
    assert abs(heard - sample) <= nearest + 8


def test_silence_is_silent() -> None:
    assert to_alaw([0]) == SILENCE


def test_a_tone_keeps_its_shape() -> None:
    tone = [round(10000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(800)]
    error = sum((a - b) ** 2 for a, b in zip(tone, from_alaw(to_alaw(tone)), strict=True))
    power = sum(sample * sample for sample in tone)
    assert 10 * math.log10(power / error) > 35
