"""``./hotline unit``: what a person types, and what he is shown."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import tickets.unit_store  # noqa: F401 - brings its tables
from app.arguments import Arguments
from app.commands import unit
from app.unit_actions import ClassMissing, NothingSaid, UnitMissing
from core.errors import HotlineError
from tests.fakes.database import fresh_database
from tests.fakes.organisation import HEADINGS, city, csv_file
from tickets.unit_file import ImportRefused
from tickets.units import ContactsWrong, NoSuchUnit

Run = Callable[..., list[str]]
CENTRE = ("add", "01", "热线办", "--class", "市直", "--contact", "张三=0735-1234567")
HOUSING = ("add", "0203", "市住建局", "--under", "热线办", "--class", "市直", "--contact", "李四=13800000001")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    with fresh_database(f"sqlite:///{tmp_path}/units.db") as database:
        parser = Arguments(prog="./hotline unit")
        unit.add_arguments(parser)

        def type_(*words: str, code: int = 0) -> list[str]:
            assert unit.act(parser.parse_args(words), database) == code
            return capsys.readouterr().out.splitlines()

        yield type_


@pytest.fixture
def city_run(run: Run, tmp_path: Path) -> Run:
    assert run("import", str(csv_file(tmp_path / "city.csv", [HEADINGS, *city((1, 2, 2))]))) == [
        "导入完成:新增 7 个单位, 修改 0 个。"
    ]
    return run


class TestTree:
    def test_without_units_it_says_how_to_get_some(self, run: Run) -> None:
        [said] = run("list")
        assert "./hotline unit import" in said

    def test_it_is_drawn_as_a_tree(self, city_run: Run) -> None:
        assert city_run("list") == [
            "1级单位1 (01 市直)",
            "├─ 2级单位1 (0101 市直)",
            "│  ├─ 3级单位1 (010101 市直)",
            "│  └─ 3级单位2 (010102 中央省驻)",
            "└─ 2级单位2 (0102 中央省驻)",
            "   ├─ 3级单位1 (010201 市直)",
            "   └─ 3级单位2 (010202 中央省驻)",
            "共 7 个单位",
        ]

    def test_what_is_looked_for_is_shown_with_what_stands_above_it(self, city_run: Run) -> None:
        assert city_run("list", "--search", "010202") == [
            "1级单位1 (01 市直)",
            "└─ 2级单位2 (0102 中央省驻)",
            "   └─ 3级单位2 (010202 中央省驻)",
            "共 1 个单位",
        ]

    def test_only_some_levels_or_one_class(self, city_run: Run) -> None:
        assert len(city_run("list", "--depth", "2")) == 4
        assert city_run("list", "--class", "中央省驻")[-1] == "共 3 个单位"
        assert city_run("list", "--class", "联系点") == ["共 0 个单位"]


class TestOne:
    def test_added_shown_changed_and_closed(self, run: Run) -> None:
        run(*CENTRE)
        assert run(*HOUSING, "--alias", "住建局", "--round-the-clock") == ["单位 0203 已添加。"]
        assert run("add", "0203", "市住房局", "--head", "王局=0735-2222222", "--no-active") == [
            "单位 0203 已修改。"
        ]
        said = run("show", "住建局", "--history")
        assert said[:4] == [
            "热线办/市住房局",
            "  编号 0203   类别 市直   第 2 级",
            "  状态 已停用   24小时值班 是",
            "  别名 住建局",
        ]
        assert "  主要领导 王局 0735-2222222" in said
        assert "  联络员 李四 13800000001" in said
        assert said[-1].endswith("修改:名称、状态、负责人和联络员")

    @pytest.mark.parametrize(
        ("words", "error"),
        [
            (("add", "0203", "市住建局"), ClassMissing),
            (("add", "0203", "市住建局", "--class", "市直"), ContactsWrong),
            ((*HOUSING, "--under", "省政府"), NoSuchUnit),
            (("add", "02/03", "市住建局", "--class", "市直"), HotlineError),
            (("show", "市水利局"), NoSuchUnit),
            (("contacts", "--set", "张三=12345"), UnitMissing),
            (("duty", "check", "热线办"), NothingSaid),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, run: Run, words: tuple[str, ...], error: type[Exception]
    ) -> None:
        run(*CENTRE)
        with pytest.raises(error):
            run(*words)

    def test_contacts_are_listed_and_named_anew(self, run: Run) -> None:
        run(*CENTRE)
        run(*HOUSING)
        said = run("contacts", "市住建局", "--set", "王五=12345", "--set", "赵六=12346")
        assert said == ["热线办/市住建局", "  联络员 王五 12345、赵六 12346"]
        assert run("contacts")[:2] == ["热线办", "  联络员 张三 0735-1234567"]

    @pytest.mark.parametrize("text", ["张三", "张三=", "=12345", "张三=打不通"])
    def test_a_person_is_a_name_and_a_number(self, run: Run, text: str) -> None:
        with pytest.raises(SystemExit):
            run("contacts", "热线办", "--set", text)


def test_a_file_with_mistakes_is_refused_line_by_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [(f"{number:04d}", "甲局", "99", "市直", "张三", "12345") for number in range(60)]
    with pytest.raises(ImportRefused, match="一条也没有导入"):
        run("import", str(csv_file(tmp_path / "units.csv", [HEADINGS, *lines])))
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "第 2 行:上级:没有上级单位“99”"
    assert said[-1] == f"还有 {len(lines) * 2 - 50} 处"


class TestDuty:
    ROSTER = ("单位", "日期", "开始", "结束", "姓名", "电话")

    @pytest.fixture
    def duty(self, run: Run, tmp_path: Path) -> Run:
        run(*CENTRE)
        run(*HOUSING, "--round-the-clock", "--duty-phone", "0735-2222222")
        lines = [("市住建局", "2026-05-01", "08:30", "24:00", "张三", "12345")]
        file = csv_file(tmp_path / "roster.csv", [self.ROSTER, *lines])
        assert run("duty", "import", str(file)) == ["导入完成:1 个单位, 1 班。"]
        return run

    def test_who_is_on(self, duty: Run) -> None:
        shown = ["热线办/市住建局", "  05-01 08:30 至 05-02 00:00  值班员 张三 12345"]
        assert duty("duty", "show", "--from", "2026-05-01") == shown
        assert duty("duty", "show", "市住建局", "--from", "2026-05-01") == shown
        assert duty("duty", "show", "--from", "2026-05-02") == ["这段时间没有排班。"]

    def test_where_nobody_is_on_is_named_and_gives_a_code_that_scripts_see(self, duty: Run) -> None:
        assert duty("duty", "gaps", "--from", "2026-05-01", code=1) == [
            "05-01 00:00 至 08:30  热线办/市住建局 无人值班",
            "24小时值班单位 1 个, 空岗 1 处。",
        ]

    def test_a_duty_room_that_did_not_answer(self, duty: Run) -> None:
        [said] = duty("duty", "check", "市住建局", "--unanswered", "--note", "响铃60秒")
        assert "热线办/市住建局 0735-2222222 无人接听, 脱岗" in said
        duty("duty", "check", "市住建局", "--answered")
        assert duty("duty", "checks")[-1] == "查岗 2 次, 无人接听 1 次。"
