"""通报素材: what a circular has to know of each work order, as a narrow row beside it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0012"
down_revision = "0011"
NO_RULE = 0
INSTANTS = (
    "dispatched_at",
    "sign_due",
    "signed_at",
    "contact_due",
    "contacted_at",
    "first_due",
    "due",
    "first_closed_at",
    "closed_at",
)
YES_OR_NO = ("invalid", "withdrawn", "solved_on_line")
COUNTS = ("redos", "refusals", "extensions")


def upgrade() -> None:
    """Make the table, with a row for each work order there is; no rule has filled them yet."""
    op.create_table(
        "ticket_facts",
        sa.Column("ticket_no", sa.String(length=18), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("matters_until", Instant(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        *(_words(name, sa.String(length=length)) for name, length in (("channel", 16), ("demand_type", 8))),
        _words("category", sa.String(length=100)),
        *(_words(name, sa.Text()) for name in ("title", "district")),
        _words("unit", sa.String(length=32)),
        *(_words(name, sa.String(length=8)) for name in ("urgency", "matter")),
        *(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()) for name in YES_OR_NO),
        *(sa.Column(name, Instant(), nullable=True) for name in INSTANTS),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default="0") for name in COUNTS),
        sa.Column("wants_visit", sa.Boolean(), nullable=False, server_default=sa.true()),
        *_of_the_visit(),
        sa.PrimaryKeyConstraint("ticket_no"),
    )
    op.create_index(op.f("ix_ticket_facts_matters_until"), "ticket_facts", ["matters_until"])
    _stand_in_for_what_is_there()


def _words(name: str, kind: sa.String) -> "sa.Column[str]":
    return sa.Column(name, kind, nullable=False, server_default="")


def _of_the_visit() -> "tuple[sa.Column[Any], ...]":
    return (
        sa.Column("visit_at", Instant(), nullable=True),
        sa.Column("visit_attempts", sa.Integer(), nullable=True),
        sa.Column("visit_answered", sa.Integer(), nullable=True),
        sa.Column("visit_satisfaction", sa.String(length=8), nullable=True),
        sa.Column("visit_outcome", sa.String(length=8), nullable=True),
        sa.Column("visit_counted", sa.Boolean(), nullable=True),
    )


def _stand_in_for_what_is_there() -> None:
    """A draft has no row. What is closed matters until it closed or was due, whichever came last.

    What was merged matters until it came in or was last visited.
    """
    latest = "greatest" if op.get_bind().dialect.name == "postgresql" else "max"
    op.execute(
        "INSERT INTO ticket_facts (ticket_no, made_by, received_at, matters_until)"  # noqa: S608 - ours alone
        f" SELECT ticket_no, {NO_RULE}, received_at, CASE WHEN state = 'merged'"
        f" THEN {latest}(received_at, coalesce((SELECT max(visit.at) FROM ticket_visits AS visit"
        " WHERE visit.ticket_no = tickets.ticket_no), received_at)) WHEN closed_at IS NOT NULL"
        f" THEN {latest}(received_at, closed_at, coalesce(due_at, closed_at)) END"
        " FROM tickets WHERE state <> 'draft'"
    )
