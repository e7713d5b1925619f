"""``./hotline due``: the date and nothing else; how one gets there only when it is asked for."""

import argparse
from datetime import datetime

import pytest

from app.arguments import Arguments
from app.commands import due
from app.commands.due import NoRuleFits
from core.calendar import CalendarEnds, national_calendar
from core.clock import SHANGHAI
from tests.house.tree import ROOT
from tickets.limit_file import read_policy
from tickets.limits import MinutesStartAtOnce

POLICY = read_policy(ROOT / "profiles" / "default")


def asked(*words: str) -> argparse.Namespace:
    parser = Arguments(prog="./hotline due")
    due.add_arguments(parser)
    return parser.parse_args(["--at", "2025-01-24T10:00", *words])


def told(*words: str) -> list[str]:
    args = asked(*words)
    return list(due.lines(args, args.at, POLICY))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--days", "5"), "2025-02-07"),
        (("--days", "1"), "2025-01-26"),
        (("--days", "5", "--start", "next-day"), "2025-02-07"),
        (("--days", "5", "--start", "immediate"), "2025-02-06"),
        (("--days", "5", "--start", "即时"), "2025-02-06"),
        (("--natural-days", "7"), "2025-01-31"),
        (("--minutes", "30"), "2025-01-24 10:30"),
        ((), "2025-02-07"),
        (("--mode", "书面"), "2025-02-10"),
        (("--mode", "书面", "--start", "immediate"), "2025-02-08"),
        (("--clock", "到场", "--urgency", "紧急", "--area", "农村"), "2025-01-24 11:00"),
        (("--at", "2025-01-23T23:00-05:00", "--days", "1"), "2025-01-26"),
        (("--at", "2025-01-24", "--days", "1"), "2025-01-26"),
    ],
)
def test_it_says_when_it_is_due_and_nothing_else(words: tuple[str, ...], said: str) -> None:
    assert told(*words) == [said]


def test_asked_to_explain_it_counts_the_days_and_tries_every_rule() -> None:
    said = told("--days", "5", "--explain")
    assert said[0] == "2025-02-07"
    assert "  2025-01-26 周日 调休上班(春节)  第 1 天" in said
    assert "  2025-01-28 周二 放假(春节)" in said
    assert "  2025-02-07 周五 工作日  第 5 天" in said
    assert "  办结 2025-02-10 17:30  书面交办 7个工作日" in said
    assert said[-1].startswith("日历 chinesecalendar-")


def test_what_the_calendar_does_not_reach_is_refused_and_in_the_list_left_open() -> None:
    last = national_calendar().last
    args = asked("--days", "1")
    at = datetime(last.year, last.month, last.day, 10, tzinfo=SHANGHAI)
    with pytest.raises(CalendarEnds, match=r"calendar\.toml"):
        list(due.lines(args, at, POLICY))
    listed = list(due.lines(asked("--minutes", "5", "--explain"), at, POLICY))
    assert any("算不出" in line for line in listed)
    assert any("快用完了" in line for line in listed)


def test_a_case_that_no_rule_is_for_is_refused() -> None:
    with pytest.raises(NoRuleFits, match="到场"):
        told("--clock", "到场")


def test_minutes_do_not_start_on_the_next_day() -> None:
    with pytest.raises(MinutesStartAtOnce):
        told("--minutes", "5", "--start", "next-day")


@pytest.mark.parametrize(
    "words",
    [
        ("--days", "0"),
        ("--days", "-1"),
        ("--days", "five"),
        ("--days", "5", "--minutes", "5"),
        ("--at", "tomorrow"),
        ("--at", "2025-13-01"),
        ("--at", "0001-01-01T00:00"),
        ("--at", "9999-12-31T23:59"),
        ("--start", "now"),
        ("--clock", "睡觉"),
        ("--urgency", "很急"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        told(*words)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.startswith("错误:")
    assert said.err.count("\n") == 1
    assert "ClockKind" not in said.err
