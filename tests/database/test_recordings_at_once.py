"""Recordings when two come at once, on either database; and those of the first version after an upgrade."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

from core.database import Connection, Database
from core.ids import CallId
from recordings import store
from recordings.holding import DeletedAlready, HoldDesk, Said
from recordings.keeping import Keeper, Verdict
from recordings.model import Codec, Condition, Piece, Recording, RecordingState
from recordings.registry import Archive
from recordings.rule import Rule
from recordings.sweep import Sweep
from tests.database.revisions import upgraded_to
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.facts import CALL
from tests.fakes.recordings import FakeCallBook, archive, lay

A_DAY = Rule(days=1, open_ticket_days=0, every_night=True)
WHY = Said(who="张三", reason="信访复核")


class Given:
    """Recordings whose time is over."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.database = database
        self.clock = StandingClock()
        self.archive: Archive = archive(database, folder, self.clock, FakeCallBook())

    def recorded(self, call_id: CallId) -> Recording:
        at = NINE_O_CLOCK - timedelta(days=9)
        path = lay(self.folder / f"{call_id}.raw", b"1234", self.clock)
        piece = Piece(number=1, path=str(path), from_at=at, to_at=at, sha256="0" * 64, bytes=4, file_bytes=4)
        recording = Recording(call_id=call_id, node="hotline", at=at, pieces=(piece,))
        self.database.now(lambda c: store.put(c, recording))
        return recording

    def row(self, call_id: CallId) -> Recording:
        found = self.database.now(lambda c: store.recording_of(c, call_id))
        assert found is not None
        return found

    async def hold(self, call_id: CallId) -> bool:
        try:
            await HoldDesk(self.archive).hold(call_id, WHY)
        except DeletedAlready:
            return False
        return True

    async def keep(self) -> set[CallId]:
        judged = [one async for one in Keeper(self.archive, A_DAY).run()]
        return {one.recording.call_id for one in judged if one.verdict is Verdict.DELETE}


async def test_registered_by_many_at_once_it_is_registered_once(database: Database) -> None:
    at = NINE_O_CLOCK
    piece = Piece(number=1, path="/r/1.raw", from_at=at, to_at=at)
    recording = Recording(call_id=CALL, node="hotline", at=at, pieces=(piece,))
    work = partial(store.register, recording=recording)
    won = await asyncio.gather(*(database.in_transaction(work) for _ in range(12)))
    assert sorted(won) == [False] * 11 + [True]


async def test_a_hold_and_the_rule_at_once_either_comes_first_never_both(
    database: Database, tmp_path: Path
) -> None:
    given = Given(database, tmp_path)
    calls = [CallId(f"hotline-1772413200.{number}") for number in range(24)]
    for call_id in calls:
        given.recorded(call_id)
    holding = asyncio.gather(*(given.hold(call_id) for call_id in calls))
    deleted, held = await asyncio.gather(given.keep(), holding)
    for call_id, is_held in zip(calls, held, strict=True):
        assert is_held is (call_id not in deleted)
        assert is_held is (tmp_path / f"{call_id}.raw").exists()
        assert is_held is (given.row(call_id).state is RecordingState.READY)


async def test_the_rule_applied_twice_at_once_deletes_each_once(database: Database, tmp_path: Path) -> None:
    given = Given(database, tmp_path)
    calls = {CallId(f"hotline-1772413200.{number}") for number in range(12)}
    for call_id in calls:
        given.recorded(call_id)
    one, other = await asyncio.gather(given.keep(), given.keep())
    assert one | other == calls
    assert {given.row(call_id).state for call_id in calls} == {RecordingState.DELETED}
    assert not any((tmp_path / f"{call_id}.raw").exists() for call_id in calls)


async def test_two_sweeps_at_once_find_each_once_and_make_one_recording(
    database: Database, tmp_path: Path
) -> None:
    given = Given(database, tmp_path)
    calls = [CallId(f"hotline-1772413200.{number}") for number in range(12)]
    for call_id in calls[:6]:
        lay(tmp_path / f"{call_id}.raw", b"1234", given.clock)
    for call_id in calls[6:]:
        given.recorded(call_id)
        (tmp_path / f"{call_id}.raw").unlink()

    async def sweep() -> list[str]:
        return [found.path async for found in Sweep(given.archive).run()]

    one, other = await asyncio.gather(sweep(), sweep())
    assert sorted(one + other) == sorted(str(tmp_path / f"{call_id}.raw") for call_id in calls)
    assert await sweep() == []
    assert all(len(given.row(call_id).pieces) == 1 for call_id in calls)


FIRST_VERSION = """INSERT INTO recordings VALUES
('hotline-1772413200.1', '{folder}/1.flac', 'hotline', '2026-03-02 01:00:00{zone}', 'compressed', 60.0,
 '{sha}', 1920000, ''),
('hotline-1772413200.2', '/r/2.raw', 'hotline', '2026-03-02 01:00:00{zone}', 'ready', 0.0, '', 0,
 '没有录音文件'),
('hotline-1772413200.3', '/r/3.raw', 'hotline', '2026-03-02 01:00:00{zone}', 'damaged', 1.0, '{sha}', 32000,
 '登记之后文件缺失或被改动'),
('hotline-1772413200.4', '/r/4.raw', 'hotline', '2026-03-02 01:00:00{zone}', 'growing', 0.0, '', 0, '')"""


def _to_first_version(connection: Connection, folder: Path) -> None:
    upgraded_to(connection, "0001")
    zone = ".000000" if connection.dialect.name == "sqlite" else "+00:00"
    connection.exec_driver_sql(FIRST_VERSION.format(folder=folder, zone=zone, sha="0" * 64))


def test_recordings_of_the_first_version_become_pieces(url: str, tmp_path: Path) -> None:
    (tmp_path / "1.flac").write_bytes(b"fLaC")
    database = Database(url)
    database.now(partial(_to_first_version, folder=tmp_path))
    database.migrate()
    calls = [CallId(f"hotline-1772413200.{number}") for number in range(1, 5)]
    found = database.now(lambda c: store.recordings_of(c, calls))
    database.close()
    assert sorted(found) == calls[:3]
    compressed, missing, damaged = (found[call_id] for call_id in calls[:3])
    assert compressed.pieces == (
        Piece(
            number=1,
            path=f"{tmp_path}/1.flac",
            from_at=NINE_O_CLOCK,
            to_at=NINE_O_CLOCK + timedelta(seconds=60),
            sha256="0" * 64,
            bytes=1920000,
            codec=Codec.FLAC,
            file_bytes=4,
        ),
    )
    assert (missing.pieces[0].condition, missing.gap) == (Condition.MISSING, "没有录音文件")
    assert (damaged.state, damaged.pieces[0].condition) == (RecordingState.DAMAGED, Condition.CHANGED)
