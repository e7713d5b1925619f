"""质检表: the marks of calls that were heard again; none is ever changed, a later one counts instead."""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0013"
down_revision = "0012"
ASPECTS = ("language", "record", "dispatch", "handling", "feedback")
_REFUSE = (
    "CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
)
_REFUSE_TRIGGER = """CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    """Make the table, and let nobody change what only grows."""
    op.create_table(
        "quality_sheets",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        *(sa.Column(aspect, sa.Integer(), nullable=False) for aspect in ASPECTS),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quality_sheets_call_id", "quality_sheets", ["call_id", "seat"])
    _keep_for_ever("quality_sheets")


def _keep_for_ever(table: str) -> None:
    """The function that refuses on PostgreSQL stands since 0006."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE_TRIGGER.format(table=table))
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(_REFUSE.format(table=table, verb=verb))
