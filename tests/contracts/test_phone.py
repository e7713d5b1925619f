"""电话机: two real telephones call each other over the loopback: what one says, the other hears."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random

import pytest

from simulator.alaw import to_alaw
from simulator.call import EndedBy, TransferRefused
from simulator.caller_id import ANONYMOUS, CallerId
from simulator.incoming import IncomingCall
from simulator.outgoing import CallRefused, OutgoingCall
from simulator.phone import Phone, RegistrationRefused
from simulator.signalling import Line
from simulator.sip_message import Headers, SipMessage, with_body
from simulator.udp import UdpPort
from tests.processors import lived_again, naming_the_host

TONE = to_alaw(round(8000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(8000))
NOBODY = ("127.0.0.23", 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    citizen: Phone
    seat: Phone

    async def connect(self, caller: CallerId | None = None) -> tuple[OutgoingCall, IncomingCall]:
        outgoing = self.citizen.dial("8001", caller)
        incoming = await self.seat.next_call(within=2)
        await incoming.answer()
        await outgoing.until_answered(within=2)
        return outgoing, incoming


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        seat_line = Line(number="8001", server=NOBODY, ip="127.0.0.22")
        seat = await stack.enter_async_context(Phone(seat_line, Random(1)))
        citizen_line = Line(number="13800001111", server=seat.address, ip="127.0.0.21")
        citizen = await stack.enter_async_context(Phone(citizen_line, Random(2)))
        yield Pair(citizen=citizen, seat=seat)


async def test_a_call_rings_is_answered_and_both_hear_each_other(pair: Pair) -> None:
    outgoing = pair.citizen.dial("8001")
    await outgoing.until_ringing(within=2)
    incoming = await pair.seat.next_call(within=2)
    assert incoming.caller == "13800001111"
    assert not outgoing.talking
    await incoming.answer()
    await outgoing.until_answered(within=2)
    await asyncio.gather(outgoing.say(TONE), incoming.say(TONE))
    await asyncio.sleep(0.1)
    for call in (outgoing, incoming):
        assert TONE[800:7200] in call.audio.heard.sound()
        assert TONE in call.audio.said.sound()
    times = outgoing.times
    assert times.ringing_at is not None
    assert times.answered_at is not None
    assert times.invited_at <= times.ringing_at <= times.answered_at


@lived_again
async def test_sound_keeps_to_twenty_milliseconds_without_drifting(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    with naming_the_host():
        began = asyncio.get_running_loop().time()
        await outgoing.say(TONE)
        lasted = asyncio.get_running_loop().time() - began
        assert 0.96 <= lasted <= 1.1
        arrivals = [packet.at for packet in incoming.audio.heard.packets]
        assert (arrivals[-1] - arrivals[0]) / (len(arrivals) - 1) == pytest.approx(0.02, abs=0.001)


async def test_pressed_keys_arrive_once_and_in_order(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    await outgoing.press("1*#")
    await asyncio.sleep(0.1)
    assert incoming.audio.keys_heard == "1*#"


async def test_whoever_hangs_up_ends_it_for_both(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    await outgoing.hang_up()
    await incoming.until_over(within=1)
    assert (outgoing.ended_by, incoming.ended_by) == (EndedBy.US, EndedBy.THEM)

    outgoing, incoming = await pair.connect()
    await incoming.hang_up()
    await outgoing.until_over(within=1)
    assert (outgoing.ended_by, incoming.ended_by) == (EndedBy.THEM, EndedBy.US)


async def test_who_is_on_hold_is_not_heard_until_the_call_is_resumed(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    outgoing.audio.play(TONE, again_and_again=True)
    await asyncio.sleep(0.2)
    assert incoming.audio.heard.loudness() > 1000

    await incoming.hold()
    await asyncio.sleep(0.05)
    assert outgoing.held_by_peer
    held_at = asyncio.get_running_loop().time()
    await asyncio.sleep(0.2)
    assert incoming.audio.heard.loudness(since=held_at) == 0.0

    await incoming.resume()
    await asyncio.sleep(0.2)
    assert not outgoing.held_by_peer
    assert incoming.audio.heard.loudness(since=held_at + 0.2) > 1000


async def told_how_it_went(call: IncomingCall, status: str) -> None:
    """The peer does what Asterisk does after a REFER."""
    signalling, dialog = call._signalling, call._dialog

    def notify(_proof: Headers) -> SipMessage:
        event = (("Event", "refer"), ("Content-Type", "message/sipfrag;version=2.0"))
        via = signalling.via(signalling.new_branch())
        return with_body(dialog.request("NOTIFY", via, event), f"SIP/2.0 {status}\r\n")

    await signalling.ask(notify, call._peer)


async def test_a_call_is_handed_on_and_left_when_that_worked(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    handing_on = asyncio.create_task(outgoing.hand_on("8002", within=2))
    await asyncio.sleep(0.1)
    await told_how_it_went(incoming, "100 Trying")
    assert outgoing.talking
    await told_how_it_went(incoming, "200 OK")
    await handing_on
    assert outgoing.over
    await incoming.until_over(within=1)


async def test_a_call_that_could_not_be_handed_on_goes_on(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    handing_on = asyncio.create_task(outgoing.hand_on("8002", within=2))
    await asyncio.sleep(0.1)
    await told_how_it_went(incoming, "503 Service Unavailable")
    with pytest.raises(TransferRefused, match="503"):
        await handing_on
    with pytest.raises(TransferRefused, match="waited"):
        await outgoing.hand_on("8002", within=0.1)
    assert outgoing.talking
    assert incoming.talking


async def test_a_phone_has_two_calls_and_names_the_second_to_be_replaced(pair: Pair) -> None:
    held, _ = await pair.connect()
    await held.hold()
    second, _ = await pair.connect()
    assert held.talking
    assert second.call_id.replace("@", "%40") in second.to_be_replaced
    assert "to-tag%3D" in second.to_be_replaced


async def test_a_caller_who_gives_up_while_it_rings_cancels_the_call(pair: Pair) -> None:
    outgoing = pair.citizen.dial("8001")
    incoming = await pair.seat.next_call(within=2)
    await outgoing.until_ringing(within=2)
    await outgoing.hang_up()
    await incoming.until_over(within=1)
    assert (outgoing.status, outgoing.ended_by) == (487, EndedBy.US)
    assert (incoming.status, incoming.ended_by) == (487, EndedBy.THEM)
    await incoming.answer()
    assert not incoming.talking


async def test_a_declined_call_says_why(pair: Pair) -> None:
    outgoing = pair.citizen.dial("8001")
    (await pair.seat.next_call(within=2)).decline()
    with pytest.raises(CallRefused, match="486"):
        await outgoing.until_answered(within=2)
    assert outgoing.ended_by is EndedBy.REFUSED


async def test_a_phone_that_nobody_picks_up_keeps_ringing(pair: Pair) -> None:
    outgoing = pair.citizen.dial("8001")
    with pytest.raises(TimeoutError):
        await outgoing.until_answered(within=0.3)
    assert outgoing.times.ringing_at is not None
    assert not outgoing.over


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        (CallerId(), ""),
        (ANONYMOUS, "anonymous"),
        (CallerId(name="张" * 300, number="9" * 300), "9" * 300),
        (CallerId(name='"><sip:110@x>', number="13800001111"), "13800001111"),
        (CallerId(name="a\r\nb", number="1\r\nX: y"), "1\r\nX: y"),
    ],
)
async def test_any_caller_id_gets_through(pair: Pair, caller: CallerId, number: str) -> None:
    _, incoming = await pair.connect(caller)
    assert incoming.caller == number


async def test_two_calls_at_the_same_instant_do_not_disturb_each_other(pair: Pair) -> None:
    first, second = pair.citizen.dial("8001"), pair.citizen.dial("8001")
    for _ in range(2):
        await (await pair.seat.next_call(within=2)).answer()
    await asyncio.gather(first.until_answered(within=2), second.until_answered(within=2))
    await first.hang_up()
    assert second.talking


async def test_a_server_that_says_nothing_is_asked_again_and_again(pair: Pair) -> None:
    asked: list[bytes] = []
    deaf = UdpPort(("127.0.0.22", 0), lambda data, _: asked.append(data))
    line = Line(number="1", server=deaf.address, ip="127.0.0.21")
    async with Phone(line, Random(3)) as phone:
        call = phone.dial("12345")
        await asyncio.sleep(0.7)
        await phone.unplug()
        assert call.over
    deaf.close()
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert pair.citizen is not None


async def test_a_refused_registration_is_a_clear_sentence(pair: Pair) -> None:
    line = Line(number="8002", server=pair.seat.address, ip="127.0.0.21")
    async with Phone(line, Random(4)) as phone:
        with pytest.raises(RegistrationRefused, match="8002"):
            await phone.register()


async def test_garbage_on_the_line_disturbs_nobody(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    stranger = UdpPort(("127.0.0.24", 0), lambda *_: None)
    for data in (
        b"",
        b"\x00" * 50,
        b"hello",
        b"INVITE",
        b"BYE sip:x SIP/2.0\r\nCall-ID: z\r\nCSeq: 1 BYE\r\n\r\n",
    ):
        stranger.send(data, pair.seat.address)
        stranger.send(data, incoming.audio.address)
    await asyncio.sleep(0.1)
    stranger.close()
    assert outgoing.talking
    assert incoming.talking


async def test_an_unplugged_phone_leaves_the_other_alone_in_the_call(pair: Pair) -> None:
    outgoing, incoming = await pair.connect()
    await pair.citizen.unplug()
    await asyncio.sleep(0.1)
    assert outgoing.over
    assert incoming.talking
