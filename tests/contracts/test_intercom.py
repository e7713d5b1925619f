"""The intercom over a real socket: everyone is told; who comes late, hangs or raves harms nobody."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from core.events import Fact
from core.ids import CallId
from core.intercom import BACKLOG_LIMIT, LINE_LIMIT, Extension, Switchboard, line_of
from tests.fakes.facts import answered, arrived, offered, transcript
from tests.house.tree import ROOT

PATIENCE_SECONDS = 10.0
LOOK_SECONDS = 0.01
HOUR_LONG = "市民说了很久。" * 100_000


class Engine:
    """The engine's end."""

    def __init__(self, path: Path) -> None:
        self.heard: list[Fact] = []
        self.joined = 0
        self.switchboard = Switchboard(path, self.heard.append)
        self.switchboard.on_join = self._join

    def _join(self, _tell: Callable[[Fact], None]) -> None:
        self.joined += 1


class Process:
    """Another process's end."""

    def __init__(self, path: Path) -> None:
        self.extension = Extension(path)
        self.heard: list[Fact] = []

    async def listen(self) -> None:
        async for fact in self.extension.facts():
            self.heard.append(fact)


async def until(true: Callable[[], bool]) -> None:
    ends = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not true():
        assert asyncio.get_running_loop().time() < ends
        await asyncio.sleep(LOOK_SECONDS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "engine.sock"


@pytest_asyncio.fixture
async def engine(path: Path) -> AsyncIterator[Engine]:
    one = Engine(path)
    await one.switchboard.start()
    yield one
    await one.switchboard.stop()


@asynccontextmanager
async def listening(path: Path) -> AsyncIterator[Process]:
    process = Process(path)
    task = asyncio.ensure_future(process.listen())
    try:
        yield process
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_whoever_is_connected_is_told_every_fact_in_order(engine: Engine, path: Path) -> None:
    async with listening(path) as one, listening(path) as other:
        await until(lambda: engine.joined == 2)
        for fact in (arrived(), offered(), answered()):
            engine.switchboard.tell(fact)
        await until(lambda: len(one.heard) == len(other.heard) == 3)
        assert one.heard == other.heard == [arrived(), offered(), answered()]


async def test_a_process_tells_the_engine(engine: Engine, path: Path) -> None:
    async with listening(path) as process:
        await until(lambda: engine.joined == 1)
        assert process.extension.tell(transcript())
        await until(lambda: engine.heard == [transcript()])


async def test_the_transcript_of_an_hour_is_one_line(engine: Engine, path: Path) -> None:
    long = transcript(text=HOUR_LONG)
    assert 1_000_000 < len(line_of(long)) < LINE_LIMIT
    async with listening(path) as process:
        await until(lambda: engine.joined == 1)
        process.extension.tell(long)
        await until(lambda: engine.heard == [long])


async def test_who_comes_before_the_engine_waits_for_it(path: Path) -> None:
    async with listening(path) as process:
        assert not process.extension.tell(arrived())
        await asyncio.sleep(0.1)
        engine = Engine(path)
        await engine.switchboard.start()
        await until(lambda: engine.joined == 1)
        engine.switchboard.tell(arrived())
        await until(lambda: process.heard == [arrived()])
        await engine.switchboard.stop()


A_PROCESS_OF_ITS_OWN = """
import asyncio, sys
from pathlib import Path
from core.intercom import Switchboard
async def serve():
    await Switchboard(Path(sys.argv[1]), lambda fact: None).start()
    print("serving", flush=True)
    await asyncio.Event().wait()
asyncio.run(serve())
"""


async def test_after_the_engine_was_killed_its_socket_is_replaced_and_everyone_comes_back(path: Path) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", A_PROCESS_OF_ITS_OWN, str(path), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert killed.stdout is not None
    await killed.stdout.readline()
    async with listening(path) as process:
        await until(lambda: process.extension.tell(arrived()))
        killed.kill()
        await killed.wait()
        await until(lambda: not process.extension.tell(arrived()))
        again = Engine(path)
        await again.switchboard.start()
        await until(lambda: again.joined == 1)
        again.switchboard.tell(answered())
        await until(lambda: process.heard == [answered()])
        assert process.extension.tell(transcript())
        await until(lambda: again.heard == [transcript()])
        await again.switchboard.stop()


async def test_who_joins_can_be_told_what_lives_before_anything_else(path: Path) -> None:
    engine = Engine(path)
    engine.switchboard.on_join = lambda tell: tell(arrived())
    await engine.switchboard.start()
    async with listening(path) as process:
        await until(lambda: process.heard == [arrived()])
    await engine.switchboard.stop()


@pytest.mark.parametrize(
    "garbage",
    [b"\n\n\n", b"GET / HTTP/1.1\r\n\r\n", b"\x00\xff\xfe\n", b"CallArrived\t{}\n", b"no end of line"],
)
async def test_garbage_on_the_line_harms_nobody(engine: Engine, path: Path, garbage: bytes) -> None:
    async with listening(path) as process:
        _, writer = await asyncio.open_unix_connection(path)
        writer.write(garbage)
        await writer.drain()
        writer.close()
        await until(lambda: engine.joined == 2)
        engine.switchboard.tell(answered())
        await until(lambda: process.heard == [answered()])
        assert engine.heard == []


async def test_a_line_without_an_end_is_cut_off(engine: Engine, path: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(b"x" * (LINE_LIMIT * 2 + 1))
    with pytest.raises(ConnectionError):
        await reader.readexactly(1)
    writer.close()
    async with listening(path) as process:
        await until(lambda: engine.joined == 2)
        engine.switchboard.tell(answered())
        await until(lambda: process.heard == [answered()])


async def test_a_listener_that_hangs_is_cut_off_and_the_others_hear_everything(
    engine: Engine, path: Path
) -> None:
    reader, writer = await asyncio.open_unix_connection(path, limit=1024)
    await until(lambda: engine.joined == 1)
    long = transcript(text=HOUR_LONG)
    number = 2 * BACKLOG_LIMIT // len(line_of(long))
    async with listening(path) as process:
        await until(lambda: engine.joined == 2)
        for count in range(number):
            engine.switchboard.tell(transcript(CallId(f"hotline-{count}"), HOUR_LONG))
            await until(lambda count=count: len(process.heard) == count + 1)  # type: ignore[misc]  # bound at once
        assert len(engine.switchboard._writers) == 1
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(number * len(line_of(long)))
    writer.close()


async def test_only_the_engines_own_group_may_listen(engine: Engine) -> None:
    assert engine.switchboard.path.stat().st_mode & 0o777 == 0o660
