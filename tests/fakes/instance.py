"""一套系统: an instance in a folder of its own, with nothing installed and nothing running."""

from pathlib import Path

from app.instance import Instance
from app.prepare.places import Places
from core.settings import Settings


def an_instance(folder: Path, settings: Settings | None = None) -> Instance:
    places = Places(
        project=folder,
        code=folder,
        state_dir=folder,
        data_dir=folder,
        python=folder / "python",
        asterisk=None,
        programs={},
        baresip_modules=None,
        service_user=None,
    )
    return Instance(name="up", folder=folder, settings=settings or Settings(), places=places)
