"""What Asterisk's queues must look like, and the shortest way there."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.ids import QueueName, SeatNo
from queue_manager.projection import Membership, Memberships, Repair, repairs, seat_at, wanted
from queue_manager.seat_state import Seat, SeatNow, SeatState
from tests.fakes.clock import NINE_O_CLOCK

ONE = SeatNo("8001")
INTAKE, ENGLISH, OWN = QueueName("intake"), QueueName("english"), QueueName("seat-8001")
SEAT = Seat(number=ONE, name="一号台", added_at=NINE_O_CLOCK, skills={INTAKE: 0, ENGLISH: 5})
NOW = SeatNow(seat=ONE, since=NINE_O_CLOCK, changed_at=NINE_O_CLOCK, state=SeatState.READY)
READY = Membership(name="8001", penalty=0, paused=False, reason="")

memberships = st.dictionaries(
    st.sampled_from([INTAKE, ENGLISH, OWN, QueueName("other")]),
    st.builds(
        Membership,
        name=st.sampled_from(["8001", "张三"]),
        penalty=st.sampled_from([0, 5, 100]),
        paused=st.just(value=False),
        reason=st.just(""),
    ),
)


def test_a_ready_seat_is_in_each_of_its_queues_behind_those_who_know_more() -> None:
    assert wanted(SEAT, NOW) == {INTAKE: READY, ENGLISH: replace(READY, penalty=5), OWN: READY}


def test_one_that_missed_a_call_is_behind_every_other_for_a_while() -> None:
    missed = replace(NOW, misses=2, behind_until=NINE_O_CLOCK)
    assert [member.penalty for member in wanted(SEAT, missed).values()] == [200, 205, 0]
    forgiven = replace(missed, behind_until=None)
    assert [member.penalty for member in wanted(SEAT, forgiven).values()] == [0, 5, 0]


def test_one_that_is_logged_off_is_nowhere() -> None:
    assert wanted(SEAT, replace(NOW, state=SeatState.LOGGED_OFF)) == {}


def test_one_that_will_log_off_after_this_call_gets_no_other() -> None:
    assert wanted(SEAT, replace(NOW, state=SeatState.TALKING, later="log_off")) == {}


def test_a_pause_and_a_wrap_up_say_why() -> None:
    pause = wanted(SEAT, replace(NOW, state=SeatState.PAUSED, reason="用餐"))
    wrap_up = wanted(SEAT, replace(NOW, state=SeatState.WRAP_UP))
    assert {(one.paused, one.reason) for one in pause.values()} == {(True, "用餐")}
    assert {(one.paused, one.reason) for one in wrap_up.values()} == {(True, "话后处理")}


def test_nobody_is_handed_to_a_seat_that_is_paused_but_to_one_that_wraps_up_he_is() -> None:
    assert set(wanted(SEAT, replace(NOW, state=SeatState.PAUSED))) == {INTAKE, ENGLISH}
    assert set(wanted(SEAT, replace(NOW, state=SeatState.WRAP_UP))) == {INTAKE, ENGLISH, OWN}
    # nothing of such a pause would be left in Asterisk
    assert set(wanted(replace(SEAT, skills={}), replace(NOW, state=SeatState.PAUSED))) == {OWN}


def test_a_talk_is_no_pause_because_nobody_would_end_it_if_we_died() -> None:
    assert not any(one.paused for one in wanted(SEAT, replace(NOW, state=SeatState.TALKING)).values())


def test_one_pause_is_for_all_queues() -> None:
    must = wanted(SEAT, replace(NOW, state=SeatState.PAUSED, reason="用餐"))
    assert repairs(ONE, wanted(SEAT, NOW), must) == [
        Repair(action="QueueRemove", fields={"Interface": "PJSIP/8001", "Queue": OWN}),
        Repair(action="QueuePause", fields={"Interface": "PJSIP/8001", "Paused": "true", "Reason": "用餐"}),
    ]


def test_a_member_with_another_name_is_taken_out_and_put_in() -> None:
    there = {OWN: replace(READY, name="张三", penalty=9)}
    assert [repair.action for repair in repairs(ONE, there, {OWN: READY})] == ["QueueRemove", "QueueAdd"]


def test_nothing_is_sent_when_nothing_differs() -> None:
    assert repairs(ONE, wanted(SEAT, NOW), wanted(SEAT, NOW)) == []


@given(there=memberships, must=memberships)
def test_what_is_sent_makes_what_is_there_what_must_be(there: Memberships, must: Memberships) -> None:
    result = dict(there)
    for repair in repairs(ONE, there, must):
        queue = QueueName(repair.fields.get("Queue", ""))
        match repair.action:
            case "QueueRemove":
                del result[queue]
            case "QueueAdd":
                assert queue not in result
                penalty = int(repair.fields["Penalty"])
                result[queue] = replace(READY, name=repair.fields["MemberName"], penalty=penalty)
            case "QueuePenalty":
                result[queue] = replace(result[queue], penalty=int(repair.fields["Penalty"]))
    assert result == must


def test_only_a_telephone_of_ours_is_a_seat() -> None:
    assert seat_at("PJSIP/8001") == "8001"
    for other in ("Local/8001@x", "PJSIP/carrier", "8001", "", "PJSIP/"):
        assert seat_at(other) is None
