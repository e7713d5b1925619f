"""Hands that meddle, lines that break, engines that die: what is repaired and what is taken over."""

import pytest
from structlog.testing import capture_logs

from core.database import Database
from queue_manager import seat_store
from queue_manager.seat_keeping import LOOK_AGAIN
from queue_manager.seat_state import SeatState
from tests.unit.queue_manager.seat_house import ONE, TWO, SeatHouse


@pytest.fixture
async def house(database: Database) -> SeatHouse:
    house = SeatHouse(database)
    await house.start()
    return house


class TestMeddling:
    @pytest.mark.parametrize("deed", ["paused", "removed", "renamed", "punished", "put in"])
    async def test_what_is_changed_by_hand_is_mended_at_once_and_named(
        self, house: SeatHouse, deed: str
    ) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn(10)
        asterisk, phone = house.asterisk, "PJSIP/8001"
        if deed == "paused":
            asterisk.pause(phone, "乱来", paused=True)
        elif deed == "punished":
            asterisk.punish("intake", phone, 7)
        elif deed == "put in":
            asterisk.add("english", phone, "8001")
        else:
            asterisk.remove("intake", phone)
        if deed == "renamed":
            asterisk.add("intake", phone, "张三")
        with capture_logs() as told:
            await house.turn()
        assert house.is_projected()
        [line] = [line for line in told if "被人改动" in line["event"]]
        words = {
            "paused": "被示忙",
            "removed": "被移出 intake",
            "renamed": "改名为 张三",
            "punished": "优先级改为 7",
            "put in": "被加入 english",
        }
        assert words[deed] in line["what"]

    async def test_who_vanished_without_a_word_is_put_back_when_all_are_compared(
        self, house: SeatHouse
    ) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn(10)
        for members in house.asterisk.members.values():
            members.pop("PJSIP/8001", None)
        await house.turn(LOOK_AGAIN.total_seconds() + 10)
        assert house.is_projected()

    async def test_another_reason_of_a_pause_is_named_too(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        await house.desk.wish("8001", "pause", "用餐")
        await house.turn()
        house.asterisk.pause("PJSIP/8001", "乱来", paused=True)
        with capture_logs() as told:
            await house.turn()
        assert [line["what"] for line in told if "被人改动" in line["event"]] == ["示忙原因改为 乱来"]
        assert house.is_projected()

    async def test_our_own_changes_are_not_taken_for_meddling(self, house: SeatHouse) -> None:
        with capture_logs() as told:
            house.asterisk.hang_up(await house.talk())
            await house.turn(30)
        assert [line for line in told if "被人改动" in line["event"]] == []

    async def test_what_the_dialplan_did_itself_while_we_hung_is_taken_over(self, house: SeatHouse) -> None:
        house.asterisk.log_in("8001")
        await house.turn()
        assert house.state() is SeatState.READY
        assert house.is_projected()
        house.asterisk.log_off("8001")
        await house.turn()
        assert house.state() is SeatState.LOGGED_OFF
        assert house.there() == {}

    async def test_what_asterisk_refuses_is_said_once_and_tried_later(self, house: SeatHouse) -> None:
        del house.asterisk.members["seat-8001"]
        await house.desk.wish("8001", "log_in")
        with capture_logs() as told:
            await house.turn(20)
        assert len([line for line in told if "不肯" in line["event"]]) == 1
        house.asterisk.members["seat-8001"] = {}
        await house.turn(20)
        assert house.is_projected()


class TestGaps:
    async def test_nothing_is_sent_or_kept_for_later_while_the_line_is_cut(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        house.cut_line()
        house.asterisk.sent.clear()
        await house.desk.wish("8001", "pause", "用餐")
        await house.turn(10)
        await house.desk.wish("8001", "ready")
        await house.turn(10)
        assert house.asterisk.sent == []
        house.mend_line()
        await house.turn()
        assert house.asterisk.sent == []
        assert house.is_projected()

    async def test_a_wish_of_meanwhile_reaches_asterisk_when_the_line_is_mended(
        self, house: SeatHouse
    ) -> None:
        house.cut_line()
        assert await house.desk.wish("8001", "log_in") == "done"
        await house.turn(10)
        house.mend_line()
        await house.turn()
        assert house.there()["intake"] == (0, False, "")

    @pytest.mark.parametrize("gap", ["line", "engine"])
    async def test_what_seats_did_without_us_is_taken_over(self, house: SeatHouse, gap: str) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        await house.leave(gap)
        house.asterisk.log_off("8001")
        house.asterisk.log_in("8002")
        logged_in_at = int(house.clock.now().timestamp())
        house.asterisk.pause("PJSIP/8002", "用餐", paused=True)
        await house.turn(30)
        await house.come_back(gap)
        assert house.state(ONE) is SeatState.LOGGED_OFF
        assert (house.state(TWO), house.now(TWO).reason) == (SeatState.PAUSED, "用餐")
        assert int(house.now(TWO).since.timestamp()) == logged_in_at
        assert house.is_projected(ONE)
        assert house.is_projected(TWO)

    @pytest.mark.parametrize("gap", ["line", "engine"])
    async def test_a_seat_that_ended_its_pause_without_us_is_ready(self, house: SeatHouse, gap: str) -> None:
        await house.desk.wish("8001", "log_in")
        await house.desk.wish("8001", "pause", "用餐")
        await house.turn()
        await house.leave(gap)
        house.asterisk.be_ready("8001")
        await house.come_back(gap)
        assert house.state() is SeatState.READY

    @pytest.mark.parametrize("gap", ["line", "engine"])
    async def test_a_talk_goes_on_over_a_gap(self, house: SeatHouse, gap: str) -> None:
        citizen = await house.talk()
        await house.leave(gap)
        await house.turn(30)
        await house.come_back(gap)
        assert (house.state(), house.now().call_id) == (SeatState.TALKING, citizen.call_id)
        house.asterisk.hang_up(citizen)
        assert house.state() is SeatState.WRAP_UP

    @pytest.mark.parametrize("gap", ["line", "engine"])
    async def test_a_talk_that_ended_in_a_gap_ended_when_asterisk_says(
        self, house: SeatHouse, gap: str
    ) -> None:
        citizen = await house.talk()
        await house.turn(60)
        await house.leave(gap)
        await house.turn(10)
        ended = house.clock.now()
        house.asterisk.hang_up(citizen)
        await house.turn(300)
        await house.come_back(gap)
        until = house.clock.forward(1)
        changes = house.database.now(lambda c: seat_store.seat_events_between(c, ended, until))
        assert next((change.event, change.at) for change in changes) == ("call_over", ended)
        assert house.state() is SeatState.READY

    @pytest.mark.parametrize("gap", ["line", "engine"])
    async def test_a_talk_that_began_in_a_gap_is_found(self, house: SeatHouse, gap: str) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        await house.leave(gap)
        citizen = house.asterisk.call()
        house.asterisk.ring()
        house.asterisk.answer(citizen)
        await house.turn(5)
        await house.come_back(gap)
        assert (house.state(), house.now().call_id) == (SeatState.TALKING, citizen.call_id)
        house.asterisk.hang_up(citizen)
        assert house.state() is SeatState.WRAP_UP

    async def test_after_a_crash_of_asterisk_seats_take_calls_at_once(self, house: SeatHouse) -> None:
        await house.talk()
        house.asterisk.crash()
        await house.turn(5)
        house.mend_line()
        await house.turn()
        assert house.state() is SeatState.READY
        assert house.there()["intake"] == (0, False, "")
