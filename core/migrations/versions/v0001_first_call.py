"""第一通电话: calls, seats, recordings, transcripts, suggestions, tickets and the outbox."""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first version."""
    _calls()
    _seats()
    _recordings()
    _transcripts()
    _suggestions()
    _tickets()
    _ticket_sequence()
    _outbox()
    _outbox_delivery()


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("dialled", sa.String(length=64), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("arrived_at", Instant(), nullable=True),
        sa.Column("queue", sa.String(length=32), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("queued_at", Instant(), nullable=True),
        sa.Column("seat", sa.String(length=32), nullable=True),
        sa.Column("offered_at", Instant(), nullable=True),
        sa.Column("offer_ended_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("gone_at", Instant(), nullable=True),
        sa.Column("gone_certain", sa.Boolean(), nullable=False),
        sa.Column("end_reason", sa.String(length=32), nullable=True),
        sa.Column("waited_seconds", sa.Float(), nullable=False),
        sa.Column("talk_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_index(op.f("ix_calls_arrived_at"), "calls", ["arrived_at"])
    op.create_index(op.f("ix_calls_gone_at"), "calls", ["gone_at"])
    op.create_index(op.f("ix_calls_node"), "calls", ["node"])


def _seats() -> None:
    op.create_table(
        "seats",
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )


def _recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("duration_seconds", sa.Float(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("gap", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_index(op.f("ix_recordings_at"), "recordings", ["at"])
    op.create_index(op.f("ix_recordings_state"), "recordings", ["state"])


def _transcripts() -> None:
    op.create_table(
        "transcripts",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("citizen_text", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_index(op.f("ix_transcripts_outcome"), "transcripts", ["outcome"])


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("suggestion", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("call_id"),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("query_code", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("src_channel", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("orig_did", sa.String(length=64), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("seat", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("dialogue", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("demand_type", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.JSON(), nullable=True),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_no"),
        sa.UniqueConstraint("call_id"),
    )
    op.create_index(op.f("ix_tickets_phone"), "tickets", ["phone"])
    op.create_index(op.f("ix_tickets_received_at"), "tickets", ["received_at"])
    op.create_index(op.f("ix_tickets_state"), "tickets", ["state"])


def _ticket_sequence() -> None:
    op.create_table(
        "ticket_sequence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _outbox_delivery() -> None:
    op.create_table(
        "outbox_delivery",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("listener", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("set_aside", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"],
            ["outbox.id"],
        ),
        sa.PrimaryKeyConstraint("fact_id", "listener"),
    )
    op.create_index("outbox_delivery_waiting", "outbox_delivery", ["listener", "set_aside", "fact_id"])
