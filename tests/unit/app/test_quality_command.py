"""``./hotline quality``: what a person types, and what he is shown."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import quality, user
from app.quality_actions import MayNotCheck, MayNotSeeSheets
from app.ticket_actions import NoSuchUser
from core.database import Database
from core.ids import CallId
from queue_manager.figures.policy import Policy
from queue_manager.journal_store import put
from queue_manager.quality import MarksWrong
from queue_manager.quality_desk import OwnCall
from queue_manager.story import story_of
from tests.fakes.database import fresh_database
from tests.fakes.sightings import HOME, moment, passed_on_blindly, whole_call
from tickets.roles import UNITS, Role
from tickets.user_register import ROLES

Run = Callable[..., str]
CALLS = tuple(CallId(f"hotline-{number}.0") for number in range(1, 6))
BOTH = CallId("hotline-9.0")
MARKS = ("--marks", "95,90,100,80,85")
MAY = ("质检员", "班长", "热线办主任", "热线办副主任")
USERS = {"质检周": ("质检员", ""), "小李": ("话务员", "8001"), "小王": ("话务员", ""), "报表赵": ("报表", "")}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/quality.db") as fresh:
        for seen in (*map(whole_call, CALLS), passed_on_blindly(BOTH)):
            story = story_of(seen[0].call_id, seen, HOME)
            fresh.now(lambda connection, story=story: put(connection, story))  # type: ignore[misc]  # bound at once
        yield fresh


@pytest.fixture
def run(database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: moment(3600))
    parser = Arguments(prog="./hotline")
    commands = parser.add_subparsers(dest="command")
    quality.add_arguments(commands.add_parser("quality"))
    user.add_arguments(commands.add_parser("user"))

    def type_(*words: str) -> str:
        args = parser.parse_args(words)
        code = user.act(args, database) if words[0] == "user" else quality.act(args, database, Policy())
        assert code == 0
        return capsys.readouterr().out

    for name, (role, seat) in USERS.items():
        type_("user", "add", name, "--role", role, "--seat", seat)
    return type_


def test_a_sheet_is_filled_in_and_listed(run: Run) -> None:
    said = run("quality", "sheet", CALLS[0], *MARKS, "--remark", "报了 13812345678", "--as", "质检周")
    assert said == (
        "来电 hotline-1.0 座席 8001 质检得分 90.0 (用语 95、记录 90、派单 100、处理 80、反馈 85)\n"
    )
    listed = run("quality", "list", "--as", "质检周")
    assert "138****5678" in listed
    assert "13812345678" not in listed
    assert "90.0" in listed
    assert "共 1 张, 计入 1 张" in listed


def test_an_earlier_sheet_is_shown_as_replaced(run: Run) -> None:
    run("quality", "sheet", CALLS[0], *MARKS, "--as", "质检周")
    run("quality", "sheet", CALLS[0], "--marks", "60,60,60,60,61", "--as", "质检周")
    listed = run("quality", "list", "--as", "质检周")
    assert "已替换" in listed
    assert "60.2" in listed
    assert "共 2 张, 计入 1 张" in listed
    told = json.loads(run("quality", "list", "--json", "--as", "质检周"))
    assert [(one["mark"], one["counts"]) for one in told] == [(90.0, False), (60.2, True)]
    assert told[0]["marks"] == {
        "language": 95,
        "record": 90,
        "dispatch": 100,
        "handling": 80,
        "feedback": 85,
    }


def test_a_list_is_of_one_day_and_one_seat(run: Run) -> None:
    run("quality", "sheet", BOTH, *MARKS, "--seat", "8002", "--as", "质检周")
    for words, number in (
        (("--date", "2026-03-02"), 1),
        (("--date", "2026-03-03"), 0),
        (("--seat", "8002"), 1),
        (("--seat", "8001"), 0),
    ):
        assert f"共 {number} 张" in run("quality", "list", *words, "--as", "质检周")


@pytest.mark.parametrize("role", [role for role in ROLES.values() if role not in UNITS])
def test_only_who_checks_quality_marks_and_draws(run: Run, role: Role) -> None:
    run("user", "add", "某人", "--role", role.value)
    for words in (("sheet", CALLS[0], *MARKS), ("draw",)):
        if role.value in MAY:
            assert run("quality", *words, "--as", "某人")
        else:
            with pytest.raises(MayNotCheck):
                run("quality", *words, "--as", "某人")


def test_an_operator_sees_the_sheets_of_his_own_seat_alone(run: Run) -> None:
    for seat in ("8001", "8002"):
        run("quality", "sheet", BOTH, *MARKS, "--seat", seat, "--as", "质检周")
    own = json.loads(run("quality", "list", "--json", "--as", "小李"))
    assert [one["seat"] for one in own] == ["8001"]
    for who, words in (("小李", ("--seat", "8002")), ("小王", ()), ("报表赵", ())):
        with pytest.raises(MayNotSeeSheets):
            run("quality", "list", *words, "--as", who)


def test_a_shift_lead_does_not_mark_the_calls_of_his_own_seat(run: Run) -> None:
    run("user", "add", "班长吴", "--role", "班长", "--seat", "8001")
    with pytest.raises(OwnCall):
        run("quality", "sheet", CALLS[0], *MARKS, "--as", "班长吴")
    assert "座席 8002" in run("quality", "sheet", BOTH, *MARKS, "--seat", "8002", "--as", "班长吴")


def test_wrong_marks_and_unknown_people_are_refused(run: Run) -> None:
    with pytest.raises(MarksWrong, match="次序是用语、记录、派单、处理、反馈"):
        run("quality", "sheet", CALLS[0], "--marks", "95,90,100,80", "--as", "质检周")
    with pytest.raises(NoSuchUser):
        run("quality", "sheet", CALLS[0], *MARKS, "--as", "路人")
    assert "共 0 张" in run("quality", "list", "--as", "质检周")


def test_a_draw_says_its_seed_and_is_the_same_with_it(run: Run) -> None:
    first = json.loads(run("quality", "draw", "--json", "--as", "质检周"))
    assert {one["seat"]: 0 for one in first["calls"]} == {"8001": 0, "8002": 0}
    again = run("quality", "draw", "--json", "--seed", str(first["seed"]), "--as", "质检周")
    assert json.loads(again) == first
    shown = run("quality", "draw", "--date", "2026-03-02", "--each", "1", "--seed", "7", "--as", "质检周")
    assert "2 个座席抽出 2 通, 种子 7" in shown
    assert BOTH in shown


def test_nothing_to_draw_is_said(run: Run) -> None:
    said = run("quality", "draw", "--date", "2026-03-03", "--seed", "7", "--as", "质检周")
    assert said == "0 个座席抽出 0 通, 种子 7\n"


@pytest.mark.parametrize("words", [("--each", "0"), ("--each", "三"), ("--seed", "-1"), ("--date", "3月2日")])
def test_a_wrong_number_or_day_is_named(run: Run, words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit):
        run("quality", "draw", *words, "--as", "质检周")
