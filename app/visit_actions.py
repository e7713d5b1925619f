"""回访命令: what each action of ``./hotline visit`` does and prints."""

import argparse
import json
from datetime import date, datetime, time, timedelta
from random import SystemRandom

from rich.console import Console

from app import visit_pages as pages
from app.ticket_actions import user_named
from core.clock import SHANGHAI, SystemClock
from core.database import Database
from core.errors import HotlineError
from core.ids import TicketNo
from tickets.model import Ticket, Visit
from tickets.roles import Actor, May, may
from tickets.transitions import STATES
from tickets.visits_desk import Asking, VisitDesk
from tickets.visits_policy import VisitPolicy
from tickets.visits_rates import satisfaction, satisfaction_by
from tickets.work_desk import MayNotSee

MOST = 1000


class UnreachedUnknown(HotlineError):
    """未接通的情形要从配置档 visits.toml 的 unreached 里选。"""


async def act_on(args: argparse.Namespace, database: Database, desk: VisitDesk, policy: VisitPolicy) -> None:
    """Do one action as one user; raises NoSuchUser, MayNotSee, or what the visit desk refuses."""
    user = database.now(lambda connection: user_named(connection, args.who))
    actor = Actor(name=user.name, role=user.role, unit=user.unit)
    if not may(actor, May.READ):
        raise MayNotSee(role=actor.role)
    console, now = Console(), SystemClock().now()
    match args.action:
        case "due":
            pages.show_due(console, await desk.due(now, args.most), now)
        case "exclusions":
            pages.show_exclusions(console, await desk.exclusions(args.since and instant(args.since), MOST))
        case "rates":
            await _rates(args, console, desk, policy)
        case "sample":
            days = instant(args.since), instant(args.until, 1)
            pages.show_sample(console, await desk.sample(*days, SystemRandom()))
        case "record":
            await _record(args, console, desk, (actor, policy))
        case "exclude":
            await desk.ask(TicketNo(args.number), _asking(args, actor, args.reason))
            console.print(f"工单 {args.number} 已申请剔除, 等另一个人批准")
        case _:
            approved = args.action == "approve"
            ticket = await desk.decide(TicketNo(args.number), _asking(args, actor, ""), approved=approved)
            console.print(f"{'已批准剔除' if approved else '没有批准剔除'}, {_where(ticket)}")


def instant(day: date, days_on: int = 0) -> datetime:
    """Give the first instant of a day, or of one some days on."""
    return datetime.combine(day + timedelta(days=days_on), time(), SHANGHAI)


def _where(ticket: Ticket) -> str:
    return f"工单 {ticket.ticket_no} {STATES[ticket.state]}, {ticket.work.counted}"


def _asking(args: argparse.Namespace, actor: Actor, reason: str) -> Asking:
    return Asking(actor=actor, at=SystemClock().now(), reason=reason, note=args.note)


async def _record(
    args: argparse.Namespace, console: Console, desk: VisitDesk, who: tuple[Actor, VisitPolicy]
) -> None:
    actor, policy = who
    if args.unreached and args.unreached not in policy.unreached:
        raise UnreachedUnknown(told=args.unreached, allowed="、".join(policy.unreached))
    number, at = TicketNo(args.number), SystemClock().now()
    visit = Visit(
        at=at,
        by=actor.name,
        channel=args.channel,
        reached=not args.unreached,
        handle_sat=args.handle,
        process_sat=args.process,
        is_solved=args.solved,
        replied=args.replied,
        note=":".join(part for part in (args.unreached, args.note) if part),
    )
    if args.exclude:
        await desk.hold(number, visit, _asking(args, actor, args.exclude))
        console.print(f"工单 {number} 不满意, 已申请剔除, 等另一个人批准")
        return
    console.print(_where(await desk.record(number, visit, actor)))


async def _rates(args: argparse.Namespace, console: Console, desk: VisitDesk, policy: VisitPolicy) -> None:
    rated = await desk.rated(instant(args.since), instant(args.until, 1))
    found = satisfaction(rated, policy)
    groups = {
        "urgency": satisfaction_by(rated, policy, lambda one: one.urgency),
        "unit": satisfaction_by(rated, policy, lambda one: one.unit),
    }
    if args.json:
        print(json.dumps(pages.plain_rates(found, rated, groups), ensure_ascii=False, indent=1))
    else:
        pages.show_rates(console, found, rated, groups)
