"""Why a seat was rung: one true sentence for each case, and who else could have been."""

from dataclasses import replace

import pytest

from core.ids import QueueName, SeatNo
from queue_manager.offering import MOST_CANDIDATES, Candidate, kept_candidates, why
from queue_manager.seat_state import SeatState
from tests.house.tree import is_chinese

INTAKE = QueueName("intake")


def seat(number: int, **changes: object) -> Candidate:
    plain = Candidate(
        seat=SeatNo(str(number)), state=SeatState.READY.value, idle_seconds=60, penalty=0, misses=0
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


CASES = {
    "the longest idle": ([seat(8001, idle_seconds=132), seat(8002)], "空闲最久 (132 秒)"),
    "no call since it logged in": ([seat(8001, idle_seconds=None), seat(8002)], "签入后还没有接过电话"),
    "the only one": (
        [seat(8001), seat(8002, state="talking"), seat(8003, hindrance="占线")],
        "占线 1、通话 1",
    ),
    "the first in priority": ([seat(8001), seat(8002, penalty=5, idle_seconds=900)], "优先级最靠前"),
    "another missed a call": (
        [seat(8001, penalty=5), seat(8002, misses=1, put_back=True)],
        "8002 刚才有 1 次未接",
    ),
    "another should have been first": ([seat(8001), seat(8002, idle_seconds=900)], "应先振 8002"),
    "we thought it busy": ([seat(8001, state="wrap_up"), seat(8002)], "正在话后处理"),
    "not registered for it": ([seat(8002)], "没有登记这个技能组"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_reason_is_one_sentence_that_says(case: str) -> None:
    candidates, said = CASES[case]
    sentence = why(SeatNo("8001"), INTAKE, candidates)
    assert said in sentence
    assert "8001" in sentence
    assert sentence.count("。") == 1
    assert is_chinese(sentence)


def test_a_citizen_who_asks_for_a_seat_gets_that_one() -> None:
    assert "指名" in why(SeatNo("8001"), QueueName("seat-8001"), [])


def test_of_many_the_chosen_one_and_those_next_in_order_are_kept() -> None:
    many = [seat(8100 + number, idle_seconds=number) for number in range(80)]
    kept = kept_candidates(SeatNo("8105"), many)
    assert len(kept) == MOST_CANDIDATES
    assert [one.seat for one in kept[:3]] == ["8105", "8179", "8178"]
