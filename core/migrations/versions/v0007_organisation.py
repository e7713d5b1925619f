"""组织: units, the people in them, duty rosters, what ringing the duty rooms came to, and every change."""

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables of the organisation."""
    _units()
    _unit_people()
    _duty_shifts()
    _duty_checks()
    _unit_changes()


def _units() -> None:
    op.create_table(
        "units",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=True),
        sa.Column("unit_class", sa.String(length=8), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("duty_phone", sa.String(length=40), nullable=False),
        sa.Column("round_the_clock", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id"),
        sa.ForeignKeyConstraint(["parent"], ["units.unit_id"]),
    )
    op.create_index(op.f("ix_units_parent"), "units", ["parent"])


def _unit_people() -> None:
    op.create_table(
        "unit_people",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("post", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "post", "place"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.unit_id"]),
    )


def _duty_shifts() -> None:
    op.create_table(
        "duty_shifts",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("duty", sa.String(length=8), nullable=False),
        sa.Column("begins", Instant(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("ends", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "duty", "begins", "name"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.unit_id"]),
    )
    op.create_index(op.f("ix_duty_shifts_ends"), "duty_shifts", ["ends"])


def _duty_checks() -> None:
    op.create_table(
        "duty_checks",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.unit_id"]),
    )
    op.create_index(op.f("ix_duty_checks_at"), "duty_checks", ["at"])


def _unit_changes() -> None:
    op.create_table(
        "unit_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("diff", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_unit_changes_unit_id"), "unit_changes", ["unit_id"])
