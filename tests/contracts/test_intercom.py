"""The line between our own processes, on a real Unix socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.events import Fact
from core.intercom import BACKLOG_LIMIT, Extension, Switchboard
from tests.fakes.facts import arrived, queued, transcript

SOON_SECONDS = 10.0


class Engine:
    """The engine's end, which remembers what it heard."""

    def __init__(self, path: Path) -> None:
        self.heard: list[Fact] = []
        self.board = Switchboard(path, self.heard.append)
        self.joined = asyncio.Event()
        self.board.on_join = lambda _tell: self.joined.set()


class Recogniser:
    """The other end, which remembers as well."""

    def __init__(self, path: Path) -> None:
        self.line = Extension(path)
        self.heard: asyncio.Queue[Fact] = asyncio.Queue()

    async def listen(self) -> None:
        async for fact in self.line.facts():
            self.heard.put_nowait(fact)

    async def next_fact(self) -> Fact:
        async with asyncio.timeout(SOON_SECONDS):
            return await self.heard.get()


@asynccontextmanager
async def listening(path: Path) -> AsyncIterator[Recogniser]:
    recogniser = Recogniser(path)
    task = asyncio.ensure_future(recogniser.listen())
    try:
        yield recogniser
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    engine = Engine(tmp_path / "engine.sock")
    await engine.board.start()
    yield engine
    await engine.board.stop()


async def until_heard(engine: Engine, number: int) -> None:
    async with asyncio.timeout(SOON_SECONDS):
        while len(engine.heard) < number:  # noqa: ASYNC110 - what is awaited has no event
            await asyncio.sleep(0.01)


async def test_facts_go_both_ways_as_they_are(engine: Engine) -> None:
    async with listening(engine.board.path) as recogniser:
        await engine.joined.wait()
        engine.board.tell(arrived())
        assert await recogniser.next_fact() == arrived()
        assert recogniser.line.tell(transcript())
        await until_heard(engine, 1)
        assert engine.heard == [transcript()]


async def test_after_the_engine_came_back_the_line_is_up_again(engine: Engine) -> None:
    async with listening(engine.board.path) as recogniser:
        await engine.joined.wait()
        await engine.board.stop()
        await asyncio.sleep(0.2)
        assert not recogniser.line.tell(transcript())
        engine.joined.clear()
        await engine.board.start()
        await engine.joined.wait()
        engine.board.tell(queued())
        assert await recogniser.next_fact() == queued()


async def test_the_socket_of_a_killed_engine_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "engine.sock"
    path.touch()
    engine = Engine(path)
    await engine.board.start()
    async with listening(path):
        await engine.joined.wait()
    await engine.board.stop()


async def test_a_line_that_is_no_fact_is_passed_over(engine: Engine) -> None:
    _reader, writer = await asyncio.open_unix_connection(engine.board.path)
    with capture_logs() as logs:
        writer.write(b"\xff\xfe garbage\nCallArrived\t{}\nCallTeleported\t{}\n")
        async with listening(engine.board.path) as recogniser:
            await engine.joined.wait()
            engine.joined.clear()
            await engine.joined.wait()
            recogniser.line.tell(queued())
            await until_heard(engine, 1)
    writer.close()
    assert engine.heard == [queued()]
    assert len(logs) == 3


async def test_whoever_does_not_listen_is_cut_off_and_holds_nobody_up(engine: Engine) -> None:
    _deaf, writer = await asyncio.open_unix_connection(engine.board.path)
    await engine.joined.wait()
    long = transcript(text="长" * 300_000)
    async with listening(engine.board.path) as recogniser:
        engine.joined.clear()
        await engine.joined.wait()
        with capture_logs() as logs:
            for number in range(BACKLOG_LIMIT // 1_800_000 + 4):
                engine.board.tell(long)
                if number % 2 == 0:
                    await recogniser.next_fact()
        assert await recogniser.next_fact() == long
    writer.close()
    assert any("断开" in line["event"] for line in logs)
