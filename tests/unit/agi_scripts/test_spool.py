"""Calls noted while the engine was away."""

import json
from pathlib import Path

import pytest

from agi_scripts.away import leave_note
from agi_scripts.spool import AwaySpool
from core.events import CallArrived


class TakeFailed(Exception):
    pass


class Journal:
    def __init__(self) -> None:
        self.taken: list[CallArrived] = []
        self.broken = False

    async def take(self, fact: CallArrived) -> None:
        if self.broken:
            raise TakeFailed
        self.taken.append(fact)


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def note(call_id: str = "hotline-1772413200.1", **values: str) -> dict[str, str]:
    return {
        "call_id": call_id,
        "at": "2026-03-02T01:00:00+00:00",
        "caller": "13812345678",
        "dialled": "12345",
        "recording": f"/recordings/{call_id}.raw",
    } | values


async def test_a_noted_call_arrives_once(tmp_path: Path) -> None:
    leave_note(tmp_path, note())
    journal, spool = Journal(), AwaySpool(tmp_path, "hotline")
    assert await spool.deliver(journal.take) == 1
    assert await spool.deliver(journal.take) == 0
    (fact,) = journal.taken
    assert fact.at.isoformat() == "2026-03-02T09:00:00+08:00"
    assert (fact.call_id, fact.node, fact.caller, fact.dialled, fact.recording) == (
        "hotline-1772413200.1",
        "hotline",
        "13812345678",
        "12345",
        "/recordings/hotline-1772413200.1.raw",
    )


def test_a_note_is_readable_by_the_hotline_alone(tmp_path: Path) -> None:
    leave_note(tmp_path, note())
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_note_that_nobody_took_comes_again(tmp_path: Path) -> None:
    leave_note(tmp_path, note())
    journal, spool = Journal(), AwaySpool(tmp_path, "hotline")
    journal.broken = True
    with pytest.raises(TakeFailed):
        await spool.deliver(journal.take)
    journal.broken = False
    assert await spool.deliver(journal.take) == 1


async def test_the_oldest_call_comes_first(tmp_path: Path) -> None:
    for second in (3, 1, 2):
        leave_note(tmp_path, note(f"hotline-177241320{second}.1"))
    journal = Journal()
    await AwaySpool(tmp_path, "hotline").deliver(journal.take)
    assert [fact.call_id[-3] for fact in journal.taken] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        json.dumps(note(call_id="../x")),
        json.dumps(note(at="yesterday")),
        json.dumps(note(at="2026-03-02T01:00:00")),
        json.dumps(note() | {"caller": 7}),
        json.dumps(note() | {"call_id": 7}),
    ],
)
async def test_a_broken_note_is_set_aside_and_does_not_hold_up_the_others(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    leave_note(tmp_path, note())
    journal = Journal()
    assert await AwaySpool(tmp_path, "hotline").deliver(journal.take) == 1
    assert names_in(tmp_path) == ["a.broken"]


async def test_a_note_that_is_not_text_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xff\xfe")
    assert await AwaySpool(tmp_path, "hotline").deliver(Journal().take) == 0
    assert names_in(tmp_path) == ["a.broken"]


async def test_a_note_that_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".hotline-1772413200.1.draft").write_text("{", encoding="utf-8")
    assert await AwaySpool(tmp_path, "hotline").deliver(Journal().take) == 0
    assert len(names_in(tmp_path)) == 1
