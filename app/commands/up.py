"""正式运行: the real configuration, no robots, in the foreground until Ctrl-C."""

import argparse
import asyncio
import sys
from pathlib import Path

from app.house import House
from app.log_keeping import keeper_of
from app.real_instance import SETTINGS, real_instance
from app.seat_list import seats_of
from app.stopping import run_until_stopped
from core.clock import SystemClock
from core.logs import set_up_logs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline up``."""
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="文件",
        help=f"设置文件,默认是项目目录里的 {SETTINGS}(没有则用内置默认值)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM, then stop everything in order."""
    set_up_logs("up")
    instance = real_instance(args.settings)
    with instance.claimed():
        return run_until_stopped(_serve(House(instance, seats_of(instance), _print_step)))


async def _serve(house: House) -> int:
    try:
        await house.open()
        _welcome(house)
        await asyncio.gather(house.supervisor.wait(), keeper_of(house.instance, SystemClock()).run())
    except asyncio.CancelledError:
        _print_step("正在停止")
        await house.close()
        _print_step("已停止")
        raise
    return 0


def _welcome(house: House) -> None:
    settings = house.instance.settings
    _print_step(f"热线已开通:SIP {settings.sip.bind}:{settings.sip.port},座席 {len(house.seats)} 个")
    if not house.seats:
        _print_step("还没有座席:在另一个窗口运行 ./hotline seat add 8001")
    if not settings.trunks:
        _print_step("还没有中继:在 settings.toml 里加 [[trunks]],写上运营商的地址")
    _print_step("查看通话:./hotline calls --follow    查看状态:./hotline status    停止:Ctrl-C")


def _print_step(text: str) -> None:
    print(f"▶ {text}", file=sys.stderr, flush=True)
