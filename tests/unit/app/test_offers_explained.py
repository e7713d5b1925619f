"""What ``./hotline explain`` and ``./hotline seat list`` say."""

import io
import json
from dataclasses import replace
from datetime import timedelta

from rich.console import Console

from app.commands.seat import skills_shown, state_shown
from app.offers_explained import Explained, explained, plain, show
from core.events import EndReason
from core.ids import QueueName, SeatNo
from queue_manager.model import CallRow, OfferOutcome, OfferRow
from queue_manager.offering import Candidate, OfferReason
from queue_manager.seat_state import Seat, SeatNow, SeatState
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, CALLER, after

ONE, TWO = SeatNo("8001"), SeatNo("8002")
CALLED = CallRow(
    call_id=CALL,
    caller=CALLER,
    arrived_at=NINE_O_CLOCK,
    queue=QueueName("intake"),
    end_reason=EndReason.ANSWERED,
)


def offer(number: int, seat: SeatNo, outcome: OfferOutcome | None) -> OfferRow:
    return OfferRow(
        call_id=CALL,
        number=number,
        segment=1,
        queue=QueueName("intake"),
        seat=seat,
        offered_at=NINE_O_CLOCK + after(20 * number),
        ended_at=None,
        outcome=outcome,
        ring_seconds=15.0,
    )


def reason(number: int, seat: SeatNo, late: float = 0.0) -> OfferReason:
    ready = Candidate(seat=seat, state="ready", idle_seconds=132, penalty=0, misses=0)
    busy = Candidate(
        seat=SeatNo("8009"), state="ready", idle_seconds=7, penalty=5, misses=1, hindrance="占线"
    )
    return OfferReason(
        call_id=CALL,
        at=NINE_O_CLOCK + after(20 * number + late),
        seat=seat,
        queue=QueueName("intake"),
        sentence=f"这一刻只有座席 {seat} 空闲, 所以振它。",
        candidates=(ready, replace(busy, hindrance="占线")),
    )


def shown(call: CallRow, offers: list[Explained]) -> str:
    paper = io.StringIO()
    show(Console(file=paper, width=100), call, offers)
    return paper.getvalue()


def test_each_offer_is_told_with_what_came_of_it_and_why_it_was_this_seat() -> None:
    offers = [offer(1, ONE, OfferOutcome.RUNG_OUT), offer(2, TWO, OfferOutcome.ACCEPTED)]
    said = shown(CALLED, explained(offers, [reason(1, ONE), reason(2, TWO, late=0.4)]))
    assert "138****5678" in said
    assert CALLER not in said
    assert "座席 8001  响 15 秒  无人接" in said
    assert "这一刻只有座席 8002 空闲" in said
    assert "132 秒" in said
    assert "占线" in said


def test_the_same_seat_rung_twice_has_two_reasons() -> None:
    offers = [offer(1, ONE, OfferOutcome.RUNG_OUT), offer(2, ONE, OfferOutcome.ACCEPTED)]
    reasons = [reason(2, ONE), reason(1, ONE)]
    assert [one.reason.at for one in explained(offers, reasons) if one.reason] == [
        NINE_O_CLOCK + after(20),
        NINE_O_CLOCK + after(40),
    ]


def test_what_nobody_noted_is_not_made_up() -> None:
    said = shown(CALLED, explained([offer(1, ONE, OfferOutcome.ACCEPTED)], []))
    assert "没有记下理由" in said


def test_a_call_that_never_rang_says_so() -> None:
    said = shown(replace(CALLED, end_reason=EndReason.HUNG_UP_WAITING, caller=""), [])
    assert "没有振过座席" in said
    assert "排队中挂机" in said


def test_programs_get_the_same_as_json() -> None:
    told = plain(CALLED, explained([offer(1, ONE, OfferOutcome.ACCEPTED)], [reason(1, ONE)]))
    [one] = json.loads(json.dumps(told, ensure_ascii=False))["offers"]
    assert (one["seat"], one["outcome"], len(one["candidates"])) == ("8001", "accepted", 2)
    assert CALLER not in json.dumps(told)


def test_what_a_seat_does_is_told_with_its_reason_its_length_and_what_follows() -> None:
    def at(**changes: object) -> str:
        plain_ = SeatNow(seat=ONE, since=NINE_O_CLOCK, changed_at=NINE_O_CLOCK)
        return state_shown(replace(plain_, **changes), NINE_O_CLOCK + timedelta(minutes=75))  # type: ignore[arg-type]

    assert at() == state_shown(None, NINE_O_CLOCK) == "未签入"
    assert at(state=SeatState.PAUSED, reason="用餐") == "示忙(用餐) 1 小时 15 分"
    assert at(state=SeatState.TALKING, later="log_off").endswith("之后签出")
    assert at(state=SeatState.WRAP_UP, later="用餐").endswith("之后示忙(用餐)")
    assert at(state=SeatState.READY, misses=2).endswith("连续未接 2 次")
    assert at(state=SeatState.READY, since=NINE_O_CLOCK + timedelta(minutes=74)) == "示闲 1 分"
    assert at(state=SeatState.READY, since=NINE_O_CLOCK + timedelta(hours=2)) == "示闲 0 秒"


def test_what_a_seat_can_do_is_told_with_its_place() -> None:
    skills = {QueueName("english"): 5, QueueName("intake"): 0}
    seat = Seat(number=ONE, name="一号台", added_at=NINE_O_CLOCK, skills=skills)
    assert skills_shown(seat) == "english(5) intake"
