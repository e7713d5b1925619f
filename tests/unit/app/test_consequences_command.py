"""``./hotline consequences`` and ``./hotline register``: what a person types, and what he is shown."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import consequences, register, user
from app.commands.register import PersonUnclear
from core.database import Database
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.fakes.work import HOUSING, REVIEWER, SUPERVISOR, Office
from tests.house.tree import ROOT
from tickets.consequences_desk import KindUnknown, MayNotEnter, PeriodWrong, PersonsMissing
from tickets.consequences_policy import read_consequences
from tickets.wish import Action
from tickets.work_desk import NoSuchTicket

Run = Callable[..., str]
SHIJIAZHUANG = read_consequences(ROOT / "profiles" / "shijiazhuang")
USERS = (("纪检孙", "派驻"), ("小李", "话务员"), ("小陈", "回访员"))
NOW = NINE_O_CLOCK + timedelta(hours=7)
DAYS = ("--from", "2026-01-01", "--to", "2026-03-31")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/consequences.db") as fresh:
        yield fresh


@pytest.fixture
def number(database: Database) -> str:
    """A work order that came back twice."""
    office = Office(database)

    async def twice() -> str:
        ticket = await office.handling()
        for _ in range(2):
            await office.reported(ticket)
            ticket = await office.take(ticket, Action.REDO, REVIEWER, reason="没修好")
        await office.take(ticket, Action.SUPERVISE, SUPERVISOR, text="限期办结")
        return ticket.ticket_no

    return asyncio.run(twice())


@pytest.fixture
def run(database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: NOW)
    parser = Arguments(prog="./hotline")
    commands = parser.add_subparsers(dest="command")
    for command in (consequences, register, user):
        command.add_arguments(commands.add_parser(command.__name__.rpartition(".")[2]))

    def type_(*words: str) -> str:
        args = parser.parse_args(words)
        if words[0] == "user":
            assert user.act(args, database) == 0
        else:
            command = consequences if words[0] == "consequences" else register
            assert command.act(args, database, SHIJIAZHUANG) == 0
        return capsys.readouterr().out

    for name, role in USERS:
        type_("user", "add", name, "--role", role)
    return type_


def test_each_row_says_the_rule_the_unit_and_the_work_orders(run: Run, number: str) -> None:
    shown = run("consequences", "--from", "2026-03-01", "--to", "2026-03-31")
    assert "2026年3月 (2026-03-01 至 2026-03-31)" in shown
    assert "住建局 SJZ-16(1)“连续2次被退回重办的”" in shown
    assert number in shown
    told = json.loads(run("consequences", "--from", "2026-03-01", "--to", "2026-03-31", "--json"))
    [row] = [row for row in told["rows"] if row["rule"] == "SJZ-16(1)"]
    assert (row["unit"], row["tickets"]) == (HOUSING.unit, [number])
    assert {"name": HOUSING.name, "post": "经办人"} in row["persons"]
    [sheet] = told["sheets"]
    assert (sheet["name"], sheet["sent"], sheet["rank"]) == ("住建局", 1, 1)


def test_before_anything_happened_there_is_nothing(run: Run, number: str) -> None:
    assert number
    assert "没有规则说的情形" in run("consequences", "--from", "2025-03-01", "--to", "2025-03-31")
    with pytest.raises(PeriodWrong):
        run("consequences", "--from", "2025-03-02", "--to", "2025-03-01")


def test_what_persons_decide_is_entered_listed_and_added_up(run: Run, number: str) -> None:
    who = ("--person", "主要领导=王局长", "--person", "经办人=张三", "--as", "纪检孙")
    said = run(
        *("register", "add", "情节严重", "--unit", "住建局", "--ticket", number, "--reason", "经查属实", *who)
    )
    assert said == "已登记, 第 1 号\n"
    assert "主要领导王局长、经办人张三" in run("register", "list", *DAYS, "--as", "纪检孙")
    added = json.loads(run("register", "totals", *DAYS, "--json", "--as", "纪检孙"))
    assert added == {
        "supervised": 1,
        "entries": {"情节严重": 1},
        "persons": {"情节严重": 2},
        "units": 1,
    }
    assert "情节严重 1 件 2 人" in run("register", "totals", *DAYS, "--as", "纪检孙")
    assert "移交监察部门 1 条" in run("consequences", *DAYS)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("情节严重", "--person", "主要领导=王局长", "--as", "小陈"), MayNotEnter),
        (("迟到", "--person", "主要领导=王局长", "--as", "纪检孙"), KindUnknown),
        (("情节严重", "--as", "纪检孙"), PersonsMissing),
        (("情节严重", "--person", "王局长", "--as", "纪检孙"), PersonUnclear),
        (("情节严重", "--person", "主要领导=王局长", "--ticket", "1", "--as", "纪检孙"), NoSuchTicket),
    ],
)
def test_what_is_not_complete_is_refused(
    run: Run, number: str, words: tuple[str, ...], refusal: type[Exception]
) -> None:
    assert number
    with pytest.raises(refusal):
        run("register", "add", "--unit", "住建局", "--reason", "经查属实", *words)
    assert "共 0 件" in run("register", "list", *DAYS, "--as", "纪检孙")
