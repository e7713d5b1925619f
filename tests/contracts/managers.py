"""对照: two manager interfaces for one body of tests, a hand-written one and that of the real Asterisk."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from app.house import make_prompts, node_of
from app.instance import Instance
from app.parts import AMI_USER, asterisk_part
from app.ports import free_port
from app.supervisor import Supervisor
from asterisk_conf.render import render
from queue_manager.ami import Ami, AmiDoor
from tests.fakes.manager_server import ManagerServer
from tests.instances import own_instance

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.02


class Manager(Protocol):
    """What the body needs of either."""

    door: AmiDoor

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...

    async def kill(self) -> None:
        """End it hard; it comes back by itself, knowing nothing of before."""
        ...


class FakeManager:
    """The hand-written one."""

    def __init__(self) -> None:
        self.door = AmiDoor(host="127.0.0.1", port=free_port(), user=AMI_USER, secret="a-secret-of-ours")
        self.server = ManagerServer(self.door.user, self.door.secret, self.door.port)

    def freeze(self) -> None:
        self.server.freeze()

    def thaw(self) -> None:
        self.server.thaw()

    async def kill(self) -> None:
        await self.server.die()
        self.server = ManagerServer(self.door.user, self.door.secret, self.door.port)
        await self.server.start()


class RealManager:
    """Asterisk's, on a tree of its own."""

    def __init__(self, instance: Instance, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self.door = AmiDoor(
            host="127.0.0.1", port=instance.settings.doors.ami, user=AMI_USER, secret=instance.secret("ami")
        )

    def freeze(self) -> None:
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    async def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        os.kill(self._supervisor.pid_of("asterisk"), number)


@asynccontextmanager
async def fake_manager() -> AsyncIterator[FakeManager]:
    manager = FakeManager()
    await manager.server.start()
    yield manager
    await manager.server.die()


@asynccontextmanager
async def real_manager() -> AsyncIterator[RealManager]:
    with own_instance("contract-ami") as instance:
        places = instance.places.asterisk
        assert places is not None
        make_prompts(instance)
        render(node_of(instance, ()), instance.asterisk)
        instance.give_tree(instance.asterisk)
        supervisor = Supervisor()
        await supervisor.start(asterisk_part(instance, places))
        try:
            yield RealManager(instance, supervisor)
        finally:
            await supervisor.stop()


@dataclass(slots=True, kw_only=True)
class Listening:
    """Our end, and what it heard."""

    ami: Ami
    heard: list[dict[str, str]]
    connects: list[bool] = field(default_factory=list)

    def named(self, event: str) -> list[dict[str, str]]:
        return [one for one in self.heard if one.get("event") == event]

    async def until_connected(self, times: int = 1) -> None:
        await self.until(lambda: len(self.connects) >= times and self.ami.connected.is_set())

    async def until(self, true: Callable[[], bool]) -> None:
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not true():
            assert asyncio.get_running_loop().time() < until
            await asyncio.sleep(LOOK_SECONDS)

    async def members(self) -> set[str]:
        return {one["location"] for one in await self.ami.act("QueueStatus") if "location" in one}


@asynccontextmanager
async def listening(door: AmiDoor) -> AsyncIterator[Listening]:
    heard: list[dict[str, str]] = []
    one = Listening(ami=Ami(door, heard.append), heard=heard)
    task = asyncio.ensure_future(one.ami.run(lambda: one.connects.append(True)))
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
