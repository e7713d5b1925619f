"""What seats wish for and what calls do to them, with Asterisk's queues as they must be."""

import pytest
from structlog.testing import capture_logs

from core.database import Database
from queue_manager import seat_store
from queue_manager.seat_state import SeatState
from tests.unit.queue_manager.seat_house import ONE, TWO, SeatHouse


@pytest.fixture
async def house(database: Database) -> SeatHouse:
    house = SeatHouse(database)
    await house.start()
    return house


class TestWishes:
    async def test_who_logs_in_is_rung_in_every_queue_that_it_serves_and_its_own(
        self, house: SeatHouse
    ) -> None:
        house.register.give_skill("8001", "english", 5)
        house.desk.heard({"event": "Reload", "module": "res_pjsip.so"})
        await house.turn()
        assert await house.desk.wish("8001", "log_in") == "done"
        await house.turn()
        assert house.there() == {
            "intake": (0, False, ""),
            "english": (5, False, ""),
            "seat-8001": (0, False, ""),
        }

    async def test_a_seat_that_nobody_registered_is_told_so(self, house: SeatHouse) -> None:
        assert await house.desk.wish("9999", "log_in") == "no_such_seat"

    async def test_a_wish_that_nobody_knows_fails(self, house: SeatHouse) -> None:
        assert await house.desk.wish("8001", "fly") == "failed"

    async def test_logging_in_and_off_twice(self, house: SeatHouse) -> None:
        answers = [await house.desk.wish("8001", wish) for wish in ("log_in", "log_in", "log_off", "log_off")]
        assert answers == ["done", "already", "done", "not_logged_in"]

    async def test_a_pause_with_its_reason_and_back(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        assert await house.desk.wish("8001", "pause", "用餐") == "done"
        assert await house.desk.wish("8001", "pause", "用餐") == "already"
        await house.turn()
        assert house.there()["intake"] == (0, True, "用餐")
        assert await house.desk.wish("8001", "ready") == "done"
        assert await house.desk.wish("8001", "ready") == "already"
        await house.turn()
        assert house.there()["intake"] == (0, False, "")

    async def test_a_reason_cannot_break_asterisks_own_list(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        await house.desk.wish("8001", "pause", "小;休,|\r\nAction: Logoff" + "长" * 50)
        assert house.now().reason == "小休ActionLogoff长长长长长长"

    async def test_without_logging_in_nothing_else_is_possible(self, house: SeatHouse) -> None:
        for wish in ("pause", "ready", "extend_wrap_up"):
            assert await house.desk.wish("8001", wish) == "not_logged_in"

    async def test_what_is_wished_in_a_talk_comes_after_talk_and_wrap_up(self, house: SeatHouse) -> None:
        citizen = await house.talk()
        assert await house.desk.wish("8001", "log_off") == "done"
        assert await house.desk.wish("8001", "log_off") == "already"
        house.asterisk.hang_up(citizen)
        await house.turn(10)
        assert house.state() is SeatState.WRAP_UP
        await house.turn(11)
        assert house.state() is SeatState.LOGGED_OFF
        assert house.there() == {}

    async def test_who_changes_his_mind_in_a_talk_stays(self, house: SeatHouse) -> None:
        citizen = await house.talk()
        await house.desk.wish("8001", "pause", "用餐")
        assert await house.desk.wish("8001", "ready") == "done"
        assert await house.desk.wish("8001", "ready") == "already"
        await house.desk.wish("8001", "log_off")
        assert await house.desk.wish("8001", "log_in") == "done"
        house.asterisk.hang_up(citizen)
        await house.turn(21)
        assert house.state() is SeatState.READY


class TestWrapUp:
    async def test_nobody_is_put_through_and_then_somebody_is(self, house: SeatHouse) -> None:
        citizen = await house.talk()
        house.asterisk.hang_up(citizen)
        await house.turn()
        assert house.there()["intake"] == (0, True, "话后处理")
        await house.turn(19)
        assert house.there()["intake"][1]
        await house.turn(2)
        assert house.there()["intake"] == (0, False, "")

    async def test_it_can_be_lengthened_up_to_a_limit(self, house: SeatHouse) -> None:
        citizen = await house.talk()
        assert await house.desk.wish("8001", "extend_wrap_up") == "done"
        house.asterisk.hang_up(citizen)
        answers = [await house.desk.wish("8001", "extend_wrap_up") for _ in range(5)]
        assert answers == ["done", "done", "done", "done", "not_allowed"]
        await house.turn(169)
        assert house.state() is SeatState.WRAP_UP
        await house.turn(2)
        assert house.state() is SeatState.READY
        assert await house.desk.wish("8001", "extend_wrap_up") == "too_late"

    @pytest.mark.parametrize("wish", ["pause", "log_off"])
    async def test_nothing_cuts_it_short_but_being_ready(self, house: SeatHouse, wish: str) -> None:
        house.asterisk.hang_up(await house.talk())
        await house.turn()
        assert await house.desk.wish("8001", wish, "用餐") == "done"
        await house.turn(15)
        assert house.state() is SeatState.WRAP_UP
        assert await house.desk.wish("8001", "ready") == "done"
        assert house.state() is SeatState.READY

    async def test_it_survives_a_restart_and_ends_when_it_was_to_end(self, house: SeatHouse) -> None:
        house.asterisk.hang_up(await house.talk())
        await house.turn(1)
        due = house.now().wrap_up_until
        house.kill()
        house.clock.forward(5)
        await house.start()
        assert (house.state(), house.now().wrap_up_until) == (SeatState.WRAP_UP, due)
        house.kill()
        house.clock.forward(600)
        await house.start()
        assert (house.state(), house.now().since) == (SeatState.READY, due)
        assert house.there()["intake"] == (0, False, "")


class TestCalls:
    async def test_the_longest_idle_seat_is_rung_and_it_is_written_down_why(self, house: SeatHouse) -> None:
        house.asterisk.hang_up(await house.talk())
        await house.turn(30)
        await house.desk.wish("8002", "log_in")
        await house.turn()
        citizen = house.asterisk.call()
        house.asterisk.ring()
        await house.turn()
        assert house.state(TWO) is SeatState.RINGING
        [reason] = house.database.now(lambda c: seat_store.offer_reasons_of(c, citizen.call_id))
        assert (reason.seat, reason.queue) == (TWO, "intake")
        assert [(one.seat, one.idle_seconds) for one in reason.candidates] == [(TWO, None), (ONE, 30)]
        assert "8002" in reason.sentence

    async def test_a_missed_call_puts_it_behind_the_others_and_an_answer_forgets_it(
        self, house: SeatHouse
    ) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        citizen = house.asterisk.call()
        house.asterisk.ring()
        house.asterisk.ring_out(citizen)
        await house.turn()
        assert house.there()["intake"] == (100, False, "")
        house.asterisk.ring()
        house.asterisk.answer(citizen)
        await house.turn()
        assert house.there()["intake"] == (0, False, "")
        assert house.now().misses == 0

    async def test_after_a_while_it_stands_in_line_again(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        citizen = house.asterisk.call()
        house.asterisk.ring()
        house.asterisk.ring_out(citizen)
        house.asterisk.hang_up(citizen)
        await house.turn(298)
        assert house.there()["intake"] == (100, False, "")
        await house.turn(4)
        assert house.there()["intake"] == (0, False, "")
        assert house.now().misses == 1

    async def test_the_third_call_missed_in_a_row_pauses_it(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        citizen = house.asterisk.call()
        for _ in range(3):
            await house.turn()
            assert house.state() is SeatState.READY
            house.asterisk.ring()
            house.asterisk.ring_out(citizen)
        await house.turn()
        assert house.there()["intake"][1:] == (True, "连续未接")
        await house.desk.wish("8001", "ready")
        await house.turn()
        assert house.there()["intake"] == (0, False, "")

    async def test_a_citizen_who_hangs_up_while_it_rings_is_no_miss(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        citizen = house.asterisk.call()
        house.asterisk.ring()
        assert house.state() is SeatState.RINGING
        house.asterisk.hang_up(citizen)
        assert (house.state(), house.now().misses) == (SeatState.READY, 0)

    async def test_a_talk_whose_end_nobody_saw_ends_with_the_telephone(self, house: SeatHouse) -> None:
        citizen = await house.talk()
        house.asterisk.desk = None
        house.asterisk.hang_up(citizen)
        house.asterisk.desk = house.desk
        house.desk.heard(
            {"event": "QueueMemberStatus", "queue": "intake", "interface": "PJSIP/8001", "status": "1"}
        )
        with capture_logs() as told:
            await house.turn(4)
        assert house.state() is SeatState.WRAP_UP
        assert any("结束没有看到" in line["event"] for line in told)

    async def test_a_colleague_who_was_asked_talks_to_the_citizen_that_was_put_through(
        self, house: SeatHouse
    ) -> None:
        asked = await house.talk()
        house.desk.heard(
            {
                "event": "AttendedTransfer",
                "result": "Success",
                "transfertargetuniqueid": asked.leg,
                "transfereeuniqueid": "hotline-77",
            }
        )
        assert (house.state(), house.now().call_id) == (SeatState.TALKING, "hotline-77")

    async def test_a_repeat_caller_is_led_to_the_seat_that_knows_him_if_it_is_ready(
        self, house: SeatHouse
    ) -> None:
        citizen = await house.talk()
        assert house.desk.preferred_seat("13812345678") is None
        house.asterisk.hang_up(citizen)
        await house.turn(21)
        assert house.desk.preferred_seat("13812345678") == ONE
        assert house.desk.preferred_seat("13900000000") is None
        await house.turn(24 * 3600)
        assert house.desk.preferred_seat("13812345678") is None
