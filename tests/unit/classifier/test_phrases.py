"""The small pattern language of the profile."""

import pytest

from classifier.phrases import PhraseWrong, Span, finder_at_end, finder_of, is_pattern, phrase_of


def said_in(text: str, *written: str) -> list[str]:
    find = finder_of([phrase_of(one) for one in written])
    return [text[span.start : span.end] for span in find(text)]


def test_a_plain_phrase_stands_for_itself() -> None:
    assert said_in("这里漏气又漏气", "漏气") == ["漏气", "漏气"]


def test_a_wave_leaps_over_six_characters_and_no_more() -> None:
    assert said_in("闻到一二三四五六煤气", "闻到~煤气") == ["闻到一二三四五六煤气"]
    assert said_in("闻到一二三四五六七煤气", "闻到~煤气") == []


def test_a_dot_leaps_over_two_characters_and_no_more() -> None:
    assert said_in("孩子又给丢了", "孩子·丢") == ["孩子又给丢"]
    assert said_in("孩子又给我丢了", "孩子·丢") == []


def test_brackets_offer_a_choice_and_a_question_mark_makes_optional() -> None:
    assert said_in("起了火着火", "(着|起)(了)?火") == ["起了火", "着火"]


def test_no_phrases_find_nothing() -> None:
    assert list(finder_of([])("漏气")) == []
    assert list(finder_at_end([])("漏气")) == []


def test_a_phrase_can_be_asked_for_at_the_end_only() -> None:
    find = finder_at_end([phrase_of("没有·"), phrase_of("没")])
    assert list(find("没有发生"))
    assert not list(find("没有什么大不了"))


@pytest.mark.parametrize("written", ["", "漏 气", "漏.气", "(漏", "漏)", "漏??", "~", "漏?", "[漏]"])
def test_a_wrong_phrase_is_refused(written: str) -> None:
    with pytest.raises(PhraseWrong):
        phrase_of(written)


def test_spans_that_only_touch_do_not_overlap() -> None:
    assert not Span(start=0, end=2).overlaps(Span(start=2, end=3))
    assert Span(start=0, end=2).overlaps(Span(start=1, end=3))


def test_patterns_are_told_from_words() -> None:
    assert is_pattern("停了~电")
    assert not is_pattern("停电")
