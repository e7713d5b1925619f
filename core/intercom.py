"""内部通话线: facts between our own processes over one Unix socket that the engine owns.

Each line is ``FactName<TAB>JSON``. Whoever connects is told every fact from then on, and may tell
facts of its own. A slow or dead listener is cut off rather than waited for.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import structlog

from core.events import Fact
from core.wire import UnknownFact, from_json, to_json

log = structlog.get_logger(__name__)

LINE_LIMIT = 8 * 1024 * 1024
"""Bytes; the transcript of an hour-long call with its words is about 2 MB."""
BACKLOG_LIMIT = 32 * 1024 * 1024
"""Bytes waiting for one listener before it is cut off."""
AGAIN_SECONDS = 0.5


def line_of(fact: Fact) -> bytes:
    """Write a fact as one line."""
    return f"{type(fact).__name__}\t{to_json(fact)}\n".encode()


def fact_of(line: bytes) -> Fact | None:
    """Read one line; None, with a log line, for what is not a fact of ours."""
    name, _, body = line.decode("utf-8", "replace").rstrip("\n").partition("\t")
    try:
        return from_json(name, body)
    except UnknownFact:
        log.warning("内部通话线上收到读不懂的一行", fact=name[:40])
        return None


class Switchboard:
    """The engine's end: tells facts to everyone connected, hears theirs."""

    def __init__(self, path: Path, heard: Callable[[Fact], None]) -> None:
        """``heard`` is called with every fact that another process tells."""
        self.path = path
        self._heard = heard
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.on_join: Callable[[Callable[[Fact], None]], None] = lambda _tell: None

    async def start(self) -> None:
        """Listen; a socket left behind by a killed engine is replaced."""
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self.path, limit=LINE_LIMIT)
        self.path.chmod(0o660)

    def tell(self, fact: Fact) -> None:
        """Tell everyone connected."""
        line = line_of(fact)
        for writer in tuple(self._writers):
            self._send(writer, line)

    async def stop(self) -> None:
        """Hang up on everyone."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        self.path.unlink(missing_ok=True)

    def _send(self, writer: asyncio.StreamWriter, line: bytes) -> None:
        if writer.transport.get_write_buffer_size() > BACKLOG_LIMIT:
            log.warning("内部通话线上有一方不收听, 已断开")
            self._writers.discard(writer)
            writer.transport.abort()
            return
        writer.write(line)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.on_join(lambda fact: self._send(writer, line_of(fact)))
        try:
            async for line in reader:
                if (fact := fact_of(line)) is not None:
                    self._heard(fact)
        except (ConnectionError, ValueError):
            log.warning("内部通话线断开")
        finally:
            self._writers.discard(writer)
            writer.close()


class Extension:
    """Another process's end: connects, again and again if need be, and yields the facts told."""

    def __init__(self, path: Path) -> None:
        """``path`` is the engine's socket."""
        self._path = path
        self._writer: asyncio.StreamWriter | None = None

    def tell(self, fact: Fact) -> bool:
        """Tell the engine; False while it is away: it will ask again once it is back."""
        if self._writer is None or self._writer.is_closing():
            return False
        self._writer.write(line_of(fact))
        return True

    async def facts(self) -> AsyncIterator[Fact]:
        """Yield facts for ever; connects anew whenever the engine was away."""
        while True:
            try:
                reader, self._writer = await asyncio.open_unix_connection(self._path, limit=LINE_LIMIT)
            except OSError:
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            try:
                async for line in reader:
                    if (fact := fact_of(line)) is not None:
                        yield fact
            except ConnectionError:
                log.info("引擎断开, 稍后重连")
            finally:
                self._writer.close()
                with contextlib.suppress(OSError):
                    await self._writer.wait_closed()
                self._writer = None
