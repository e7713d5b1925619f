"""On the virtual loop a day takes no time, and what was killed never moves again."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from core.clock import SHANGHAI
from simulator.day.life import Life
from simulator.day.virtual_loop import NothingHappens, VirtualClock, VirtualLoop

Result = TypeVar("Result")
MIDNIGHT = datetime(2026, 3, 2, tzinfo=SHANGHAI)
DOOR = ("127.0.0.1", 4573)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def the_loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


def test_a_day_of_sleep_passes_at_once_and_the_clock_shows_it() -> None:
    async def day() -> datetime:
        await asyncio.sleep(86_400)
        return VirtualClock(the_loop(), MIDNIGHT).now()

    assert run(day()) == datetime(2026, 3, 3, tzinfo=SHANGHAI)


def test_timers_keep_their_order() -> None:
    woken: list[float] = []

    async def sleeper(seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append(seconds)

    async def all_of_them() -> None:
        await asyncio.gather(*(sleeper(seconds) for seconds in (5.0, 0.25, 3600.0, 0.0, 7.5)))

    run(all_of_them())
    assert woken == [0.0, 0.25, 5.0, 7.5, 3600.0]


def test_a_timeout_is_counted_in_virtual_seconds() -> None:
    async def impatient() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.Event().wait()
        return the_loop().time()

    assert run(impatient()) == pytest.approx(30)


def test_waiting_for_what_nobody_will_do_is_an_error_and_no_hang() -> None:
    with pytest.raises(NothingHappens):
        run(asyncio.Event().wait())


def test_the_work_of_threads_is_done_in_order() -> None:
    async def threads() -> list[int]:
        done: list[int] = []
        await asyncio.gather(*(asyncio.to_thread(done.append, number) for number in range(5)))
        return done

    assert run(threads()) == [0, 1, 2, 3, 4]


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    async for line in reader:
        writer.write(line)
        await writer.drain()
    writer.close()


def test_streams_meet_in_memory() -> None:
    async def conversation() -> tuple[bytes, bytes]:
        server = await asyncio.start_server(_echo, *DOOR)
        reader, writer = await asyncio.open_connection(*DOOR)
        writer.write(b"one\ntwo\n")
        first = await reader.readline() + await reader.readline()
        writer.close()
        rest = await reader.read()
        server.close()
        await server.wait_closed()
        return first, rest

    assert run(conversation()) == (b"one\ntwo\n", b"")


def test_unix_sockets_meet_in_memory_too(tmp_path: Path) -> None:
    async def conversation() -> bytes:
        path = tmp_path / "engine.sock"
        await asyncio.start_unix_server(_echo, path)
        assert path.exists()
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"hello\n")
        answer = await reader.readline()
        writer.close()
        return answer + await reader.read()

    assert run(conversation()) == b"hello\n"


def test_nobody_listens_means_refused() -> None:
    async def knock() -> None:
        await asyncio.open_connection(*DOOR)

    with pytest.raises(ConnectionRefusedError):
        run(knock())


def test_a_cut_line_is_broken_for_both_and_refuses_until_it_is_mended() -> None:
    async def cut() -> bytes:
        await asyncio.start_server(_echo, *DOOR)
        reader, _writer = await asyncio.open_connection(*DOOR)
        await asyncio.sleep(1)
        the_loop().network.cut(DOOR)
        with pytest.raises(ConnectionResetError):
            await reader.readline()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*DOOR)
        the_loop().network.mend(DOOR)
        reader, writer = await asyncio.open_connection(*DOOR)
        writer.write(b"again\n")
        answer = await reader.readline()
        writer.close()
        return answer + await reader.read()

    assert run(cut()) == b"again\n"


def test_what_is_killed_never_moves_again_and_cleans_nothing_up() -> None:
    done: list[str] = []

    async def process() -> None:
        async def child() -> None:
            while True:
                await asyncio.sleep(1)
                done.append("tick")

        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(child())
        finally:
            await asyncio.sleep(1)
            done.append("cleaned up")

    async def world() -> None:
        life = Life("process")
        life.start(process)
        await asyncio.sleep(3.5)
        life.kill()
        await asyncio.sleep(100)

    run(world())
    assert done == ["tick", "tick", "tick"]


def test_a_process_can_be_killed_in_the_middle_of_its_own_step() -> None:
    done: list[str] = []

    async def process(life: Life) -> None:
        done.append("before")
        life.kill()
        await asyncio.Event().wait()
        done.append("after")

    async def world() -> None:
        life = Life("process")
        life.start(lambda: process(life))
        await asyncio.sleep(10)

    run(world())
    assert done == ["before"]


def test_what_arrives_for_the_dead_is_not_read() -> None:
    heard: list[bytes] = []

    async def process() -> None:
        async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            heard.extend([line async for line in reader])

        await asyncio.start_server(listen, *DOOR)
        await asyncio.Event().wait()

    async def world() -> None:
        life = Life("process")
        life.start(process)
        await asyncio.sleep(1)
        reader, writer = await asyncio.open_connection(*DOOR)
        await asyncio.sleep(1)
        life.kill()
        the_loop().network.drop(DOOR)
        writer.write(b"too late\n")
        with pytest.raises(ConnectionResetError):
            await reader.readline()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*DOOR)

    run(world())
    assert heard == []
