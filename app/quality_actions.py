"""质检命令: who may do each action of ``./hotline quality``, what it does and what it prints."""

import argparse
import json
from datetime import date, datetime
from random import Random, SystemRandom

from app import quality_pages as pages
from app.figures_table import wide_console
from app.ticket_actions import user_named
from app.visit_actions import instant
from core.clock import SystemClock
from core.database import Database
from core.errors import HotlineError
from core.ids import CallId, SeatNo
from queue_manager.quality import marks_in
from queue_manager.quality_desk import Checker, Filled, QualityDesk
from queue_manager.sheet_store import Wanted
from tickets.roles import Actor, May, may
from tickets.user_store import User

SEEDS = 1_000_000


class MayNotCheck(HotlineError):
    """这个角色不能质检:打分和抽取由质检员、班长或热线办主任、副主任来做。"""


class MayNotSeeSheets(HotlineError):
    """这个角色看不到质检表:质检的人看全部, 话务员只看自己座席的。"""


async def act_on(args: argparse.Namespace, database: Database, desk: QualityDesk) -> None:
    """Do one action as one user; raises NoSuchUser, MayNotCheck, MayNotSeeSheets or what the desk refuses."""
    user = database.now(lambda connection: user_named(connection, args.who))
    if args.action == "list":
        await _list(args, desk, user)
        return
    if not _checks(user):
        raise MayNotCheck(role=user.role)
    checker = Checker(name=user.name, seat=user.seat)
    if args.action == "draw":
        await _draw(args, desk, checker)
    else:
        filled = Filled(
            call_id=CallId(args.call),
            marks=marks_in(args.marks),
            seat=SeatNo(args.seat) if args.seat else None,
            remark=args.remark,
        )
        pages.show_filled(wide_console(), await desk.fill(filled, checker, SystemClock().now()))


async def _draw(args: argparse.Namespace, desk: QualityDesk, checker: Checker) -> None:
    seed = args.seed or SystemRandom().randrange(1, SEEDS)
    window = _whole(args.date or SystemClock().now().date())
    chance = Random(seed)  # noqa: S311 - the same draw again from the same seed
    talks = await desk.draw(window, args.each, (checker, chance))
    if args.json:
        _print({"seed": seed, "calls": pages.talks_plain(talks)})
    else:
        pages.show_talks(wide_console(), talks, seed)


async def _list(args: argparse.Namespace, desk: QualityDesk, user: User) -> None:
    seat = SeatNo(args.seat) if args.seat else None
    if not _checks(user):
        own = Actor(name=user.name, role=user.role, unit=user.unit)
        if not may(own, May.READ_OWN) or not user.seat or seat not in (None, user.seat):
            raise MayNotSeeSheets(role=user.role)
        seat = SeatNo(user.seat)
    since, until = _whole(args.date) if args.date else (None, None)
    found = await desk.sheets(Wanted(since=since, until=until, seat=seat), args.n)
    if args.json:
        _print(pages.sheets_plain(found))
    else:
        pages.show_sheets(wide_console(), found)


def _checks(user: User) -> bool:
    return may(Actor(name=user.name, role=user.role, unit=user.unit), May.CHECK_QUALITY)


def _whole(day: date) -> tuple[datetime, datetime]:
    return instant(day), instant(day, 1)


def _print(told: object) -> None:
    print(json.dumps(told, ensure_ascii=False, indent=1))
