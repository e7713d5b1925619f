"""状态: looks at every part, names what is broken and says how to mend it."""

import argparse
import asyncio
import contextlib
import shutil
import socket
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.instance import Instance
from app.parts import ask_asterisk, database_url
from app.real_instance import NAME, started_instance
from asr.model_folder import check_model
from core.database import Database
from core.errors import HotlineError
from core.outbox import Outbox

MEGABYTE = 1024 * 1024
ANSWER_SECONDS = 2.0
RECEIVED_BYTES = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one part is; ``mend`` is empty when it is well."""

    part: str
    said: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline status``."""
    parser.add_argument("--demo", action="store_true", help="看演示(demo --keep)的状态")


def run(args: argparse.Namespace) -> int:
    """Print a line per part; 0 when all are well."""
    instance = started_instance("demo" if args.demo else NAME)
    findings = [_asterisk(instance), _engine(instance), _recogniser(instance), _broker(instance)]
    findings += [_database(instance), _disk(instance), _model(instance)]
    for found in findings:
        print(f"{'✘' if found.mend else '✔'} {found.part}:{found.said}")
        if found.mend:
            print(f"    → {found.mend}")
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


def _database(instance: Instance) -> Finding:
    try:
        with closing(Database(database_url(instance), inline=True)) as database:
            database.check()
            waiting = asyncio.run(Outbox(database).waiting())
    except HotlineError as error:
        return Finding(part="数据库", said="打不开;来电照常接入座席", mend=str(error))
    aside = sum(number for _, number in waiting.values())
    if aside:
        said = f"有 {aside} 条事实送不出去被搁置"
        return Finding(part="数据库", said=said, mend=f"原因见 {instance.logs}/engine.jsonl")
    told = ", ".join(f"{name} 待送 {waits}" for name, (waits, _) in waiting.items() if waits)
    return Finding(part="数据库", said=told or "发件箱已清空")


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
