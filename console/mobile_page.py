"""手机页面: one work order on a narrow screen, with what may be done now; no scripts."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from console.mobile_desk import Opened, View
from console.mobile_steps import BY_ACTION
from core.pages import page
from tickets.history import Event
from tickets.masking import HIDDEN, citizen_masked, scrubbed
from tickets.model import Ticket, TicketState
from tickets.tasks import Task
from tickets.transitions import STATES

FOLDER = Path(__file__).parent / "templates"
STYLE = (FOLDER / "mobile.css").read_text(encoding="utf-8")
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
MOST_EVENTS = 8
MINUTE = "%m月%d日 %H:%M"
REVEAL = "reveal"
"""What a form calls itself that asks for name and number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """要说的: what became of what was sent; ``typed`` is put back into the form that failed."""

    done: str = ""
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    revealed: Ticket | None = None


def ticket_page(view: View, said: Said, now: datetime) -> str:
    """Write the page."""
    ticket = view.opened.ticket
    words = {
        "number": ticket.ticket_no,
        "version": ticket.version,
        "state": STATES[ticket.state],
        "urgency": ticket.urgency,
        "title": scrubbed(ticket, ticket.title) or "(未填标题)",
        "facts": [(name, value) for name, value in _facts(view.opened) if value],
        "dues": list(_dues(view.opened, now)),
        "history": [_told(ticket, event) for event in view.history[:MOST_EVENTS]],
        "earlier": max(0, len(view.history) - MOST_EVENTS),
        "forms": view.forms,
        "blocked": view.blocked,
        "actor": view.opened.actor,
        "may_reveal": view.may_reveal,
        "reveal": REVEAL,
        "said": said,
        "done": BY_ACTION[said.done].words if said.done in BY_ACTION else "",
        "lost": _lost(view, said),
        "citizen": _citizen(said.revealed) if said.revealed else "",
    }
    return page(FOLDER / "mobile.html", words, {"style": STYLE})


def plain_page(sentence: str) -> str:
    """Write a page that says one sentence and reveals nothing."""
    return page(FOLDER / "mobile_closed.html", {"sentence": sentence}, {"style": STYLE})


def left_until(due: datetime, now: datetime) -> str:
    """Say how much time is left, or by how much it is late."""
    words = "还有" if due >= now else "已超期"
    minutes = abs(due - now) // timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    hours, odd = divmod(rest, 60)
    if days:
        return f"{words}{days}天{hours}小时"
    return f"{words}{hours}小时{odd}分钟" if hours else f"{words}{odd}分钟"


def _facts(opened: Opened) -> Iterator[tuple[str, str]]:
    ticket, task = opened.ticket, _own_task(opened)
    yield "编号", ticket.ticket_no
    yield "诉求", f"{ticket.demand_type} {ticket.category}".strip()
    yield "来电人", citizen_masked(ticket)
    yield "地址", HIDDEN if ticket.citizen.confidential else scrubbed(ticket, ticket.address)
    yield "内容", scrubbed(ticket, ticket.content)
    yield "补充", scrubbed(ticket, ticket.demand.note)
    yield "拟办意见", scrubbed(ticket, task.opinion if task else ticket.work.opinion)
    yield "督办", "; ".join(scrubbed(ticket, one.opinion) for one in ticket.work.supervisions)
    yield "承担", _part(opened, task) if task else ""


def _part(opened: Opened, task: Task) -> str:
    names = [unit.name for unit in opened.tree if unit.unit_id == task.unit]
    return f"{''.join(names)} {task.part} {task.state}"


def _own_task(opened: Opened) -> Task | None:
    unit = opened.actor.unit
    own = [task for task in opened.ticket.work.tasks if task.unit == unit]
    return own[-1] if own else opened.ticket.lead


def _dues(opened: Opened, now: datetime) -> Iterator[tuple[str, str, bool]]:
    task = _own_task(opened)
    going = [clock for clock in (task.clocks if task else ()) if clock.stopped_at is None]
    for clock in sorted(going, key=lambda one: one.due):
        left = "暂停计时" if clock.paused else left_until(clock.due, now)
        yield f"{clock.kind}时限", f"{clock.due:{MINUTE}} {left}", clock.overdue(now)


def _told(ticket: Ticket, event: Event) -> tuple[str, str, str]:
    moved = ""
    if event.was and event.was != event.now:
        moved = f"→{STATES[TicketState(event.now)]}"
    return f"{event.at:{MINUTE}}", f"{event.role} {event.action}{moved}", scrubbed(ticket, event.reason)


def _citizen(ticket: Ticket) -> str:
    return f"{ticket.citizen.name} {ticket.phone} {ticket.citizen.other_phone}".strip()


def _lost(view: View, said: Said) -> list[str]:
    """Give what he typed for a step that he cannot take any more, so that he does not lose it."""
    if any(form.action.value == said.typed.get("step") for form in view.forms):
        return []
    form = BY_ACTION.get(said.typed.get("step", ""))
    names = [one.name for one in form.fields] if form else []
    return [said.typed[name] for name in names if said.typed.get(name)]
