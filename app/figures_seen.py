"""指标素材: what the journal knows of a window, and what the work orders know of the demands in it."""

from dataclasses import replace
from datetime import datetime

from core.database import Connection
from queue_manager.figures.facts import Contact, Demand
from queue_manager.figures.figure import Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import Seen
from queue_manager.figures_store import seen_in
from tickets.demand_store import CalledAbout, called_about


def seen_with_demands(connection: Connection, window: Window, as_of: datetime, policy: Policy) -> Seen:
    """Give everything that a report of the whole window is made of, as it stands at ``as_of``."""
    until = min(window.until, as_of)
    demands = (
        _demand(told, window, policy)
        for told in called_about(connection, window.since, max(until, window.since))
    )
    return replace(
        seen_in(connection, window, as_of, policy),
        demands=tuple(demand for demand in demands if demand.contacts),
    )


def _demand(told: CalledAbout, window: Window, policy: Policy) -> Demand:
    """Calls of test telephones and dialling machines are none of a citizen's."""
    return Demand(
        demand_id=told.ticket_no,
        contacts=tuple(
            Contact(number=number, at=at, counted=window.holds(at))
            for number, at in told.calls
            if not policy.flag_of(number)
        ),
        fresh=window.holds(told.received_at),
        valid=told.valid,
        closed=told.closed,
        dispatched=told.dispatched,
    )
