"""引擎的边界: what the engine meets outside of itself; a rehearsal hands over others, the code stays."""

from collections.abc import Coroutine
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Any, Protocol

from app.database_readers import let_readers_in
from app.instance import Instance
from app.parts import AMI_USER, BROKER_USER, database_url
from console.mqtt import Publisher
from core.clock import Clock, SystemClock
from core.database import Database
from core.outbox import Listener
from core.settings import Broker
from queue_manager.ami import AmiDoor


class Outward(Protocol):
    """对外消息: whoever publishes facts to other systems."""

    @property
    def listener(self) -> Listener:
        """What is to be published."""
        ...

    def run(self) -> Coroutine[Any, Any, None]:
        """Stay connected until cancelled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Time, chance, rows, Asterisk's manager interface, and other systems (None: nobody is told).

    Everything else that the engine opens (FastAGI, the recogniser's socket) it opens on the event loop
    that it runs on.
    """

    clock: Clock
    chance: Random
    database: Database
    ami: AmiDoor
    outward: Outward | None


def real_edges(instance: Instance) -> Edges:
    """Give the real ones, the database brought up to date; raises the errors of the database."""
    database = Database(database_url(instance))
    database.migrate()
    let_readers_in(instance, database)
    return Edges(
        clock=SystemClock(),
        chance=SystemRandom(),
        database=database,
        ami=ami_door_of(instance),
        outward=_publisher_of(instance),
    )


def ami_door_of(instance: Instance) -> AmiDoor:
    """Give the way to Asterisk's manager interface."""
    return AmiDoor(
        host="127.0.0.1",
        port=instance.settings.doors.ami,
        user=AMI_USER,
        secret=instance.secret("ami"),
    )


def _publisher_of(instance: Instance) -> Publisher | None:
    broker = instance.settings.broker
    if broker.use == "none":
        return None
    if broker.use == "own":
        secret = instance.secret("broker")
        broker = Broker(use="own", port=broker.port, user=BROKER_USER, password=secret)
    return Publisher(broker, instance.settings.node)
