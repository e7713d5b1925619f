"""Telephones that go away, acts in a talk, supervisors, clocks, the register, nonsense."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core.database import Database
from core.ids import SeatNo
from queue_manager import seat_store
from queue_manager.seat_state import SeatState
from tests.unit.queue_manager.seat_house import ONE, TWO, SeatHouse


@pytest.fixture
async def house(database: Database) -> SeatHouse:
    house = SeatHouse(database)
    await house.start()
    return house


class TestTelephones:
    async def test_a_telephone_that_is_away_for_long_is_named_paused_and_comes_back(
        self, house: SeatHouse
    ) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        with capture_logs() as told:
            house.asterisk.unplug(ONE)
            await house.turn(8)
            assert house.state() is SeatState.READY
            await house.turn(3)
        assert (house.state(), house.now().reason) == (SeatState.PAUSED, "掉线")
        assert any("掉线" in line["event"] for line in told)
        await house.turn(60)
        house.asterisk.plug_in(ONE)
        assert house.state() is SeatState.READY

    async def test_one_that_stays_away_is_logged_off(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        house.asterisk.unplug(ONE)
        await house.turn(620)
        assert house.state() is SeatState.LOGGED_OFF
        assert house.there() == {}

    @pytest.mark.parametrize("unplugged", [True, False])
    async def test_one_that_asterisk_hung_up_because_it_sent_nothing_is_named(
        self,
        house: SeatHouse,
        unplugged: bool,
    ) -> None:
        citizen = await house.talk()
        if unplugged:
            house.asterisk.unplug(ONE)
        with capture_logs() as told:
            house.asterisk.cut_off(citizen)
            await house.turn()
        line, *more = [one for one in told if one["log_level"] == "warning"]
        assert (line["event"], line["seat"]) == ("座席话机在通话中断线, 市民回到队首", ONE)
        assert line["call_id"] == citizen.call_id
        # a telephone that can be reached and sends nothing saves packets while its seat listens
        assert [one["event"].count("静音抑制") for one in more] == ([] if unplugged else [1])
        assert house.state() is SeatState.WRAP_UP

    async def test_one_that_is_pulled_out_in_a_talk_is_named_and_the_talk_is_not_ended(
        self, house: SeatHouse
    ) -> None:
        citizen = await house.talk()
        house.asterisk.unplug(ONE)
        with capture_logs() as told:
            await house.turn(12)
        [line] = [line for line in told if "通话中掉线" in line["event"]]
        assert (line["seat"], line["call_id"]) == (ONE, citizen.call_id)
        assert house.state() is SeatState.TALKING
        house.asterisk.hang_up(citizen)
        await house.turn(21)
        assert (house.state(), house.now().reason) == (SeatState.PAUSED, "掉线")

    async def test_whoever_dials_a_code_has_a_telephone(self, house: SeatHouse) -> None:
        await house.desk.wish("8001", "log_in")
        await house.turn()
        house.asterisk.unplug(ONE)
        await house.turn(12)
        house.asterisk.unplugged.clear()
        assert await house.desk.wish("8001", "ready") in ("done", "already")
        assert house.state() is SeatState.READY


class TestActs:
    async def test_the_recording_of_the_present_talk_is_silenced(self, house: SeatHouse) -> None:
        assert await house.desk.wish("8001", "pause_recording") == "no_call"
        citizen = await house.talk()
        assert await house.desk.wish("8001", "pause_recording") == "done"
        assert await house.desk.wish("8001", "resume_recording", "hotline-77") == "done"
        assert await house.desk.wish("8001", "three_way") == "not_allowed"
        assert house.acts.done == [
            ("pause", citizen.call_id),
            ("resume", "hotline-77"),
            ("call_in", citizen.call_id),
        ]

    async def test_the_last_call_can_still_be_marked_urgent_once(self, house: SeatHouse) -> None:
        assert await house.desk.wish("8001", "mark_urgent") == "no_call"
        citizen = await house.talk()
        house.asterisk.hang_up(citizen)
        await house.turn(60)
        answers = [await house.desk.wish("8001", "mark_urgent") for _ in range(2)]
        assert answers == ["done", "already"]
        assert [mark[:2] for mark in house.marked] == [(citizen.call_id, ONE)]

    async def test_only_a_supervisor_listens_and_it_is_written_down(self, house: SeatHouse) -> None:
        citizen = await house.talk()
        assert await house.desk.wish("8002", "listen_in", "8001") == "not_allowed"
        house.register.add("8002", supervisor=True)
        await house.turn(301)
        answers = [await house.desk.wish("8002", "whisper", seat) for seat in ("8001", "8003", "8002", "77")]
        assert answers == ["done", "no_call", "not_allowed", "no_such_seat"]
        await house.desk.paper.write()
        end = house.clock.forward(1)
        asked = house.database.now(lambda c: seat_store.supervision_between(c, citizen.since, end))
        assert ("8002", "whisper", "8001", citizen.call_id, "done") in [
            (one.seat, one.wish, one.about, one.call_id, one.answer) for one in asked
        ]


class TestClock:
    async def test_a_clock_that_is_set_back_lengthens_nothing_and_is_named(self, house: SeatHouse) -> None:
        house.asterisk.hang_up(await house.talk())
        await house.turn(5)
        house.clock.forward(-3600)
        with capture_logs() as told:
            await house.turn(14)
            assert house.state() is SeatState.WRAP_UP
            await house.turn(3)
        assert house.state() is SeatState.READY
        assert any("时钟倒退" in line["event"] for line in told)
        citizen = await house.talk()
        house.asterisk.hang_up(citizen)
        await house.turn(19)
        assert house.state() is SeatState.WRAP_UP
        await house.turn(3)
        assert house.state() is SeatState.READY
        since, until = house.clock.now() - timedelta(days=1), house.clock.now() + timedelta(days=1)
        changes = house.database.now(lambda c: seat_store.seat_events_between(c, since, until))
        instants = [change.at for change in changes if change.seat == ONE]
        assert instants == sorted(instants)


class TestRegister:
    async def test_a_seat_that_is_removed_is_logged_off_when_its_talk_is_over(self, house: SeatHouse) -> None:
        citizen = await house.talk()
        house.register.remove("8001")
        await house.turn(301)
        assert house.state() is SeatState.TALKING
        house.asterisk.hang_up(citizen)
        await house.turn(21)
        assert house.there() == {}

    async def test_a_new_seat_can_log_in_without_a_restart(self, house: SeatHouse) -> None:
        house.register.add("8004")
        house.asterisk.members["seat-8004"] = {}
        house.desk.heard({"event": "Reload", "module": "res_pjsip.so"})
        await house.turn()
        assert await house.desk.wish("8004", "log_in") == "done"
        await house.turn()
        assert house.is_projected(SeatNo("8004"))


class TestNonsense:
    @pytest.mark.parametrize(
        "event",
        [
            {},
            {"event": "AgentCalled"},
            {"event": "AgentConnect", "interface": "PJSIP/8001"},
            {"event": "AgentCalled", "interface": "Local/8001@x", "timestamp": "soon"},
            {"event": "QueueMemberPause", "interface": "PJSIP/8001", "paused": "?", "penalty": "-x"},
            {"event": "Hangup", "uniqueid": ""},
            {"event": "ContactStatus", "endpointname": "nobody", "contactstatus": "Unreachable"},
            {"event": "UserEvent", "userevent": "SeatCode", "seat": "nobody", "wish": "log_in"},
            {"event": "AgentRingNoAnswer", "timestamp": "1e400"},
        ],
    )
    async def test_an_event_that_makes_no_sense_does_no_harm(
        self, house: SeatHouse, event: dict[str, str]
    ) -> None:
        house.desk.heard(event)
        await house.turn(2)
        assert house.is_projected(TWO)
