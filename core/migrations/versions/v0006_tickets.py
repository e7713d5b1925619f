"""工单: fields, tasks, history, timers, warnings, reveals, meetings and the people who work with them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0006"
down_revision = "0005"
APPEND_ONLY = ("ticket_history", "ticket_warnings", "ticket_reveals")
_REFUSE = (
    "CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
)
_REFUSE_FUNCTION = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$"""
_REFUSE_TRIGGER = """CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    """Widen ``tickets``, make the tables around it, and let nobody change what only grows."""
    _tickets()
    _tasks()
    _history()
    _timers()
    _warnings()
    _reveals()
    _users()
    _meetings()
    _keep_for_ever()


def _tickets() -> None:
    fresh: tuple[sa.Column[Any], ...] = (
        sa.Column("lead_unit", sa.String(length=32), server_default="", nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("matter", sa.String(length=8), server_default="普通件", nullable=False),
        sa.Column("closing", sa.String(length=8), server_default="", nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("parent", sa.String(length=18), nullable=True),
        sa.Column("confidential", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("citizen", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("demand", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("work", sa.JSON(), server_default="{}", nullable=False),
    )
    for column in fresh:
        op.add_column("tickets", column)
    for name in ("lead_unit", "due_at", "closed_at", "parent"):
        op.create_index(op.f(f"ix_tickets_{name}"), "tickets", [name])
    op.create_index("ix_tickets_state_received", "tickets", ["state", "received_at"])


def _tasks() -> None:
    op.create_table(
        "ticket_tasks",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("ticket_no", "number"),
    )
    op.create_index("ix_ticket_tasks_unit", "ticket_tasks", ["unit", "state", "due_at"])


def _history() -> None:
    op.create_table(
        "ticket_history",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("was", sa.String(length=16), nullable=False),
        sa.Column("now", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("diff", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_no", "seq"),
    )
    op.create_index(op.f("ix_ticket_history_at"), "ticket_history", ["at"])


def _timers() -> None:
    op.create_table(
        "ticket_timers",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_no"),
    )
    op.create_index(op.f("ix_ticket_timers_next_at"), "ticket_timers", ["next_at"])


def _warnings() -> None:
    op.create_table(
        "ticket_warnings",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("task", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("ticket_no", "task", "name"),
    )


def _reveals() -> None:
    op.create_table(
        "ticket_reveals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ticket_reveals_ticket_no"), "ticket_reveals", ["ticket_no"])


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _meetings() -> None:
    op.create_table(
        "ticket_meetings",
        sa.Column("meeting", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("chair", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("meeting"),
    )


def _keep_for_ever() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(_REFUSE_FUNCTION)
    for table in APPEND_ONLY:
        if on_postgresql:
            op.execute(_REFUSE_TRIGGER.format(table=table))
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(_REFUSE.format(table=table, verb=verb))
