"""How weighted words become a category."""

from classifier.category import emphasis, guess_category, lies_in
from classifier.found import found_words
from classifier.model import Profile


def test_the_heaviest_first_level_wins_and_the_path_goes_down_to_the_third(profile: Profile) -> None:
    found = found_words(("小区", "公积金"), profile.meanings)
    guess = guess_category(found, profile)
    assert guess.path == "城乡建设/住房保障与房地产/住房公积金"
    assert [reason.word for reason in guess.reasons] == ["小区", "公积金"]


def test_one_faint_word_leaves_the_guess_unsure(profile: Profile) -> None:
    guess = guess_category(found_words(("小区",), profile.meanings), profile)
    assert guess.path.startswith("城乡建设/")
    assert guess.unsure


def test_contradicting_words_leave_the_guess_unsure(profile: Profile) -> None:
    assert guess_category(found_words(("公积金", "传销"), profile.meanings), profile).unsure


def test_a_word_for_a_whole_field_ends_in_its_rest(profile: Profile) -> None:
    guess = guess_category(found_words(("教育局",), profile.meanings), profile)
    assert guess.path == "教育文体/其他/其他"


def test_saying_it_again_counts_a_little_more_but_not_for_ever() -> None:
    assert emphasis(1) == 1.0
    assert 1.0 < emphasis(2) < emphasis(3) == emphasis(30)


def test_a_category_lies_in_its_ancestors_and_in_no_namesake() -> None:
    assert lies_in("教育文体/文化/其他", "教育文体/文化")
    assert lies_in("教育文体/文化", "教育文体/文化")
    assert not lies_in("教育文体/文化艺术", "教育文体/文化")
