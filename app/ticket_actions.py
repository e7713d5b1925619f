"""工单命令: what each action of ``./hotline ticket`` does and prints."""

import argparse
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from rich.console import Console

from app import ticket_pages as pages
from app import ticket_plain
from app.ticket_words import VERBS
from core.clock import SystemClock
from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import SeatNo, TicketNo
from tickets import unit_store, work_store
from tickets.deadlines import DispatchMode, Matter
from tickets.model import Ticket
from tickets.roles import Actor, May, may
from tickets.seeing import units_seen
from tickets.tasks import Outcome
from tickets.transitions import STATES
from tickets.units import UnitTree
from tickets.user_store import User, users_known
from tickets.wish import Action, Wish
from tickets.work_desk import Arrival, MayNotSee, WorkDesk


class NoSuchUser(HotlineError):
    """没有这个用户, 或者已停用:先用 ./hotline user add 添加, 再用 --as 写明是谁。"""


class FieldUnclear(HotlineError):
    """字段要写成 字段=值。"""


async def act_on(args: argparse.Namespace, database: Database, desk: WorkDesk) -> int:
    """Do one action as one user; raises NoSuchUser, MayNotSee, or what refuses the step."""
    tree = database.now(lambda connection: UnitTree(unit_store.units_known(connection)))
    user = database.now(lambda connection: user_named(connection, args.who))
    actor = Actor(name=user.name, role=user.role, unit=user.unit)
    console = Console()
    match args.action:
        case "list":
            found = database.now(lambda connection: work_store.listing(connection, _asked(args, user, tree)))
            if args.json:
                _print(ticket_plain.list_plain(found, SystemClock().now()))
            else:
                pages.show_list(console, found, tree, SystemClock().now())
        case "open":
            ticket = await desk.open(_arrival(args, user, actor))
            console.print(f"工单 {ticket.ticket_no}, 查询码 {ticket.query_code}")
        case "show" | "history" | "reveals":
            await _show(args, database, desk, (user, actor, tree))
        case _:
            ticket = await _step(args, desk, actor)
            console.print(f"工单 {ticket.ticket_no} {STATES[ticket.state]}, 版本 {ticket.version}")
    return 0


def user_named(connection: Connection, name: str) -> User:
    """Give one who may act; raises NoSuchUser."""
    for user in users_known(connection):
        if user.name == name and user.active:
            return user
    raise NoSuchUser(user=name)


Who = tuple[User, Actor, UnitTree]


async def _show(args: argparse.Namespace, database: Database, desk: WorkDesk, who: Who) -> None:
    user, actor, tree = who
    console = Console()
    number = TicketNo(args.number)
    ticket = await desk.ticket(number)
    _check_may_see(ticket, user, actor, tree)
    if args.action == "history":
        warned = database.now(lambda connection: work_store.warned_of(connection, number))
        events = await desk.history(number)
        if args.json:
            _print(ticket_plain.history_plain(ticket, events, warned))
        else:
            pages.show_history(console, ticket, events, warned)
    elif args.action == "reveals":
        if not may(actor, May.READ_AUDIT):
            raise MayNotSee(role=actor.role)
        pages.show_reveals(console, database.now(lambda c: work_store.reveals_of(c, number)))
    else:
        now, revealed = SystemClock().now(), args.reveal is not None
        seen = await desk.reveal(number, actor, now, args.reveal) if revealed else ticket
        if args.json:
            _print(ticket_plain.ticket_plain(seen, now, revealed=revealed))
        else:
            pages.show_ticket(console, seen, tree, revealed=revealed)


def _print(told: object) -> None:
    print(json.dumps(told, ensure_ascii=False, indent=1))


def check_may_see(connection: Connection, ticket: Ticket, user: User) -> None:
    """Raise MayNotSee when a work order is none of his."""
    tree = UnitTree(unit_store.units_known(connection))
    _check_may_see(ticket, user, Actor(name=user.name, role=user.role, unit=user.unit), tree)


def _check_may_see(ticket: Ticket, user: User, actor: Actor, tree: UnitTree) -> None:
    units, seat = _range(user, actor, tree)
    theirs = units is None or any(task.unit in units for task in ticket.work.tasks)
    if not theirs or (seat is not None and ticket.seat != seat):
        raise MayNotSee(role=actor.role)


def _range(user: User, actor: Actor, tree: UnitTree) -> tuple[frozenset[str] | None, str | None]:
    """Give the units and the seat whose work orders he may see; None: of all. Raises MayNotSee."""
    units = units_seen(actor, tree)
    if units is None or units:
        return units, None
    if may(actor, May.READ_OWN):
        return None, user.seat
    raise MayNotSee(role=actor.role)


def _asked(args: argparse.Namespace, user: User, tree: UnitTree) -> work_store.Asked:
    actor = Actor(name=user.name, role=user.role, unit=user.unit)
    units, seat = _range(user, actor, tree)
    if args.unit:
        named = str(tree.find(args.unit).unit_id)
        units = frozenset({named}) if units is None else units & {named}
    return work_store.Asked(
        states=[state for state, said in STATES.items() if said == args.state],
        units=units,
        seat=seat,
        urgency=args.urgency or "",
        channel=args.channel or "",
        matter=args.matter or "",
        phone=args.phone or "",
        words=args.search,
        secrets=may(actor, May.REVEAL_CONFIDENTIAL),
        overdue_at=SystemClock().now() if args.overdue else None,
        since=args.day,
        until=args.day + timedelta(days=1) if args.day else None,
        most=args.most,
    )


def _arrival(args: argparse.Namespace, user: User, actor: Actor) -> Arrival:
    return Arrival(
        channel=args.channel,
        key=args.key,
        at=SystemClock().now(),
        actor=actor,
        phone=args.phone,
        seat=SeatNo(user.seat),
        fields=_fields(args),
    )


def _fields(args: argparse.Namespace) -> Mapping[str, str]:
    told = {}
    for pair in getattr(args, "set", None) or ():
        name, sign, value = pair.partition("=")
        if not sign:
            raise FieldUnclear(told=pair)
        told[name.strip()] = value
    return told


async def _step(args: argparse.Namespace, desk: WorkDesk, actor: Actor) -> Ticket:
    verb = VERBS[args.action]
    wish = _wish(args, verb.action, actor)
    if verb.action is Action.URGE:
        draft = TicketNo(args.draft) if args.draft else None
        return await desk.urge(TicketNo(args.number), wish, draft)
    return await desk.take(TicketNo(args.number), wish)


def _wish(args: argparse.Namespace, action: Action, actor: Actor) -> Wish:
    def said(name: str) -> str:
        return getattr(args, name, None) or ""

    at = SystemClock().now()
    return Wish(
        action=action,
        actor=actor,
        at=at,
        version=args.version,
        reason=said("reason"),
        text=said("text"),
        unit=said("unit"),
        limit=said("limit"),
        clause=said("clause"),
        arrival=said("arrival"),
        leads=tuple(getattr(args, "to", None) or ()),
        assists=tuple(getattr(args, "assist", None) or ()),
        due=getattr(args, "due", None),
        mode=DispatchMode(said("mode")) if said("mode") else None,
        matter=Matter(said("matter")) if said("matter") else None,
        parent=TicketNo(said("into")) if said("into") else None,
        passed=not getattr(args, "no", False),
        fields=_fields(args),
        outcome=_outcome(args, at) if action is Action.DONE else None,
    )


def _outcome(args: argparse.Namespace, at: datetime) -> Outcome:
    return Outcome(
        at=at, result=args.result or "", reply_proof=args.proof or "", signed_by_head=args.head or ""
    )
