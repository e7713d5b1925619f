"""录音清单的显示: recordings, findings and verdicts as lines that people read; numbers are masked."""

from collections.abc import Iterator
from datetime import datetime

from core.privacy import masked_number
from recordings.findings import Finding
from recordings.keeping import Judged
from recordings.listening import Listed, Whole
from recordings.model import (
    Access,
    Act,
    Codec,
    Condition,
    Gap,
    GapReason,
    Hold,
    Piece,
    Recording,
    RecordingState,
)

STATES = {
    RecordingState.ADOPTED: "刚收录",
    RecordingState.READY: "待转写",
    RecordingState.HEARD: "待压缩",
    RecordingState.COMPRESSED: "已压缩",
    RecordingState.DAMAGED: "有损坏",
    RecordingState.EXPIRED: "删除中",
    RecordingState.DELETED: "已删除",
}
CONDITIONS = {
    Condition.WHOLE: "完好",
    Condition.MISSING: "文件缺失",
    Condition.CHANGED: "被改动",
}
REASONS = {
    GapReason.PAUSED_BY_SEAT: "座席暂停",
    GapReason.ASTERISK_RESTART: "Asterisk 中断",
    GapReason.DISK_FULL: "磁盘已满",
    GapReason.MISSING: "缺失",
    GapReason.CHANGED: "被改动",
}
ACTS = {Act.LISTEN: "听", Act.EXPORT: "导出", Act.REVEAL: "查看号码"}
CODECS = {Codec.RAW: "原始", Codec.FLAC: "FLAC"}
MEGABYTE = 1024 * 1024


def list_line(listed: Listed) -> str:
    """Give one line of the list."""
    recording, call = listed.recording, listed.call
    said = (
        _at(recording.at),
        recording.call_id,
        f"{_length(recording):>8}",
        STATES[recording.state],
        masked_number(call.caller) if call else "-",
        (call.seat if call else None) or "-",
        recording.gap,
    )
    return "  ".join(said).rstrip()


def whole_lines(whole: Whole, *, with_number: bool) -> Iterator[str]:
    """Give the manifest, piece by piece, with everybody who had to do with it."""
    recording, call = whole.recording, whole.call
    yield f"来电编号  {recording.call_id}"
    if call is not None:
        yield f"来电号码  {call.caller if with_number else masked_number(call.caller)}"
        yield f"座席      {call.seat or '没有接通'}"
    yield f"开始      {_at(recording.at)}"
    yield f"时长      {_length(recording)}"
    yield f"状态      {STATES[recording.state]}"
    if recording.deleted_at is not None:
        yield f"删除      {_at(recording.deleted_at)}  {recording.deleted_for}"
    gone = recording.state is RecordingState.DELETED
    yield from (_piece_line(piece, gone=gone) for piece in recording.pieces)
    yield from (_gap_line(gap) for gap in recording.gaps)
    yield from (_hold_line(hold) for hold in whole.holds)
    yield from (_access_line(access) for access in whole.accesses)


def finding_line(finding: Finding) -> str:
    """Give one thing that a sweep found."""
    about = f"  ({finding.about})" if finding.about else ""
    return f"{finding.seen.value}  {finding.path}{about}"


def judged_line(judged: Judged) -> str:
    """Give what the rule says of one recording."""
    recording = judged.recording
    return (
        f"{judged.verdict.value}  {recording.call_id}  {_at(recording.at)}  "
        f"{_megabytes(_size(recording))}  {judged.why}"
    )


def summary_line(all_of_them: list[Judged]) -> str:
    """Sum up a run of the rule: how many of each, and how much room."""
    if not all_of_them:
        return "没有到期的录音。"
    counted: dict[str, list[Judged]] = {}
    for judged in all_of_them:
        counted.setdefault(judged.verdict.value, []).append(judged)
    said = (
        f"{verdict} {len(some)} 个 {_megabytes(sum(_size(one.recording) for one in some))}"
        for verdict, some in counted.items()
    )
    return f"合计:{';'.join(said)}。"


def _piece_line(piece: Piece, *, gone: bool) -> str:
    times = f"{_at(piece.from_at)} 至 {piece.to_at:%H:%M:%S}"
    checksum = piece.sha256 or "没有文件"
    condition = "已删除" if gone else CONDITIONS[piece.condition]
    lies = f"{CODECS[piece.codec]}  {condition}  {piece.path}"
    return f"录音段 {piece.number}  {times}  {lies}\n          SHA-256 {checksum}"


def _gap_line(gap: Gap) -> str:
    return f"缺口      {_at(gap.from_at)} 至 {gap.to_at:%H:%M:%S}  {REASONS[gap.reason]}  {gap.about}"


def _hold_line(hold: Hold) -> str:
    on = f"工单 {hold.ticket_no}" if hold.ticket_no else "本通来电"
    said = f"保全      {_at(hold.held_at)}  {hold.held_by}  {on}  {hold.reason}"
    if hold.lifted_at is None:
        return said
    return f"{said}  (已于 {_at(hold.lifted_at)} 由 {hold.lifted_by} 解除:{hold.lifted_for})"


def _access_line(access: Access) -> str:
    to = f"  → {access.given_to}" if access.given_to else ""
    return f"查阅      {_at(access.at)}  {access.who}  {ACTS[access.act]}  {access.reason}{to}"


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def _length(recording: Recording) -> str:
    seconds = int(sum((piece.to_at - piece.from_at).total_seconds() for piece in recording.pieces))
    return f"{seconds // 60}:{seconds % 60:02d}"


def _size(recording: Recording) -> int:
    return sum(piece.file_bytes for piece in recording.pieces)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
