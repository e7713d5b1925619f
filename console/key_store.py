"""密钥与来件存储: who may speak to the interface, and which deliveries were taken from whom."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Index, Integer, RowMapping, String, Table, func, select, update

from console.api_keys import ApiKey
from core.database import Instant, insert_new, metadata, upsert
from core.ids import TicketNo
from tickets.roles import Role

keys = Table(
    "api_keys",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(40), nullable=False),
    Column("revoked_at", Instant),
)
deliveries = Table(
    "api_deliveries",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("ticket_no", String(18), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_api_deliveries_ticket", "ticket_no", "source", "seq"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """来件: taken from ``source`` under its own ``key``; ``digest`` tells a repetition from another one.

    ``seq`` is 0 for the one that opened the work order, and grows with every update of it.
    """

    source: str
    key: str
    digest: str
    ticket_no: TicketNo
    seq: int
    at: datetime


def put_key(connection: Connection, key: ApiKey) -> None:
    """Write a key, new or renewed."""
    upsert(connection, keys, asdict(key))


def revoke_key(connection: Connection, name: str, at: datetime) -> bool:
    """Revoke a key; False when there is none that is in use."""
    asked = update(keys).where(keys.c.name == name, keys.c.revoked_at.is_(None)).values(revoked_at=at)
    return connection.execute(asked).rowcount > 0


def keys_known(connection: Connection) -> list[ApiKey]:
    """Give every key, by name, revoked ones too."""
    return [_key(row) for row in connection.execute(select(keys).order_by(keys.c.name)).mappings()]


def key_of(connection: Connection, digest: str) -> ApiKey | None:
    """Give the key in use with this digest."""
    asked = select(keys).where(keys.c.digest == digest, keys.c.revoked_at.is_(None))
    row = connection.execute(asked).mappings().first()
    return _key(row) if row else None


def delivery_of(connection: Connection, source: str, key: str) -> Delivery | None:
    """Give what was taken from a source under this key."""
    asked = select(deliveries).where(deliveries.c.source == source, deliveries.c.key == key)
    row = connection.execute(asked).mappings().first()
    return Delivery(**row) if row else None


def claim_delivery(connection: Connection, delivery: Delivery) -> bool:
    """Keep it unless its key is known; False when it is."""
    return insert_new(connection, deliveries, asdict(delivery)) > 0


def is_from(connection: Connection, source: str, number: TicketNo) -> bool:
    """Tell whether a work order came from this source."""
    asked = select(deliveries.c.key).where(
        deliveries.c.ticket_no == number, deliveries.c.source == source, deliveries.c.seq == 0
    )
    return connection.execute(asked).first() is not None


def numbers_from(connection: Connection, source: str, most: int) -> list[TicketNo]:
    """Give the work orders of a source, newest first."""
    asked = (
        select(deliveries.c.ticket_no)
        .where(deliveries.c.source == source, deliveries.c.seq == 0, deliveries.c.ticket_no != "")
        .order_by(deliveries.c.at.desc())
        .limit(most)
    )
    return [TicketNo(number) for number in connection.execute(asked).scalars()]


def last_seq(connection: Connection, source: str, number: TicketNo) -> int:
    """Give the sequence number of the last update of a work order by this source; 0 before the first."""
    asked = select(func.max(deliveries.c.seq)).where(
        deliveries.c.ticket_no == number, deliveries.c.source == source
    )
    return connection.execute(asked).scalar() or 0


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(**{**row, "role": Role(row["role"])})
