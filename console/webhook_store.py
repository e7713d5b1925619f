"""回调存储: whom we tell which facts, and every delivery until the receiver has confirmed it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    select,
    update,
)

from core.database import Instant, insert_new, metadata, upsert

targets = Table(
    "webhooks",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("url", String(400), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(40), nullable=False),
    Column("removed_at", Instant),
)
deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("target", String(32), ForeignKey("webhooks.name"), primary_key=True),
    Column("once", String(64), primary_key=True),
    Column("fact", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("said", String(200), nullable=False),
    Index("ix_webhook_deliveries_waiting", "state", "target", "next_at"),
)


class DeliveryState(StrEnum):
    """状态."""

    WAITING = "待送"
    DONE = "已送达"
    GIVEN_UP = "已放弃"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """回调对象: another system; ``facts`` are the names of those that it is told."""

    name: str
    url: str
    facts: tuple[str, ...]
    added_at: datetime
    added_by: str
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One fact for one target; ``once`` is the same however often it is told, for the receiver too."""

    target: str
    once: str
    fact: str
    body: str
    at: datetime
    state: DeliveryState
    tries: int
    next_at: datetime
    said: str


def put_target(connection: Connection, target: Target) -> None:
    """Write a target, new or changed."""
    upsert(connection, targets, {**asdict(target), "facts": list(target.facts)})


def targets_known(connection: Connection) -> list[Target]:
    """Give those that are told something, by name."""
    asked = select(targets).where(targets.c.removed_at.is_(None)).order_by(targets.c.name)
    return [Target(**{**row, "facts": tuple(row["facts"])}) for row in connection.execute(asked).mappings()]


def remove_target(connection: Connection, name: str, at: datetime) -> bool:
    """Tell it nothing any more; False when there is none."""
    asked = update(targets).where(targets.c.name == name, targets.c.removed_at.is_(None))
    return connection.execute(asked.values(removed_at=at)).rowcount > 0


def add_deliveries(connection: Connection, fresh: Collection[Delivery]) -> None:
    """Keep what is to be told; what is known stays as it is."""
    insert_new(connection, deliveries, *map(asdict, fresh))


def next_delivery(connection: Connection, target: str) -> Delivery | None:
    """Give what a target is to be told first: in the order of events, also when that one has to wait."""
    asked = (
        select(deliveries)
        .where(deliveries.c.target == target, deliveries.c.state == DeliveryState.WAITING)
        .order_by(deliveries.c.at, deliveries.c.once)
        .limit(1)
    )
    row = connection.execute(asked).mappings().first()
    return Delivery(**{**row, "state": DeliveryState(row["state"])}) if row else None


def settle_delivery(
    connection: Connection, told: Delivery, state: DeliveryState, *, said: str, next_at: datetime
) -> None:
    """Write down what came of a try."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.target == told.target, deliveries.c.once == told.once)
        .values(state=state, tries=told.tries + 1, next_at=next_at, said=said[:200])
    )


def deliveries_known(connection: Connection, target: str, most: int) -> list[Delivery]:
    """Give the newest deliveries for a target."""
    asked = (
        select(deliveries)
        .where(deliveries.c.target == target)
        .order_by(deliveries.c.at.desc(), deliveries.c.once)
        .limit(most)
    )
    rows = connection.execute(asked).mappings()
    return [Delivery(**{**row, "state": DeliveryState(row["state"])}) for row in rows]
