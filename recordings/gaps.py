"""录音缺口: says what a recording lacks, from how long the call was and how long the recording is."""

from dataclasses import dataclass

from core.events import CallEnded, EndReason
from recordings.model import Recording

TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies in the folder: None seconds when there is no file; ``room`` is free bytes beside it."""

    seconds: float | None
    room: int
    still_written: bool = False


def expected_seconds(recording: Recording, ended: CallEnded) -> float:
    """How long the recording must be at least; it begins with the call, before anybody answers."""
    if ended.end_reason is EndReason.UNKNOWN_END:
        return ended.talk_seconds
    return max(ended.talk_seconds, (ended.at - recording.at).total_seconds())


def gap_of(expected: float, found: Found, *, enough_room: int) -> str:
    """Say what is missing and, where it shows, why; empty when nothing is."""
    cause = ",录音目录所在磁盘已满,请清理磁盘" if found.room < enough_room else ""
    if found.seconds is None:
        return f"没有录音文件{cause}"
    if found.seconds == 0:
        return f"录音文件是空的{cause}"
    missing = expected - found.seconds
    if missing > TOLERANCE_SECONDS:
        return f"录音缺少约 {missing:.0f} 秒{cause}"
    return "挂机后录音文件仍被占用" if found.still_written else ""
