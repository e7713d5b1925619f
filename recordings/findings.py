"""核对结果: what a comparison of catalogue and folder finds, in a hotline's words."""

from dataclasses import dataclass
from enum import StrEnum

from core.ids import CallId


class Seen(StrEnum):
    """发现."""

    MISSING = "录音文件缺失"
    CHANGED = "录音文件被改动"
    FOUND_AGAIN = "录音文件已找回"
    ADOPTED = "收录无登记的录音"
    STRAY = "来历不明的文件"
    LEFTOVER = "清除压缩残留"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be; ``about`` says why a stray is one."""

    seen: Seen
    path: str
    call_id: CallId | None = None
    about: str = ""
