"""What the desk makes of a citizen's words."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier.desk import SuggestionDesk
from classifier.model import Profile
from core.understanding import DemandType, Suggestion, Urgency

SENTENCES = Path(__file__).with_name("sentences.csv")


@pytest.fixture(scope="module")
def heard(desk: SuggestionDesk) -> list[tuple[dict[str, str], Suggestion]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return [(row, desk.suggest(row["sentence"])) for row in csv.DictReader(file)]


def share(right: Iterator[bool]) -> float:
    counted = list(right)
    return sum(counted) / len(counted)


def test_nine_of_ten_spoken_sentences_get_the_right_first_level(
    heard: list[tuple[dict[str, str], Suggestion]],
) -> None:
    right = (s.category.split("/")[0] in row["level1"].split("|") for row, s in heard)
    assert share(right) >= 0.95


def test_nine_of_ten_spoken_sentences_get_an_acceptable_unit_first(
    heard: list[tuple[dict[str, str], Suggestion]],
) -> None:
    right = (s.units[0].name in row["units"].split() if s.units else not row["units"] for row, s in heard)
    assert share(right) >= 0.95


def test_most_spoken_sentences_get_the_right_demand_type(
    heard: list[tuple[dict[str, str], Suggestion]],
) -> None:
    assert share(s.demand_type == row["demand_type"] for row, s in heard) >= 0.85


def test_no_dangerous_sentence_is_ordinary_and_hardly_a_harmless_one_is_urgent(
    heard: list[tuple[dict[str, str], Suggestion]],
) -> None:
    alarmed = [row for row, s in heard if s.urgency is not Urgency.ORDINARY]
    dangerous = [row for row, _ in heard if row["urgency"] != "一般"]
    assert all(row in alarmed for row in dangerous)
    assert len(dangerous) / len(alarmed) >= 0.9


def test_a_gas_smell_is_urgent_and_goes_to_the_gas_company(desk: SuggestionDesk) -> None:
    made = desk.suggest("你好我住在幸福小区三栋二单元楼道里闻到煤气味")
    assert made.urgency is Urgency.VERY_URGENT
    assert made.category == "城乡建设/城市建设和市政管理/燃气供应"
    assert made.units[0].name == "市燃气公司"
    assert made.address == "幸福小区三栋二单元"
    assert any(proof.about.startswith("紧急程度/特急") for proof in made.evidence)


def test_a_building_site_at_night_is_an_ordinary_complaint_about_noise(desk: SuggestionDesk) -> None:
    made = desk.suggest("你好我要投诉人民路附近工地半夜施工影响休息")
    assert made.demand_type is DemandType.COMPLAIN
    assert made.category == "环境保护/环境污染/噪音污染"
    assert made.urgency is Urgency.ORDINARY
    assert made.title == "人民路附近 工地半夜施工影响休息"


def test_a_question_about_a_social_security_card_is_a_consultation(desk: SuggestionDesk) -> None:
    made = desk.suggest("请问社保卡怎么办理")
    assert made.demand_type is DemandType.CONSULT
    assert made.category.startswith("劳动和社会保障/")
    assert made.units[0].name == "市人社局"
    assert not made.unsure


@pytest.mark.parametrize("said", ["", "啊", "转人工", "?!。", "12345", "hello there"])
def test_where_no_matter_is_heard_the_desk_says_so_and_names_no_unit(desk: SuggestionDesk, said: str) -> None:
    made = desk.suggest(said)
    assert made.unsure
    assert made.category_score == 0
    assert made.category == "城乡建设/其他/其他"
    assert made.units == ()
    assert made.title == ""


@pytest.mark.parametrize(
    "said",
    [
        "着" * 100_000,
        "😀路灯不亮😀",
        "<b>路灯</b>不亮",
        "\u202e路灯不亮\u202c",
        "\x00\n路灯 不亮\t",
        "ＡＢＣ路灯不亮",
    ],
)
def test_odd_text_is_taken_as_it_comes(desk: SuggestionDesk, said: str) -> None:
    assert desk.suggest(said).category.count("/") == 2


def test_spaces_between_the_recognisers_words_change_nothing(desk: SuggestionDesk) -> None:
    assert desk.suggest("人民路 路灯 不 亮") == desk.suggest("人民路路灯不亮")


def test_nothing_is_invented(heard: list[tuple[dict[str, str], Suggestion]], profile: Profile) -> None:
    for row, made in heard:
        said = row["sentence"]
        assert made.address in said
        assert made.title.removeprefix(made.address).strip() in said
        assert all(proof.word in said and 0 < proof.weight <= 1 for proof in made.evidence)
        assert all(unit.name in profile.units for unit in made.units)
        assert all(word in said for unit in made.units for word in unit.words)


def test_categories_are_spelled_as_in_the_taxonomy(
    heard: list[tuple[dict[str, str], Suggestion]], profile: Profile
) -> None:
    for _, made in heard:
        level1, level2, level3 = made.category.split("/")
        assert level3 in profile.children[f"{level1}/{level2}"]
        assert 0 <= made.category_score <= 1


def test_every_suggestion_names_the_state_of_the_profile(desk: SuggestionDesk, profile: Profile) -> None:
    assert desk.suggest("路灯不亮").version == profile.version
    assert profile.version.startswith("default-")


def test_a_call_of_average_length_is_read_in_a_blink(desk: SuggestionDesk) -> None:
    said = "你好我要投诉幸福小区三栋二单元楼上邻居半夜装修太吵了物业也不管已经打了好几次电话" * 3
    desk.suggest(said)
    began = time.perf_counter()
    for _ in range(20):
        desk.suggest(said)
    # Measured 1.5 ms; the margin is for a busy machine.
    assert (time.perf_counter() - began) / 20 < 0.05
