"""用户存储: who works with work orders, and for ever who changed that."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Integer, String, Table, insert, select

from core.database import Instant, metadata, upsert
from tickets.roles import Role

users = Table(
    "users",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("seat", String(32), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(40), nullable=False),
)
changes = Table(
    "user_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String(40), nullable=False),
    Column("diff", JSON, nullable=False),
)
TOLD = ("role", "unit", "seat", "active")
"""What of a user may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """用户. ``unit`` is empty at the centre, ``seat`` for everybody but operators."""

    name: str
    role: Role
    unit: str
    seat: str
    active: bool
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """谁改了谁: ``diff`` gives for each field what it was (None: a new user) and what it is."""

    name: str
    at: datetime
    by: str
    diff: Mapping[str, Sequence[Any]]


def put_users(connection: Connection, fresh: Sequence[User]) -> tuple[int, int]:
    """Write users, and keep for ever what was changed; gives how many are new and how many were changed.

    Who first added a known user stays on record; ``added_at`` and ``added_by`` say who changes him now.
    """
    known = {user.name: user for user in users_known(connection)}
    changed = [user for user in fresh if _differ(known.get(user.name), user)]
    for user in changed:
        first = known.get(user.name, user)
        row = asdict(replace(user, added_at=first.added_at, added_by=first.added_by))
        upsert(connection, users, row)
        change = UserChange(
            name=user.name,
            at=user.added_at,
            by=user.added_by,
            diff=_differ(known.get(user.name), user),
        )
        connection.execute(insert(changes), asdict(change))
    new = sum(user.name not in known for user in changed)
    return new, len(changed) - new


def users_known(connection: Connection) -> Sequence[User]:
    """Give every user, by name."""
    rows = connection.execute(select(users).order_by(users.c.name)).mappings()
    return [User(**{**row, "role": Role(row["role"])}) for row in rows]


def changes_of(connection: Connection, name: str = "") -> list[UserChange]:
    """Give what was ever changed about a user, or about all, oldest first."""
    columns = [changes.c[field] for field in UserChange.__dataclass_fields__]
    asked = select(*columns).order_by(changes.c.id)
    if name:
        asked = asked.where(changes.c.name == name)
    return [UserChange(**row) for row in connection.execute(asked).mappings()]


def _differ(was: User | None, now: User) -> dict[str, list[Any]]:
    pairs = {name: [getattr(was, name, None), getattr(now, name)] for name in TOLD}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
