"""学习培训登记: what units and the centre studied, what was withdrawn of it, and who was reminded."""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0014"
down_revision = "0013"
_REFUSE = (
    "CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
)
_REFUSE_TRIGGER = """CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    """Make the tables, and let nobody change what only grows."""
    _study_records()
    op.create_table(
        "study_withdrawals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.ForeignKeyConstraint(["number"], ["study_records.number"]),
    )
    op.create_table(
        "study_reminders",
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "period"),
    )
    for table in ("study_records", "study_withdrawals", "study_reminders"):
        _keep_for_ever(table)


def _study_records() -> None:
    op.create_table(
        "study_records",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("chair", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    for column in ("unit", "day"):
        op.create_index(op.f(f"ix_study_records_{column}"), "study_records", [column])


def _keep_for_ever(table: str) -> None:
    """The function that refuses on PostgreSQL stands since 0006."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE_TRIGGER.format(table=table))
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(_REFUSE.format(table=table, verb=verb))
