"""乱码事件: an Asterisk that speaks nonsense to the real manager client, and all who read its events."""

import asyncio
import contextlib
from collections.abc import Iterator
from random import Random

from agi_scripts.talk_keys import TalkKeys
from agi_scripts.variables import KEYS_PRESSED
from benchmarks.fuzz_logs import look_at
from benchmarks.fuzz_stage import Unexpected, live
from benchmarks.mutations import pieces, spoiled
from core.errors import HotlineError
from queue_manager.ami import Ami, AmiDoor
from queue_manager.ami_events import instant_of, sightings_of
from queue_manager.call_clock import CallClock
from queue_manager.legs import Legs
from queue_manager.mirror import Mirror
from queue_manager.reconciliation import adopted, look_of
from queue_manager.seat_book import SeatBook
from queue_manager.seat_rules import SeatRules
from queue_manager.seat_watch import SeatWatch
from queue_manager.seat_wishes import SeatWishes
from queue_manager.sightings import Sighting
from tests.fakes.ami_calls import SCRIPTS, AmiCall
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.manager_server import ManagerServer
from tests.fakes.seat_desk import FakeSeatDesk

DOOR = AmiDoor(host="127.0.0.1", port=5038, user="hotline", secret="a-secret-of-ours")  # noqa: S106
ACTION_SHARE = 0.1
"""Of the inputs that are answers to an action of ours."""
WHOLE_SHARE = 0.1
BACK_SECONDS = 120.0
ACTIONS = ("QueueStatus", "CoreShowChannels", "Ping", "QueueAdd")
Headers = dict[str, str]
MEMBER = {
    "queue": "intake",
    "interface": "PJSIP/8001",
    "location": "PJSIP/8001",
    "membername": "8001",
    "name": "8001",
    "penalty": "1",
    "status": "1",
    "paused": "1",
    "pausedreason": "小休",
    "logintime": "1772413200",
    "lastcall": "1772413200",
    "lastpause": "1772413200",
}
CHANNEL = {
    "Channel": "PJSIP/carrier-00000001",
    "ChannelState": "6",
    "CallerIDNum": "13812345678",
    "Uniqueid": "hotline-1772413200.1",
    "Linkedid": "hotline-1772413200.1",
    "Duration": "00:01:07",
    "BridgeId": "",
    "ChanVariable": "CALL_ID=hotline-1772413200.1",
}
OTHERS: tuple[Headers, ...] = (
    *(
        {"event": f"QueueMember{what}", **MEMBER}
        for what in ("", "Added", "Removed", "Pause", "Penalty", "Status")
    ),
    {"event": "ContactStatus", "endpointname": "8001", "contactstatus": "Unreachable"},
    {"event": "FullyBooted", "status": "Fully Booted", "uptime": "3600"},
    {"event": "UserEvent", "userevent": "SeatCode", "seat": "8001", "wish": "log_in"},
    {
        "event": "UserEvent",
        "userevent": KEYS_PRESSED,
        "seat": "8001",
        "wish": "mark_urgent",
        "callid": "hotline-1772413200.1",
        "channel": "PJSIP/8001-00000001",
    },
)


