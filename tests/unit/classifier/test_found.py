"""Finding the profile's words among the words that were cut."""

from classifier.found import LONGEST_TEXT, PhraseFinder, found_words, plain
from classifier.model import Meaning
from classifier.phrases import phrase_of

ABOUT = (Meaning(category="城乡建设", weight=1.0),)


def test_the_longest_phrase_of_neighbouring_words_is_found() -> None:
    wanted = {"垃圾": ABOUT, "没有人": ABOUT, "垃圾没有人清理": ABOUT}
    found = found_words(("小区", "垃圾", "没有", "人", "清理", "垃圾"), wanted)
    assert [(word.word, word.start, word.end) for word in found] == [
        ("垃圾没有人清理", 2, 9),
        ("垃圾", 9, 11),
    ]


def test_no_phrase_begins_or_ends_inside_a_word() -> None:
    assert found_words(("办公", "安排"), {"公安": ABOUT}) == ()


def test_no_words_find_nothing() -> None:
    assert found_words((), {"公安": ABOUT}) == ()


def test_a_phrase_of_several_parts_leaps_over_what_lies_between() -> None:
    finder = PhraseFinder({phrase_of("停了~电"): ABOUT})
    assert [word.word for word in finder.found_in("这周停了三次电")] == ["停了三次电"]


def test_plain_text_has_no_spaces_no_odd_forms_and_an_end() -> None:
    assert plain(" 人民路　５６号\n") == "人民路56号"
    assert len(plain("路" * (3 * LONGEST_TEXT))) == LONGEST_TEXT
