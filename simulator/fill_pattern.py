"""批量样板: a life as rows, to be stamped out with numbers, callers and words of their own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from simulator.fill_tickets import Life
from tickets import store
from tickets.fact_store import fact_row_of
from tickets.model import ENDED, TicketState
from tickets.visits_store import visit_rows_of

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A life as rows, each without what is a work order's own; ``title`` goes into its words."""

    received_at: datetime
    title: str
    ticket: Row
    tasks: tuple[Row, ...]
    visits: tuple[Row, ...]
    events: tuple[Row, ...]
    fact: Row | None
    timer: datetime | None

    @classmethod
    def of(cls, life: Life) -> "Pattern":
        """Make the rows of a life once."""
        return cls(
            received_at=life.ticket.received_at,
            title=life.ticket.title,
            ticket=store.row_of(life.ticket),
            tasks=tuple(store.task_rows_of(life.ticket)),
            visits=tuple(visit_rows_of(life.ticket)),
            events=tuple(asdict(event) for event in life.events),
            fact=None if life.ticket.state is TicketState.DRAFT else fact_row_of(life.ticket),
            timer=None if life.ticket.state in ENDED else life.events[-1].at,
        )


Stamped = tuple[Pattern, Row]
"""A pattern, and what is one work order's own."""
