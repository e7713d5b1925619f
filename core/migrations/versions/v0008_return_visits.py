"""回访: visits as rows that can be counted, requests to leave one out, and the register of accountability."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0008"
down_revision = "0007"
APPEND_ONLY = ("ticket_visits", "accountability")
ANSWERS = ("handle_sat", "process_sat", "is_solved", "replied")
_REFUSE = (
    "CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
)
_REFUSE_TRIGGER = """CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    """Make the tables, bring in the visits that work orders know of, and let nobody change them."""
    _visits()
    _exclusions()
    _accountability()
    _bring_in()
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        if on_postgresql:
            op.execute(_REFUSE_TRIGGER.format(table=table))
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(_REFUSE.format(table=table, verb=verb))


def _visits() -> None:
    op.create_table(
        "ticket_visits",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.String(length=16), nullable=False) for name in ANSWERS),
        sa.PrimaryKeyConstraint("ticket_no", "number"),
    )
    op.create_index(op.f("ix_ticket_visits_at"), "ticket_visits", ["at"])


def _exclusions() -> None:
    op.create_table(
        "ticket_exclusions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("visit", sa.JSON(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ticket_exclusions_ticket_no"), "ticket_exclusions", ["ticket_no"])
    op.create_index(op.f("ix_ticket_exclusions_decided_at"), "ticket_exclusions", ["decided_at"])


def _accountability() -> None:
    op.create_table(
        "accountability",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("tickets", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_accountability_at"), "accountability", ["at"])


def _bring_in() -> None:
    """Visits stood only inside the work orders until now."""
    old = sa.table(
        "tickets",
        sa.column("ticket_no", sa.String),
        sa.column("lead_unit", sa.String),
        sa.column("work", sa.JSON),
    )
    fresh = sa.table(
        "ticket_visits",
        *(sa.column(name, sa.String) for name in ("ticket_no", "by", "channel", "unit", *ANSWERS)),
        sa.column("number", sa.Integer),
        sa.column("at", Instant()),
        sa.column("reached", sa.Boolean),
    )
    bind = op.get_bind()
    for ticket in bind.execute(sa.select(old)).mappings().all():
        visits = (ticket["work"] or {}).get("visits", [])
        rows = [_row(ticket["ticket_no"], ticket["lead_unit"], *one) for one in enumerate(visits, start=1)]
        if rows:
            bind.execute(sa.insert(fresh), rows)


def _row(ticket: str, unit: str, number: int, visit: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_no": ticket,
        "number": number,
        "at": datetime.fromisoformat(visit["at"]),
        "by": visit["by"],
        "channel": visit.get("channel", "电话"),
        "reached": visit.get("reached", True),
        "unit": unit,
        **{name: visit.get(name, "") for name in ANSWERS},
    }
