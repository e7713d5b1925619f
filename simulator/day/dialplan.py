"""拨号方案的执行: runs a channel through the dialplan, application by application."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simulator.day.agi_peer import AgiConversation, AgiDoor, seconds_of
from simulator.day.channel import Channel, ChannelState
from simulator.day.dialplan_functions import chosen, is_true, value_of
from simulator.day.dialplan_text import Dialplan, DialplanUnknown, Extension, Step, filled
from simulator.day.members import Member, Switchroom
from simulator.day.stay import Stay
from simulator.day.surroundings import Surroundings
from simulator.day.telephone import Talk, Telephone
from simulator.day.truth import TruthBook

TRANSFERRED = "transferred"
"""The context in which a telephone's transfer key leads (TRANSFER_CONTEXT)."""
MOST_STEPS = 100_000
_FUNCTION = re.compile(r"(\w+)\((.*)\)", re.DOTALL)
_DOOR = re.compile(r"agi://([\d.]+):(\d+)/(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What the dialplan is run on; ``away`` is the script that Asterisk starts when nobody answers.

    ``away`` is given spool folder, prompt, call id, recording, and the channel; it leaves the note.
    """

    room: Switchroom
    dialplan: Dialplan
    telephones: dict[str, Telephone]
    truth: TruthBook
    away: Callable[[list[str], Channel], None]


class Person:
    """Whoever is on a channel: presses nothing, and does not care, unless told otherwise."""

    def key(self) -> str | None:
        """Give the key pressed in a prompt, None for none."""
        return None

    def waits(self) -> None:
        """Hear music from now on."""

    def talks(self, talk: Talk) -> None:
        """Hear a seat from now on."""


class _HungUp(Exception):
    """The dialplan hangs up."""


@dataclass(slots=True, kw_only=True, eq=False)
class Run:
    """A channel on its way through the dialplan."""

    on: Exchanged
    channel: Channel
    person: Person
    context: str
    extension: str = "s"
    place: int = 0
    returns: list[tuple[str, str, int]] = field(default_factory=list)

    async def run(self) -> None:
        """Go on until the end; whoever hangs up cancels it. The channel is gone then."""
        try:
            for _ in range(MOST_STEPS):
                step = self._next()
                await self._do(step.application, step.argument)
            raise DialplanUnknown(endless=f"{self.context},{self.extension}")
        except _HungUp:
            pass
        finally:
            self.on.truth.gone(self.channel, self.on.room.exchange.end_channel(self.channel))

    def _next(self) -> Step:
        here = self._here()
        if self.place >= len(here.steps):
            raise _HungUp
        step = here.steps[self.place]
        self.channel.context, self.channel.exten = self.context, self.extension
        self.place += 1
        self.channel.priority = self.place
        self.channel.application = step.application
        return step

    def _here(self) -> Extension:
        found = self.on.dialplan.find(self.context, self.extension)
        if found is None:
            raise _HungUp
        return found

    async def _do(self, application: str, argument: str) -> None:
        doing = _APPLICATIONS.get(application)
        if doing is None:
            raise DialplanUnknown(application=application)
        # ExecIf fills in its own argument, after it knows whether
        await doing(self, argument if application == "ExecIf" else self.fill(argument))

    def fill(self, text: str) -> str:
        """Fill in variables and functions."""
        return filled(text, self._value) if "$" in text else text

    def _value(self, name: str) -> str:
        function = _FUNCTION.fullmatch(name)
        if function is None:
            return self.extension if name == "EXTEN" else self.channel.variables.get(name, "")
        return value_of(function[1], function[2], self.channel, self.on.room.exchange.channels.values())

    def go(self, where: str) -> None:
        """Go on at ``label``, ``extension,label`` or ``context,extension,label``."""
        parts = where.split(",")
        if len(parts) == 3:
            self.context = parts[0]
        if len(parts) > 1:
            self.extension = parts[-2]
        place = parts[-1]
        self.place = int(place) - 1 if place.isdigit() else self._here().labels[place]


async def _set(run: Run, argument: str) -> None:
    name, _, value = argument.partition("=")
    channel = run.channel
    if name == "CALLERID(num)":
        channel.caller = value
    elif name.startswith("__"):
        channel.variables[name.removeprefix("__")] = value
    elif not name.startswith(("CALLERID(", "CONNECTEDLINE(")):
        channel.variables[name] = value


async def _answer(run: Run, _argument: str) -> None:
    if run.channel.state is not ChannelState.UP:
        at = run.on.room.exchange.change_state(run.channel, ChannelState.UP)
        run.on.truth.arrived(run.channel, at)


async def _nothing(_run: Run, _argument: str) -> None:
    """What has no effect that anybody of ours could see."""


async def _goto(run: Run, argument: str) -> None:
    run.go(argument)


async def _goto_if(run: Run, argument: str) -> None:
    if where := chosen(argument):
        run.go(where)


async def _exec_if(run: Run, argument: str) -> None:
    condition, _, then = argument.partition("?")
    if is_true(run.fill(condition)):
        application, _, inside = then.partition("(")
        await _APPLICATIONS[application](run, run.fill(inside.removesuffix(")")))


async def _agi(run: Run, argument: str) -> None:
    script, *arguments = argument.split(",")
    door = _DOOR.fullmatch(script)
    if door is None:
        run.on.away(arguments, run.channel)
        run.channel.variables["AGISTATUS"] = "SUCCESS"
        await _playback(run, arguments[1])
        return
    conversation = AgiConversation(AgiDoor(host=door[1], port=int(door[2])), run.channel, run.person.key)
    status = await conversation.run(door[3], *arguments)
    run.channel.variables["AGISTATUS"] = status
    if status == "TIMEOUT":
        run.go("T,1")


async def _playback(run: Run, argument: str) -> None:
    seconds = seconds_of(Path(f"{argument}.wav"))
    await asyncio.sleep(seconds or 0.0)
    run.channel.variables["PLAYBACKSTATUS"] = "FAILED" if seconds is None else "SUCCESS"


async def _queue(run: Run, argument: str) -> None:
    name, options, *rest = [*argument.split(","), ""]
    seconds = next((int(part) for part in rest if part), 0)
    run.person.waits()
    stay = Stay(
        channel=run.channel,
        queue=run.on.room.queues[name],
        around=Surroundings(
            room=run.on.room,
            telephones=run.on.telephones,
            witness=run.on.truth,
            begins_to_talk=run.person.talks,
        ),
        priority=int(run.channel.variables.get("QUEUE_PRIO") or 0),
        seconds=seconds,
    )
    how = await stay.run() or ("CONTINUE" if "c" in options else "")
    if not how:
        raise _HungUp
    if how.isupper():
        run.channel.variables["QUEUESTATUS"] = how
    else:
        run.context, run.extension, run.place = TRANSFERRED, how, 0


async def _user_event(run: Run, argument: str) -> None:
    name, *told = argument.split(",")
    said = "".join(f"{pair}\r\n" for pair in told)
    run.on.room.exchange.tell("UserEvent", "user", f"{run.channel.headers()}UserEvent: {name}\r\n{said}")


async def _wait(_run: Run, argument: str) -> None:
    await asyncio.sleep(float(argument))


async def _hang_up(_run: Run, _argument: str) -> None:
    raise _HungUp


async def _add_member(run: Run, argument: str) -> None:
    queue, interface, _penalty, _options, name = (argument.split(",") + [""] * 5)[:5]
    added = run.on.room.add(queue, Member(queue=queue, interface=interface, name=name or interface))
    run.channel.variables["AQMSTATUS"] = "ADDED" if added else "MEMBERALREADY"
    if added:
        run.on.room.exchange.queue_log.write(run.channel.uniqueid, queue, name or interface, "ADDMEMBER", "")


async def _remove_member(run: Run, argument: str) -> None:
    queue, interface = argument.split(",")[:2]
    member = run.on.room.remove(queue, interface)
    run.channel.variables["RQMSTATUS"] = "REMOVEDINTERFACE" if member else "NOTINQUEUE"
    if member:
        run.on.room.exchange.queue_log.write(run.channel.uniqueid, queue, member.name, "REMOVEMEMBER", "")


async def _unpause_member(run: Run, argument: str) -> None:
    queue, interface = argument.split(",")[:2]
    meant = [member for member in run.on.room.members_of(interface) if queue in ("", member.queue)]
    for member in meant:
        run.on.room.pause(member, "", paused=False)
    run.channel.variables["UPQMSTATUS"] = "UNPAUSED" if meant else "NOTFOUND"


async def _gosub(run: Run, argument: str) -> None:
    where, _, inside = argument.partition("(")
    for number, value in enumerate(inside.removesuffix(")").split(","), 1):
        run.channel.variables[f"ARG{number}"] = value
    run.returns.append((run.context, run.extension, run.place))
    run.go(where)


async def _return(run: Run, _argument: str) -> None:
    if not run.returns:
        raise _HungUp
    run.context, run.extension, run.place = run.returns.pop()


_APPLICATIONS: Mapping[str, Callable[[Run, str], Awaitable[None]]] = {
    "Set": _set,
    "Answer": _answer,
    "MixMonitor": _nothing,
    "Goto": _goto,
    "GotoIf": _goto_if,
    "ExecIf": _exec_if,
    "AGI": _agi,
    "Playback": _playback,
    "Queue": _queue,
    "UserEvent": _user_event,
    "Wait": _wait,
    "Hangup": _hang_up,
    "AddQueueMember": _add_member,
    "RemoveQueueMember": _remove_member,
    "UnpauseQueueMember": _unpause_member,
    "Gosub": _gosub,
    "Return": _return,
}
