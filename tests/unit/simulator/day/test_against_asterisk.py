"""The modelled exchange says what the real Asterisk was heard to say, in its order and with its headers."""

import asyncio
import json
from pathlib import Path

import pytest

from simulator.day.dialplan import Exchanged, Person, Run
from simulator.day.dialplan_text import Dialplan
from simulator.day.exchange import Exchange
from simulator.day.members import Member, QueueRules, Switchroom
from simulator.day.telephone import Rang, Talk, Telephone
from simulator.day.truth import TruthBook
from simulator.day.virtual_loop import VirtualClock, VirtualLoop
from tests.fakes.clock import NINE_O_CLOCK

TRACES = Path(__file__).parents[3] / "data" / "ami"
DIALPLAN = """
[hotline]
exten => s,1,Set(__CALL_ID=${CHANNEL(linkedid)})
 same => n,Answer()
 same => n,Queue(intake,i)
[transferred]
exten => 8002,1,Set(QUEUE_PRIO=10)
 same => n,Queue(seat-8002,i,,,30)
"""
TOLD = (
    "QueueCallerJoin",
    "AgentCalled",
    "DialBegin",
    "DialEnd",
    "QueueCallerLeave",
    "AgentConnect",
    "Hold",
    "Unhold",
    "BlindTransfer",
    "AgentComplete",
)
NOT_OURS = {"systemname", "effectiveconnectedlinenum", "effectiveconnectedlinename"}
Event = dict[str, str]


def real(trace: str) -> list[Event]:
    lines = (TRACES / f"{trace}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def story(events: list[Event]) -> list[str]:
    """What is told of the citizen's call; a telephone lets go of a hold before it transfers."""
    told = [event["event"] for event in events if event["event"] in TOLD]
    return [
        name for at, name in enumerate(told) if not (name == "Unhold" and told[at + 1] == "BlindTransfer")
    ]


def plain(data: bytes) -> Event:
    event: Event = {}
    for line in data.decode().strip().split("\r\n"):
        name, _, value = line.partition(": ")
        key = name.rstrip(":").lower()
        event[key] = f"{event[key]}\n{value}" if key in event else value
    return event


class Scripted(Person):
    """Talks as the citizen of a trace did."""

    def __init__(self, held: bool, transferred: bool) -> None:
        self.held, self.transferred = held, transferred

    def talks(self, talk: Talk) -> None:
        later = asyncio.get_running_loop().call_later
        if self.held:
            later(5, talk.hold)
            later(6, talk.unhold)
        if self.transferred:
            self.transferred = False
            later(3, talk.transfer, "8002")
        else:
            later(11, talk.hang_up)


async def _call(person: Person, folder: Path) -> list[Event]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    exchange = Exchange("hotline", VirtualClock(loop, NINE_O_CLOCK), folder)
    heard: list[Event] = []
    exchange.listeners.append(lambda data: heard.append(plain(data)))
    room = Switchroom(exchange, {name: QueueRules() for name in ("intake", "seat-8001", "seat-8002")})
    telephones = [Telephone(room, number) for number in ("8001", "8002")]
    for telephone in telephones:
        telephone.plug_in()
        telephone.ring = lambda ringing: ringing.end(Rang.ANSWERED)
    for queue in ("intake", "seat-8001"):
        room.add(queue, Member(queue=queue, interface="PJSIP/8001", name="8001"))
    room.add("seat-8002", Member(queue="seat-8002", interface="PJSIP/8002", name="8002"))
    on = Exchanged(
        room=room,
        dialplan=Dialplan(DIALPLAN),
        telephones={telephone.interface: telephone for telephone in telephones},
        truth=TruthBook(),
        away=lambda _arguments, _channel: None,
    )
    citizen = exchange.make_channel("citizens", caller="13910000001")
    await Run(on=on, channel=citizen, person=person, context="hotline").run()
    exchange.close()
    return heard


def modelled(folder: Path, *, held: bool = False, transferred: bool = False) -> list[Event]:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_call(Scripted(held, transferred), folder))


def test_a_call_with_music_is_told_in_asterisks_order(tmp_path: Path) -> None:
    assert story(modelled(tmp_path, held=True)) == story(real("hold"))


def test_a_call_handed_on_is_told_in_asterisks_order(tmp_path: Path) -> None:
    assert story(modelled(tmp_path, transferred=True)) == story(real("blind_transfer_to_seat"))


@pytest.mark.parametrize("kind", [*TOLD, "Newstate", "Hangup", "QueueMemberAdded", "QueueMemberStatus"])
def test_every_event_has_the_headers_of_the_real_one(tmp_path: Path, kind: str) -> None:
    headers: dict[str, set[str]] = {}
    for event in modelled(tmp_path, held=True, transferred=True):
        headers.setdefault(event["event"], set()).update(event)
    for event in real("hold") + real("blind_transfer_to_seat"):
        if event["event"] == kind:
            missing = set(event) - headers[kind] - NOT_OURS
            # the model has no bridges: nobody of ours reads about them
            assert {header for header in missing if not header.startswith("bridge")} == set()


def test_a_telephone_that_rings_or_talks_is_shown_as_busy(tmp_path: Path) -> None:
    def statuses(events: list[Event]) -> list[str]:
        told = [e for e in events if e["event"] == "QueueMemberStatus" and e["queue"] == "intake"]
        return [event["status"] for event in told if event["membername"] == "8001"]

    assert statuses(modelled(tmp_path, held=True)) == statuses(real("hold")) == ["3", "1"]
