"""The list of seats that Asterisk is configured with: marks are kept, whoever writes to it."""

import json
from pathlib import Path

import pytest

from app.instance import Instance
from app.prepare.places import Places
from app.seat_list import FILE, add_seats, put_seats, seats_of, supervisors_of
from core.ids import SeatNo
from core.settings import Settings

ONE, TWO = SeatNo("8001"), SeatNo("8002")


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    places = Places(
        project=tmp_path,
        code=tmp_path,
        state_dir=tmp_path,
        data_dir=tmp_path,
        python=Path("/usr/bin/python3"),
        asterisk=None,
        programs={},
        baresip_modules=None,
        service_user=None,
    )
    return Instance(name="up", folder=tmp_path, settings=Settings(), places=places)


def test_before_anything_was_written_there_are_no_seats(instance: Instance) -> None:
    assert seats_of(instance) == []
    assert supervisors_of(instance) == frozenset()


def test_what_was_written_comes_back_by_number(instance: Instance) -> None:
    put_seats(instance, [(TWO, True), (ONE, False)])
    assert seats_of(instance) == [ONE, TWO]
    assert supervisors_of(instance) == {TWO}


def test_seats_are_added_and_marks_are_kept(instance: Instance) -> None:
    put_seats(instance, [(TWO, True)])
    add_seats(instance, [ONE, TWO])
    assert seats_of(instance) == [ONE, TWO]
    assert supervisors_of(instance) == {TWO}


def test_the_list_of_the_first_version_is_read(instance: Instance) -> None:
    (instance.folder / FILE).write_text(json.dumps(["8001", "8002"]))
    assert seats_of(instance) == [ONE, TWO]
    assert supervisors_of(instance) == frozenset()
