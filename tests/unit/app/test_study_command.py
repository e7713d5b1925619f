"""``./hotline study``: what a person types, and what he is shown."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import study, user
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.fakes.work import PROFILE, UNITS
from tickets import unit_store
from tickets.study_desk import MayNotStudy, StudiedAlready, StudyInTheFuture
from tickets.study_policy import read_study
from tickets.units import NoSuchUnit

Run = Callable[..., str]
STUDY = (
    *("--kind", "研究", "--date", "2026-03-02", "--topic", "一季度热线工作"),
    *("--chair", "王局长", "--people", "9", "--remark", "转 13812341234", "--as", "主任"),
)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: NINE_O_CLOCK)
    with fresh_database(f"sqlite:///{tmp_path}/study.db") as database:
        database.now(lambda connection: unit_store.put_units(connection, UNITS))
        parser = Arguments(prog="./hotline")
        commands = parser.add_subparsers(dest="command")
        for command in (study, user):
            command.add_arguments(commands.add_parser(command.__name__.rpartition(".")[2]))

        def type_(*words: str) -> str:
            args = parser.parse_args(words)
            if words[0] == "user":
                assert user.act(args, database) == 0
            else:
                assert study.act(args, database, read_study(PROFILE)) == 0
            return capsys.readouterr().out

        for name, role in (("主任", "热线办主任"), ("小李", "话务员")):
            type_("user", "add", name, "--role", role)
        yield type_


def test_a_study_is_entered_and_the_unit_owes_none_any_more(run: Run) -> None:
    assert "还没有研究热线工作的单位 3 个" in run("study", "due", "--as", "主任")
    said = run("study", "add", "--unit", "住建局", *STUDY)
    assert said == "已登记, 第 1 号:住建局 2026-03-02 研究\n"
    listed = run("study", "list", "--as", "主任")
    assert "王局长" in listed
    assert "138****1234" in listed
    assert "共 1 条, 其中已撤销 0 条" in listed
    due = run("study", "due", "--date", "2026-03-31", "--as", "主任")
    assert "住建局" not in due
    assert "水务局" in due
    assert "2026年第一季度(2026-01-01 至 2026-03-31)还没有研究热线工作的单位 2 个" in due
    assert "单位 3 个" in run("study", "due", "--date", "2026-04-01", "--as", "主任")


def test_a_program_is_given_the_same(run: Run) -> None:
    run("study", "add", "--centre", *STUDY[:1], "培训", *STUDY[2:])
    [kept] = json.loads(run("study", "list", "--centre", "--json", "--as", "主任"))
    assert (kept["unit"], kept["unit_name"], kept["kind"]) == (None, "热线办", "培训")
    assert (kept["remark"], kept["withdrawn"]) == ("转 138****1234", None)
    run("study", "withdraw", "1", "--why", "没有开成", "--as", "主任")
    [kept] = json.loads(run("study", "list", "--json", "--as", "主任"))
    assert (kept["withdrawn"]["by"], kept["withdrawn"]["why"]) == ("主任", "没有开成")
    due = json.loads(run("study", "due", "--json", "--as", "主任"))
    assert (due["period"], due["last"], due["times"]) == ("2026年第一季度", "2026-03-31", 1)
    assert [(one["unit"], one["held"], one["reminded_at"]) for one in due["units"]] == [
        ("01", 0, None),
        ("02", 0, None),
        ("03", 0, None),
    ]


def test_what_was_withdrawn_stays_in_the_list_with_who_and_why(run: Run) -> None:
    run("study", "add", "--unit", "02", *STUDY)
    assert run("study", "withdraw", "1", "--why", "没有开成", "--as", "主任") == "第 1 号已撤销, 不再算数。\n"
    listed = run("study", "list", "--as", "主任")
    assert "已撤销 2026-03-02 09:00 主任:没有开成" in listed
    assert "共 1 条, 其中已撤销 1 条" in listed


def test_the_list_is_narrowed_by_unit_kind_and_days(run: Run) -> None:
    run("study", "add", "--unit", "02", *STUDY)
    run("study", "add", "--centre", *STUDY)
    for words, number in (
        (("--unit", "住建局"), 1),
        (("--kind", "培训"), 0),
        (("--from", "2026-03-03"), 0),
        (("--to", "2026-03-02"), 2),
        (("--most", "1"), 1),
    ):
        assert f"共 {number} 条" in run("study", "list", *words, "--as", "主任")


def test_what_cannot_be_is_refused(run: Run) -> None:
    run("study", "add", "--unit", "02", *STUDY)
    with pytest.raises(StudiedAlready):
        run("study", "add", "--unit", "住建局", *STUDY)
    with pytest.raises(NoSuchUnit):
        run("study", "add", "--unit", "外星局", *STUDY)
    with pytest.raises(StudyInTheFuture):
        run("study", "add", "--unit", "02", *(word.replace("03-02", "03-03") for word in STUDY))
    with pytest.raises(MayNotStudy):
        run("study", "add", "--unit", "02", *STUDY[:-1], "小李")


def test_who_held_it_must_be_said_and_is_one(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = (
        ((), "--unit 和 --centre 要写一个"),
        (("--unit", "02", "--centre"), "--centre 不能和 --unit 一起用"),
    )
    for words, said in wrong:
        with pytest.raises(SystemExit):
            run("study", "add", *words, *STUDY)
        assert f"错误:{said}。" in capsys.readouterr().err
