"""工单给程序读: lists, one work order and its history as plain data; masked as they are for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.privacy import masked, masked_number
from tickets.history import Event
from tickets.masking import HIDDEN, scrubbed
from tickets.model import Ticket
from tickets.tasks import Task
from tickets.work_store import Warned

Plain = dict[str, Any]


def list_plain(tickets: Sequence[Ticket], now: datetime) -> list[Plain]:
    """Give each in short."""
    return [_short(ticket, now) for ticket in tickets]


def ticket_plain(ticket: Ticket, now: datetime, *, revealed: bool) -> Plain:
    """Give one work order; names and numbers only when they were revealed."""

    def said(text: str) -> str:
        return text if revealed else scrubbed(ticket, text)

    hidden = ticket.citizen.confidential and not revealed
    return {
        **_short(ticket, now),
        "title": said(ticket.title),
        "version": ticket.version,
        "channel": ticket.src_channel,
        "name": _hidden_or(ticket, ticket.citizen.name, "name", revealed=revealed),
        "phone": _hidden_or(ticket, ticket.phone, "phone", revealed=revealed),
        "address": HIDDEN if hidden else ticket.address,
        "content": said(ticket.content),
        "demand_type": ticket.demand_type,
        "category": ticket.category,
        "opinion": said(ticket.work.opinion),
        "answer": said(ticket.work.answer),
        "parent": ticket.work.parent,
        "meeting": ticket.work.meeting or None,
        "session": ticket.work.session or None,
        "attachments": [one.sha256 for one in ticket.demand.attachments],
        "tasks": [_task(task) for task in ticket.work.tasks],
    }


def history_plain(ticket: Ticket, events: Iterable[Event], warned: Iterable[Warned]) -> Plain:
    """Give every step, oldest first, and every warning."""
    return {
        "ticket_no": ticket.ticket_no,
        "steps": [
            {
                "seq": event.seq,
                "at": event.at.isoformat(),
                "action": event.action,
                "actor": event.actor,
                "role": event.role,
                "was": event.was or None,
                "now": event.now,
                "reason": scrubbed(ticket, event.reason),
            }
            for event in events
        ],
        "warnings": [
            {"at": one.at.isoformat(), "told_at": one.told_at.isoformat(), "task": one.task, "text": one.text}
            for one in warned
        ],
    }


def _short(ticket: Ticket, now: datetime) -> Plain:
    closed = ticket.work.closed_at
    return {
        "ticket_no": ticket.ticket_no,
        "state": ticket.state,
        "closing": ticket.work.closing,
        "urgency": ticket.urgency,
        "matter": ticket.work.matter,
        "confidential": ticket.citizen.confidential,
        "title": HIDDEN if ticket.citizen.confidential else scrubbed(ticket, ticket.title),
        "received_at": ticket.received_at.isoformat(),
        "lead_unit": ticket.lead.unit if ticket.lead else None,
        "due_at": _instant(ticket.due),
        "overdue": ticket.due is not None and ticket.due < now and closed is None,
        "closed_at": _instant(closed),
    }


def _task(task: Task) -> Plain:
    return {
        "number": task.number,
        "unit": task.unit,
        "part": task.part,
        "state": task.state,
        "due_at": _instant(task.due),
        "signed_at": _instant(task.signed_at),
        "arrived_at": _instant(task.arrived_at),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _hidden_or(ticket: Ticket, value: str, kind: str, *, revealed: bool) -> str:
    if revealed:
        return value
    if ticket.citizen.confidential:
        return HIDDEN
    return masked_number(value) if kind == "phone" else masked(kind, value)
