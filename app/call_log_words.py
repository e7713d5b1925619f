"""日志用词: what the call log calls things, always the same, and its lines as columns for people."""

import unicodedata
from datetime import datetime
from typing import Any

from core.events import (
    CallAnswered,
    CallArrived,
    CallEnded,
    CallMarkedUrgent,
    CallQueued,
    CallRungInVain,
    CallTransferred,
    EndReason,
    KeptFact,
    Party,
    RecordingCompressed,
    RecordingReady,
    SuggestionReady,
    TicketDrafted,
    TicketFilled,
    TicketStepped,
    TranscriptReady,
)
from queue_manager.model import OfferOutcome

SUMMARY = "通话"
CORRECTED = "更正"
WORDS: dict[type[KeptFact], str] = {
    CallArrived: "来电",
    CallQueued: "入队",
    CallRungInVain: "未接",
    CallAnswered: "接通",
    CallTransferred: "转接",
    CallMarkedUrgent: "加急",
    CallEnded: SUMMARY,
    RecordingReady: "录音",
    RecordingCompressed: "压缩",
    TranscriptReady: "转写",
    SuggestionReady: "推荐",
    TicketDrafted: "草稿",
    TicketFilled: "填单",
    TicketStepped: "工单",
}
OFFERS = {
    OfferOutcome.ACCEPTED: "接听",
    OfferOutcome.REJECTED: "拒接",
    OfferOutcome.RUNG_OUT: "无人接",
    OfferOutcome.RESCINDED: "撤回",
    OfferOutcome.UNKNOWN: "不明",
}
REASONS = {
    EndReason.ANSWERED: "已接通",
    EndReason.HUNG_UP_IN_PROMPT: "问候中挂机",
    EndReason.HUNG_UP_WAITING: "排队中挂机",
    EndReason.HUNG_UP_RINGING: "振铃中挂机",
    EndReason.OVERFLOW_TIMEOUT: "排队超时",
    EndReason.NO_SEAT: "无座席",
    EndReason.QUEUE_FULL: "队列已满",
    EndReason.LEFT_BY_KEY: "按键离开",
    EndReason.WITHDRAWN: "被撤出",
    EndReason.TRANSFERRED: "转出",
    EndReason.SYSTEM_FAILURE: "系统故障",
    EndReason.UNKNOWN_END: "结束不明",
}
PARTIES = {Party.CITIZEN: "市民", Party.SEAT: "座席", Party.SYSTEM: "系统", Party.NOBODY_KNOWS: ""}
OUTCOMES = {"done": "完成", "failed": "失败", "skipped": "跳过"}
SAID = {
    "about": "提醒",
    "was": "原状态",
    "now": "现状态",
    "step": "步",
    "unit": "主办",
    "arrived_at": "来电时间",
    "category": "类别",
    "demand_type": "业务类别",
    "dialled": "被叫",
    "duration_ms": "时长毫秒",
    "ended_by": "挂机方",
    "from_seat": "转出座席",
    "gap": "缺失",
    "greeting_ms": "问候毫秒",
    "heard": "听到",
    "model": "模型",
    "node": "节点",
    "offers": "振铃",
    "path": "文件",
    "position": "第几位",
    "reason": "原因",
    "recording": "文件",
    "sha256": "校验",
    "ticket_no": "工单",
    "to_queue": "转入技能组",
    "to_seat": "转入座席",
    "total_ms": "总毫秒",
    "transfers": "转接次数",
    "units": "单位",
    "urgency": "紧急程度",
}
"""What stands behind the columns, as a person reads it."""

_COLUMNS = (
    ("序号", 8),
    ("日期", 5),
    ("时间", 12),
    ("事项", 4),
    ("来电编号", 24),
    ("号码", 11),
    ("号码指纹", 12),
    ("技能组", 10),
    ("座席", 9),
    ("等待毫秒", 8),
    ("通话毫秒", 8),
    ("保持毫秒", 8),
    ("结果", 10),
)
_NUMBERS = ("序号", "等待毫秒", "通话毫秒", "保持毫秒")
NOTHING = "-"
LATE_MS = 1000
"""From here on a line says that it was written late: something was away and is being caught up."""


def header() -> str:
    """Give the names of the columns."""
    return " ".join([*(_placed(name, name, width) for name, width in _COLUMNS), "其他"])


def readable(line: dict[str, Any]) -> str:
    """Give a line of the file as columns, always the same number of them; behind them what else there is."""
    at = datetime.fromisoformat(str(line["at"]))
    cells = (
        line["seq"],
        f"{at:%m-%d}",
        f"{at:%H:%M:%S.%f}"[:-3],
        line["what"],
        line["call_id"],
        line.get("caller"),
        line.get("number_hash"),
        ",".join(line.get("queues") or ()),
        ",".join(line.get("seats") or ()),
        line.get("waited_ms"),
        line.get("talk_ms"),
        line.get("hold_ms"),
        line.get("result"),
    )
    placed = (_placed(_cell(cell), name, width) for cell, (name, width) in zip(cells, _COLUMNS, strict=True))
    return " ".join([*placed, *_rest(line, at)]).rstrip()


def _rest(line: dict[str, Any], at: datetime) -> list[str]:
    said = [f"{SAID.get(key, key)}={_shown(value)}" for key, value in line.get("more", {}).items()]
    late = _late_ms(line, at)
    return [*said, f"迟写毫秒={late}"] if late >= LATE_MS else said


def _late_ms(line: dict[str, Any], at: datetime) -> int:
    if "written" not in line:
        return 0
    return round((datetime.fromisoformat(line["written"]) - at).total_seconds() * 1000)


def _cell(value: object) -> str:
    """Nothing within a column parts it in two, whatever a name may hold."""
    return NOTHING if value in (None, "") else "_".join(str(value).split())


def _shown(value: object) -> str:
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _placed(text: str, name: str, width: int) -> str:
    """Fill up to a width in cells of a terminal, where a Chinese sign takes two."""
    room = " " * (width - sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text))
    return room + text if name in _NUMBERS else text + room
