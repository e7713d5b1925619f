"""工单历史: append-only; every version of a work order has exactly one event, and says what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from core.ids import TicketNo
from tickets.model import Ticket
from tickets.plain_form import plain
from tickets.wish import Wish

LEFT_OUT = ("version", "state", "suggestion", "dialogue")
"""Told in the event itself, or kept by others."""
GROUPS = ("citizen", "demand", "work")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """一步: who, when, from, to, why, and for each field what it was and what it is."""

    ticket_no: TicketNo
    seq: int
    at: datetime
    actor: str
    role: str
    action: str
    was: str
    now: str
    reason: str
    diff: Mapping[str, Any]


def event_of(was: Ticket | None, now: Ticket, wish: Wish) -> Event:
    """Describe the step that led from one version to the next; ``was`` is None for the first."""
    return Event(
        ticket_no=now.ticket_no,
        seq=now.version,
        at=wish.at,
        actor=wish.actor.name,
        role=wish.actor.role,
        action=wish.action,
        was=was.state if was else "",
        now=now.state,
        reason=wish.reason or wish.text,
        diff=difference(was, now) if was else {},
    )


def difference(was: Ticket, now: Ticket) -> dict[str, list[Any]]:
    """Give ``[before, after]`` of each field that changed, those of a group as ``group.field``.

    Of a list that only grew the new entries alone are told, under what is after.
    """
    found: dict[str, list[Any]] = {}
    for field in fields(Ticket):
        if field.name in LEFT_OUT:
            continue
        old, new = getattr(was, field.name), getattr(now, field.name)
        if field.name in GROUPS:
            found |= _inner(field.name, old, new)
        elif old != new:
            found[field.name] = [plain(old), plain(new)]
    return found


def _inner(group: str, old: Any, new: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - one of three groups
    found = {}
    for field in fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            grew = isinstance(after, tuple) and after[: len(before)] == before
            pair = (None, after[len(before) :]) if grew else (before, after)
            found[f"{group}.{field.name}"] = [plain(one) for one in pair]
    return found
