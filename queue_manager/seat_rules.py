"""座席规则: what a hotline may decide about its seats, from the file ``seats.toml`` of its profile."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from core.errors import HotlineError
from core.ids import QueueName
from core.profiles import file_of

FILE = "seats.toml"
INTAKE = QueueName("intake")
_QUEUE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
"""Without a hyphen: the queues of single seats, ``seat-8001``, have one."""
LARGEST = {
    "wrap_up_seconds": 600,
    "extend_seconds": 600,
    "wrap_up_limit_seconds": 3600,
    "misses": 100,
    "missed_minutes": 1440,
    "lost_phone_seconds": 600,
    "lost_phone_minutes": 1440,
    "preferred_hours": 720,
}
MAY_BE_NOTHING = ("wrap_up_seconds", "missed_minutes", "preferred_hours")


class SeatRulesWrong(HotlineError):
    """座席规则文件 seats.toml 有误:请按括号里的原因改正后重新启动。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRules:
    """``queues`` maps the names of the skill groups to Chinese ones, the first for those undecided."""

    wrap_up_seconds: int = 20
    extend_seconds: int = 30
    wrap_up_limit_seconds: int = 180
    misses: int = 3
    missed_minutes: int = 5
    lost_phone_seconds: int = 10
    lost_phone_minutes: int = 10
    preferred_hours: int = 24
    queues: Mapping[QueueName, str] = field(default_factory=lambda: {INTAKE: "综合受理"})


def read_seat_rules(profile: Path) -> SeatRules:
    """Read ``seats.toml`` of a profile, where all may be left out; raises SeatRulesWrong."""
    file = file_of(profile, FILE)
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return SeatRules()
    except (OSError, ValueError) as wrong:
        raise SeatRulesWrong(file=file, reason=wrong) from wrong
    known = {one.name for one in fields(SeatRules)}
    for name, value in written.items():
        if name not in known:
            raise SeatRulesWrong(file=file, reason=f"没有 {name} 这一项")
        if not _is_right(name, value):
            raise SeatRulesWrong(file=file, reason=f"{name} = {value!r}")
    queues = written.pop("queues", None)
    ordered = {"queues": {INTAKE: queues[INTAKE]} | queues} if queues else {}
    return SeatRules(**written, **ordered)


def _is_right(name: str, value: Any) -> bool:  # noqa: ANN401 - whatever somebody wrote
    if name == "queues":
        return isinstance(value, dict) and INTAKE in value and all(map(_is_queue, value, value.values()))
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and (0 if name in MAY_BE_NOTHING else 1) <= value <= LARGEST[name]


def _is_queue(name: str, title: Any) -> bool:  # noqa: ANN401
    return _QUEUE.fullmatch(name) is not None and isinstance(title, str) and bool(title.strip())
