"""What sounds alike looks alike."""

import pytest

from classifier.sounds import as_it_sounds, blurred


@pytest.mark.parametrize(
    ("one", "other"), [("煤气味", "没七味"), ("走失", "走是"), ("着火", "这火"), ("情形", "亲信")]
)
def test_words_of_the_same_blurred_sound_are_one(one: str, other: str) -> None:
    assert as_it_sounds(one) == as_it_sounds(other)


def test_words_of_another_sound_stay_apart() -> None:
    assert as_it_sounds("漏气") != as_it_sounds("楼梯")


def test_the_text_keeps_its_length_and_what_has_no_sound() -> None:
    said = "在A座12楼,闻到煤气味😀"
    assert len(as_it_sounds(said)) == len(said)
    assert "A" in as_it_sounds(said)
    assert "😀" in as_it_sounds(said)


def test_flat_and_curled_tongue_and_the_nasals_are_blurred() -> None:
    assert blurred("zhang") == blurred("zan") == "zan"
    assert blurred("shi") == "si"
    assert blurred("qing") == "qin"
    assert blurred("zhong") == "zong"
