"""What is done to a living talk: the recording pauses and goes on, a third party is called in."""

import asyncio
from dataclasses import dataclass, field

import pytest

from core.ids import CallId, SeatNo
from queue_manager.ami import ActionRefused, AsteriskAway
from queue_manager.talk_acts import Did, TalkActs, ThirdParty

CALL = CallId("hotline-1772413200.1")
SEAT = SeatNo("8001")
POLICE = ThirdParty(number="110", trunk="carrier")


@dataclass(kw_only=True)
class FakeAsterisk:
    """Knows channels by their Uniqueid, each with its variables."""

    channels: dict[str, dict[str, str]] = field(default_factory=dict)
    acts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    away: bool = False

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        if self.away:
            raise AsteriskAway(action=action)
        if action in ("Getvar", "Setvar", "MixMonitorMute") and fields["Channel"] not in self.channels:
            raise ActionRefused(action=action, answer="No such channel")
        if action == "Getvar":
            return [{"value": self.channels[fields["Channel"]].get(fields["Variable"], "")}]
        if action == "Setvar":
            self.channels[fields["Channel"]][fields["Variable"]] = fields["Value"]
        self.acts.append((action, fields))
        return [{"response": "Success"}]

    def did(self, action: str) -> list[dict[str, str]]:
        return [fields for name, fields in self.acts if name == action]


def talking() -> FakeAsterisk:
    citizen = {"CHANNEL(name)": "PJSIP/carrier-00000001", "DIALLED": "12345", "CALL_ID": CALL}
    return FakeAsterisk(channels={CALL: citizen})


async def test_a_recording_pauses_on_both_sides() -> None:
    asterisk = talking()
    assert await TalkActs(asterisk, None).pause_recording(CALL, SEAT) is Did.DONE
    assert asterisk.did("MixMonitorMute") == [{"Channel": CALL, "Direction": "both", "State": "1"}]


async def test_a_recording_that_is_paused_already_stays_so_also_after_our_restart() -> None:
    asterisk = talking()
    await TalkActs(asterisk, None).pause_recording(CALL, SEAT)
    assert await TalkActs(asterisk, None).pause_recording(CALL, SEAT) is Did.ALREADY
    assert len(asterisk.did("MixMonitorMute")) == 1


async def test_a_recording_goes_on() -> None:
    asterisk = talking()
    acts = TalkActs(asterisk, None)
    assert await acts.resume_recording(CALL, SEAT) is Did.ALREADY
    await acts.pause_recording(CALL, SEAT)
    assert await acts.resume_recording(CALL, SEAT) is Did.DONE
    assert asterisk.did("MixMonitorMute")[-1]["State"] == "0"
    assert await acts.pause_recording(CALL, SEAT) is Did.DONE


@pytest.mark.parametrize(
    "goes_on",
    [
        {"event": "QueueCallerJoin", "uniqueid": CALL},
        {"event": "AttendedTransfer", "transfereeuniqueid": CALL},
    ],
    ids=lambda event: event["event"],
)
async def test_a_pause_that_a_seat_forgot_ends_with_its_talk(goes_on: dict[str, str]) -> None:
    asterisk = talking()
    acts = TalkActs(asterisk, None)
    running = asyncio.create_task(acts.run())
    acts.heard(goes_on)
    await acts.pause_recording(CALL, SEAT)
    acts.heard({"event": "MixMonitorMute", "uniqueid": CALL, "state": "1"})
    acts.heard(goes_on)
    await asyncio.sleep(0.01)
    running.cancel()
    assert [act["State"] for act in asterisk.did("MixMonitorMute")] == ["1", "0"]


async def test_a_call_that_is_over_is_said_to_be_over() -> None:
    acts = TalkActs(FakeAsterisk(), POLICE)
    assert await acts.pause_recording(CALL, SEAT) is Did.NO_CALL
    assert await acts.resume_recording(CALL, SEAT) is Did.NO_CALL
    assert await acts.call_in(CALL) is Did.NO_CALL


async def test_two_seats_that_talk_with_each_other_are_no_call_of_a_citizens() -> None:
    colleagues = FakeAsterisk(channels={CALL: {"CHANNEL(name)": "PJSIP/8001-00000001"}})
    assert await TalkActs(colleagues, POLICE).pause_recording(CALL, SEAT) is Did.NO_CALL
    assert await TalkActs(colleagues, POLICE).call_in(CALL) is Did.NO_CALL
    assert colleagues.acts == []


async def test_an_asterisk_that_is_away_does_nothing() -> None:
    acts = TalkActs(FakeAsterisk(away=True), POLICE)
    assert await acts.pause_recording(CALL, SEAT) is Did.FAILED
    assert await acts.call_in(CALL) is Did.FAILED


async def test_a_third_party_is_called_into_the_citizens_talk() -> None:
    asterisk = talking()
    assert await TalkActs(asterisk, POLICE).call_in(CALL) is Did.DONE
    (call,) = asterisk.did("Originate")
    assert call["Channel"] == "PJSIP/110@carrier"
    assert (call["Application"], call["Data"]) == ("BridgeAdd", "PJSIP/carrier-00000001")
    assert call["CallerID"] == "12345"
    assert call["Async"] == "true"


async def test_a_third_party_is_not_called_twice_at_a_time() -> None:
    asterisk = talking()
    acts = TalkActs(asterisk, POLICE)
    await acts.call_in(CALL)
    asterisk.channels[asterisk.did("Originate")[0]["ChannelId"]] = {"CHANNEL(name)": "PJSIP/carrier-00000009"}
    assert await acts.call_in(CALL) is Did.ALREADY


async def test_without_a_way_out_nobody_is_called_in() -> None:
    assert await TalkActs(talking(), None).call_in(CALL) is Did.NOT_ALLOWED
