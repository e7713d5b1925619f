"""座席状态: what seats can do, what each does now, its history, why it was offered calls, who listened in."""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Every seat that there is serves the one queue that there was; nobody is logged in for us yet."""
    op.add_column("seats", sa.Column("supervisor", sa.Boolean(), nullable=False, server_default=sa.false()))
    _skills()
    _states()
    _events()
    _offer_reasons()
    _supervision()


def _skills() -> None:
    op.create_table(
        "seat_skills",
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("penalty", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seat", "queue"),
    )
    op.execute("INSERT INTO seat_skills (seat, queue, penalty) SELECT number, 'intake', 0 FROM seats")


def _states() -> None:
    op.create_table(
        "seat_states",
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("later", sa.String(length=40), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("behind_until", Instant(), nullable=True),
        sa.Column("wrap_up_until", Instant(), nullable=True),
        sa.Column("wrap_up_extra", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("leg", sa.String(length=64), nullable=False),
        sa.Column("idle_since", Instant(), nullable=True),
        sa.Column("lease", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seat"),
    )


def _events() -> None:
    op.create_table(
        "seat_events",
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seat", "version"),
    )
    op.create_index(op.f("ix_seat_events_at"), "seat_events", ["at"])


def _offer_reasons() -> None:
    op.create_table(
        "offer_reasons",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "at", "seat"),
    )


def _supervision() -> None:
    op.create_table(
        "supervision",
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("wish", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("at", "seat", "wish", "about"),
    )
