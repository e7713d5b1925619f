"""网络服务: uvicorn, without its own signals and without an access log; stopped by being cancelled."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from console.web_api_body import App

GOODBYE_SECONDS = 3
MOST_AT_ONCE = 200
"""More requests at once are answered 503 instead of queueing up."""


class _Quiet(uvicorn.Server):
    """Leaves Ctrl-C and SIGTERM to the process, which stops everything in order."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Server:
    """Serves an application at one address."""

    def __init__(self, app: App, host: str, port: int) -> None:
        """Listen to nothing yet."""
        self._server = _Quiet(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                limit_concurrency=MOST_AT_ONCE,
                timeout_graceful_shutdown=GOODBYE_SECONDS,
            )
        )

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until cancelled; says when the first request would be answered."""
        serving = asyncio.ensure_future(self._server.serve())
        started = asyncio.ensure_future(self._server.serving.wait())
        try:
            await asyncio.wait([serving, started], return_when=asyncio.FIRST_COMPLETED)
            if started.done():
                ready()
            await asyncio.shield(serving)
        finally:
            started.cancel()
            self._server.should_exit = True
            await asyncio.wait([serving])
