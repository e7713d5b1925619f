"""FastAGI 服务: Asterisk asks here what to do with a citizen; asyncio, one small task per call."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from agi_scripts.agi_call import AgiCall, AgiConnection, AgiSeatCall
from agi_scripts.lines import Arrival, Environment, NotAsterisk
from core.clock import Clock
from core.errors import HotlineError
from core.events import CallArrived, Fact, FlowEnded
from ivr.call import CallerGone, Flow, SeatFlow

log = structlog.get_logger(__name__)

LONGEST_LINE = 4096
BACKLOG = 1024


class AgiPortTaken(HotlineError):
    """AGI 端口打不开,多半被别的程序占用:请在设置里换一个端口,或停掉占用它的程序。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiDoor:
    """Where we listen (loopback), which Asterisk asks, and the folder of the spoken WAVs."""

    port: int
    node: str
    prompts: Path
    host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Which flow runs for which request of the dialplan: ``citizen_call`` and ``seat_desk``."""

    citizen: Flow
    seat: SeatFlow


class AgiServer:
    """Runs the flow for every call; tells CallArrived before a citizen's and FlowEnded after it.

    ``tell`` is called at once and must not block: a citizen is listening. FlowEnded is told only when
    the decision reached Asterisk; a citizen who hangs up in the flow is told of by AMI.
    """

    def __init__(self, door: AgiDoor, flows: Flows, tell: Callable[[Fact], None], clock: Clock) -> None:
        """Nothing listens before start()."""
        self._door = door
        self._flows = flows
        self._tell = tell
        self._clock = clock
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; raises AgiPortTaken."""
        try:
            self._server = await asyncio.start_server(
                self._accept, self._door.host, self._door.port, backlog=BACKLOG, limit=LONGEST_LINE
            )
        except OSError as error:
            raise AgiPortTaken(host=self._door.host, port=self._door.port) from error

    async def stop(self) -> None:
        """Close the door and drop the calls in a flow: Asterisk takes them to the default queue."""
        if self._server is None:
            return
        self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.create_task(self._serve(reader, writer))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._one_call(AgiConnection(reader, writer))
        except CallerGone:
            pass
        except NotAsterisk as error:
            log.warning("not a call", peer=writer.get_extra_info("peername"), reason=error.facts["reason"])
        except HotlineError as error:
            log.warning("flow given up", reason=error.sentence())
        except Exception:
            # a mistake in a flow must not take the door with it; Asterisk goes on to the default queue
            log.exception("flow failed")
        finally:
            writer.close()

    async def _one_call(self, connection: AgiConnection) -> None:
        opening = await connection.opening()
        match opening.script:
            case "citizen_call":
                await self._citizen(connection, opening)
            case "seat_desk":
                await self._seat(connection, opening)
            case _:
                raise NotAsterisk(reason="没有这个流程")

    async def _citizen(self, connection: AgiConnection, opening: Environment) -> None:
        arrival = opening.arrival()
        structlog.contextvars.bind_contextvars(call_id=arrival.call_id)
        self._tell(self._arrived(arrival))
        call = AgiCall(arrival=arrival, connection=connection, prompts=self._door.prompts)
        to = await call.leave(await self._flows.citizen(call))
        self._tell(FlowEnded(call_id=arrival.call_id, at=self._clock.now(), to=to))

    async def _seat(self, connection: AgiConnection, opening: Environment) -> None:
        arrival = opening.seat_arrival()
        structlog.contextvars.bind_contextvars(seat=arrival.seat)
        call = AgiSeatCall(arrival=arrival, connection=connection, prompts=self._door.prompts)
        await call.leave(await self._flows.seat(call))

    def _arrived(self, arrival: Arrival) -> CallArrived:
        return CallArrived(
            call_id=arrival.call_id,
            at=self._clock.now(),
            node=self._door.node,
            caller=arrival.caller,
            dialled=arrival.dialled,
            recording=arrival.recording,
        )
