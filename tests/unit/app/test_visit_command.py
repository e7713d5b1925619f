"""``./hotline visit``: what a person types, and what he is shown."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import user, visit
from app.visit_actions import UnreachedUnknown
from core.database import Database
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.fakes.work import POLICIES, PROFILE, Office
from tickets.visits_desk import SamePerson
from tickets.visits_policy import read_visits
from tickets.work_desk import MayNotSee

Run = Callable[..., str]
POLICY = read_visits(PROFILE)
USERS = (("小陈", "回访员"), ("主任", "热线办主任"), ("副主任", "热线办副主任"), ("小李", "话务员"))
NOW = NINE_O_CLOCK + timedelta(hours=7)
YESTERDAY, TOMORROW = (f"{(NOW + timedelta(days=days)).date()}" for days in (-1, 1))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/visits.db") as fresh:
        yield fresh


@pytest.fixture
def number(database: Database) -> str:
    """A work order that waits for its visit."""
    return asyncio.run(Office(database).to_visit()).ticket_no


@pytest.fixture
def run(database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "160")
    # Whatever the day on which we test: the calendar must know the due times.
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: NOW)
    parser = Arguments(prog="./hotline")
    commands = parser.add_subparsers(dest="command")
    visit.add_arguments(commands.add_parser("visit"))
    user.add_arguments(commands.add_parser("user"))

    def type_(*words: str) -> str:
        args = parser.parse_args(words)
        code = user.act(args, database) if words[0] == "user" else visit.act(args, database, POLICIES, POLICY)
        assert code == 0
        return capsys.readouterr().out

    for name, role in USERS:
        type_("user", "add", name, "--role", role)
    return type_


def test_who_is_due_is_listed_and_then_no_more(run: Run, number: str) -> None:
    assert number in run("visit", "due", "--as", "小陈")
    said = run("visit", "record", number, "--handle", "满意", "--solved", "解决", "--as", "小陈")
    assert said == f"工单 {number} 已办结, 计入考核\n"
    assert "共 0 张" in run("visit", "due", "--as", "小陈")


def test_an_attempt_in_vain_says_when_to_try_again(run: Run, number: str) -> None:
    assert "待回访" in run("visit", "record", number, "--unreached", "无人接听", "--as", "小陈")
    listed = run("visit", "due", "--as", "小陈")
    assert "1次 无人接听" in listed
    assert "以后" in listed
    with pytest.raises(UnreachedUnknown):
        run("visit", "record", number, "--unreached", "出差", "--as", "小陈")


def test_a_bad_rating_is_left_out_by_two_and_shown(run: Run, number: str) -> None:
    held = run(
        *("visit", "record", number, "--handle", "不满意", "--exclude", "不合理诉求"),
        *("--note", "要求赔偿十倍", "--as", "副主任"),
    )
    assert "等另一个人批准" in held
    assert "等批准" in run("visit", "exclusions", "--as", "主任")
    with pytest.raises(SamePerson):
        run("visit", "approve", number, "--note", "同意", "--as", "副主任")
    assert "已批准剔除" in run("visit", "approve", number, "--note", "同意", "--as", "主任")
    assert "批准:同意" in run("visit", "exclusions", "--from", YESTERDAY, "--as", "主任")
    told = run("visit", "rates", "--from", YESTERDAY, "--to", TOMORROW, "--json", "--as", "主任")
    rates = json.loads(told)
    handled = rates["dimensions"]["handle_sat"]
    assert (handled["before"]["bad"], handled["after"]["den"]) == (1, 0)
    assert rates["left_out"] == [{"ticket": number, "reason": "不合理诉求"}]
    assert rates["by_urgency"]["一般"]["handle_sat"] == rates["by_unit"]["02"]["handle_sat"] == handled
    shown = run("visit", "rates", "--from", YESTERDAY, "--to", TOMORROW, "--as", "主任")
    assert "一般 办理结果 剔除前 0.00% (0/1) 剔除后 —" in shown
    assert "0.00% (0/1)" in shown
    assert f"{number} 不合理诉求" in shown


def test_what_is_not_approved_goes_back_to_the_unit(run: Run, number: str) -> None:
    run(
        "visit",
        "record",
        number,
        *("--handle", "不满意", "--exclude", "不合理诉求", "--note", "x", "--as", "小陈"),
    )
    assert "办理中" in run("visit", "decline", number, "--note", "诉求合理", "--as", "主任")


def test_a_closed_one_can_be_asked_for_later(run: Run, number: str) -> None:
    run("visit", "record", number, "--handle", "基本满意", "--as", "小陈")
    run("visit", "exclude", number, "--reason", "评价对象有误", "--note", "说的是另一件", "--as", "小陈")
    assert "不计入考核" in run("visit", "approve", number, "--note", "同意", "--as", "主任")


def test_a_spot_check_draws_from_what_was_closed(run: Run, number: str) -> None:
    days = ("--from", YESTERDAY, "--to", TOMORROW, "--as", "主任")
    assert run("visit", "sample", *days) == "共 0 张\n"
    run("visit", "record", number, "--handle", "满意", "--as", "小陈")
    assert run("visit", "sample", *days) == f"{number} 02\n共 1 张\n"


def test_who_may_not_read_work_orders_sees_none(run: Run) -> None:
    with pytest.raises(MayNotSee):
        run("visit", "due", "--as", "小李")


@pytest.mark.parametrize(
    "words",
    [
        *("visit due", "visit record", "visit exclude", "visit exclusions", "visit approve"),
        *("visit decline", "visit rates", "visit sample"),
    ],
)
def test_every_action_explains_itself(capsys: pytest.CaptureFixture[str], words: str) -> None:
    parser = Arguments(prog="./hotline")
    visit.add_arguments(parser.add_subparsers(dest="command").add_parser("visit"))
    with pytest.raises(SystemExit, match="0"):
        parser.parse_args([*words.split(), "--help"])
    assert capsys.readouterr().out.startswith(f"用法:./hotline {words}")
