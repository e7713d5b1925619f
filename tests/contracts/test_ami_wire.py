"""The manager interface on a bad line: stammering, silent, garbled. Only a hand-written server can be so."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from queue_manager.ami import ActionRefused, AsteriskAway
from tests.contracts.managers import FakeManager, fake_manager, listening
from tests.fakes.manager_server import byte_by_byte

NAME = "充值投诉 «Ångström» 😀"
MANY = 3000


@pytest_asyncio.fixture
async def manager() -> AsyncIterator[FakeManager]:
    async with fake_manager() as one:
        yield one


@pytest_asyncio.fixture(autouse=True)
async def _nobody_complains() -> AsyncIterator[None]:
    """Nothing goes wrong behind our back, in a task or a callback that nobody looks at."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: complaints.append(told))
    yield
    assert complaints == []


async def test_a_character_cut_in_two_by_the_network_stays_whole(manager: FakeManager) -> None:
    manager.server.pieces = byte_by_byte
    async with listening(manager.door) as ours:
        await ours.until_connected()
        await manager.server.tell(MemberName=NAME, Queue="intake")
        await ours.until(lambda: ours.named("UserEvent") != [])
        assert ours.named("UserEvent")[0]["membername"] == NAME


async def test_thousands_of_events_in_pieces_of_any_size_keep_their_order(manager: FakeManager) -> None:
    chance = Random(12345)

    def anyhow(data: bytes) -> Iterator[bytes]:
        while data:
            size = chance.randint(1, 400)
            yield data[:size]
            data = data[size:]

    async with listening(manager.door) as ours:
        await ours.until_connected()
        manager.server.pieces = anyhow
        for number in range(MANY):
            await manager.server.tell(Number=str(number), Name=NAME, Queue="intake")
        await ours.until(lambda: len(ours.named("UserEvent")) == MANY)
        assert [one["number"] for one in ours.named("UserEvent")] == [str(n) for n in range(MANY)]
        assert {one["name"] for one in ours.named("UserEvent")} == {NAME}


async def test_an_action_that_is_not_answered_fails_in_time_and_the_others_go_on(
    manager: FakeManager,
) -> None:
    manager.server.silent_about = {"coreshowchannels"}
    async with listening(manager.door) as ours:
        await ours.until_connected()
        began = time.monotonic()
        with pytest.raises(AsteriskAway, match="CoreShowChannels"):
            await ours.ami.act("CoreShowChannels")
        assert time.monotonic() - began < 6.0
        assert (await ours.ami.act("Ping"))[0]["ping"] == "Pong"
        assert ours.connects == [True]


async def test_who_speaks_is_not_asked_whether_he_lives_and_who_falls_silent_is(
    manager: FakeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_manager.ami.HEARTBEAT_SECONDS", 0.4)
    async with listening(manager.door) as ours:
        await ours.until_connected()
        for _ in range(10):
            await manager.server.tell(UserEvent="Speaks")
            await asyncio.sleep(0.1)
        assert "Ping" not in [message["action"] for message in manager.server.received]
        await ours.until(lambda: "Ping" in [message["action"] for message in manager.server.received])
        assert ours.connects == [True]


async def test_a_log_in_that_is_not_answered_is_given_up_and_tried_again(manager: FakeManager) -> None:
    manager.server.silent_about = {"login"}
    async with listening(manager.door) as ours:
        await ours.until(lambda: len(manager.server.received) >= 1)
        manager.server.silent_about = set()
        await ours.until_connected()
        assert manager.server.logins == 1


async def test_we_are_connected_only_when_every_module_of_asterisk_is_there(manager: FakeManager) -> None:
    manager.server.booting = True
    async with listening(manager.door) as ours:
        await ours.until(lambda: manager.server.logins == 1)
        await asyncio.sleep(0.2)
        assert ours.connects == []
        with pytest.raises(AsteriskAway):
            await ours.ami.act("CoreShowChannels")
        await manager.server.boot()
        await ours.until_connected()


async def test_a_list_that_is_refused_is_refused_at_once(manager: FakeManager) -> None:
    manager.server.knows_not = {"queuestatus"}
    async with listening(manager.door) as ours:
        await ours.until_connected()
        began = time.monotonic()
        with pytest.raises(ActionRefused, match="unknown command"):
            await ours.ami.act("QueueStatus")
        assert time.monotonic() - began < 1.0


async def test_a_connection_that_breaks_during_an_action_ends_the_action_at_once(
    manager: FakeManager,
) -> None:
    manager.server.silent_about = {"queuestatus"}
    async with listening(manager.door) as ours:
        await ours.until_connected()
        waiting = asyncio.ensure_future(ours.ami.act("QueueStatus"))
        await ours.until(lambda: manager.server.received[-1]["action"] == "QueueStatus")
        began = time.monotonic()
        await manager.kill()
        with pytest.raises(AsteriskAway):
            await waiting
        assert time.monotonic() - began < 1.0
        await ours.until_connected(2)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\r\n\r\n\r\n\r\n",
        b"no header at all\r\n\r\n",
        b"Event\r\nNo: value\r\n\r\n",
        b"\xff\xfe\x00\x01\r\n\r\n",
        b"Response: Success\r\nActionID: of-nobody\r\n\r\n",
        b"Event: X\r\nLong: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"Event: X\r\nTwice: a\r\nTwice: b\r\nTwice: c\r\n\r\n",
    ],
)
async def test_garbage_is_passed_over(manager: FakeManager, garbage: bytes) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        await manager.server.send_raw(garbage)
        await manager.server.tell(Number="after", Queue="intake")
        await ours.until(lambda: ours.named("UserEvent") != [])
        assert ours.named("UserEvent")[0]["number"] == "after"
        assert ours.connects == [True]


async def test_a_header_that_comes_several_times_keeps_all_its_values(manager: FakeManager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        await manager.server.send_raw(b"Event: X\r\nChanVariable: A=1\r\nChanVariable: B=2\r\n\r\n")
        await ours.until(lambda: ours.named("X") != [])
        assert ours.named("X")[0]["chanvariable"] == "A=1\nB=2"


async def test_a_refusal_in_another_language_is_told_as_it_is(manager: FakeManager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        manager.server.silent_about = {"queueadd"}
        waiting = asyncio.ensure_future(ours.ami.act("QueueAdd", Queue="intake", Interface="Local/1"))
        await ours.until(lambda: manager.server.received[-1]["action"] == "QueueAdd")
        number = manager.server.received[-1]["actionid"]
        refusal = f"Response: Error\r\nActionID: {number}\r\nMessage: 无此权限\r\nEnd: x\r\n\r\n"
        await manager.server.send_raw(refusal.encode())
        with pytest.raises(ActionRefused, match="无此权限"):
            await waiting
