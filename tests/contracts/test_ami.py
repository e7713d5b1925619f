"""The manager interface: one body for a server written by hand and for the real Asterisk."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from app.demo import demo_instance
from app.house import node_of
from app.parts import AMI_USER, asterisk_part
from app.supervisor import Supervisor
from asterisk_conf.render import render
from queue_manager.ami import ActionRefused, Ami, AmiDoor, AsteriskAway, UnsafeAction
from tests.fakes.manager_server import ManagerServer

SECRET = "a-secret-of-the-tests"
SOON_SECONDS = 10.0
FROZEN_SECONDS = 15.0
EVENT = "Event: PeerStatus\r\nNote: {}\r\n\r\n"


@dataclass(kw_only=True)
class Peer:
    """Whoever is at the other end, and what the tests can do to it."""

    door: AmiDoor
    freeze: Callable[[], None]
    thaw: Callable[[], None]


class Listening:
    """A connection that is kept up, and what came over it."""

    def __init__(self, door: AmiDoor) -> None:
        self.heard: list[dict[str, str]] = []
        self.log_ins = 0
        self.ami = Ami(door, self.heard.append)

    def logged_in(self) -> None:
        self.log_ins += 1

    async def until(self, seen: Callable[[], bool], seconds: float = SOON_SECONDS) -> None:
        async with asyncio.timeout(seconds):
            while not seen():  # noqa: ASYNC110 - what is awaited has no event
                await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(door: AmiDoor) -> AsyncIterator[Listening]:
    ears = Listening(door)
    running = asyncio.ensure_future(ears.ami.run(ears.logged_in))
    try:
        yield ears
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def by_hand() -> AsyncIterator[Peer]:
    server = ManagerServer(SECRET)
    await server.start()
    try:
        yield Peer(
            door=AmiDoor(host="127.0.0.1", port=server.port, user=AMI_USER, secret=SECRET),
            freeze=lambda: setattr(server, "silent", True),
            thaw=lambda: setattr(server, "silent", False),
        )
    finally:
        await server.stop()


@asynccontextmanager
async def real() -> AsyncIterator[Peer]:
    instance = demo_instance("contract-ami")
    with instance.claimed(afresh=True):
        instance.make_folders()
        instance.save()
        render(node_of(instance, ()), instance.asterisk)
        instance.give_tree(instance.asterisk)
        supervisor = Supervisor()
        assert instance.places.asterisk is not None
        await supervisor.start(asterisk_part(instance, instance.places.asterisk))
        pid = supervisor.pid_of("asterisk")
        port, secret = instance.settings.doors.ami, instance.secret("ami")
        try:
            yield Peer(
                door=AmiDoor(host="127.0.0.1", port=port, user=AMI_USER, secret=secret),
                freeze=lambda: os.kill(pid, signal.SIGSTOP),
                thaw=lambda: os.kill(pid, signal.SIGCONT),
            )
        finally:
            os.kill(pid, signal.SIGCONT)
            await supervisor.stop()


@pytest.fixture(params=[by_hand, real], ids=["by hand", "asterisk"])
async def peer(request: pytest.FixtureRequest) -> AsyncIterator[Peer]:
    async with request.param() as other:
        yield other


async def test_it_logs_in_acts_and_is_answered(peer: Peer) -> None:
    async with listening(peer.door) as ears:
        await ears.until(ears.ami.connected.is_set)
        [pong] = await ears.ami.act("Ping")
        assert pong["response"] == "Success"
        channels = await ears.ami.act("CoreShowChannels")
        assert channels[-1]["event"] == "CoreShowChannelsComplete"


async def test_a_wrong_password_is_no_connection(peer: Peer) -> None:
    door = AmiDoor(host=peer.door.host, port=peer.door.port, user=AMI_USER, secret="wrong-wrong-wrong")
    async with listening(door) as ears:
        await asyncio.sleep(1.5)
        assert not ears.ami.connected.is_set()
        with pytest.raises(AsteriskAway):
            await ears.ami.act("Ping")


async def test_a_line_break_in_a_value_is_never_sent(peer: Peer) -> None:
    async with listening(peer.door) as ears:
        await ears.until(ears.ami.connected.is_set)
        with pytest.raises(UnsafeAction):
            await ears.ami.act("QueueStatus", Queue="intake\r\nAction: Logoff")
        assert (await ears.ami.act("Ping"))[0]["response"] == "Success"


async def test_a_peer_that_stops_answering_is_noticed_and_found_again(peer: Peer) -> None:
    async with listening(peer.door) as ears:
        await ears.until(ears.ami.connected.is_set)
        peer.freeze()
        await ears.until(lambda: not ears.ami.connected.is_set(), FROZEN_SECONDS)
        peer.thaw()
        await ears.until(ears.ami.connected.is_set)
        assert ears.log_ins == 2


async def test_what_our_rights_do_not_allow_is_refused() -> None:
    async with real() as peer, listening(peer.door) as ears:
        await ears.until(ears.ami.connected.is_set)
        for action in ("Command", "Originate", "ModuleLoad", "UpdateConfig"):
            with pytest.raises(ActionRefused):
                await ears.ami.act(action, Command="core show version", Channel="Local/s@from-trunk")


async def test_an_action_that_was_not_answered_is_not_sent_again_after_a_reconnect() -> None:
    server = ManagerServer(SECRET)
    await server.start()
    door = AmiDoor(host="127.0.0.1", port=server.port, user=AMI_USER, secret=SECRET)
    async with listening(door) as ears:
        await ears.until(ears.ami.connected.is_set)
        server.silent = True
        asking = asyncio.ensure_future(ears.ami.act("QueuePause", Interface="PJSIP/8001", Paused="true"))
        await ears.until(lambda: any(asked["Action"] == "QueuePause" for asked in server.asked))
        server.silent = False
        server.hang_up()
        await ears.until(lambda: ears.log_ins == 2)
        with pytest.raises(AsteriskAway):
            await asking
        assert sum(asked["Action"] == "QueuePause" for asked in server.asked) == 1
    await server.stop()


async def test_events_come_in_order_and_a_character_cut_in_two_is_whole() -> None:
    server = ManagerServer(SECRET)
    await server.start()
    door = AmiDoor(host="127.0.0.1", port=server.port, user=AMI_USER, secret=SECRET)
    async with listening(door) as ears:
        await ears.until(ears.ami.connected.is_set)
        raw = "".join(EVENT.format(text) for text in ("张三", "李四", "王五")).encode()
        await server.send(raw[:30], raw[30:31], raw[31:60], raw[60:])
        await ears.until(lambda: len(ears.heard) == 3)
        assert [event["note"] for event in ears.heard] == ["张三", "李四", "王五"]
    await server.stop()
