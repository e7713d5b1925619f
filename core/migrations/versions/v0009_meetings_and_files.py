"""会议、附件: agendas of meetings, files of work orders, and who changed which user."""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0009"
down_revision = "0008"
_REFUSE = (
    "CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
)
_REFUSE_TRIGGER = """CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    """Make the tables, and let nobody change what only grows."""
    _meeting_items()
    _attachments()
    _user_changes()
    _keep_for_ever("user_changes")


def _meeting_items() -> None:
    op.create_table(
        "meeting_items",
        sa.Column("meeting", sa.String(length=32), nullable=False),
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("meeting", "ticket_no"),
        sa.ForeignKeyConstraint(["meeting"], ["ticket_meetings.meeting"]),
    )
    op.create_index(op.f("ix_meeting_items_ticket_no"), "meeting_items", ["ticket_no"])


def _attachments() -> None:
    op.create_table(
        "ticket_attachments",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("ticket_no", "sha256"),
    )
    op.create_index(op.f("ix_ticket_attachments_sha256"), "ticket_attachments", ["sha256"])


def _user_changes() -> None:
    op.create_table(
        "user_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("diff", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_user_changes_name"), "user_changes", ["name"])


def _keep_for_ever(table: str) -> None:
    """The function that refuses on PostgreSQL stands since 0006."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE_TRIGGER.format(table=table))
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(_REFUSE.format(table=table, verb=verb))
