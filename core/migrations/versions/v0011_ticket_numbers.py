"""编号: numbers that lie ready, so that openings of work orders pass each other."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table; the first block is laid when the first number is wanted."""
    op.create_table(
        "ticket_numbers",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
