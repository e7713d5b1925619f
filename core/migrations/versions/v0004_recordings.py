"""录音目录: a manifest per call (pieces, gaps), who listened, what is held back from deletion, strays."""

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0004"
down_revision = "0003"

BYTES_PER_SECOND = 32000
_BATCH = 500
_HEAD = sa.table(
    "recordings",
    sa.column("call_id", sa.String),
    sa.column("path", sa.String),
    sa.column("at", Instant),
    sa.column("state", sa.String),
    sa.column("sha256", sa.String),
    sa.column("bytes", sa.BigInteger),
)


def upgrade() -> None:
    """Move what was one file per row into pieces, and make the tables beside them."""
    pieces = _pieces()
    _gaps()
    _move_files_into(pieces)
    for moved in ("path", "duration_seconds", "sha256", "bytes"):
        op.drop_column("recordings", moved)
    op.add_column("recordings", sa.Column("deleted_at", Instant(), nullable=True))
    op.add_column(
        "recordings", sa.Column("deleted_for", sa.String(length=200), server_default="", nullable=False)
    )
    _access()
    _holds()
    _strays()


def _pieces() -> sa.Table:
    table = op.create_table(
        "recording_pieces",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("to_at", Instant(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("codec", sa.String(length=8), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "number"),
    )
    op.create_index(op.f("ix_recording_pieces_path"), "recording_pieces", ["path"])
    return table


def _gaps() -> None:
    op.create_table(
        "recording_gaps",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("to_at", Instant(), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "from_at", "reason"),
    )


def _move_files_into(pieces: sa.Table) -> None:
    connection = op.get_bind()
    # Of a call that lives there is no row any more: it is written when the call ends.
    connection.execute(sa.delete(_HEAD).where(_HEAD.c.state == "growing"))
    rows = connection.execute(sa.select(_HEAD)).all()
    moved = [
        {
            "call_id": row.call_id,
            "number": 1,
            "path": row.path,
            "from_at": row.at,
            "to_at": _end_of(row.at, row.bytes),
            "sha256": row.sha256,
            "bytes": row.bytes,
            "codec": "flac" if row.path.endswith(".flac") else "raw",
            "file_bytes": _size_of(Path(row.path)),
            "condition": _condition_of(row.state, row.bytes),
        }
        for row in rows
    ]
    for start in range(0, len(moved), _BATCH):
        connection.execute(sa.insert(pieces), moved[start : start + _BATCH])


def _end_of(begun: datetime, size: int) -> datetime:
    return begun + timedelta(seconds=size / BYTES_PER_SECOND)


def _condition_of(state: str, size: int) -> str:
    if state == "damaged":
        return "changed"
    return "whole" if size else "missing"


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _access() -> None:
    op.create_table(
        "recording_access",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("given_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_recording_access_call_id"), "recording_access", ["call_id"])


def _holds() -> None:
    op.create_table(
        "recording_holds",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("held_by", sa.String(length=64), nullable=False),
        sa.Column("held_at", Instant(), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("lifted_for", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_recording_holds_call_id"), "recording_holds", ["call_id"])
    op.create_index(op.f("ix_recording_holds_ticket_no"), "recording_holds", ["ticket_no"])


def _strays() -> None:
    op.create_table(
        "recording_strays",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("path"),
    )
