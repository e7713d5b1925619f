"""统计样例: the sixteen-call day comes out exactly; what may be added; what is refused in one sentence."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from queue_manager.figures.figure import Number
from queue_manager.figures.fixture import read_fixture
from queue_manager.figures.fixture_answer import Answer, answer_to
from queue_manager.figures.fixture_parts import FixtureWrong
from tests.house.tree import ROOT, is_chinese

SIXTEEN_CALLS = ROOT / "tests" / "data" / "metrics_fixture.json"
Whole = dict[str, Any]


@pytest.fixture
def whole() -> Whole:
    plain: Whole = json.loads(SIXTEEN_CALLS.read_text())
    return copy.deepcopy(plain)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "day.json"


def answered(file: Path, whole: Whole) -> Answer:
    file.write_text(json.dumps(whole), encoding="utf-8")
    return answer_to(read_fixture(file))


def seat(answer: Answer, number: str) -> dict[str, Number | None]:
    return {key: figure.value for key, figure in answer.report.seats[number].items()}  # type: ignore[index]


class TestTheSixteenCallDay:
    def test_comes_out_exactly(self, whole: Whole) -> None:
        answer = answer_to(read_fixture(SIXTEEN_CALLS))
        assert answer.values == whole["expected"]
        assert list(answer.values) == list(whole["expected"])
        assert (answer.differences(whole["expected"]), answer.warnings) == ([], ())

    def test_comes_out_the_same_when_it_does_not_say_what_it_expects(self, file: Path, whole: Whole) -> None:
        expected = whole.pop("expected")
        assert answered(file, whole).values == expected

    def test_does_not_depend_on_the_order_of_calls(self, file: Path, whole: Whole) -> None:
        whole["calls"] = [*reversed(whole["calls"][:14]), *whole["calls"][14:]]
        assert answered(file, whole).values == whole["expected"]

    def test_every_value_has_its_rule(self) -> None:
        answer = answer_to(read_fixture(SIXTEEN_CALLS))
        assert set(answer.rules) == set(answer.values)
        assert set(answer.rules["seats"]) == {"busy", "occupancy", "utilisation"}
        flat = [rule for key, rule in answer.rules.items() if key != "seats"]
        assert all(is_chinese(rule) for rule in flat + list(answer.rules["seats"].values()))
        assert "{" not in "".join(flat)

    def test_of_another_queue_is_another_day(self, file: Path, whole: Whole) -> None:
        whole["queue"] = "enterprise"
        found = answered(file, whole).values
        assert (found["requests"], found["answered"], found["mean_wait_answered"]) == (1, 1, 20.0)
        assert (found["handle_time"], found["hotline_connect_rate"]) == (115.0, 40.0)

    def test_of_all_queues_counts_the_transferred_call_once(self, file: Path, whole: Whole) -> None:
        whole["queue"] = None
        found = answered(file, whole).values
        assert (found["requests"], found["answered"], found["connect_rate"]) == (15, 6, 40.0)
        assert found["handle_time"] == 157.86

    def test_with_other_limits(self, file: Path, whole: Whole) -> None:
        whole |= {"threshold_seconds": 16, "short_seconds": 10}
        found = answered(file, whole).values
        assert (found["answered_in_15s"], found["short_abandoned"]) == (33.33, 2)

    def test_differs_where_something_else_was_expected(self, file: Path, whole: Whole) -> None:
        whole["expected"] |= {"answered": 7}
        whole["expected"]["seats"]["1001"]["busy"] = 1
        answer = answered(file, whole)
        assert answer.differences(whole["expected"]) == ["answered", "seats.1001.busy"]


class TestMayAlsoSay:
    def test_the_words_of_the_journal(self, file: Path, whole: Whole) -> None:
        words = {"abandoned": "hung_up_waiting", "timeout": "overflow_timeout", "callback": "left_by_key"}
        words |= {"blocked": "no_seat", "saturated": "queue_full", "prompt_hangup": "hung_up_in_prompt"}
        for call in whole["calls"]:
            call["outcome"] = words.get(call["outcome"], call["outcome"])
        assert answered(file, whole).values == whole["expected"]

    def test_other_figures_that_it_expects(self, file: Path, whole: Whole) -> None:
        whole["expected"] = {"withdrawn": 0, "seats": {"1001": {"calls_per_hour": 3.0, "handle_time": 250.0}}}
        answer = answered(file, whole)
        assert answer.values["withdrawn"] == 0
        assert answer.values["seats"]["1001"] == whole["expected"]["seats"]["1001"]

    def test_which_calls_are_not_counted(self, file: Path, whole: Whole) -> None:
        machine = {
            "id": "m",
            "outcome": "answered",
            "wait": 1,
            "talk": 9,
            "queue": "general",
            "flag": "robot",
        }
        whole["calls"].append(machine)
        answer = answered(file, whole)
        assert answer.values == whole["expected"]
        assert answer.report.calls["excluded"].value == 1

    def test_how_long_it_took_from_the_arrival(self, file: Path, whole: Whole) -> None:
        whole["calls"][0]["from_arrival"] = 15
        figure = answered(file, whole).report.calls["answered_in_15s_from_arrival"]
        assert (figure.num, figure.den) == (1, 15)

    def test_states_schedule_offers_and_sheets_of_a_seat(self, file: Path, whole: Whole) -> None:
        whole["seats"]["1001"] |= {
            "states": [
                {"state": "ready", "from": 0, "to": 2250},
                {"state": "talk", "from": 2250, "to": 2870},
                {"state": "acw", "from": 2870, "to": 3000},
                {"state": "pause", "from": 3000, "to": 3600},
            ],
            "schedule": [
                {"state": "work", "from": 0, "to": 3000},
                {"state": "break", "from": 3000, "to": 4000},
            ],
            "offers": {"accepted": 3, "rung_out": 1, "rescinded": 5},
            "quality": [95, 80],
        }
        answer = answered(file, whole)
        assert answer.values == whole["expected"]
        found = seat(answer, "1001")
        assert (found["adherence"], found["answer_rate"], found["quality"]) == (100.0, 75.0, 87.5)

    def test_demands(self, file: Path, whole: Whole) -> None:
        whole["demands"] = [
            {
                "id": "d1",
                "closed": True,
                "contacts": [
                    {"number": "1", "at": "2026-11-01"},
                    {"number": "1", "at": "2026-11-02 09:30:00"},
                ],
            },
            {"id": "d2", "closed": True, "dispatched": True},
        ]
        whole["expected"] = dict.fromkeys(
            ("direct_answer_rate", "first_contact_resolution", "repeat_call_rate"), 50.0
        )
        answer = answered(file, whole)
        assert answer.differences({**whole["expected"], "seats": answer.values["seats"]}) == []


class TestIsDoubted:
    def test_when_a_seat_did_more_than_it_was_there(self, file: Path, whole: Whole) -> None:
        whole["seats"]["1001"] = {"login": 700, "pause": 0}
        assert [one for one in answered(file, whole).warnings if "1001" in one and "50 秒" in one]

    def test_when_a_seat_with_calls_is_not_named(self, file: Path, whole: Whole) -> None:
        del whole["seats"]["2001"]
        answer = answered(file, whole)
        assert "2001" not in answer.values["seats"]
        assert any("2001" in one for one in answer.warnings)

    def test_when_it_expects_what_nobody_knows(self, file: Path, whole: Whole) -> None:
        whole["expected"]["luck"] = 7
        answer = answered(file, whole)
        assert any("luck" in one for one in answer.warnings)
        assert answer.differences(whole["expected"]) == ["luck"]


def change(whole: Whole, call: int, **values: object) -> Whole:
    whole["calls"][call] |= values
    return whole


BAD: dict[str, Any] = {
    "缺少 calls": lambda whole: whole.pop("calls"),
    "calls 应当是一个列表": lambda whole: whole.update(calls={"id": "c01"}),
    "第 1 项 应当是一个对象": lambda whole: whole.update(calls=["c01"]),
    "缺少 id": lambda whole: whole["calls"][0].pop("id"),
    "第 2 项 与前面的一项完全相同": lambda whole: whole["calls"].insert(1, whole["calls"][0]),
    "outcome 不能是 'lost'": lambda whole: change(whole, 0, outcome="lost"),
    "缺少 outcome": lambda whole: whole["calls"][3].pop("outcome"),
    "缺少 wait": lambda whole: change(whole, 0, wait="4"),
    "wait 应在 0 到": lambda whole: change(whole, 0, wait=-1),
    "缺少 talk": lambda whole: whole["calls"][0].pop("talk"),
    "不是数字": lambda whole: change(whole, 0, wait=True),
    "hold 不能比 talk 长": lambda whole: change(whole, 0, hold=121),
    "缺少 queue": lambda whole: change(whole, 0, queue=None),
    "flag 不能是": lambda whole: change(whole, 0, flag="friend"),
    "缺少 login": lambda whole: whole["seats"].update({"1001": {}}),
    "pause 不能比 login 长": lambda whole: whole["seats"].update({"1001": {"login": 1, "pause": 2}}),
    "seats 应当是一个对象": lambda whole: whole.update(seats=[]),
    "不认识 kissed": lambda whole: whole["seats"]["1001"].update(offers={"kissed": 1}),
    "0 到 100 的整数": lambda whole: whole["seats"]["1001"].update(quality=[101]),
    "to 不能比 from 早": lambda whole: whole["seats"]["1001"].update(
        states=[{"state": "ready", "from": 2, "to": 1}]
    ),
    "true 或 false": lambda whole: whole.update(demands=[{"id": "d", "closed": 1}]),
    "at 应当写成": lambda whole: whole.update(
        demands=[{"id": "d", "contacts": [{"number": "1", "at": "yesterday"}]}]
    ),
    "expected 应当是一个对象": lambda whole: whole.update(expected=[1]),
}


@pytest.mark.parametrize("said", BAD)
def test_what_is_wrong_is_said_in_one_sentence(file: Path, whole: Whole, said: str) -> None:
    BAD[said](whole)
    with pytest.raises(FixtureWrong) as wrong:
        answered(file, whole)
    told = str(wrong.value)
    assert said in told
    assert "\n" not in told
    assert told.count("。") == 1


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"calls": [NaN]}', b"[" * 100_000, b'"calls"']
)
def test_what_is_no_sample_at_all_is_refused(file: Path, text: bytes) -> None:
    file.write_bytes(text)
    with pytest.raises(FixtureWrong):
        read_fixture(file)


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(FixtureWrong, match=r"day\.json"):
        read_fixture(file)
