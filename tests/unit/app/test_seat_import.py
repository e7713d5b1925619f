"""Seats from a file: all of it or nothing, and what is not written stays as it is."""

from pathlib import Path

import pytest

from app.seat_import import bring_in, seats_in
from core.database import Database
from core.ids import QueueName
from queue_manager.seats import SeatRegister
from tests.fakes.clock import StandingClock
from tickets.unit_file import ImportRefused

QUEUES = (QueueName("intake"), QueueName("english"))


@pytest.fixture
def register(database: Database) -> SeatRegister:
    return SeatRegister(database, StandingClock(), QUEUES)


def file_of(folder: Path, *lines: str) -> Path:
    file = folder / "座席.csv"
    file.write_text("\n".join(["座席号,名称,技能组,优先级,班长", *lines]), encoding="utf-8")
    return file


def test_a_line_is_a_seat_and_a_second_one_another_skill(register: SeatRegister, tmp_path: Path) -> None:
    file = file_of(tmp_path, "8001,一号台,,,是", "8002,二号台,english,5,", "8002,,intake,,")
    bring_in(register, seats_in(file, register.queues))
    assert [(seat.number, seat.name, seat.supervisor, seat.skills) for seat in register.all()] == [
        ("8001", "一号台", True, {"intake": 0}),
        ("8002", "二号台", False, {"intake": 0, "english": 5}),
    ]


def test_what_is_not_written_stays(register: SeatRegister, tmp_path: Path) -> None:
    register.add("8001", "一号台", supervisor=True)
    before = register.all()
    bring_in(register, seats_in(file_of(tmp_path, "8001,,,,"), register.queues))
    assert register.all() == before


def test_everything_that_is_wrong_is_told_at_once(register: SeatRegister, tmp_path: Path) -> None:
    file = file_of(
        tmp_path, "81,,,,", "8001,,没有,,", "8001,,english,100,", "8001,,,,也许", "8002,,,,", "8002,,,,"
    )
    with pytest.raises(ImportRefused) as refused:
        seats_in(file, register.queues)
    assert [problem.line for problem in refused.value.problems] == [2, 3, 4, 5, 7]
    assert register.all() == []
