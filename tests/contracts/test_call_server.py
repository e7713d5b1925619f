"""The door on which Asterisk knocks: real sockets, Asterisk's side played as it was seen to behave."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from agi_scripts import agi_call
from agi_scripts.fastagi import AgiDoor, AgiPortTaken, AgiServer, Flows
from core.events import CallArrived, Fact, FlowEnded
from core.ids import CallId, QueueName, SeatNo
from ivr.call import Call, Flow, HangUp, Next, SeatCall, ToQueue
from ivr.flows.citizen_call import citizen_call
from ivr.flows.seat_desk import seat_desk
from ivr.prompt_book import Prompt
from ivr.seat_desk import Answer, Wish
from tests.fakes.asterisk_channel import AsteriskChannel
from tests.fakes.call import StrangersOnly
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.seat_desk import FakeSeatDesk

CALL = CallId("hotline-1772413200.1")
SOON = 0.1


class FlowBroken(Exception):
    pass


async def turn_away(call: Call) -> Next:
    await call.say(Prompt.NUMBER_UNKNOWN)
    return HangUp()


async def broken_flow(call: Call) -> Next:
    raise FlowBroken(call.call_id)


async def endless_flow(_call: Call) -> Next:
    await asyncio.Event().wait()
    return HangUp()


async def ordinary_flow(call: Call) -> Next:
    return await citizen_call(call, StrangersOnly())


class Door:
    """A server and what it told."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.told: list[Fact] = []
        self.flow: Flow = ordinary_flow
        self.desk = FakeSeatDesk()
        place = AgiDoor(port=port, node="hotline", prompts=Path("/prompts"))
        flows = Flows(citizen=self._run, seat=self._run_seat)
        self.server = AgiServer(place, flows, self.told.append, StandingClock())

    async def _run(self, call: Call) -> Next:
        return await self.flow(call)

    async def _run_seat(self, call: SeatCall) -> Next:
        return await seat_desk(call, self.desk)

    async def knock(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def call(self, channel: AsteriskChannel) -> None:
        await channel.talk(*await self.knock())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door(free_port())
    await door.server.start()
    yield door
    await door.server.stop()
    assert len(asyncio.all_tasks()) == 1


async def test_a_call_arrives_is_greeted_and_goes_to_the_queue(door: Door) -> None:
    channel = AsteriskChannel()
    await door.call(channel)
    assert channel.heard == [Prompt.GREETING]
    assert channel.variables["FLOW_NEXT"] == "intake"
    assert door.told == [
        CallArrived(
            call_id=CALL,
            at=NINE_O_CLOCK,
            node="hotline",
            caller="13812345678",
            dialled="12345",
            recording="/recordings/hotline-1772413200.1.raw",
        ),
        FlowEnded(call_id=CALL, at=NINE_O_CLOCK, to="intake"),
    ]


async def test_the_whole_call_takes_three_commands(door: Door) -> None:
    channel = AsteriskChannel()
    await door.call(channel)
    assert len(channel.commands) == 3


async def test_the_leash_is_lengthened_before_anything_is_said(door: Door, tmp_path: Path) -> None:
    (tmp_path / "greeting.wav").write_bytes(bytes(16000 * 4))
    door.server._door = AgiDoor(port=door.port, node="hotline", prompts=tmp_path)
    channel = AsteriskChannel()
    await door.call(channel)
    assert channel.commands[0] == 'SET VARIABLE "TIMEOUT(absolute)" "6.0"'


async def test_a_key_cuts_the_prompt_short_and_the_flow_goes_on(door: Door) -> None:
    channel = AsteriskChannel(presses_a_key_in=Prompt.GREETING)
    await door.call(channel)
    assert channel.variables["FLOW_NEXT"] == "intake"
    assert channel.variables["PLAYBACKSTATUS"] == "SUCCESS"


async def test_a_prompt_that_cannot_be_played_does_not_stop_the_call(door: Door) -> None:
    channel = AsteriskChannel(cannot_play=Prompt.GREETING)
    with structlog.testing.capture_logs() as logs:
        await door.call(channel)
    assert channel.variables["FLOW_NEXT"] == "intake"
    assert [line["log_level"] for line in logs] == ["error"]


async def test_a_flow_can_end_the_call(door: Door) -> None:
    door.flow = turn_away
    channel = AsteriskChannel()
    await door.call(channel)
    assert channel.variables["FLOW_NEXT"] == "hang_up"


async def test_a_flow_can_send_a_citizen_to_one_seat_first(door: Door) -> None:
    async def back_to_the_same_seat(_call: Call) -> Next:
        return ToQueue(QueueName("intake"), first=QueueName("seat-8002"))

    door.flow = back_to_the_same_seat
    channel = AsteriskChannel()
    await door.call(channel)
    assert channel.variables["FLOW_FIRST"] == "seat-8002"
    assert channel.variables["FLOW_NEXT"] == "intake"


async def test_a_seat_that_dials_a_code_is_served_and_is_no_citizen(door: Door) -> None:
    channel = AsteriskChannel(arguments=("8001", "*12", ""))
    await door.call(channel)
    assert door.desk.wishes == [(SeatNo("8001"), Wish.LOG_IN, "")]
    assert channel.heard == [Prompt.SEAT_LOGGED_IN]
    assert channel.variables["FLOW_NEXT"] == "hang_up"
    assert door.told == []


async def test_a_seat_is_asked_why_it_pauses(door: Door) -> None:
    channel = AsteriskChannel(arguments=("8001", "*14", ""), key="4")
    await door.call(channel)
    assert door.desk.wishes == [(SeatNo("8001"), Wish.PAUSE, "会议")]
    assert channel.heard == [Prompt.SEAT_PAUSE_REASON, Prompt.SEAT_PAUSED_MEETING]


async def test_a_supervisor_is_led_to_the_other_seat(door: Door) -> None:
    channel = AsteriskChannel(arguments=("8001", "*218002", "yes"))
    await door.call(channel)
    assert channel.variables["FLOW_SEAT"] == "8002"
    assert channel.variables["FLOW_NEXT"] == "whisper"


async def test_a_seat_desk_that_fails_leaves_the_decision_to_the_dialplan(door: Door) -> None:
    door.desk.trouble = FlowBroken()
    channel = AsteriskChannel(arguments=("8001", "*12", ""))
    with structlog.testing.capture_logs() as logs:
        await door.call(channel)
    assert "FLOW_NEXT" not in channel.variables
    assert [line["event"] for line in logs] == ["flow failed"]


async def test_a_seat_that_may_not_is_told_so(door: Door) -> None:
    door.desk.answer = Answer.NOT_ALLOWED
    channel = AsteriskChannel(arguments=("8001", "*23", ""))
    await door.call(channel)
    assert channel.heard == [Prompt.NO_WAY_OUT]


async def test_a_citizen_who_hangs_up_is_no_error_and_ends_no_flow(door: Door) -> None:
    with structlog.testing.capture_logs() as logs:
        await door.call(AsteriskChannel(hangs_up_in=Prompt.GREETING))
    assert [type(fact) for fact in door.told] == [CallArrived]
    assert logs == []


async def test_a_mistake_in_a_flow_gives_the_call_back_and_leaves_the_door_open(door: Door) -> None:
    door.flow = broken_flow
    channel = AsteriskChannel()
    with structlog.testing.capture_logs() as logs:
        await door.call(channel)
    assert "FLOW_NEXT" not in channel.variables
    assert [line["event"] for line in logs] == ["flow failed"]
    door.flow = ordinary_flow
    after = AsteriskChannel()
    await door.call(after)
    assert after.variables["FLOW_NEXT"] == "intake"


async def test_an_asterisk_that_freezes_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agi_call, "GRACE_SECONDS", SOON)
    frozen = asyncio.create_task(door.call(AsteriskChannel(freezes=True)))
    with structlog.testing.capture_logs() as logs:
        await asyncio.sleep(SOON * 3)
    assert [line["event"] for line in logs] == ["flow given up"]
    frozen.cancel()
    await asyncio.gather(frozen, return_exceptions=True)


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n",
        b"\xff\xfe\n",
        b"agi_network: yes\n\n",
        b"agi_network_script: seat_desk\n\n",
        b"agi_network_script: no_such_flow\nagi_arg_1: hotline-1772413200.1\n\n",
        b"agi_network: yes\n" * 1000,
        b"agi_" + b"x" * 100_000,
    ],
)
async def test_garbage_is_closed_with_one_line_in_the_log(door: Door, garbage: bytes) -> None:
    with structlog.testing.capture_logs() as logs:
        reader, writer = await door.knock()
        writer.write(garbage)
        writer.write_eof()
        await _until_closed(reader)
        writer.close()
    assert [line["event"] for line in logs] == ["not a call"]
    assert door.told == []


