"""Errors: the docstring is the sentence, the facts stand behind it."""

from core.errors import HotlineError


class TooLoud(HotlineError):
    """音量太大:
    请调低后再试。
    """  # noqa: D205 - one sentence over two lines


def test_an_error_says_its_docstring_in_one_line() -> None:
    assert str(TooLoud()) == "音量太大: 请调低后再试。"


def test_the_facts_stand_behind_the_sentence() -> None:
    assert str(TooLoud(part="prompt", decibel=90)) == "音量太大: 请调低后再试。 (part=prompt, decibel=90)"
    assert TooLoud(decibel=90).facts == {"decibel": 90}
