"""通报文件: the page, the document, the workbook, the data; and what is corrected afterwards."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from tests.unit.tickets.circulars.made_up import MONDAY
from tests.unit.tickets.circulars.test_circular import CITY, issue
from tickets.circulars.charts import RED, charts_of
from tickets.circulars.edition import Edition, edition_of
from tickets.circulars.facts import Material
from tickets.circulars.period import Kind
from tickets.circulars.sheet_file import write_sheet_file
from tickets.circulars.web_page import web_page
from tickets.circulars.word_file import BAR, BARS, write_word_file

TODAY = date(2026, 11, 23)
HOSTILE = "<script>alert(1)</script>"


def parts(file: Path) -> dict[str, bytes]:
    with ZipFile(file) as box:
        return {name: box.read(name) for name in box.namelist()}


def corrected() -> Edition:
    """Give the edition after one rating was found wrong."""
    rated = next(
        one
        for one in CITY.tickets
        if one.visit and one.visit.satisfaction == "满意" and one.visit.counted and one.visit.at >= MONDAY
    )
    assert rated.visit
    worse = replace(rated, visit=replace(rated.visit, satisfaction="不满意"))
    tickets = tuple(worse if one is rated else one for one in CITY.tickets)
    return edition_of(issue(material=replace(CITY, tickets=tickets)), Edition(circular=issue()).text, TODAY)


@pytest.mark.parametrize("kind", [Kind.SPECIAL, Kind.QUARTERLY])
def test_the_same_data_give_the_same_bytes(kind: Kind, tmp_path: Path) -> None:
    first, second = Edition(circular=issue(kind)), Edition(circular=issue(kind))
    assert web_page(first) == web_page(second)
    assert first.text == second.text
    for write, ending in ((write_word_file, "docx"), (write_sheet_file, "xlsx")):
        write(first, tmp_path / f"1.{ending}")
        write(second, tmp_path / f"2.{ending}")
        assert parts(tmp_path / f"1.{ending}") == parts(tmp_path / f"2.{ending}")


@pytest.mark.parametrize("kind", [Kind.TOPIC, Kind.YEARLY])
def test_nothing_to_tell_can_be_written_too(kind: Kind, tmp_path: Path) -> None:
    edition = Edition(circular=issue(kind, Material(tickets=(), units={})))
    assert "<svg" not in web_page(edition)
    write_word_file(edition, tmp_path / "a.docx")
    write_sheet_file(edition, tmp_path / "a.xlsx")


def test_a_page_has_everything_inside_it_and_no_programs() -> None:
    page = web_page(Edition(circular=issue(Kind.MONTHLY)))
    assert "<script" not in page
    assert "src=" not in page
    assert "@import" not in page
    assert page.count("<svg") == 6


def test_the_chart_of_many_units_shows_those_at_both_ends() -> None:
    circular = issue(Kind.QUARTERLY)
    model = next(line for line in circular.units if line.rank)
    units = tuple(
        replace(
            model, unit=f"{rank:03}", name=f"第{rank}局", rank=rank, score=10_000 - rank, bottom=rank > 57
        )
        for rank in range(1, 61)
    )
    drawn = charts_of(replace(circular, units=units))["ranking"]
    assert ("第1局" in drawn, "第30局" in drawn, "第60局" in drawn) == (True, False, True)
    assert drawn.count(RED) >= 3


def test_the_document_draws_the_largest_part_longest(tmp_path: Path) -> None:
    write_word_file(Edition(circular=issue()), tmp_path / "a.docx")
    split = next(one for one in issue().breakdowns if one.key == "category")
    text = parts(tmp_path / "a.docx")["word/document.xml"].decode()
    table = text.partition(f"诉求构成:{split.title}")[2].partition("</w:tbl>")[0]
    bars = [len(found) for found in re.findall(f"{BAR}+", table)]
    assert bars[0] == max(bars) == BARS
    assert bars == sorted(bars, reverse=True)
    assert bars[-1] < BARS


def test_markup_and_formulas_in_a_ticket_stay_text(tmp_path: Path) -> None:
    tickets = tuple(replace(one, category=HOSTILE, district="=1+1") for one in CITY.tickets)
    edition = Edition(circular=issue(material=replace(CITY, tickets=tickets)))
    assert HOSTILE not in web_page(edition)
    write_sheet_file(edition, tmp_path / "a.xlsx")
    assert all(b"<f>1+1" not in part for part in parts(tmp_path / "a.xlsx").values())


def test_the_workbook_marks_the_work_orders_behind_each_figure(tmp_path: Path) -> None:
    circular = issue()
    write_sheet_file(Edition(circular=circular), tmp_path / "a.xlsx")
    head, *rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("工单").to_python()
    rate = circular.figure("satisfaction").figure
    column = head.index("满意率")
    assert tuple(row[0] for row in rows if row[column] == "●") == rate.ids
    assert tuple(row[0] for row in rows if row[column]) == rate.base_ids


def test_what_did_not_change_is_not_corrected() -> None:
    kept = Edition(circular=issue())
    assert edition_of(issue(), kept.text, TODAY) == kept


def test_a_correction_is_numbered_and_names_the_figures_that_it_touches() -> None:
    (erratum,) = corrected().errata
    assert (erratum.number, erratum.on) == (1, TODAY)
    titles = {one.title for one in erratum.corrections}
    assert {"满意率", "满意率(剔除前)", "满意率(只计满意)"} <= titles
    assert "受理量" not in titles
    assert all(len(one.removed) == 1 for one in erratum.corrections if one.title.startswith("满意率"))


def test_a_second_correction_has_the_next_number_and_the_first_stays() -> None:
    back = edition_of(issue(), corrected().text, TODAY)
    assert [one.number for one in back.errata] == [1, 2]
    assert back.errata[0] == corrected().errata[0]
    assert edition_of(issue(), back.text, TODAY) == back


def test_errata_stand_in_the_page_and_in_the_files(tmp_path: Path) -> None:
    assert "勘误第 1 号(2026年11月23日)" in web_page(corrected())
    write_word_file(corrected(), tmp_path / "a.docx")
    assert "勘误第 1 号" in parts(tmp_path / "a.docx")["word/document.xml"].decode()
    write_sheet_file(corrected(), tmp_path / "a.xlsx")
    assert "勘误" in CalamineWorkbook.from_path(tmp_path / "a.xlsx").sheet_names


def test_the_data_link_every_figure_to_its_work_orders_and_its_formula() -> None:
    figures = json.loads(Edition(circular=issue()).text)["content"]["figures"]
    assert all(one["formula"] for one in figures)
    valid = next(one for one in figures if one["key"] == "valid")
    assert len(valid["ids"]) == valid["num"]
