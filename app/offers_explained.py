"""派席说明: tells of one call to which seats it was offered, why to these, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table

from app.call_log_words import REASONS
from core.privacy import masked_number
from queue_manager.model import CallRow, OfferOutcome, OfferRow
from queue_manager.offering import Candidate, OfferReason
from queue_manager.seat_state import STATE_WORDS, SeatState

OUTCOMES = {
    OfferOutcome.ACCEPTED: "接通",
    OfferOutcome.REJECTED: "拒接",
    OfferOutcome.RUNG_OUT: "无人接",
    OfferOutcome.RESCINDED: "市民先挂机或已被接走",
    OfferOutcome.UNKNOWN: "结果没有看到",
}
NEVER_OFFERED = "没有振过座席。"
NOT_NOTED = "当时没有记下理由 (引擎不在, Asterisk 自己派的)。"
SAME_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One offer, with the reason that was noted when it was made; None when nobody of ours was there."""

    offer: OfferRow
    reason: OfferReason | None


def explained(offers: Sequence[OfferRow], reasons: Sequence[OfferReason]) -> list[Explained]:
    """Put each reason to its offer: the same seat in the same moment."""
    left = list(reasons)
    found = []
    for offer in offers:
        own = (one for one in left if _fits(offer, one))
        reason = min(own, key=lambda one: abs(one.at - offer.offered_at), default=None)
        if reason is not None:
            left.remove(reason)
        found.append(Explained(offer=offer, reason=reason))
    return found


def show(console: Console, call: CallRow, offers: Sequence[Explained]) -> None:
    """Print a call's offers, the first first."""
    console.print(_heading(call))
    if not offers:
        console.print(NEVER_OFFERED)
    for number, one in enumerate(offers, 1):
        for part in _offer(number, one):
            console.print(part)


def plain(call: CallRow, offers: Sequence[Explained]) -> dict[str, object]:
    """Give the same as plain data for JSON."""
    return {
        "call_id": call.call_id,
        "queue": call.queue,
        "end_reason": call.end_reason.value if call.end_reason else None,
        "offers": [_plain(one) for one in offers],
    }


def _heading(call: CallRow) -> str:
    at = f"{call.arrived_at:%Y-%m-%d %H:%M:%S}" if call.arrived_at else "到达时间不明"
    ended = REASONS[call.end_reason] if call.end_reason else "还没有结束"
    return f"来电 {call.call_id}  {at}  主叫 {masked_number(call.caller) or '不明'}  {ended}"


def _offer(number: int, one: Explained) -> Iterator[RenderableType]:
    offer = one.offer
    outcome = OUTCOMES[offer.outcome] if offer.outcome else "正在振铃"
    yield ""
    yield (
        f"第 {number} 次振铃  {offer.offered_at:%H:%M:%S}  技能组 {offer.queue}  座席 {offer.seat}  "
        f"响 {offer.ring_seconds:.0f} 秒  {outcome}"
    )
    if one.reason is None:
        yield f"  {NOT_NOTED}"
        return
    yield f"  {one.reason.sentence}"
    if one.reason.candidates:
        yield _table(one.reason)


def _table(reason: OfferReason) -> Table:
    table = Table("座席", "当时", "空闲", "优先级", "连续未接", "", box=box.SIMPLE)
    for one in reason.candidates:
        table.add_row(
            one.seat,
            one.hindrance or STATE_WORDS[SeatState(one.state)],
            _idle(one),
            str(one.penalty),
            f"{one.misses}{' 排后' if one.put_back else ''}",
            "← 振它" if one.seat == reason.seat else "",
        )
    return table


def _idle(one: Candidate) -> str:
    if one.state != SeatState.READY:
        return ""
    return "签入后还没接过" if one.idle_seconds is None else f"{one.idle_seconds} 秒"


def _fits(offer: OfferRow, reason: OfferReason) -> bool:
    return reason.seat == offer.seat and abs(reason.at - offer.offered_at) <= SAME_INSTANT


def _plain(one: Explained) -> dict[str, object]:
    offer, reason = one.offer, one.reason
    return {
        "at": offer.offered_at.isoformat(),
        "queue": offer.queue,
        "seat": offer.seat,
        "outcome": offer.outcome.value if offer.outcome else None,
        "ring_seconds": offer.ring_seconds,
        "reason": reason.sentence if reason else None,
        "candidates": [
            {
                "seat": each.seat,
                "state": each.state,
                "hindrance": each.hindrance,
                "idle_seconds": each.idle_seconds,
                "penalty": each.penalty,
                "misses": each.misses,
                "put_back": each.put_back,
            }
            for each in (reason.candidates if reason else ())
        ],
    }
