"""录音: finds, shows and gives out recordings, compares them with the folder, holds and deletes them."""

import argparse
import asyncio
import os
import pwd
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO

from app.archive import archive_of
from app.instance import Instance
from app.opened_database import opened_database
from app.real_instance import started_instance
from app.recordings_shown import finding_line, judged_line, list_line, summary_line, whole_lines
from core.clock import SHANGHAI, SystemClock
from core.errors import HotlineError
from core.ids import CallId
from recordings.holding import HoldDesk, Said
from recordings.keeping import Keeper
from recordings.listening import Asked, ListeningDesk
from recordings.registry import Archive
from recordings.rule import FILE, read_rule
from recordings.sweep import Sweep


class NothingToPlayIt(HotlineError):
    """终端放不出声音:请加 --out 文件名.wav 导出,或接到播放程序,例如 | aplay。"""


class FileNotMade(HotlineError):
    """导出文件建不了:文件已经有了,或者文件夹没有、写不进,请换一个文件名。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline recordings``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    listed = actions.add_parser("list", help="列出一天的录音,号码脱敏")
    listed.add_argument("--date", type=_day, metavar="日期", help="哪一天,例如 2026-03-02,默认今天")
    listed.add_argument("--gaps", action="store_true", help="只列有缺口的")
    listed.add_argument("-n", type=_number, default=50, metavar="个数", help="最后多少个,默认 50")
    show = _of_call(actions, "show", "一通录音的清单:各段、缺口、校验值、保全、谁查阅过")
    show.add_argument("--for", dest="reason", metavar="事由", help="写明事由则显示完整号码,并登记")
    listen = _of_call(actions, "listen", "听或导出一通录音(WAV,左市民右座席),先登记后播放")
    listen.add_argument("--for", dest="reason", metavar="事由", required=True, help="为什么听,必填")
    listen.add_argument("--out", type=Path, metavar="文件", help="导出到这个文件,例如 call.wav")
    sweep = actions.add_parser("sweep", help="核对录音目录:找出缺失、被改动、来历不明的文件")
    sweep.add_argument("--dry-run", action="store_true", help="只看,不登记也不改动")
    sweep.add_argument("--thorough", action="store_true", help="连同校验值核对每个文件(慢)")
    keep = actions.add_parser("keep", help="按配置档的留存规则删除到期的录音")
    keep.add_argument("--dry-run", action="store_true", help="只列出将要做的,不删除")
    for name, said in (("hold", "保全:一通来电或一张工单的录音不得删除"), ("lift", "解除保全")):
        action = actions.add_parser(name, help=said)
        action.add_argument("call", metavar="来电", help="来电编号,或 18 位工单编号")
        action.add_argument("--reason", metavar="事由", required=True, help="为什么,必填")


def run(args: argparse.Namespace) -> int:
    """Do what is asked, on the catalogue of the hotline as it was started last."""
    instance = started_instance()
    with opened_database(instance) as database:
        archive = archive_of(instance, database, SystemClock())
        asyncio.run(_ACTIONS[args.action](args, archive, instance))
    return 0


async def _list(args: argparse.Namespace, archive: Archive, _instance: Instance) -> None:
    day = args.date or archive.clock.now().date()
    begin = datetime.combine(day, time(), SHANGHAI)
    end = begin + timedelta(days=1)
    found = await ListeningDesk(archive).begun_between(begin, end, last=args.n, gaps_only=args.gaps)
    for listed in found:
        print(list_line(listed))
    if not found:
        print("这一天没有录音。", file=sys.stderr)


async def _show(args: argparse.Namespace, archive: Archive, _instance: Instance) -> None:
    said = Said(who=_me(), reason=args.reason) if args.reason is not None else None
    whole = await ListeningDesk(archive).show(CallId(args.call), said)
    for line in whole_lines(whole, with_number=said is not None):
        print(line)


async def _listen(args: argparse.Namespace, archive: Archive, _instance: Instance) -> None:
    if args.out is None and sys.stdout.isatty():
        raise NothingToPlayIt
    asked = Asked(
        call_id=CallId(args.call),
        said=Said(who=_me(), reason=args.reason),
        file=str(args.out.absolute()) if args.out else "",
    )
    if args.out is None:
        # Its length stands at the head of a WAV file: it is given once it is whole.
        with tempfile.TemporaryFile() as sound:
            heard = await ListeningDesk(archive).listen(asked, sound)
            sound.seek(0)
            shutil.copyfileobj(sound, sys.stdout.buffer)
    else:
        with _new_file(args.out) as sound:
            heard = await ListeningDesk(archive).listen(asked, sound)
        print(f"已导出 {args.out}")
    if heard.gap:
        print(f"注意:{heard.gap}", file=sys.stderr)


@contextmanager
def _new_file(out: Path) -> Iterator[BinaryIO]:
    """Make a file that only who asked can read; nothing is left of an export that came to nothing."""
    try:
        sound = os.fdopen(os.open(out, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
    except OSError as error:
        raise FileNotMade(file=out, reason=error.strerror) from error
    with sound:
        try:
            yield sound
        except HotlineError:
            out.unlink()
            raise


async def _sweep(args: argparse.Namespace, archive: Archive, _instance: Instance) -> None:
    number = 0
    async for finding in Sweep(archive, dry_run=args.dry_run, thorough=args.thorough).run():
        number += 1
        print(finding_line(finding), flush=True)
    print(f"共 {number} 处新发现。" if number else "录音目录与登记一致,没有新发现。")


async def _keep(args: argparse.Namespace, archive: Archive, instance: Instance) -> None:
    keeper = Keeper(archive, read_rule(instance.profile / FILE))
    done = []
    async for judged in keeper.run(dry_run=args.dry_run):
        done.append(judged)
        print(judged_line(judged), flush=True)
    print(summary_line(done))
    if args.dry_run:
        print("这是预演,什么也没有删除。", file=sys.stderr)


async def _hold(args: argparse.Namespace, archive: Archive, _instance: Instance) -> None:
    number = await HoldDesk(archive).hold(args.call, Said(who=_me(), reason=args.reason))
    print(f"已保全 {args.call}:现有录音 {number} 个,解除之前不会删除。")


async def _lift(args: argparse.Namespace, archive: Archive, _instance: Instance) -> None:
    await HoldDesk(archive).lift(args.call, Said(who=_me(), reason=args.reason))
    print(f"已解除 {args.call} 的保全,今后按留存规则处理。")


_ACTIONS: dict[str, Callable[[argparse.Namespace, Archive, Instance], Coroutine[None, None, None]]] = {
    "list": _list,
    "show": _show,
    "listen": _listen,
    "sweep": _sweep,
    "keep": _keep,
    "hold": _hold,
    "lift": _lift,
}


def _of_call(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, said: str
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=said)
    action.add_argument("call", metavar="来电", help="来电编号,见 ./hotline recordings list")
    return action


def _me() -> str:
    """Give who asks: the person behind sudo, if there is one."""
    return os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期应当像 2026-03-02 这样写,不是 {text!r}") from error


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"个数应当是正整数,不是 {text!r}")
    return int(text)
