"""A folder of recordings and a catalogue, to be swept and to be kept by rule."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.recordings_shown import judged_line, summary_line
from core.database import Database
from core.events import CallEnded, EndReason, RecordingReady
from core.ids import CallId, TicketNo
from recordings import store
from recordings.desk import RecordingDesk
from recordings.findings import Finding, Seen
from recordings.holding import HoldDesk, Said
from recordings.keeping import Judged, Keeper, Verdict
from recordings.model import Piece, Recording
from recordings.rule import Rule
from recordings.sweep import Sweep
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.database import Ear, fresh_database
from tests.fakes.facts import CALL
from tests.fakes.recordings import SECOND, FakeCallBook, archive, lay

SOUND = bytes(range(250)) * (SECOND // 250) * 3
"""Three seconds."""
TICKET = TicketNo("260302090009000001")
TEN_DAYS = Rule(days=10, open_ticket_days=0, every_night=True)
WHY = Said(who="张三", reason="信访复核")


class Swept:
    """A folder and a catalogue."""

    def __init__(self, database: Database, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.clock = StandingClock()
        self.database = database
        self.book = FakeCallBook()
        self.archive = archive(database, folder, self.clock, self.book)
        self.ear = Ear(RecordingReady)
        self.desk = RecordingDesk(self.archive, self.ear.connect(database), folder / "recordings.toml")

    def path(self, call_id: CallId = CALL) -> Path:
        return self.folder / f"{call_id}.raw"

    async def recorded(self, *calls: CallId, sound: bytes | None = SOUND) -> None:
        """Calls that have ended, each with its file."""
        for call_id in calls or (CALL,):
            self.book.add(call_id, self.path(call_id))
            if sound is not None:
                lay(self.path(call_id), sound + call_id.encode() * 4, self.clock)
            end = NINE_O_CLOCK + timedelta(seconds=3)
            await self.desk.call_ended(
                CallEnded(call_id=call_id, at=end, end_reason=EndReason.ANSWERED, talk_seconds=0.0)
            )

    async def sweep(self, *, dry_run: bool = False, thorough: bool = False) -> list[Finding]:
        sweep = Sweep(self.archive, dry_run=dry_run, thorough=thorough)
        return [found async for found in sweep.run()]

    async def kinds(self, *, thorough: bool = False) -> list[Seen]:
        """What is found; a rehearsal finds exactly the same, and a second sweep nothing."""
        rehearsed = await self.sweep(dry_run=True, thorough=thorough)
        found = await self.sweep(thorough=thorough)
        assert found == rehearsed
        assert await self.sweep(thorough=thorough) == []
        return [one.seen for one in found]

    def row(self, call_id: CallId = CALL) -> Recording:
        found = self.database.now(lambda c: store.recording_of(c, call_id))
        assert found is not None
        return found

    def put(self, recording: Recording) -> None:
        self.database.now(lambda c: store.put(c, recording))


@contextmanager
def fresh_swept() -> Iterator[Swept]:
    with TemporaryDirectory() as folder, fresh_database(f"sqlite:///{folder}/hotline.db") as database:
        yield Swept(database, Path(folder) / "recordings")


class Kept:
    """Recordings of several ages, a rule of ten days, and a day on which it is applied."""

    def __init__(self, database: Database, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.database = database
        self.clock = StandingClock()
        self.book = FakeCallBook()
        self.archive = archive(database, folder, self.clock, self.book)
        self.holds = HoldDesk(self.archive)

    def recorded(self, call_id: CallId = CALL, days_ago: float = 11, *, files: int = 1) -> Recording:
        at = NINE_O_CLOCK - timedelta(days=days_ago)
        names = [f"{call_id}.raw", *(f"{call_id}+{number}.raw" for number in range(2, files + 1))]
        pieces = tuple(
            Piece(
                number=number,
                path=str(lay(self.folder / name, SOUND, self.clock)),
                from_at=at,
                to_at=at,
                sha256="0" * 64,
                bytes=len(SOUND),
                file_bytes=len(SOUND),
            )
            for number, name in enumerate(names, 1)
        )
        recording = Recording(call_id=call_id, node="hotline", at=at, pieces=pieces)
        self.database.now(lambda c: store.put(c, recording))
        self.book.add(call_id, names[0])
        return recording

    async def keep(self, rule: Rule = TEN_DAYS) -> list[Judged]:
        """Rehearse, then run; both must say the same."""
        rehearsed = await self.run(rule, dry_run=True)
        done = await self.run(rule)
        assert printed(rehearsed) == printed(done)
        return done

    async def run(self, rule: Rule = TEN_DAYS, *, dry_run: bool = False) -> list[Judged]:
        return [judged async for judged in Keeper(self.archive, rule).run(dry_run=dry_run)]

    async def verdicts(self, rule: Rule = TEN_DAYS) -> dict[CallId, Verdict]:
        return {judged.recording.call_id: judged.verdict for judged in await self.keep(rule)}

    def row(self, call_id: CallId = CALL) -> Recording:
        found = self.database.now(lambda c: store.recording_of(c, call_id))
        assert found is not None
        return found

    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir())


def printed(judged: list[Judged]) -> list[str]:
    return [*map(judged_line, judged), summary_line(judged)]


@contextmanager
def fresh_kept() -> Iterator[Kept]:
    with TemporaryDirectory() as folder, fresh_database(f"sqlite:///{folder}/hotline.db") as database:
        yield Kept(database, Path(folder) / "recordings")
