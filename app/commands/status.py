"""状态: looks at every part, names what is broken and says how to mend it."""

import argparse
import asyncio
import contextlib
import queue
import shutil
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.database_readers import how_to_read
from app.instance import Instance
from app.opened_database import opened_database
from app.parts import ask_asterisk
from app.processors import TOO_MUCH, Processors
from app.real_instance import NAME, started_instance
from app.work_clocks import policies_of
from asr.model_folder import check_model
from core.clock import SystemClock
from core.database import DatabaseTrouble
from core.errors import HotlineError
from core.outbox import Outbox
from core.outbox_rows import EVERYBODY

DATABASE_SECONDS = 5.0
LATE_MINUTES = 10
LISTENERS = {
    "tickets": "工单",
    "recordings": "录音登记",
    "recogniser": "识别",
    "call_log": "通话日志",
    "mqtt": "对外消息",
    "sms": "短信",
    "webhooks": "回调",
    EVERYBODY: "等引擎分发",
}
"""Who is told facts, in a hotline's words."""
MEGABYTE = 1024 * 1024
ANSWER_SECONDS = 2.0
RECEIVED_BYTES = 65536
LOOKING_SECONDS = 1.0
"""So long at least we count what the host takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one part is; ``mend`` is empty when it is well, ``soon`` is what has to be done before long."""

    part: str
    said: str
    mend: str = ""
    soon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """积压: per listener how many facts wait and how many were set aside; since when the oldest waits."""

    of: dict[str, tuple[int, int]]
    since: datetime | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline status``."""
    parser.add_argument("--demo", action="store_true", help="看演示(demo --keep)的状态")
    parser.add_argument("--reader", action="store_true", help="只读访问:其他程序怎样读数据库(会显示口令)")


def run(args: argparse.Namespace) -> int:
    """Print a line per part; 0 when all are well."""
    instance = started_instance("demo" if args.demo else NAME)
    if args.reader:
        print("\n".join(how_to_read(instance)))
        return 0
    began, processors = time.monotonic(), Processors.now()
    findings = [_asterisk(instance), _engine(instance), _recogniser(instance), _broker(instance)]
    findings += [_web(instance), _database(instance), _limits(instance), _disk(instance), _model(instance)]
    time.sleep(max(0.0, LOOKING_SECONDS - (time.monotonic() - began)))
    findings.append(taken_by_host(processors, Processors.now()))
    for found in findings:
        mark = "✘" if found.mend else "!" if found.soon else "✔"
        print(f"{mark} {found.part}:{found.said}")
        if found.mend or found.soon:
            print(f"    → {found.mend or found.soon}")
    return 1 if any(found.mend for found in findings) else 0


def _asterisk(instance: Instance) -> Finding:
    said = ask_asterisk(instance, "core show uptime")
    if not said:
        return Finding(
            part="Asterisk", said="没有应答", mend=f"运行 ./hotline up;原因见 {instance.logs}/asterisk.out"
        )
    channels = ask_asterisk(instance, "core show channels count").split("\n")
    return Finding(part="Asterisk", said=f"{said.splitlines()[0].strip()}, {channels[0].strip()}")


def _engine(instance: Instance) -> Finding:
    if _answers(instance.intercom):
        return Finding(part="引擎", said="在运行")
    return Finding(
        part="引擎",
        said="没有应答;只要 Asterisk 在运行,来电仍接入座席",
        mend=f"没有运行就 ./hotline up;不应答就结束它的进程,会自动重启;记录在 {instance.logs}/engine.out",
    )


def _recogniser(instance: Instance) -> Finding:
    return _process(instance, "recogniser", "识别", "在运行", "没有运行;通话和录音不受影响,之后会补转写")


def _broker(instance: Instance) -> Finding:
    broker = instance.settings.broker
    if broker.use == "none":
        return Finding(part="消息代理", said="设置为不使用")
    if _listens(broker.host, broker.port):
        return Finding(part="消息代理", said=f"{broker.host}:{broker.port} 有应答")
    mend = "运行 ./hotline up" if broker.use == "own" else "检查 settings.toml 的 [broker] 与那台机器"
    return Finding(part="消息代理", said="没有应答;事实留在发件箱里,一条不丢", mend=mend)


def _web(instance: Instance) -> Finding:
    web = instance.settings.web
    if not web.use:
        return Finding(part="网络接口", said="设置为不使用")
    if _listens(str(web.bind), web.port):
        return Finding(part="网络接口", said=f"{web.bind}:{web.port} 有应答")
    return Finding(
        part="网络接口",
        said="没有应答;来电和工单不受影响,短信和回调之后补发",
        mend=f"运行 ./hotline up;原因见 {instance.logs}/web.out",
    )


def taken_by_host(before: Processors, after: Processors) -> Finding:
    """Say how much of the processors the host gave to others meanwhile."""
    share = after.taken_since(before)
    said = f"宿主机占去所需时间的 {share:.0%}"
    if share < TOO_MUCH:
        return Finding(part="处理器", said=said)
    return Finding(
        part="处理器", said=f"{said},通话的声音会断续", soon="请虚拟化平台的管理员为本机预留处理器(CPU 预留)"
    )


def _database(instance: Instance) -> Finding:
    """Ask on a thread: a database that hangs must not hang us, wherever it does."""
    answers: queue.SimpleQueue[Finding] = queue.SimpleQueue()
    asking = threading.Thread(target=lambda: answers.put(_asked_database(instance)), daemon=True)
    asking.start()
    try:
        return answers.get(timeout=DATABASE_SECONDS)
    except queue.Empty:
        own = f"结束它的进程,会自动重启;记录在 {instance.logs}/database.out"
        return Finding(
            part="数据库",
            said=f"{DATABASE_SECONDS:.0f} 秒没有应答;来电照常接入座席,要写的先记在引擎里",
            mend="检查那台数据库服务器" if instance.settings.database.url else own,
        )


def _asked_database(instance: Instance) -> Finding:
    try:
        with opened_database(instance, inline=True) as database:
            return _backlog(instance, asyncio.run(_look_into(Outbox(database))))
    except (HotlineError, DatabaseTrouble) as error:
        return Finding(part="数据库", said="打不开;来电照常接入座席", mend=_reason_of(error))


def _reason_of(error: Exception) -> str:
    return (
        str(error) if isinstance(error, HotlineError) else f"答到一半断开({type(error).__name__}),请再看一次"
    )


async def _look_into(outbox: Outbox) -> Backlog:
    return Backlog(of=await outbox.waiting(), since=await outbox.waiting_since())


def _backlog(instance: Instance, backlog: Backlog) -> Finding:
    """发件箱: say how much waits for whom, and since when."""
    aside = sum(number for _, number in backlog.of.values())
    waits = ", ".join(
        f"{LISTENERS.get(name, name)} {waits} 条" for name, (waits, _) in backlog.of.items() if waits
    )
    if aside:
        said = f"有 {aside} 条事实送不出去被搁置" + (f";待送:{waits}" if waits else "")
        return Finding(part="数据库", said=said, mend=f"原因见 {instance.logs}/engine.jsonl")
    if backlog.since is None or not waits:
        return Finding(part="数据库", said="有应答,发件箱已清空")
    minutes = int((SystemClock().now() - backlog.since).total_seconds() // 60)
    said = f"有应答,发件箱待送:{waits};最早的已等 {minutes} 分钟"
    if minutes < LATE_MINUTES:
        return Finding(part="数据库", said=said)
    return Finding(
        part="数据库", said=said, mend=f"收不到的那一方不在或太慢;原因见 {instance.logs}/engine.jsonl"
    )


def _limits(instance: Instance) -> Finding:
    try:
        limits = policies_of(instance.profile).limits
    except HotlineError as error:
        return Finding(part="时限规则", said="读不了;工单到点不提醒,来电不受影响", mend=str(error))
    last = limits.office.calendar.last
    soon = limits.alarm(SystemClock().now().date())
    return Finding(part="时限规则", said=f"工作日历到 {last} 为止", soon=soon)


def _disk(instance: Instance) -> Finding:
    folder = instance.recordings
    if not folder.exists():
        return Finding(part="录音文件夹", said="还没有建立")
    free = shutil.disk_usage(folder).free // MEGABYTE
    said = f"{folder} 还剩 {free} MB"
    if free < instance.settings.recordings.free_mb:
        return Finding(
            part="录音文件夹", said=said, mend="清出空间,或在 settings.toml 的 [recordings] 里换一个文件夹"
        )
    return Finding(part="录音文件夹", said=said)


def _model(instance: Instance) -> Finding:
    try:
        check_model(instance.speech_model)
    except HotlineError as error:
        return Finding(part="语音模型", said="不能用", mend=str(error))
    if instance.settings.speech.model is None:
        return Finding(
            part="语音模型", said="内置演示模型,只听得懂合成语音;正式使用请在 [speech] model 里换成真实模型"
        )
    return Finding(part="语音模型", said=str(instance.speech_model))


def _process(instance: Instance, name: str, *said: str) -> Finding:
    part, well, ill = said
    with contextlib.suppress(OSError, ValueError):
        pid = int((instance.run / f"{name}.pid").read_text())
        if str(instance.folder) in Path(f"/proc/{pid}/cmdline").read_text():
            return Finding(part=part, said=well)
    return Finding(part=part, said=ill, mend=f"运行 ./hotline up;原因见 {instance.logs}/{name}.out")


def _listens(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=ANSWER_SECONDS):
        return True
    return False


def _answers(path: Path) -> bool:
    """Tell whether the engine hangs up when we do: one that hangs would be connected, and no more."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(ANSWER_SECONDS)
        line.connect(str(path))
        line.shutdown(socket.SHUT_WR)
        while line.recv(RECEIVED_BYTES):
            continue
        return True
    return False
