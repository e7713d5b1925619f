"""附件登记: which files belong to which work order; the files themselves lie under their checksum."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, select

from core.database import Instant, metadata, upsert
from core.ids import TicketNo

attachments = Table(
    "ticket_attachments",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("sha256", String(64), primary_key=True, index=True),
    Column("name", String(200), nullable=False),
    Column("size", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(40), nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """一份附件: what it was called, and who brought it when."""

    ticket_no: TicketNo
    sha256: str
    name: str
    size: int
    kind: str
    at: datetime
    by: str


def put_file(connection: Connection, file: KeptFile) -> None:
    """Write the row of a file; the same file of the same work order is one row."""
    upsert(connection, attachments, asdict(file))


def files_of(connection: Connection, number: TicketNo) -> list[KeptFile]:
    """Give the files of a work order, oldest first."""
    asked = select(attachments).where(attachments.c.ticket_no == number)
    rows = connection.execute(asked.order_by(attachments.c.at, attachments.c.sha256)).mappings()
    return [KeptFile(**row) for row in rows]
