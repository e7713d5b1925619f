"""Importing units: any order and encoding; every mistake with its line, and then nothing is taken."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.fakes.organisation import HEADINGS, csv_file, unit
from tests.house.tree import ROOT
from tickets.unit_file import FileUnreadable, ImportRefused
from tickets.unit_import import units_in
from tickets.units import Post, Unit, UnitId

DATA = ROOT / "tests" / "data" / "organisation"
TOP = ("01", "热线办", "", "市直", "张三", "0735-1234567")


def read(folder: Path, *lines: Sequence[str], headings: Sequence[str] = HEADINGS) -> list[Unit]:
    return units_in(csv_file(folder / "units.csv", [headings, *lines]), {})


def refused(folder: Path, *lines: Sequence[str], headings: Sequence[str] = HEADINGS) -> list[str]:
    with pytest.raises(ImportRefused) as told:
        read(folder, *lines, headings=headings)
    return [str(problem) for problem in told.value.problems]


def line(number: str, name: str, above: str, **other: str) -> tuple[str, ...]:
    written = dict(zip(HEADINGS, (number, name, above, *TOP[3:]), strict=True)) | other
    return tuple(written[heading] for heading in HEADINGS)


class TestReading:
    def test_a_parent_may_stand_below_and_be_named_by_number_or_name(self, tmp_path: Path) -> None:
        units = read(tmp_path, line("0203", "住建局", "热线办"), line("020301", "物业科", "0203"), TOP)
        assert [one.parent for one in units] == ["01", "0203", None]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_it_is_read_in_whatever_encoding_it_was_saved(self, tmp_path: Path, encoding: str) -> None:
        file = csv_file(tmp_path / "units.csv", [HEADINGS, TOP], encoding)
        assert [one.name for one in units_in(file, {})] == ["热线办"]

    def test_columns_may_stand_in_any_order(self, tmp_path: Path) -> None:
        [one] = read(tmp_path, TOP[::-1], headings=HEADINGS[::-1])
        assert one.name == "热线办"

    def test_a_parent_may_be_known_already(self, tmp_path: Path) -> None:
        file = csv_file(tmp_path / "units.csv", [HEADINGS, line("0203", "住建局", "热线办")])
        [one] = units_in(file, {UnitId("01"): unit("01", "热线办")})
        assert one.parent == "01"

    def test_a_spreadsheet_gives_what_was_typed_into_it(self) -> None:
        units = {one.unit_id: one for one in units_in(DATA / "units.xlsx", {})}
        housing = units[UnitId("0203")]
        assert list(units) == ["0203", "20301", "01", "0901"]
        assert (housing.aliases, housing.round_the_clock) == (("住建局", "建设局"), True)
        assert [one.phone for one in housing.people_as(Post.CONTACT)] == ["13800000001", "13800000002"]
        assert [one.name for one in housing.people_as(Post.HEAD)] == ["王局"]
        assert units[UnitId("20301")].parent == "0203"
        assert units[UnitId("20301")].duty_phone == "7352222224"
        water = units[UnitId("0901")]
        assert (water.active, water.people[0].phone) == (False, "0735-96312")

    def test_what_looks_like_a_program_is_kept_as_text(self, tmp_path: Path) -> None:
        bad = "<script>alert(1)<"
        sql = "'); DROP TABLE units; --"
        assert [one.name for one in read(tmp_path, line("01", bad, ""), line("02", sql, ""))] == [bad, sql]


class TestRefusing:
    def test_every_mistake_is_told_with_its_line(self, tmp_path: Path) -> None:
        told = refused(
            tmp_path,
            TOP,
            line("0 2", "甲局", "01"),
            line("03", "", "01", 类别="市管"),
            line("04", "乙局", "99"),
            line("05", "丙局", "01", 联络员1电话="打不通"),
            line("05", "丁局", "01"),
            line("07", "戊局", "01", 联络员1="", 联络员1电话=""),
        )
        assert [one.split(":")[:2] for one in told] == [
            ["第 3 行", "编号"],
            ["第 4 行", "名称"],
            ["第 4 行", "类别"],
            ["第 5 行", "上级"],
            ["第 6 行", "联络员1电话"],
            ["第 7 行", "编号 05 已写在第 6 行"],
            ["第 8 行", "每个单位要有一到两名联络员, 都写明姓名和电话。 (unit=戊局, contacts=0)"],
        ]

    def test_a_circle_is_named_with_its_units(self, tmp_path: Path) -> None:
        circle = (line("02", "甲局", "04"), line("03", "乙局", "02"), line("04", "丙局", "03"))
        assert refused(tmp_path, TOP, *circle) == ["第 3 行:上级绕成了圈:甲局 → 丙局 → 乙局 → 甲局"]

    def test_a_unit_that_is_its_own_parent(self, tmp_path: Path) -> None:
        assert refused(tmp_path, line("02", "甲局", "甲局")) == ["第 2 行:上级绕成了圈:甲局 → 甲局"]

    def test_moving_a_known_unit_below_itself(self, tmp_path: Path) -> None:
        known = {one.unit_id: one for one in (unit("01", "热线办"), unit("02", "甲局", "01"))}
        file = csv_file(tmp_path / "units.csv", [HEADINGS, line("01", "热线办", "02")])
        with pytest.raises(ImportRefused) as told:
            units_in(file, known)
        assert "热线办 → 甲局 → 热线办" in str(told.value.problems[0])

    def test_a_parent_by_a_name_that_several_have(self, tmp_path: Path) -> None:
        lines = (TOP, line("02", "甲局", "01"), line("0201", "办公室", "02"), line("0102", "办公室", "01"))
        [told] = refused(tmp_path, *lines, line("03", "乙科", "办公室"))
        assert told == "第 6 行:上级:有 2 个单位叫“办公室”, 请写编号"

    def test_two_of_one_name_under_the_same_parent(self, tmp_path: Path) -> None:
        told = refused(tmp_path, TOP, line("02", "甲局", "01"), line("03", "甲局", "01"))
        assert [one[:5] for one in told] == ["第 3 行", "第 4 行"]

    def test_columns_that_are_missing_unknown_or_there_twice(self, tmp_path: Path) -> None:
        headings = ("编号", "名称", "上级", "类型", "联络员1", "联络员1")
        assert refused(tmp_path, TOP, headings=headings) == [
            "第 1 行:缺少列:类别、联络员1电话",
            "第 1 行:不认识的列:类型",
            "第 1 行:写了两次的列:联络员1",
        ]

    def test_a_file_with_nothing_in_it(self, tmp_path: Path) -> None:
        with pytest.raises(ImportRefused, match="一条也没有导入"):
            units_in(csv_file(tmp_path / "units.csv", []), {})

    def test_a_cell_of_a_million_signs(self, tmp_path: Path) -> None:
        assert refused(tmp_path, line("02", "长" * 100_000, "")) == ["第 2 行:名称太长, 最多 200 字"]

    def test_lines_are_counted_as_an_editor_counts_them(self, tmp_path: Path) -> None:
        broken = line("02", "甲\n局", "")
        told = refused(tmp_path, broken, ("",) * 6, line("03", "", ""))
        assert told[-1].startswith("第 5 行:名称")


class TestUnreadable:
    @pytest.mark.parametrize("name", ["units.xlsx", "units.xls", "units.ods", "units.pdf"])
    def test_what_is_no_table(self, tmp_path: Path, name: str) -> None:
        file = tmp_path / name
        file.write_bytes(b"no table at all\n" * 100)
        with pytest.raises(FileUnreadable, match=name):
            units_in(file, {})

    def test_a_spreadsheet_cut_off_in_the_middle(self, tmp_path: Path) -> None:
        file = tmp_path / "units.xlsx"
        whole = (DATA / "units.xlsx").read_bytes()
        for length in range(0, len(whole), 97):
            file.write_bytes(whole[:length])
            with pytest.raises((FileUnreadable, ImportRefused)):
                units_in(file, {})

    def test_a_file_that_is_missing_or_a_folder(self, tmp_path: Path) -> None:
        for file in (tmp_path / "missing.csv", tmp_path / "missing.xlsx"):
            with pytest.raises(FileUnreadable, match="missing"):
                units_in(file, {})
        (tmp_path / "folder.csv").mkdir()
        with pytest.raises(FileUnreadable):
            units_in(tmp_path / "folder.csv", {})

    def test_a_file_that_is_too_large(self, tmp_path: Path) -> None:
        file = tmp_path / "units.csv"
        with file.open("wb") as opened:
            opened.truncate(20 * 1024 * 1024 + 1)
        with pytest.raises(FileUnreadable, match="太大"):
            units_in(file, {})

    def test_a_small_file_that_unpacks_to_more_than_the_machine_holds(self, tmp_path: Path) -> None:
        file = tmp_path / "units.xlsx"
        with ZipFile(file, "w", ZIP_DEFLATED) as packed, packed.open("xl/workbook.xml", "w") as part:
            for _ in range(220):
                part.write(bytes(1024 * 1024))
        with pytest.raises(FileUnreadable, match="解压后太大"):
            units_in(file, {})

    def test_too_many_lines(self, tmp_path: Path) -> None:
        with pytest.raises(FileUnreadable, match="20002 行"):
            read(tmp_path, *(("",),) * 20_001)

    @pytest.mark.parametrize("content", [b'"01,\xe5\xb1\x80', b"\xff\xff\xff\xff", b"\x00\x01\x02,\x00"])
    def test_bytes_that_are_no_text(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "units.csv"
        file.write_bytes(content)
        with pytest.raises((FileUnreadable, ImportRefused)):
            units_in(file, {})
