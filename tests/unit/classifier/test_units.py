"""Which units the words lead to."""

from classifier.found import found_words
from classifier.model import FoundWord, Meaning, Profile
from classifier.units import suggest_units

GAS = "城乡建设/城市建设和市政管理/燃气供应"


def test_the_unit_with_the_narrowest_duty_comes_first_with_its_words(profile: Profile) -> None:
    units = suggest_units(found_words(("天然气",), profile.meanings), GAS, profile)
    assert units[0].name == "市燃气公司"
    assert units[0].words == ("天然气",)
    assert all(units[0].score >= unit.score for unit in units)


def test_a_side_matter_does_not_push_the_matter_aside(profile: Profile) -> None:
    found = found_words(("公积金", "房租"), profile.meanings)
    units = suggest_units(found, "城乡建设/住房保障与房地产/住房公积金", profile)
    assert units[0].name == "市住房公积金管理中心"


def test_at_most_three_units_are_named(profile: Profile) -> None:
    words = ("天然气", "停电", "停水", "路灯", "医保", "老师")
    assert len(suggest_units(found_words(words, profile.meanings), GAS, profile)) == 3


def test_nothing_heard_names_nobody(profile: Profile) -> None:
    assert suggest_units((), GAS, profile) == ()


def test_what_nobody_answers_for_goes_to_the_district(profile: Profile) -> None:
    meaning = Meaning(category="党务政务/国防外交/外交外事", weight=3.0)
    found = (FoundWord(word="外交", start=0, end=2, meanings=(meaning,)),)
    assert [unit.name for unit in suggest_units(found, meaning.category, profile)] == ["属地街道办事处"]
