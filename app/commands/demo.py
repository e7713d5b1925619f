"""演示: three citizens call and speak; prints what became of it."""

import argparse
import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from app.demo import Demo, Outcome, demo_instance
from app.instance import Instance
from app.stopping import run_until_stopped
from core.logs import set_up_logs
from core.privacy import masked_number
from ivr.voice import Voice
from simulator.scenario import DEMO_CITIZENS, Part, words_unknown

HONEST = "注意:演示用的语音模型只听得懂合成语音,真人说话请换真实模型(见 README)。"
SAID_NUMBER = "13800009999"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline demo``."""
    parser.add_argument("--keep", action="store_true", help="演示后继续运行,可用话机试打,Ctrl-C 停止")
    parser.add_argument(
        "--json", action="store_true", help="标准输出只有 JSON,一张工单一行;进度在标准错误输出"
    )
    parser.add_argument("--say", metavar="文字", help="只打一通电话,由机器市民说这段话")


def run(args: argparse.Namespace) -> int:
    """Run the demonstration on a fresh instance of its own."""
    set_up_logs("demo")
    instance = demo_instance()
    parts = _parts(args.say, instance)
    with instance.claimed(afresh=True):
        return run_until_stopped(_demonstrate(Demo(instance, parts, _print_step), args))


def _parts(text: str | None, instance: Instance) -> tuple[Part, ...]:
    if text is None:
        return DEMO_CITIZENS
    unknown = words_unknown(text, instance.speech_model / "graph" / "words.txt")
    if unknown:
        _print_step(f"演示模型的词表里没有:{'、'.join(unknown)};这些字会听错")
    return (Part(number=SAID_NUMBER, text=text, voice=Voice()),)


async def _demonstrate(demo: Demo, args: argparse.Namespace) -> int:
    outcomes = await demo.run()
    try:
        if args.json:
            for outcome in outcomes:
                print(json.dumps(as_plain(outcome), ensure_ascii=False), flush=True)
        else:
            _show(outcomes, demo.instance)
        if args.keep:
            _tell_how_to_join(demo.instance)
            await demo.house.supervisor.wait()
    finally:
        await demo.house.close()
    return 0


def as_plain(outcome: Outcome) -> dict[str, Any]:
    """Give a work order with what led to it; the caller is masked."""
    ticket, call = outcome.ticket, outcome.call
    suggestion = ticket.suggestion
    return {
        "ticket_no": ticket.ticket_no,
        "call_id": ticket.call_id,
        "caller": masked_number(ticket.phone),
        "waited_seconds": round(call.waited_seconds, 1),
        "talk_seconds": round(call.talk_seconds, 1),
        "recording": ticket.recording,
        "spoken": outcome.part.text,
        "transcript": ticket.content,
        "demand_type": ticket.demand_type,
        "category": ticket.category,
        "units": [
            {"name": unit.name, "score": round(unit.score, 3), "words": list(unit.words)}
            for unit in (suggestion.units if suggestion else ())
        ],
        "urgency": ticket.urgency.value,
        "evidence": [
            {"word": one.word, "about": one.about, "weight": round(one.weight, 3)}
            for one in (suggestion.evidence if suggestion else ())
        ],
    }


def _show(outcomes: list[Outcome], instance: Instance) -> None:
    table = Table(title="工单草稿(智能推荐,由人决定)", show_lines=True)
    for heading, share in (("来电与工单", 2), ("听到的话", 3), ("推荐与依据", 4)):
        table.add_column(heading, overflow="fold", ratio=share)
    for outcome in outcomes:
        table.add_row(*_cells(as_plain(outcome)))
    screen = Console()
    screen.print(table)
    screen.print(f"[bold]{HONEST}[/bold]")
    screen.print("写下的文件:")
    for name, path in (
        ("录音", instance.recordings),
        ("数据库", instance.data / "hotline.db"),
        ("通话日志", instance.call_log),
        ("各进程日志", instance.logs),
        ("机器话机听到的声音", instance.heard),
    ):
        screen.print(f"  {name}  {path}", soft_wrap=True)


def _cells(plain: dict[str, Any]) -> list[str]:
    urgency = plain["urgency"]
    shown = urgency if urgency == "一般" else f"[bold red]{urgency}[/bold red]"
    units = [
        f"{number}. {unit['name']} {unit['score']:.2f} ← {'、'.join(unit['words'])}"
        for number, unit in enumerate(plain["units"], 1)
    ]
    times = f"等待 {plain['waited_seconds']} 秒\n通话 {plain['talk_seconds']} 秒"
    return [
        f"{plain['ticket_no']}\n{plain['caller']}\n{times}",
        plain["transcript"],
        "\n".join([f"{shown} · {plain['demand_type']}", plain["category"], *units]),
    ]


def _tell_how_to_join(instance: Instance) -> None:
    sip = instance.settings.sip
    _print_step(f"系统继续运行:SIP {sip.bind}:{sip.port},座席 8001 的口令 {instance.secret('seat-8001')}")
    _print_step("通话日志:./hotline calls --demo --follow    停止:Ctrl-C")


def _print_step(text: str) -> None:
    print(f"▶ {text}", file=sys.stderr, flush=True)
