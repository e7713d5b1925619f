"""话单底账: sightings, segments, offers, gaps; calls of the first version keep their figures."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import Instant

revision = "0002"
down_revision = "0001"

AT_ONCE = 500
EARLIER = "earlier"
"""Who saw it: a row of the first version."""


def upgrade() -> None:
    """Make the new tables, and say of every call that there is what its row says."""
    _sightings()
    _segments()
    _offers()
    _gaps()
    _calls()
    _take_over()


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mouth", sa.String(length=16), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("dialled", sa.String(length=64), nullable=False),
        sa.Column("not_before", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("call_id", "mark"),
    )


def _segments() -> None:
    op.create_table(
        "segments",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(length=16), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("queued_at", Instant(), nullable=True),
        sa.Column("seat", sa.String(length=32), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("end", sa.String(length=32), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=False),
        sa.Column("from_seat", sa.String(length=32), nullable=True),
        sa.Column("waited_seconds", sa.Float(), nullable=False),
        sa.Column("talk_seconds", sa.Float(), nullable=False),
        sa.Column("hold_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "number"),
    )
    op.create_index("ix_segments_seat", "segments", ["seat", "answered_at"])


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.String(length=32), nullable=False),
        sa.Column("offered_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("ring_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "number"),
    )
    op.create_index(op.f("ix_offers_offered_at"), "offers", ["offered_at"])


def _gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("recovered", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("node", "began_at"),
    )
    op.create_table(
        "listening",
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("heard_at", Instant(), nullable=False),
        sa.Column("booted_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("node"),
    )


def _calls() -> None:
    with op.batch_alter_table("calls") as calls:
        calls.add_column(sa.Column("gone_after", Instant(), nullable=True))
        calls.add_column(sa.Column("ended_by", sa.String(length=16), nullable=False, server_default=""))
        calls.add_column(sa.Column("hold_seconds", sa.Float(), nullable=False, server_default="0"))
        calls.add_column(sa.Column("transfers", sa.Integer(), nullable=False, server_default="0"))
        calls.add_column(sa.Column("urgent_at", Instant(), nullable=True))
        calls.add_column(sa.Column("gap", sa.String(length=200), nullable=False, server_default=""))
    op.execute("UPDATE calls SET gone_after = gone_at")
    op.execute("UPDATE calls SET ended_by = 'citizen' WHERE end_reason LIKE 'hung\\_up\\_%' ESCAPE '\\'")
    with op.batch_alter_table("calls") as calls:
        for name in ("ended_by", "hold_seconds", "transfers", "gap"):
            calls.alter_column(name, server_default=None)


def _take_over() -> None:
    """Rows of the first version become sightings; whoever has queued has a segment, whoever rang an offer."""
    connection = op.get_bind()
    names = ("calls", "sightings", "segments", "offers")
    calls, sightings, segments, offers = (
        sa.Table(name, sa.MetaData(), autoload_with=connection, extend_existing=True) for name in names
    )
    last = ""
    while True:
        found = sa.select(calls).where(calls.c.call_id > last).order_by(calls.c.call_id).limit(AT_ONCE)
        rows = [dict(row) for row in connection.execute(found).mappings()]
        if not rows:
            break
        last = rows[-1]["call_id"]
        for table, made in (
            (sightings, [seen for row in rows for seen in _seen(row)]),
            (segments, [_segment(row) for row in rows if row["queued_at"] or row["answered_at"]]),
            (offers, [_offer(row) for row in rows if row["offered_at"] and row["queued_at"]]),
        ):
            if made:
                connection.execute(sa.insert(table), made)
    with op.batch_alter_table("calls") as batch:
        batch.drop_column("offer_ended_at")
    # from here on Asterisk's logs are read back when the engine comes
    op.execute(
        "INSERT INTO listening (node, heard_at)"
        " SELECT node, MAX(arrived_at) FROM calls WHERE arrived_at IS NOT NULL GROUP BY node"
    )


def _seen(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    queue = row["queue"] or ""
    ended = "" if row["gone_certain"] else "unseen"
    told: dict[str, tuple[str, dict[str, Any]]] = {
        "arrived": (
            "arrived_at",
            {"caller": row["caller"], "dialled": row["dialled"], "detail": row["recording"]},
        ),
        "queued": ("queued_at", {"queue": queue, "position": row["position"]}),
        "offered": ("offered_at", {"queue": queue, "seat": row["seat"] or ""}),
        "offer_ended": ("offer_ended_at", {"queue": queue, "seat": row["seat"] or "", "detail": "no_answer"}),
        "answered": ("answered_at", {"queue": queue, "seat": row["seat"] or ""}),
        "gone": ("gone_at", {"detail": ended}),
    }
    empty = {"queue": "", "seat": "", "position": 0, "seconds": 0, "detail": "", "target": ""}
    for kind, (when, known) in told.items():
        if row[when] is not None:
            named = {"call_id": row["call_id"], "mark": f"{EARLIER}-{kind}", "at": row[when], "kind": kind}
            yield {**empty, "caller": "", "dialled": "", "mouth": EARLIER, **named, **known}


def _segment(row: dict[str, Any]) -> dict[str, Any]:
    reason = row["end_reason"]
    return {
        "call_id": row["call_id"],
        "number": 1,
        "via": "queue",
        "queue": row["queue"] or "",
        "position": row["position"],
        "began_at": row["queued_at"] or row["answered_at"],
        "queued_at": row["queued_at"] or row["answered_at"],
        "seat": row["seat"],
        "answered_at": row["answered_at"],
        "ended_at": row["gone_at"],
        "end": "talk_over" if reason == "answered" else reason,
        "ended_by": "citizen" if str(reason).startswith("hung_up_") else "",
        "from_seat": None,
        "waited_seconds": row["waited_seconds"],
        "talk_seconds": row["talk_seconds"],
        "hold_seconds": 0.0,
    }


def _offer(row: dict[str, Any]) -> dict[str, Any]:
    outcome: str | None
    if row["answered_at"] is not None:
        outcome, ended = "accepted", row["answered_at"]
    elif row["offer_ended_at"] is not None and row["end_reason"] != "hung_up_ringing":
        outcome, ended = "rung_out", row["offer_ended_at"]
    else:
        outcome, ended = ("rescinded" if row["gone_at"] else None), row["gone_at"]
    return {
        "call_id": row["call_id"],
        "number": 1,
        "segment": 1,
        "queue": row["queue"] or "",
        "seat": row["seat"] or "",
        "offered_at": row["offered_at"],
        "ended_at": ended,
        "outcome": outcome,
        "ring_seconds": (ended - row["offered_at"]).total_seconds() if ended else 0.0,
    }
