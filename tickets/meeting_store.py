"""会议存储: meetings, and what is on their agendas."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, String, Table, delete, func, select

from core.database import Instant, insert_new, metadata, upsert
from core.ids import TicketNo

meetings = Table(
    "ticket_meetings",
    metadata,
    Column("meeting", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    Column("chair", String(40), nullable=False),
    Column("title", String(200), nullable=False),
)
items = Table(
    "meeting_items",
    metadata,
    Column("meeting", String(32), ForeignKey("ticket_meetings.meeting"), primary_key=True),
    Column("ticket_no", String(18), primary_key=True, index=True),
    Column("why", String(200), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(40), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("due_at", Instant),
    Column("decided_at", Instant),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """会议: a joint meeting, one of the days with a 6, or a leader's session at the telephone."""

    meeting: str
    kind: str
    at: datetime
    chair: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """议题: a work order on an agenda, why it is there, and what was decided: who leads, and by when."""

    meeting: str
    ticket_no: TicketNo
    why: str
    added_at: datetime
    added_by: str
    unit: str = ""
    due_at: datetime | None = None
    decided_at: datetime | None = None


def add_meeting(connection: Connection, meeting: Meeting) -> bool:
    """Write a new one; False, and nothing written, when another has its number."""
    return insert_new(connection, meetings, asdict(meeting)) > 0


def meeting_by_number(connection: Connection, number: str) -> Meeting | None:
    """Give a meeting; None when there is none."""
    found = connection.execute(select(meetings).where(meetings.c.meeting == number)).mappings().first()
    return Meeting(**found) if found else None


def meetings_known(connection: Connection, most: int) -> list[tuple[Meeting, int, int]]:
    """Give the last meetings, newest first, with how much was on the agenda and how much was decided."""
    counted = select(func.count(), func.count(items.c.decided_at)).where(
        items.c.meeting == meetings.c.meeting
    )
    on_agenda = counted.with_only_columns(func.count()).scalar_subquery()
    decided = counted.with_only_columns(func.count(items.c.decided_at)).scalar_subquery()
    asked = select(meetings, on_agenda.label("on_agenda"), decided.label("decided"))
    rows = connection.execute(asked.order_by(meetings.c.at.desc(), meetings.c.meeting.desc()).limit(most))
    return [
        (
            Meeting(meeting=row.meeting, kind=row.kind, at=row.at, chair=row.chair, title=row.title),
            row.on_agenda,
            row.decided,
        )
        for row in rows
    ]


def put_items(connection: Connection, fresh: Sequence[Item]) -> None:
    """Write items of agendas, new or decided."""
    upsert(connection, items, *map(asdict, fresh))


def drop_item(connection: Connection, number: str, ticket: TicketNo) -> bool:
    """Take an item off the agenda; False when it is not there, or was decided."""
    asked = delete(items).where(
        items.c.meeting == number, items.c.ticket_no == ticket, items.c.decided_at.is_(None)
    )
    return connection.execute(asked).rowcount == 1


def items_of(connection: Connection, number: str) -> list[Item]:
    """Give the agenda of a meeting, in the order in which it grew."""
    asked = select(items).where(items.c.meeting == number).order_by(items.c.added_at, items.c.ticket_no)
    return [Item(**row) for row in connection.execute(asked).mappings()]
