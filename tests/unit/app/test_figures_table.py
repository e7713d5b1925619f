"""指标表: what a person reads of the seats."""

from io import StringIO

import pytest
from rich.console import Console

from app.figures_table import NARROWEST, show_report
from core.database import Database
from core.ids import CallId
from queue_manager.quality import QualitySheet, marks_of
from queue_manager.sheet_store import add_sheet
from tests.fakes.sightings import FIRST, moment, whole_call
from tests.unit.queue_manager.figures.written import POLICY, Given

CALL = CallId("hotline-1.0")


@pytest.fixture
def given(database: Database) -> Given:
    given = Given(database)
    given.call(whole_call(CALL))
    return given


def shown(given: Given) -> str:
    console = Console(file=StringIO(), width=NARROWEST, highlight=False)
    show_report(console, given.report(), POLICY)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_seat_with_a_sheet_shows_its_quality_and_the_rule(given: Given) -> None:
    marks = marks_of([95, 90, 100, 80, 86])
    sheet = QualitySheet(call_id=CALL, seat=FIRST, at=moment(3600), by="质检周", marks=marks)
    given.database.now(lambda connection: add_sheet(connection, sheet))
    said = shown(given)
    [line] = [line for line in said.splitlines() if "90.20" in line]
    assert line.split() == ["8001", "90.20", "90.2", "÷", "1"]
    assert "用语、记录、派单、处理、反馈" in said


def test_without_a_sheet_nothing_is_said_of_quality(given: Given) -> None:
    assert "质检" not in shown(given)


def test_no_column_is_cut_off_in_the_narrowest_window(given: Given) -> None:
    assert "…" not in shown(given)
