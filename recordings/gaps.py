"""录音缺口: says what a recording lacks, from how long the call was and how long the recording is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.events import CallEnded, EndReason
from recordings.model import Gap, GapReason, Piece, Span

TOLERANCE_SECONDS = 2.0
SIGNS = 200
"""As long as what is said of a recording may be."""
CHANGED = "登记之后文件被改动"
GONE = "登记之后文件缺失"
STILL_WRITTEN = "挂机后录音文件仍被占用"
_CAUSES = {
    GapReason.DISK_FULL: ",录音目录所在磁盘已满,请清理磁盘",
    GapReason.ASTERISK_RESTART: ",Asterisk 当时中断",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies in the folder: None seconds when there is no file.

    ``disk_full``: for some of the call there was no room on the disk. ``pauses`` are the seat's.
    """

    seconds: float | None
    disk_full: bool = False
    still_written: bool = False
    pauses: tuple[Span, ...] = ()


def expected_seconds(begun: datetime, ended: CallEnded) -> float:
    """How long the recording must be at least; it begins with the call, before anybody answers."""
    if ended.end_reason is EndReason.UNKNOWN_END:
        return ended.talk_seconds
    return max(ended.talk_seconds, (ended.at - begun).total_seconds())


def gaps_of(begun: datetime, ended: CallEnded, found: Found) -> tuple[Gap, ...]:
    """Declare everything that cannot be heard, in the order of time; empty when nothing is missing."""
    whole = Span(from_at=begun, to_at=begun + timedelta(seconds=expected_seconds(begun, ended)))
    lost = _lost(whole, ended, found)
    end = max(whole.to_at, begun + timedelta(seconds=found.seconds or 0.0))
    within = [_within(pause, Span(from_at=begun, to_at=end)) for pause in found.pauses]
    paused = [_paused(pause) for pause in within if pause.seconds > 0]
    return tuple(sorted((*paused, *lost), key=lambda gap: gap.from_at))


def gap_of_piece(piece: Piece, reason: GapReason) -> Gap:
    """Declare that a piece, complete once, is gone or is not what it was."""
    about = GONE if reason is GapReason.MISSING else CHANGED
    return Gap(from_at=piece.from_at, to_at=piece.to_at, reason=reason, about=about)


def words_of(gaps: Iterable[Gap]) -> str:
    """Say in one line what is missing; empty when nothing is."""
    return ";".join(dict.fromkeys(gap.about for gap in gaps))[:SIGNS]


def _lost(whole: Span, ended: CallEnded, found: Found) -> tuple[Gap, ...]:
    seconds = found.seconds or 0.0
    missing = whole.seconds - seconds
    if found.seconds is None:
        said = "没有录音文件"
    elif found.seconds == 0:
        said = "录音文件是空的"
    elif missing > TOLERANCE_SECONDS:
        said = f"录音缺少约 {missing:.0f} 秒"
    elif found.still_written:
        return (Gap(from_at=whole.to_at, to_at=whole.to_at, reason=GapReason.MISSING, about=STILL_WRITTEN),)
    else:
        return ()
    reason = _reason(ended, found)
    begins = whole.from_at + timedelta(seconds=seconds)
    return (
        Gap(
            from_at=begins,
            to_at=max(begins, whole.to_at),
            reason=reason,
            about=said + _CAUSES.get(reason, ""),
        ),
    )


def _reason(ended: CallEnded, found: Found) -> GapReason:
    if found.disk_full:
        return GapReason.DISK_FULL
    if ended.end_reason is EndReason.SYSTEM_FAILURE:
        return GapReason.ASTERISK_RESTART
    return GapReason.MISSING


def _within(pause: Span, call: Span) -> Span:
    begins = min(max(pause.from_at, call.from_at), call.to_at)
    return Span(from_at=begins, to_at=max(begins, min(pause.to_at, call.to_at)))


def _paused(pause: Span) -> Gap:
    about = f"座席暂停录音 {pause.seconds:.0f} 秒"
    return Gap(from_at=pause.from_at, to_at=pause.to_at, reason=GapReason.PAUSED_BY_SEAT, about=about)
