"""渠道: keys of other systems, what they delivered, webhooks and short messages on their way out."""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables of the channels."""
    _keys()
    _deliveries()
    _short_messages()
    _webhooks()
    _open_work_orders()


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("revoked_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("digest"),
    )


def _deliveries() -> None:
    op.create_table(
        "api_deliveries",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_index("ix_api_deliveries_ticket", "api_deliveries", ["ticket_no", "source", "seq"])


def _short_messages() -> None:
    op.create_table(
        "short_messages",
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("once"),
    )
    op.create_index("ix_short_messages_waiting", "short_messages", ["state", "next_at"])
    op.create_index("ix_short_messages_ticket", "short_messages", ["ticket_no"])


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("removed_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("target", "once"),
        sa.ForeignKeyConstraint(["target"], ["webhooks.name"]),
    )
    op.create_index("ix_webhook_deliveries_waiting", "webhook_deliveries", ["state", "target", "next_at"])


def _open_work_orders() -> None:
    """Closed ones keep their due time; a list of overdue ones must not wade through them."""
    open_ones = sa.text("state NOT IN ('closed', 'merged')")
    op.create_index(
        "ix_tickets_open_due", "tickets", ["due_at"], postgresql_where=open_ones, sqlite_where=open_ones
    )
