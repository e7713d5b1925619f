"""派席理由: why Asterisk rang this seat and no other, in one sentence, written down at that moment."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.ids import CallId, QueueName, SeatNo, own_queue_of
from queue_manager.seat_state import STATE_WORDS, SeatState

MISS_PENALTY = 100
"""So much a seat is put back for each call that rang in vain: behind every other that can take the call."""
MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """候选座席: a seat that serves the queue, as it was when the call was offered.

    ``idle_seconds`` counts from the end of its last call, None when it had none since it logged in.
    ``put_back``: it stands behind the others, because it missed a call a short while ago.
    ``hindrance`` says why a ready seat cannot be rung all the same, else it is empty.
    """

    seat: SeatNo
    state: str
    idle_seconds: int | None
    penalty: int
    misses: int
    put_back: bool = False
    hindrance: str = ""

    @property
    def able(self) -> bool:
        """Whether it could be rung."""
        return self.state == SeatState.READY and not self.hindrance

    @property
    def rank(self) -> tuple[int, float]:
        """The order in which Asterisk takes them: penalty and misses first, then the longest idle."""
        idle = float("inf") if self.idle_seconds is None else self.idle_seconds
        return self.penalty + (self.misses * MISS_PENALTY if self.put_back else 0), -idle


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferReason:
    """一次振铃的理由: who could have taken the call, and why it was this seat."""

    call_id: CallId
    at: datetime
    seat: SeatNo
    queue: QueueName
    sentence: str
    candidates: tuple[Candidate, ...]


def kept_candidates(seat: SeatNo, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Give those worth keeping: the chosen one, then who else could be rung in order, then the others."""
    ordered = sorted(candidates, key=lambda one: (one.seat != seat, not one.able, one.rank, one.seat))
    return tuple(ordered[:MOST_CANDIDATES])


def why(seat: SeatNo, queue: QueueName, candidates: Iterable[Candidate]) -> str:
    """Say in one sentence why this seat."""
    if queue == own_queue_of(seat):
        return f"这通来电指名要座席 {seat} (转接给它, 或市民上次就是它接的), 所以只振它。"
    known = {one.seat: one for one in candidates}
    chosen = known.get(seat)
    if chosen is None:
        return f"座席 {seat} 没有登记这个技能组, 但 Asterisk 里有它, 所以振了它; 名单随后改正。"
    if not chosen.able:
        doing = chosen.hindrance or STATE_WORDS[SeatState(chosen.state)]
        return f"按登记座席 {seat} 正在{doing}, 但 Asterisk 里它是空闲的, 所以振了它; 状态随后改正。"
    others = [one for one in known.values() if one.able and one is not chosen]
    if not others:
        return f"这一刻只有座席 {seat} 空闲{_busy(known.values())}, 所以振它。"
    return _among(chosen, others)


def _among(chosen: Candidate, others: list[Candidate]) -> str:
    before = [one for one in others if one.rank < chosen.rank]
    number = len(others) + 1
    if before:
        first = min(before, key=lambda one: one.rank)
        return (
            f"空闲的 {number} 个座席里, 按登记应先振 {first.seat}, 但 Asterisk 那一刻正为另一通来电试它, "
            f"所以振了下一个座席 {chosen.seat}。"
        )
    level = chosen.rank[0]
    equals = [one for one in others if one.rank[0] == level]
    if equals:
        return (
            f"空闲的 {number} 个座席里优先级 {level} 的有 {len(equals) + 1} 个, "
            f"其中座席 {chosen.seat} {_idle(chosen)}, 所以振它。"
        )
    missed = [one for one in others if one.put_back and one.penalty <= chosen.penalty]
    if missed:
        return (
            f"空闲的 {number} 个座席里, {missed[0].seat} 刚才有 {missed[0].misses} 次未接排到后面, "
            f"所以振座席 {chosen.seat}。"
        )
    return f"空闲的 {number} 个座席里座席 {chosen.seat} 的优先级最靠前 ({chosen.penalty}), 所以振它。"


def _idle(one: Candidate) -> str:
    if one.idle_seconds is None:
        return "签入后还没有接过电话"
    return f"空闲最久 ({one.idle_seconds} 秒)"


def _busy(candidates: Iterable[Candidate]) -> str:
    doing = Counter(
        one.hindrance or STATE_WORDS[SeatState(one.state)]
        for one in candidates
        if not one.able and one.state != SeatState.LOGGED_OFF
    )
    told = "、".join(f"{word} {number}" for word, number in sorted(doing.items()))
    return f" (其余: {told})" if told else ""
