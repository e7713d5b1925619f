"""写好的底账: a journal and a register of seats on a fresh database, read back as figures."""

from collections.abc import Iterable
from datetime import datetime

from core.database import Database
from core.ids import QueueName, SeatNo
from queue_manager.figures.facts import Arrival
from queue_manager.figures.figure import Number, Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import Report, Seen, report_of
from queue_manager.figures_store import seen_in
from queue_manager.journal_store import put
from queue_manager.seat_state import SeatChange, SeatEvent, SeatNow, SeatState
from queue_manager.seat_store import Unwritten, write_down
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes.facts import CALL
from tests.fakes.sightings import HOME, moment

WINDOW = Window(since=moment(-9 * 3600), until=moment(15 * 3600))
EVENING = moment(9 * 3600)
POLICY = Policy()


class Given:
    """A journal and a register of seats, on a fresh database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def call(self, seen: Iterable[Sighting]) -> None:
        sightings = list(seen)
        story = story_of(sightings[0].call_id, sightings, HOME)
        self.database.now(lambda connection: put(connection, story))

    def seat(self, seat: SeatNo, *states: tuple[float, SeatState]) -> None:
        """Write a seat's history: from so many seconds on it did this, for the one call."""
        before, at, lines = SeatState.LOGGED_OFF, WINDOW.since, []
        for version, (seconds, after) in enumerate(states, 1):
            at = moment(seconds)
            event = SeatEvent.READY
            line = SeatChange(
                seat=seat, version=version, at=at, event=event, before=before, after=after, call_id=CALL
            )
            lines.append(line)
            before = after
        now = SeatNow(seat=seat, since=at, changed_at=at, state=before, version=len(lines))
        sheet = Unwritten(seats={seat: now}, changes=lines)
        self.database.now(lambda connection: write_down(connection, sheet))

    def seen(self, as_of: datetime = EVENING, policy: Policy = POLICY, window: Window = WINDOW) -> Seen:
        return self.database.now(lambda connection: seen_in(connection, window, as_of, policy))

    def arrival(self, as_of: datetime = EVENING) -> Arrival:
        [arrival] = self.seen(as_of).arrivals
        return arrival

    def report(self, as_of: datetime = EVENING, queue: QueueName | None = None) -> Report:
        return report_of(self.seen(as_of), queue, POLICY)

    def seat_figures(self, seat: SeatNo, as_of: datetime = EVENING) -> dict[str, Number | None]:
        return {key: figure.value for key, figure in self.report(as_of).seats[seat].items()}
