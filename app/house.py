"""整套启动: starts prompts, Asterisk, broker, database, engine and recogniser: citizens come first.

Asterisk starts before anything of ours that could be broken: it serves citizens from its own
configuration while the rest comes up, or does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agi_scripts.variables import SHARED
from app.before_opening import check_before_opening, warning_of_room
from app.instance import Instance
from app.parts import (
    AMI_USER,
    asterisk_part,
    broker_part,
    database_part,
    engine_part,
    recogniser_part,
    web_part,
)
from app.prepare.places import AsteriskPlaces
from app.seat_list import add_seats, supervisors_of
from app.supervisor import Part, Supervisor
from asterisk_conf.node import Address, AwayScript, Folders, Node, PortRange, Seat, Trunk
from asterisk_conf.render import render
from core.errors import HotlineError
from core.ids import SeatNo
from core.settings import Settings
from ivr.prompt_book import Prompt, check_prompts, text_of
from ivr.voice import Prompts, Speaker
from ivr.voice import make_prompts as speak_prompts
from queue_manager.seat_rules import read_seat_rules

MUSIC = "waiting.wav"
Step = Callable[[str], None]
"""Is told, in Chinese, what is being done now."""


class AsteriskNotPrepared(HotlineError):
    """还没有可用的 Asterisk:请先运行 ./hotline prepare。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """试验台: what a benchmark changes: numbers of its own behind the dialplan, nobody who recognises."""

    dialplan: Path


class House:
    """One running hotline: what was started and can be stopped again."""

    def __init__(
        self, instance: Instance, seats: Sequence[SeatNo], step: Step, workshop: Workshop | None = None
    ) -> None:
        """Nothing runs before :meth:`open`."""
        self.instance = instance
        self._workshop = workshop
        self.seats = tuple(seats)
        self.supervisor = Supervisor()
        self._step = step

    async def open(self) -> None:
        """Start everything; raises HotlineError with nothing left running."""
        instance = self.instance
        places = instance.places.asterisk
        if places is None:
            raise AsteriskNotPrepared
        self._prepare()
        self._step("启动 Asterisk")
        await self.supervisor.start(asterisk_part(instance, places))
        await self.open_rooms()

    async def open_rooms(self) -> None:
        """Start what is ours, beside an Asterisk that serves already."""
        for title, part in self._rooms():
            self._step(title)
            try:
                made = part(self.instance)
            except HotlineError:
                await self.supervisor.stop()
                raise
            await self.supervisor.start(made)

    async def close(self) -> None:
        """Stop everything, Asterisk last."""
        await self.supervisor.stop()

    def _rooms(self) -> list[tuple[str, Callable[[Instance], Part]]]:
        settings = self.instance.settings
        rooms: list[tuple[str, Callable[[Instance], Part]]] = []
        if settings.broker.use == "own":
            rooms.append(("启动消息代理 mosquitto", broker_part))
        if not settings.database.url:
            rooms.append(("启动数据库 PostgreSQL", database_part))
        rooms.append(("启动引擎", engine_part))
        if settings.web.use:
            rooms.append(("启动网络接口", web_part))
        if self._workshop is None:
            rooms.append(("启动识别进程 (载入语音模型)", recogniser_part))
        return rooms

    def _prepare(self) -> None:
        instance = self.instance
        instance.make_folders()
        check_before_opening(instance)
        if warning := warning_of_room(instance):
            self._step(f"注意:{warning}")
        instance.save()
        add_seats(instance, self.seats)
        self._step("准备提示音")
        make_prompts(instance)
        also_dial = self._workshop.dialplan if self._workshop else None
        render(node_of(instance, self.seats), instance.asterisk, also_dial)
        instance.give_tree(instance.asterisk)


def make_prompts(instance: Instance) -> None:
    """Speak every prompt that is missing or whose text changed; recorded ones of the same name win."""
    check_prompts()
    places = instance.places
    speaker = Speaker(places.program("espeak-ng"), places.program("sox"))
    texts = {prompt.value: text_of(prompt) for prompt in Prompt}
    speak_prompts(speaker, Prompts(texts=texts, recorded=instance.settings.prompts), instance.prompts)
    if not (instance.music / MUSIC).exists():
        speaker.ring_softly(instance.music / MUSIC)
    instance.give_tree(instance.prompts)
    instance.give_tree(instance.music)


def node_of(instance: Instance, seats: Sequence[SeatNo]) -> Node:
    """Give everything that this instance's Asterisk is configured from."""
    settings = instance.settings
    places = instance.places.asterisk
    if places is None:
        raise AsteriskNotPrepared
    return Node(
        name=settings.node,
        folders=_folders_of(instance, places),
        sip=Address(host=str(settings.sip.bind), port=settings.sip.port),
        rtp=PortRange(first=settings.sip.rtp_from, last=settings.sip.rtp_to),
        ami=Address(port=settings.doors.ami),
        ami_user=AMI_USER,
        ami_secret=instance.secret("ami"),
        agi=Address(port=settings.doors.agi),
        seats=_seats_of_node(instance, seats),
        trunks=_trunks_of(settings),
        outside=settings.sip.outside,
        silence_seconds=settings.sip.silence_seconds,
        queues=tuple(read_seat_rules(instance.profile).queues),
        variables=SHARED,
        away=AwayScript(
            source=instance.places.code / "agi_scripts" / "away.py", python=instance.places.python
        ),
    )


def _seats_of_node(instance: Instance, seats: Sequence[SeatNo]) -> tuple[Seat, ...]:
    supervisors = supervisors_of(instance)
    return tuple(
        Seat(number=seat, secret=instance.secret(f"seat-{seat}"), supervisor=seat in supervisors)
        for seat in seats
    )


def _trunks_of(settings: Settings) -> tuple[Trunk, ...]:
    return tuple(
        Trunk(name=trunk.name, addresses=tuple(map(str, trunk.addresses)), gateway=trunk.gateway)
        for trunk in settings.trunks
    )


def _folders_of(instance: Instance, places: AsteriskPlaces) -> Folders:
    return Folders(
        modules=places.modules,
        data=places.data,
        prompts=instance.prompts,
        music=instance.music,
        recordings=instance.recordings,
        away_spool=instance.away_spool,
    )
