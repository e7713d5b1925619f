"""The manager interface: one body, on a hand-written server and on the real Asterisk."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from queue_manager.ami import ActionRefused, AsteriskAway, UnsafeAction
from tests.contracts.managers import Manager, fake_manager, listening, real_manager

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTICED_SECONDS = 15.0
NAME = "充电桩一号台 «Ångström» 😀"


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["fake", "real"])
async def manager(request: pytest.FixtureRequest) -> AsyncIterator[Manager]:
    async with real_manager() if request.param == "real" else fake_manager() as one:
        yield one


def _seat(number: int, name: str = NAME) -> dict[str, str]:
    return {"Queue": "intake", "Interface": f"Local/{number}@from-seat", "MemberName": name}


async def test_we_log_in_and_are_told_once(manager: Manager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        [answer] = await ours.ami.act("Ping")
        assert (answer["response"], answer["ping"]) == ("Success", "Pong")
        assert ours.connects == [True]


async def test_with_a_wrong_password_we_are_never_connected_and_try_again(manager: Manager) -> None:
    async with listening(replace(manager.door, secret="not-the-secret")) as ours:
        await asyncio.sleep(2.5)
        assert ours.connects == []
        assert not ours.ami.connected.is_set()
        with pytest.raises(AsteriskAway):
            await ours.ami.act("Ping")


async def test_events_come_in_their_order_and_every_character_is_whole(manager: Manager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        numbers = range(9100, 9130)
        for number in numbers:
            await ours.ami.act("QueueAdd", **_seat(number, f"{NAME} {number}"))
        await ours.until(lambda: len(ours.named("QueueMemberAdded")) == len(numbers))
        assert [one["membername"] for one in ours.named("QueueMemberAdded")] == [
            f"{NAME} {number}" for number in numbers
        ]
        for number in numbers:
            await ours.ami.act("QueueRemove", **_seat(number))
        assert await ours.members() == set()


async def test_actions_at_the_same_time_get_each_its_own_answer(manager: Manager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        await ours.ami.act("QueueAdd", **_seat(9200))
        listed, pong, channels, refused = await asyncio.gather(
            ours.members(),
            ours.ami.act("Ping"),
            ours.ami.act("CoreShowChannels"),
            ours.ami.act("QueueAdd", **_seat(9200)),
            return_exceptions=True,
        )
        assert listed == {"Local/9200@from-seat"}
        assert isinstance(pong, list)
        assert pong[0]["ping"] == "Pong"
        assert isinstance(channels, list)
        assert channels[-1]["event"] == "CoreShowChannelsComplete"
        assert isinstance(refused, ActionRefused)
        await ours.ami.act("QueueRemove", **_seat(9200))


async def test_what_we_may_not_do_is_refused_with_asterisks_reason(manager: Manager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        with pytest.raises(ActionRefused, match="Permission denied"):
            await ours.ami.act("Command", Command="core show version")
        with pytest.raises(ActionRefused):
            await ours.ami.act("QueueRemove", **_seat(9999))


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\x1b", "\r\nAction: QueueAdd"])
async def test_control_characters_are_refused_and_nothing_is_sent(manager: Manager, sign: str) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        with pytest.raises(UnsafeAction):
            await ours.ami.act("QueueAdd", **_seat(9300, f"张{sign}三"))
        assert await ours.members() == set()


async def test_a_frozen_asterisk_is_noticed_and_one_that_goes_on_is_taken_back(manager: Manager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        manager.freeze()
        began = time.monotonic()
        try:
            await ours.until(lambda: not ours.ami.connected.is_set())
        finally:
            manager.thaw()
        assert time.monotonic() - began < NOTICED_SECONDS
        await ours.until_connected(2)


async def test_after_it_was_killed_we_come_back_and_nothing_is_sent_twice(manager: Manager) -> None:
    async with listening(manager.door) as ours:
        await ours.until_connected()
        manager.freeze()
        with pytest.raises(AsteriskAway):
            await ours.ami.act("QueueAdd", **_seat(9400))
        await manager.kill()
        await ours.until_connected(2)
        assert await ours.members() == set()
        assert ours.named("QueueMemberAdded") == []


async def test_while_it_is_away_an_action_fails_at_once(manager: Manager) -> None:
    async with listening(replace(manager.door, port=1)) as ours:
        began = time.monotonic()
        with pytest.raises(AsteriskAway, match="Ping"):
            await ours.ami.act("Ping")
        assert time.monotonic() - began < 1.0
