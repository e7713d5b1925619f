"""会议显示: meetings, and the agenda of one with what was decided; personal data masked."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.privacy import masked_text
from tickets.masking import HIDDEN
from tickets.meeting_store import Item, Meeting
from tickets.model import Ticket
from tickets.transitions import STATES
from tickets.units import UnitTree

MINUTES = "%Y-%m-%d %H:%M"
Agenda = Sequence[tuple[Item, Ticket]]


def show_meetings(console: Console, meetings: Sequence[tuple[Meeting, int, int]]) -> None:
    """Print meetings, newest first."""
    table = _table("编号", "种类", "时间", "主持", "主题", "议题", "已交办")
    for meeting, items, decided in meetings:
        table.add_row(
            meeting.meeting,
            meeting.kind,
            f"{meeting.at:{MINUTES}}",
            Text(meeting.chair),
            Text(meeting.title),
            f"{items}",
            f"{decided}",
        )
    console.print(table)
    console.print(f"共 {len(meetings)} 次")


def show_agenda(console: Console, meeting: Meeting, items: Agenda, tree: UnitTree) -> None:
    """Print what is on the agenda, why, and to whom it was given by when."""
    console.print(
        Text(f"{meeting.meeting} {meeting.kind} {meeting.at:{MINUTES}} 主持 {meeting.chair} {meeting.title}")
    )
    table = _table("工单", "标题", "为什么", "状态", "交给", "时限")
    for item, ticket in items:
        due = f"{item.due_at:{MINUTES}}" if item.due_at else ""
        unit = _unit_name(tree, item.unit)
        table.add_row(item.ticket_no, _title(ticket), Text(item.why), STATES[ticket.state], Text(unit), due)
    console.print(table)
    decided = sum(item.decided_at is not None for item, _ in items)
    console.print(f"议题 {len(items)} 个, 已交办 {decided} 个")


def agenda_plain(meeting: Meeting, items: Agenda, tree: UnitTree) -> dict[str, Any]:
    """Give the same for a program: instants as ISO texts, null where nothing was decided."""
    return {
        "meeting": meeting.meeting,
        "kind": meeting.kind,
        "at": meeting.at.isoformat(),
        "chair": meeting.chair,
        "title": meeting.title,
        "items": [
            {
                "ticket_no": item.ticket_no,
                "why": item.why,
                "state": ticket.state,
                "unit": item.unit or None,
                "unit_name": _unit_name(tree, item.unit) or None,
                "due_at": item.due_at.isoformat() if item.due_at else None,
                "decided_at": item.decided_at.isoformat() if item.decided_at else None,
                "closed_at": ticket.work.closed_at.isoformat() if ticket.work.closed_at else None,
            }
            for item, ticket in items
        ],
    }


def _title(ticket: Ticket) -> Text:
    return Text(HIDDEN if ticket.citizen.confidential else masked_text(ticket.title))


def _unit_name(tree: UnitTree, unit: str) -> str:
    return next((one.name for one in tree if one.unit_id == unit), unit)


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
