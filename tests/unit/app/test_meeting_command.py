"""``./hotline meeting``: an agenda is collected, shown and assigned by what a person types."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import meeting, ticket, user
from app.commands.meeting import NothingToAssign
from core.database import Connection
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.fakes.work import FIVE, POLICIES, UNITS
from tests.unit.app.test_ticket_command import Run
from tickets import unit_store
from tickets.meetings import MayNotMeet
from tickets.unit_file import ImportRefused


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("COLUMNS", "160")
    # Whatever the day on which we test: the calendar must know the due times.
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: NINE_O_CLOCK)
    with fresh_database(f"sqlite:///{tmp_path}/tickets.db") as database:

        def bring(connection: Connection) -> None:
            unit_store.put_units(connection, UNITS)

        database.now(bring)
        parser = Arguments(prog="./hotline")
        commands = parser.add_subparsers(dest="command")
        for name, module in (("ticket", ticket), ("user", user), ("meeting", meeting)):
            module.add_arguments(commands.add_parser(name))

        def type_(*words: str) -> str:
            args = parser.parse_args(words)
            if words[0] == "user":
                code = user.act(args, database)
            else:
                code = {"ticket": ticket, "meeting": meeting}[words[0]].act(args, database, POLICIES)
            assert code == 0
            return capsys.readouterr().out

        for name, role in (("老王", "派单员"), ("主任", "热线办主任")):
            type_("user", "add", name, "--role", role)
        yield type_


def submitted(run: Run, key: str) -> str:
    fields = [word for name, value in FIVE.items() for word in ("--set", f"{name}={value}")]
    said = run("ticket", "open", "--key", key, "--phone", "13812341234", "--as", "老王", *fields)
    number = said.split()[1].rstrip(",")
    run("ticket", "submit", number, "--as", "老王")
    return number


def called(run: Run) -> str:
    said = run(
        *("meeting", "new", "--kind", "联席会议", "--at", "2026-03-04T09:00"),
        *("--chair", "市长", "--title", "供水", "--as", "主任"),
    )
    return said.split()[1]


def test_a_meeting_assigns_each_case_from_a_file(run: Run, tmp_path: Path) -> None:
    one, other = submitted(run, "1"), submitted(run, "2")
    number = called(run)
    assert "加入 2 个" in run(
        "meeting", "add", one, other, "--meeting", number, "--why", "集中", "--as", "主任"
    )
    file = tmp_path / "交办.csv"
    file.write_text(f"工单,主办,时限\n{one},住建局,2026-05-01\n{other},水务局,2026-05-08\n", encoding="utf-8")
    assert "已交办 2 件" in run("meeting", "assign", "--meeting", number, "--file", str(file), "--as", "主任")
    said = run("meeting", "show", "--meeting", number, "--as", "老王")
    assert "住建局" in said
    assert "2026-05-08 17:30" in said
    assert "议题 2 个, 已交办 2 个" in said
    plain = json.loads(run("meeting", "show", "--meeting", number, "--json", "--as", "老王"))
    assert [(item["unit"], item["state"]) for item in plain["items"]] == [
        ("02", "to_sign"),
        ("03", "to_sign"),
    ]
    assert number in run("meeting", "list", "--as", "老王")
    assert one in run("ticket", "list", "--matter", "联席会议", "--as", "老王")


def test_a_case_is_assigned_by_hand_and_one_is_taken_off(run: Run) -> None:
    one, other = submitted(run, "1"), submitted(run, "2")
    number = called(run)
    run("meeting", "add", one, other, "--meeting", number, "--as", "主任")
    run("meeting", "drop", other, "--meeting", number, "--as", "主任")
    with pytest.raises(NothingToAssign):
        run("meeting", "assign", one, "--meeting", number, "--as", "主任")
    run("meeting", "assign", one, "--to", "住建局", "--assist", "水务局", "--meeting", number, "--as", "主任")
    assert "议题 1 个, 已交办 1 个" in run("meeting", "show", "--meeting", number, "--as", "主任")


def test_what_is_wrong_in_a_file_is_told_line_by_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = called(run)
    file = tmp_path / "交办.csv"
    file.write_text("工单,主办,时限\n1,没有的局,2026-05-01\n2,住建局,明天\n", encoding="utf-8")
    with pytest.raises(ImportRefused):
        run("meeting", "assign", "--meeting", number, "--file", str(file), "--as", "主任")
    said = capsys.readouterr().err
    assert "第 2 行" in said
    assert "第 3 行" in said


def test_who_may_not_is_refused_and_an_empty_agenda_is_one(run: Run) -> None:
    number = called(run)
    with pytest.raises(MayNotMeet):
        run("meeting", "collect", "--meeting", number, "--as", "老王")
    assert "0 张" in run("meeting", "collect", "--meeting", number, "--as", "主任")
