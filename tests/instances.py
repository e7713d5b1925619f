"""自用系统: the folders, ports and secrets of a hotline that belongs to one test file alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.instance import Instance
from app.ports import free_port
from app.prepare.places import Places
from core.settings import Broker, Doors, Settings, Sip, Storage, Web


@contextmanager
def own_instance(name: str, settings: Settings | None = None) -> Iterator[Instance]:
    """Claim an instance of this name, with nothing in it from before; nothing runs in it yet."""
    places = Places.load()
    settings = settings or free_settings()
    instance = Instance(name=name, folder=places.data_dir / name, settings=settings, places=places)
    with instance.claimed(afresh=True):
        instance.make_folders()
        instance.save()
        yield instance


def free_settings(database: str = "sqlite") -> Settings:
    """Embedded defaults on ports that nobody uses."""
    return Settings(
        sip=Sip(port=free_port(udp=True)),
        doors=Doors(ami=free_port(), agi=free_port()),
        database=Storage(url=database),
        broker=Broker(port=free_port()),
        web=Web(use=False),
    )
