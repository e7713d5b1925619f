"""单位排名."""

from pathlib import Path

import pytest

from tests.unit.tickets.circulars.made_up import HOUR, MONDAY, POLICY, UNITS, city, ticket
from tickets.circulars.period import Kind, period_of
from tickets.circulars.policy import read_circular_policy
from tickets.circulars.ranking import UnitLine, ranked, unit_lines
from tickets.profile import PolicyWrong

WEEK = period_of(Kind.WEEKLY, MONDAY.date())
PROFILE = Path(__file__).resolve().parents[4] / "profiles" / "default"


def lines(*scores: int | None, bottom: int = 5) -> list[tuple[str, int, bool]]:
    units = [
        UnitLine(unit=f"{number:02d}", name="", figures={}, score=score)
        for number, score in enumerate(scores)
    ]
    return [(line.unit, line.rank, line.bottom) for line in ranked(units, bottom)]


def test_equal_scores_share_a_rank_and_the_next_rank_is_left_out() -> None:
    assert [rank for _, rank, _ in lines(90, 80, 80, 70)] == [1, 2, 2, 4]


def test_the_bottom_is_rounded_up() -> None:
    assert sum(bottom for *_, bottom in lines(*range(20))) == 1
    assert sum(bottom for *_, bottom in lines(*range(21))) == 2


def test_who_ties_with_the_first_of_the_bottom_is_in_it() -> None:
    assert [unit for unit, _, bottom in lines(90, 70, 70) if bottom] == ["01", "02"]


def test_who_has_too_few_work_orders_is_listed_last_without_a_rank() -> None:
    few = tuple(ticket(number, unit="0201", dispatched_at=MONDAY + HOUR * 10) for number in range(4))
    (line,) = unit_lines(few, UNITS, WEEK, POLICY)
    assert (line.name, line.rank, line.score, line.bottom) == ("市住建局", 0, None, False)


def test_a_score_is_the_weighted_mean_of_the_rates_that_there_are() -> None:
    signed = tuple(
        ticket(
            number,
            unit="0201",
            dispatched_at=MONDAY + 10 * HOUR,
            sign_due=MONDAY + 12 * HOUR,
            signed_at=MONDAY + (11 if number else 13) * HOUR,
            due=MONDAY + 40 * HOUR,
            closed_at=MONDAY + 20 * HOUR,
        )
        for number in range(5)
    )
    (line,) = unit_lines(signed, UNITS, WEEK, POLICY)
    assert line.score == (20 * 8000 + 40 * 10_000 + 30) // 60


@pytest.mark.parametrize("seed", range(5))
def test_every_score_lies_between_nothing_and_a_hundred(seed: int) -> None:
    found = unit_lines(city(500, seed).tickets, UNITS, WEEK, POLICY)
    assert found
    assert all(line.score is None or 0 <= line.score <= 10_000 for line in found)


def test_the_rules_that_we_ship_can_be_read() -> None:
    assert sum(read_circular_policy(PROFILE).weights.values()) == 100


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ("sign_rate = 20", "sign_rat = 20", "没有这个可以计分的比率"),
        ("sign_rate = 20", "sign_rate = 0", "权重应当大于零"),
        ("least = 5", "least = 0", "应当是正整数"),
        ("bottom_percent = 5", "bottom_percent = 500", "不大于 100"),
        ('"年度通报"]', '"专报"]', r"第 \d+ 行 regular .*不定期"),
        ('"年度通报"]', '"周报"]', "不要写两次"),
        ('"年度通报"]', '"日报"]', "只能写 '周报'、"),
    ],
)
def test_a_mistake_in_the_rules_is_named_with_its_line(
    tmp_path: Path, was: str, wrong: str, said: str
) -> None:
    text = (PROFILE / "circulars.toml").read_text(encoding="utf-8")
    (tmp_path / "circulars.toml").write_text(text.replace(was, wrong), encoding="utf-8")
    with pytest.raises(PolicyWrong, match=said):
        read_circular_policy(tmp_path)
