"""``figures``: a sample file, a day of the journal, bad input; numbers for people and for programs."""

import json
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from tests.commands.command_line import CommandLine, own_command_line
from tests.commands.conftest import SEAT
from tests.commands.test_refused import refused
from tests.fakes.sightings import ENDS
from tests.house.tree import ROOT, is_chinese

SIXTEEN_CALLS = ROOT / "tests" / "data" / "metrics_fixture.json"
THE_DAY = "2026-03-02"
FOLLOW_SECONDS = 20.0
HEADLINE_LINES = 3


@pytest.fixture
def line() -> Iterator[CommandLine]:
    """Nothing runs here: these commands only read."""
    own = own_command_line("figures")
    try:
        yield own
    finally:
        own.clean_up()


def as_json(line: CommandLine, *words: str) -> dict[str, Any]:
    ran = line.run("figures", "--json", *words)
    assert (ran.code, ran.sentences) == (0, []), ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


class TestSampleFile:
    def test_gives_one_object_with_the_expected_keys_and_their_rules(self, line: CommandLine) -> None:
        told = as_json(line, "--file", str(SIXTEEN_CALLS))
        rules = told.pop("rules")
        assert told == json.loads(SIXTEEN_CALLS.read_text())["expected"]
        assert set(rules) == set(told)

    def test_is_a_table_for_people(self, line: CommandLine) -> None:
        ran = line.run("figures", "--file", str(SIXTEEN_CALLS))
        assert (ran.code, ran.sentences) == (0, [])
        assert "40.00 %" in ran.out.split("指标")[0]
        assert "6 ÷ 15" in ran.out
        assert "全部一致" in ran.out

    def test_that_is_wrong_is_refused_in_one_sentence(self, line: CommandLine) -> None:
        wrong = line.folder / "wrong.json"
        wrong.write_text('{"calls": [{"id": "c01"}]}')
        refused(line.run("figures", "--file", str(wrong)), "统计样例文件有误", "第 1 项", "outcome")
        refused(line.run("figures", "--file", str(line.folder / "none.json"), "--json"), "文件不存在")
        refused(line.run("figures", "--file", "/"), "文件不存在或读不了")

    def test_that_looks_doubtful_is_said_beside(self, line: CommandLine) -> None:
        doubtful = json.loads(SIXTEEN_CALLS.read_text())
        doubtful["expected"]["luck"] = 7
        file = line.folder / "doubtful.json"
        file.write_text(json.dumps(doubtful))
        ran = line.run("figures", "--file", str(file), "--json")
        assert ran.code == 0
        assert "luck" not in json.loads(ran.out)
        [said] = ran.sentences
        assert said.startswith("注意:")
        assert "luck" in said

    def test_stands_for_itself(self, line: CommandLine) -> None:
        refused(line.run("figures", "--file", str(SIXTEEN_CALLS), "--queue", "intake"), "--file", "--json")


class TestDay:
    def test_carries_numerator_denominator_rule_window_and_gaps(self, journal: CommandLine) -> None:
        told = as_json(journal, "--date", THE_DAY)
        figure = told["calls"]["connect_rate"]
        assert set(figure) >= {"value", "num", "den", "rule", "window", "as_of", "gaps"}
        assert figure["num"] == len(ENDS["answered"])  # type: ignore[index]
        assert figure["value"] == round(100 * figure["num"] / figure["den"], 2)
        assert is_chinese(figure["rule"])
        assert told["window"] == ["2026-03-02T00:00:00+08:00", "2026-03-03T00:00:00+08:00"]
        assert told["calls"]["distinct_calls"]["value"] == sum(len(ways) for ways in ENDS.values())
        assert len(told["staffing"]["half_hours"]) == 48

    def test_is_a_table_with_the_headline_first(self, journal: CommandLine) -> None:
        ran = journal.run("figures", "--date", THE_DAY)
        assert (ran.code, ran.sentences) == (0, [])
        first = [row for row in ran.out.splitlines() if "%" in row]
        assert "接通率" in first[0]
        assert "15 秒接通率" in first[1]
        assert "接通÷人工请求" in ran.out
        assert "座席配置建议" in ran.out
        assert max(map(len, ran.out.splitlines())) <= 100

    def test_of_part_of_it_and_of_one_queue(self, journal: CommandLine) -> None:
        assert as_json(journal, "--date", THE_DAY, "--to", "09:00")["calls"]["requests"]["value"] == 0
        nine = as_json(journal, "--from", f"{THE_DAY} 09:00", "--to", "24:00")
        assert nine["calls"]["requests"]["value"] > 0
        experts = as_json(journal, "--date", THE_DAY, "--queue", "experts")
        assert experts["calls"]["requests"]["value"] == 1
        assert experts["queue"] == "experts"

    def test_of_a_queue_that_there_is_not_is_refused_and_those_that_there_are_are_named(
        self, journal: CommandLine
    ) -> None:
        refused(journal.run("figures", "--date", THE_DAY, "--queue", "nosuch"), "没有这个技能组", "intake")

    def test_of_a_seats_own_queue_on_a_day_without_calls_is_nothing(self, journal: CommandLine) -> None:
        told = as_json(journal, "--date", "2026-03-09", "--queue", f"seat-{SEAT}")
        assert told["calls"]["requests"]["value"] == 0
        refused(journal.run("figures", "--date", "2026-03-09", "--queue", "seat-7999"), "没有这个技能组")

    def test_without_calls_has_no_rate(self, journal: CommandLine) -> None:
        told = as_json(journal, "--date", "2026-03-09")
        assert told["calls"]["connect_rate"]["value"] is None
        assert journal.run("figures", "--date", "2026-03-09").code == 0

    def test_today_is_shown_again_and_again_until_ctrl_c(self, journal: CommandLine) -> None:
        with journal.window("figures", "--follow", "--json") as follower:
            assert follower.stdout is not None
            looks = [json.loads(follower.stdout.readline())["as_of"] for _ in range(2)]
            follower.send_signal(signal.SIGINT)
            assert follower.wait(FOLLOW_SECONDS) == 130
            assert follower.stderr is not None
            assert follower.stderr.read() == ""
        first, second = map(datetime.fromisoformat, looks)
        assert first < second < first + timedelta(seconds=FOLLOW_SECONDS)

    def test_people_follow_the_headline(self, journal: CommandLine) -> None:
        with journal.window("figures", "--follow") as follower:
            assert follower.stdout is not None
            assert "接通率" in "".join(islice(iter(follower.stdout.readline, ""), HEADLINE_LINES))
            follower.send_signal(signal.SIGINT)
            assert follower.wait(FOLLOW_SECONDS) == 130

    def test_of_a_hotline_that_never_ran_is_refused(self, line: CommandLine) -> None:
        refused(line.run("figures"), "还没有启动过")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--from", "18:00", "--to", "08:00"), "结束要晚于开始"),
            (("--from", "2026-03-02", "--to", "2026-03-02"), "结束要晚于开始"),
        ],
    )
    def test_that_ends_before_it_begins_is_refused(
        self, journal: CommandLine, words: tuple[str, ...], said: str
    ) -> None:
        refused(journal.run("figures", *words), said)

    @pytest.mark.parametrize(
        "words", [("--date", "yesterday"), ("--date", "2026-02-30"), ("--from", "25:00"), ("--to", "noon")]
    )
    def test_a_wrong_day_or_time_is_named(self, line: CommandLine, words: tuple[str, ...]) -> None:
        ran = line.run("figures", *words)
        assert ran.code == 2
        [sentence] = ran.sentences
        assert words[1] in sentence
        assert is_chinese(sentence)
