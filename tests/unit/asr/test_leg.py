"""One side of a call becomes segments."""

from hypothesis import given
from hypothesis import strategies as st

from asr.leg import Leg
from asr.model import Heard
from core.understanding import Side
from tests.fakes.recogniser import FakeModel
from tests.fakes.sound import silence, tone

SPEECH = silence(1) + tone(2) + silence(1) + tone(1) + silence(0.3)


def finals(heard: list[Heard]) -> list[Heard]:
    return [each for each in heard if each.final]


def test_utterances_carry_their_side_and_time_and_are_cleaned() -> None:
    leg = Leg(Side.SEAT, FakeModel("你 好", "再 见").recogniser())
    one, two = finals(leg.hear(SPEECH) + leg.finish())
    assert (one.segment.side, one.segment.raw, one.segment.text) == (Side.SEAT, "你 好", "你好")
    assert (round(one.segment.start, 1), round(one.segment.end, 1)) == (1.0, 3.0)
    assert (round(two.segment.start, 1), round(two.segment.end, 1)) == (4.0, 5.0)
    assert [word.text for word in two.segment.words] == ["再", "见"]


def test_what_is_being_said_is_told_once_until_it_changes() -> None:
    leg = Leg(Side.CITIZEN, FakeModel().recogniser())
    assert leg.hear(silence(1)) == []
    (begun,) = leg.hear(tone(1))
    assert not begun.final
    assert begun.segment.text == "…"
    assert leg.hear(tone(1)) == []
    (ended,) = leg.hear(silence(1))
    assert ended.final


def test_an_utterance_without_a_word_is_dropped() -> None:
    leg = Leg(Side.CITIZEN, FakeModel("[unk]").recogniser())
    assert finals(leg.hear(SPEECH) + leg.finish()) == []


@given(cuts=st.lists(st.integers(min_value=0, max_value=len(SPEECH)), max_size=8).map(sorted))
def test_any_chunking_gives_the_same_segments(cuts: list[int]) -> None:
    model = FakeModel("你 好", "再 见")
    whole, cut = Leg(Side.CITIZEN, model.recogniser()), Leg(Side.CITIZEN, model.recogniser())
    heard = [cut.hear(SPEECH[a:b]) for a, b in zip([0, *cuts], [*cuts, len(SPEECH)], strict=True)]
    expected = finals(whole.hear(SPEECH) + whole.finish())
    assert finals([each for some in heard for each in some] + cut.finish()) == expected