async def test_whoever_says_nothing_is_shown_out(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agi_call, "ENVIRONMENT_SECONDS", SOON)
    with structlog.testing.capture_logs() as logs:
        reader, writer = await door.knock()
        await _until_closed(reader)
        writer.close()
    assert [line["event"] for line in logs] == ["not a call"]


async def test_two_hundred_calls_at_the_same_instant_are_all_served(door: Door) -> None:
    channels = [AsteriskChannel(call_id=f"hotline-1772413200.{number}") for number in range(200)]
    await asyncio.gather(*(door.call(channel) for channel in channels))
    assert {channel.variables["FLOW_NEXT"] for channel in channels} == {"intake"}
    assert len({fact.call_id for fact in door.told}) == 200


async def test_stopping_lets_go_of_calls_in_a_flow(door: Door) -> None:
    door.flow = endless_flow
    call = asyncio.create_task(door.call(AsteriskChannel()))
    await asyncio.sleep(SOON)
    await door.server.stop()
    await call
    assert [type(fact) for fact in door.told] == [CallArrived]


async def test_a_port_that_is_taken_is_a_plain_sentence(door: Door) -> None:
    second = Door(door.port)
    with pytest.raises(AgiPortTaken, match=str(door.port)):
        await second.server.start()
    await second.server.stop()


async def _until_closed(reader: asyncio.StreamReader) -> None:
    try:
        await reader.read()
    except ConnectionError:
        return
