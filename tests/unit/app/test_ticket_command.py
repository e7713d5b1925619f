"""``./hotline ticket`` and ``./hotline user``: what a person types, and what he is shown."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import ticket, user, visit
from app.ticket_actions import FieldUnclear, NoSuchUser
from app.ticket_words import VERBS
from core.database import Connection
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.fakes.work import FIVE, POLICIES, PROFILE, UNITS
from tickets import unit_store
from tickets.guards import StepRefused
from tickets.transitions import ROWS
from tickets.unit_file import ImportRefused
from tickets.user_register import UnitNeeded
from tickets.visits import STEP_OF
from tickets.visits_policy import read_visits
from tickets.wish import Action
from tickets.work_desk import MayNotSee

Run = Callable[..., str]
USERS = (
    ("小李", "话务员", "", "8001"),
    ("老王", "派单员", "", ""),
    ("主任", "热线办主任", "", ""),
    ("住建", "联络员", "住建局", ""),
    ("水务", "联络员", "水务局", ""),
    ("小陈", "回访员", "", ""),
    ("运维", "运维", "", ""),
)


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
        ticket.add_arguments(commands.add_parser("ticket"))
        visit.add_arguments(commands.add_parser("visit"))
        user.add_arguments(commands.add_parser("user"))

        def type_(*words: str) -> str:
            args = parser.parse_args(words)
            match words[0]:
                case "ticket":
                    assert ticket.act(args, database, POLICIES) == 0
                case "visit":
                    assert visit.act(args, database, POLICIES, read_visits(PROFILE)) == 0
                case _:
                    assert user.act(args, database) == 0
            return capsys.readouterr().out

        for name, role, unit, seat in USERS:
            type_("user", "add", name, "--role", role, "--unit", unit, "--seat", seat)
        yield type_


def opened(run: Run) -> str:
    fields = [word for name, value in FIVE.items() for word in ("--set", f"{name}={value}")]
    said = run("ticket", "open", "--key", "1", "--phone", "13812341234", "--as", "小李", *fields)
    return said.split()[1].rstrip(",")


def step(run: Run, number: str, who: str, verb: str, *words: str) -> str:
    return run("ticket", verb, number, "--as", who, *words)


def dispatched(run: Run) -> str:
    number = opened(run)
    step(run, number, "小李", "submit")
    step(run, number, "老王", "dispatch", "--to", "住建局", "--text", "请尽快")
    return number


def test_every_step_of_the_table_can_be_typed() -> None:
    by_hand = {verb.action for verb in VERBS.values()}
    of_visits = {*STEP_OF.values(), Action.UNREASONABLE, Action.COUNT}
    assert set(ROWS) - by_hand - of_visits == {
        Action.FILL,
        Action.ATTACH,
        Action.CLOSE_WITH,
        Action.OPEN_WITH,
    }


def test_a_work_order_is_typed_from_its_opening_to_its_end(run: Run) -> None:
    number = dispatched(run)
    step(run, number, "住建", "sign")
    done = ("--result", "已修好", "--proof", "已电话答复", "--head", "王局长")
    assert "待审核" in step(run, number, "住建", "done", *done)
    step(run, number, "老王", "check")
    assert "已办结" in run("visit", "record", number, "--handle", "满意", "--solved", "解决", "--as", "小陈")
    said = run("ticket", "history", number, "--as", "老王")
    assert [word in said for word in ("登记", "派单", "签收", "办结上报", "回访满意")] == [True] * 5


def test_numbers_and_names_are_masked_until_they_are_asked_for_with_a_reason(run: Run) -> None:
    number = dispatched(run)
    said = run("ticket", "show", number, "--as", "老王")
    assert "138****1234" in said
    assert "张三" not in said
    assert "张三 13812341234" in run("ticket", "show", number, "--as", "老王", "--reveal", "回拨核实")
    said = run("ticket", "reveals", number, "--as", "主任")
    assert "派单员 老王" in said
    assert "回拨核实" in said
    with pytest.raises(MayNotSee):
        run("ticket", "reveals", number, "--as", "老王")


def test_a_confidential_one_hides_even_the_address(run: Run) -> None:
    number = dispatched(run)
    step(run, number, "小李", "confide")
    said = run("ticket", "show", number, "--as", "老王")
    assert "和平路" not in said
    with pytest.raises(MayNotSee):
        run("ticket", "show", number, "--as", "老王", "--reveal", "想看")
    run("ticket", "show", number, "--as", "主任", "--reveal", "市民投诉泄密, 核实")
    said = run("ticket", "reveals", number, "--as", "主任")
    assert "热线办主任 主任" in said
    assert "想看" not in said


def test_a_confidential_one_gives_nobody_away_in_any_list(run: Run) -> None:
    number = opened(run)
    step(run, number, "小李", "edit", "--set", "content=张三在和平路1号家里漏水", "--set", "title=张三家漏水")
    step(run, number, "小李", "confide")
    step(run, number, "小李", "submit", "--reason", "张三住和平路1号")
    for words in (("show", number), ("history", number), ("list",), ("list", "--search", number)):
        said = run("ticket", *words, "--as", "老王")
        assert number in said or words[0] == "history"
        assert [word in said for word in ("张三", "和平路", "1234")] == [False] * 3, words
    for words in (("--phone", "13812341234"), ("--search", "漏水"), ("--search", "和平路")):
        assert "共 0 张" in run("ticket", "list", *words, "--as", "老王")
        assert "共 1 张" in run("ticket", "list", *words, "--as", "主任")


def test_programs_read_the_same_and_no_more(run: Run) -> None:
    number = dispatched(run)
    [short] = json.loads(run("ticket", "list", "--json", "--as", "老王"))
    assert (short["ticket_no"], short["state"], short["lead_unit"]) == (number, "to_sign", "02")
    said = run("ticket", "show", number, "--json", "--as", "老王")
    whole = json.loads(said)
    assert (whole["phone"], whole["tasks"][0]["part"]) == ("138****1234", "主办")
    assert "张三" not in said
    revealed = json.loads(run("ticket", "show", number, "--json", "--reveal", "回拨", "--as", "老王"))
    assert (revealed["phone"], revealed["name"]) == ("13812341234", "张三")
    told = json.loads(run("ticket", "history", number, "--json", "--as", "老王"))
    assert [step["action"] for step in told["steps"]] == ["登记", "提交", "派单"]
    step(run, number, "小李", "confide")
    said = run("ticket", "show", number, "--json", "--as", "老王") + run(
        "ticket", "list", "--json", "--as", "老王"
    )
    assert [word in said for word in ("张", "和平路", "1234")] == [False] * 3


def test_the_name_is_masked_wherever_somebody_wrote_it(run: Run) -> None:
    number = opened(run)
    step(run, number, "小李", "edit", "--set", "content=张三家漏水", "--set", "title=张三家漏水")
    for words in (("show", number), ("list",)):
        said = run("ticket", *words, "--as", "老王")
        assert "张*家漏水" in said
        assert "张三" not in said


def test_each_sees_what_is_his(run: Run) -> None:
    number = dispatched(run)
    for who in ("小李", "老王", "住建"):
        assert number in run("ticket", "list", "--as", who)
    assert "共 0 张" in run("ticket", "list", "--as", "水务")
    for who in ("水务", "运维"):
        with pytest.raises(MayNotSee):
            run("ticket", "show", number, "--as", who)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--state", "待签收"), True),
        (("--state", "草稿"), False),
        (("--unit", "住建局"), True),
        (("--unit", "水务局"), False),
        (("--search", "漏水"), True),
        (("--search", "%"), False),
        (("--overdue",), False),
        (("--day", "今天"), True),
        (("--day", "2026-03-02"), True),
        (("--day", "昨天"), False),
        (("--phone", "13812341234", "--channel", "电话", "--urgency", "一般"), True),
    ],
)
def test_a_list_holds_what_was_asked_for(run: Run, words: tuple[str, ...], found: bool) -> None:
    number = dispatched(run)
    assert (number in run("ticket", "list", "--as", "老王", *words)) == found


def test_a_day_that_there_is_not_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("ticket", "list", "--as", "老王", "--day", "前天")
    assert "日期要写成 2026-05-01" in capsys.readouterr().err


def test_what_is_refused_says_why(run: Run) -> None:
    number = dispatched(run)
    with pytest.raises(StepRefused, match="没有派给"):
        step(run, number, "水务", "sign")
    with pytest.raises(NoSuchUser):
        step(run, number, "不认识", "sign")
    with pytest.raises(FieldUnclear):
        step(run, number, "小李", "edit", "--set", "没有等号")


def test_whoever_works_in_a_unit_says_in_which(run: Run) -> None:
    with pytest.raises(UnitNeeded):
        run("user", "add", "甲", "--role", "联络员")
    with pytest.raises(UnitNeeded):
        run("user", "add", "甲", "--role", "派单员", "--unit", "住建局")
    assert "共 7 人" in run("user", "list")


def test_who_changed_a_user_stays_on_record(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "系统管理员赵")
    run("user", "add", "小陈", "--role", "督办员")
    run("user", "add", "小陈", "--role", "督办员")
    said = run("user", "history", "小陈")
    assert "系统管理员赵" in said
    assert "角色 回访员→督办员" in said
    assert len([line for line in said.splitlines() if "小陈" in line]) == 2
    assert "小李" in run("user", "history")


def test_users_come_in_a_file_all_or_none(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "用户.csv"
    file.write_text("姓名,角色,单位\n甲,联络员,住建局\n乙,派单员,\n", encoding="utf-8")
    assert "新增 2 人" in run("user", "import", str(file))
    assert "新增 0 人, 修改 0 人" in run("user", "import", str(file))
    file.write_text(
        "姓名,角色,单位\n丙,联络员,没有的局\n丁,大王,\n戊,派单员,\n戊,派单员,\n", encoding="utf-8"
    )
    with pytest.raises(ImportRefused):
        run("user", "import", str(file))
    said = capsys.readouterr().err
    assert [word in said for word in ("第 2 行", "第 3 行", "戊写了两次")] == [True] * 3
    assert "戊" not in run("user", "list")