class Engine:
    """Everybody in the engine who hears events, without the database behind them."""

    def __init__(self) -> None:
        """Nobody is connected yet."""
        self.ami = Ami(DOOR, self.heard)
        self.keys = TalkKeys(FakeSeatDesk(), self.ami)
        self.marks: set[str] = set()
        self.seen: list[Sighting] = []
        self._clock = CallClock()
        self._legs = Legs()
        self._mirror = Mirror()
        book = SeatBook(SeatRules())
        self._watch = SeatWatch(book, self._mirror, SeatWishes(book))

    def heard(self, event: Headers) -> None:
        """Do with an event what the engine does."""
        self._watch.heard(event, NINE_O_CLOCK)
        self._mirror.looked([event], NINE_O_CLOCK)
        for seat in self._mirror.seats():
            for stamp in ("logintime", "lastpause", "lastcall"):
                self._mirror.stamp_of(seat, stamp)
        self.keys.heard(event)
        at = instant_of(event)
        if at is not None:
            self._clock.tick(at, asyncio.get_running_loop().time())
        self.seen += (self._clock.dated(seen) for seen in sightings_of(self._legs.told(event), "/recordings"))
        if event.get("event") == "UserEvent" and "mark" in event:
            self.marks.add(event["mark"])

    async def run(self) -> None:
        """Stay connected until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.ami.run(lambda: None))
            group.create_task(self.keys.run())


def listen_to_manager(chance: Random, count: int) -> None:
    """Hear so many spoiled events and answers; afterwards healthy ones must be heard."""
    live(_listen(chance, count))


async def _listen(chance: Random, count: int) -> None:
    server = ManagerServer(DOOR.user, DOOR.secret, DOOR.port)
    server.members["PJSIP/8001"] = "8001"
    server.channels.append(CHANNEL)
    await server.start()
    engine = Engine()
    running = asyncio.create_task(engine.run())
    events = [_wire(event) for event in _events(chance, count)]
    for number in range(count):
        await _until_connected(engine, running)
        if chance.random() < ACTION_SHARE:
            await _ask(engine.ami, server, chance)
        else:
            await _tell(server, chance, events[number % len(events)])
    await _assert_still_heard(engine, server, running)
    look_at(engine.seen)
    running.cancel()
    await asyncio.wait([running])
    await server.die()


async def _until_connected(engine: Engine, running: "asyncio.Task[None]") -> None:
    try:
        async with asyncio.timeout(BACK_SECONDS):
            await engine.ami.connected.wait()
    except TimeoutError:
        raise Unexpected(f"nobody listens any more: {running!r}") from None


async def _tell(server: ManagerServer, chance: Random, whole: bytes) -> None:
    data = whole if chance.random() < WHOLE_SHARE else spoiled(chance, whole)
    with contextlib.suppress(ConnectionError):
        for piece in pieces(chance, data):
            await server.send_raw(piece)
            await asyncio.sleep(0)


async def _ask(ami: Ami, server: ManagerServer, chance: Random) -> None:
    server.pieces = lambda data: pieces(chance, spoiled(chance, data))
    with contextlib.suppress(HotlineError):
        fields = {"Interface": "PJSIP/8001", "MemberName": "8001", "Queue": "intake"}
        answers = await ami.act(chance.choice(ACTIONS), **fields)
        look_at(adopted(look_of(NINE_O_CLOCK, answers), {}))
    server.pieces = lambda data: iter((data,))


async def _assert_still_heard(engine: Engine, server: ManagerServer, running: "asyncio.Task[None]") -> None:
    """What is broken off swallows what follows it, once; and the line may be on its way back."""
    for number in range(int(BACK_SECONDS)):
        with contextlib.suppress(ConnectionError):
            await server.send_raw(b"\r\n\r\n")
            await server.tell(UserEvent="Marked", Mark=str(number))
        await asyncio.sleep(1)
        if running.done():
            raise Unexpected(f"nobody listens any more: {running.exception()!r}")
        if str(number) in engine.marks:
            return
    raise Unexpected("healthy events are not heard any more")


def _events(chance: Random, least: int) -> Iterator[Headers]:
    """Give events of whole calls, and those that are about no call."""
    scripts = [script for some in SCRIPTS.values() for script in some]
    given = 0
    while given < least:
        call = AmiCall(chance.randrange(1, 1000), chance)
        chance.choice(scripts)(call)
        yield from call.events
        yield chance.choice(OTHERS)
        given += len(call.events) + 1


def _wire(event: Headers) -> bytes:
    lines: list[str] = []
    for name, value in event.items():
        lines += (f"{name}: {one}" for one in value.split("\n"))
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()
