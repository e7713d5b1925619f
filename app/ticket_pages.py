"""工单显示: lists, one work order, its history, as tables for a person to read; personal data masked."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tickets.history import Event
from tickets.masking import HIDDEN, citizen_masked, scrubbed
from tickets.model import Ticket, TicketState
from tickets.transitions import STATES
from tickets.units import UnitId, UnitTree
from tickets.user_store import User, UserChange
from tickets.work_store import Reveal, Warned

MINUTES = "%m-%d %H:%M"


def show_list(console: Console, tickets: Sequence[Ticket], tree: UnitTree, now: datetime) -> None:
    """Print a list."""
    table = _table("编号", "状态", "紧急", "标题", "主办", "到期")
    for ticket in tickets:
        due = f"{ticket.due:{MINUTES}}" if ticket.due else ""
        late = ticket.due is not None and ticket.due < now and ticket.work.closed_at is None
        table.add_row(
            ticket.ticket_no,
            _state(ticket),
            ticket.urgency,
            Text(HIDDEN if ticket.citizen.confidential else scrubbed(ticket, ticket.title) or "(未填)"),
            _unit(tree, ticket.lead.unit) if ticket.lead else "",
            Text(f"{due} 超期" if late else due),
        )
    console.print(table)
    console.print(f"共 {len(tickets)} 张")


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _state(ticket: Ticket) -> str:
    closing = f" {ticket.work.closing}" if ticket.state is TicketState.CLOSED else ""
    return f"{STATES[ticket.state]}{closing}"


def _unit(tree: UnitTree, unit: str) -> Text:
    known = [one for one in tree if one.unit_id == unit]
    return Text(known[0].name if known else unit)


def show_ticket(console: Console, ticket: Ticket, tree: UnitTree, *, revealed: bool) -> None:
    """Print one work order; names and numbers only when they were revealed."""
    table = Table(box=box.SIMPLE, show_header=False)
    for title, value in _facts(ticket, revealed=revealed):
        if value:
            table.add_row(title, Text(value))
    console.print(table)
    if ticket.work.tasks:
        console.print(_tasks(ticket, tree))


def _facts(ticket: Ticket, *, revealed: bool) -> Iterator[tuple[str, str]]:
    yield "编号", f"{ticket.ticket_no}   版本 {ticket.version}"
    yield "状态", _state(ticket)
    yield "受理", f"{ticket.src_channel} {ticket.received_at:%Y-%m-%d %H:%M}"
    yield from _of_citizen(ticket, revealed=revealed)
    yield "诉求", f"{ticket.demand_type} {ticket.category} {ticket.urgency} {ticket.work.matter}"
    yield "标题", ticket.title if revealed else scrubbed(ticket, ticket.title)
    hidden = ticket.citizen.confidential and not revealed
    yield "地址", HIDDEN if hidden else ticket.address
    yield "内容", ticket.content if revealed else scrubbed(ticket, ticket.content)
    yield "拟办意见", scrubbed(ticket, ticket.work.opinion)
    yield "到期", f"{ticket.due:%Y-%m-%d %H:%M}" if ticket.due else ""
    yield "答复", scrubbed(ticket, ticket.work.answer)
    yield "并入", ticket.work.parent or ""
    counts = (
        ("退单", ticket.work.refusals),
        ("催办", ticket.work.chases),
        ("督办", ticket.work.supervisions),
    )
    yield "次数", " ".join(f"{title}{len(rows)}" for title, rows in counts if rows)


def _of_citizen(ticket: Ticket, *, revealed: bool) -> Iterator[tuple[str, str]]:
    citizen = ticket.citizen
    if revealed:
        yield "来电人", f"{citizen.name} {ticket.phone} {citizen.other_phone}"
    else:
        yield "来电人", citizen_masked(ticket)


def _tasks(ticket: Ticket, tree: UnitTree) -> Table:
    table = _table("承担", "单位", "状态", "到期", "到场", "最近")
    for task in ticket.work.tasks:
        last = task.progress[-1].text if task.progress else ""
        done = task.outcomes[-1].result if task.outcomes else last
        due = f"{task.due:{MINUTES}}" if task.due else ""
        there = f"{task.arrived_at:{MINUTES}}" if task.arrived_at else ""
        table.add_row(task.part, _unit(tree, task.unit), task.state, due, there, Text(scrubbed(ticket, done)))
    return table


def show_history(console: Console, ticket: Ticket, events: Iterable[Event], warned: Iterable[Warned]) -> None:
    """Print what was done and what was warned of, in the order of time."""
    rows = [
        (event.at, f"{event.seq}", event.action, f"{event.role} {event.actor}", _told(event))
        for event in events
    ]
    rows += [(one.told_at, "", "提醒", "系统", one.text) for one in warned]
    table = _table("时间", "步", "动作", "谁", "说明")
    for at, seq, action, who, text in sorted(rows, key=lambda row: row[0]):
        table.add_row(f"{at:{MINUTES}}", seq, action, Text(who), Text(scrubbed(ticket, text)))
    console.print(table)


def _told(event: Event) -> str:
    moved = ""
    if event.was and event.was != event.now:
        moved = f"{STATES[TicketState(event.was)]}→{STATES[TicketState(event.now)]} "
    return f"{moved}{event.reason}"


def show_reveals(console: Console, reveals: Iterable[Reveal]) -> None:
    """Print who saw the citizen's data."""
    table = _table("时间", "谁", "理由")
    for one in reveals:
        table.add_row(f"{one.at:{MINUTES}}", Text(f"{one.role} {one.actor}"), Text(one.reason))
    console.print(table)


def show_users(console: Console, users: Sequence[User], tree: UnitTree) -> None:
    """Print who works with work orders, as what."""
    table = _table("姓名", "角色", "单位", "座席", "状态")
    for user in users:
        unit = _unit(tree, UnitId(user.unit)) if user.unit else ""
        table.add_row(Text(user.name), user.role, unit, user.seat, "启用" if user.active else "已停用")
    console.print(table)
    console.print(f"共 {len(users)} 人")


def show_user_changes(console: Console, changes: Iterable[UserChange]) -> None:
    """Print who changed which user, and what."""
    titles = {"role": "角色", "unit": "单位", "seat": "座席", "active": "启用"}
    table = _table("时间", "谁改的", "用户", "改了什么")
    for change in changes:
        told = "; ".join(
            f"{titles[name]} {_said(was)}→{_said(now)}" for name, (was, now) in change.diff.items()
        )
        table.add_row(f"{change.at:%Y-%m-%d %H:%M}", Text(change.by), Text(change.name), Text(told))
    console.print(table)


def _said(value: object) -> str:
    known = {None: "无", "": "无", True: "是", False: "否"}
    return f"{known.get(value, value)}" if isinstance(value, str | bool | None) else f"{value}"
