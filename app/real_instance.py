"""正式系统: the instance of ``up``, as settings.toml says it or as it was started."""

from pathlib import Path

from app.instance import Instance
from app.prepare.places import Places
from core.settings import Settings, load_settings

NAME = "up"
SETTINGS = "settings.toml"


def real_instance(settings_file: Path | None = None) -> Instance:
    """Give the instance of ``up`` as settings.toml says it now; raises SettingsMissing or SettingsBroken."""
    places = Places.load()
    settings = _settings(places, settings_file)
    return Instance(name=NAME, folder=places.data_dir / NAME, settings=settings, places=places)


def started_instance(name: str = NAME) -> Instance:
    """Give an instance as it was started last, whatever settings.toml says since; raises NeverStarted."""
    return Instance.load(Places.load().data_dir / name)


def _settings(places: Places, file: Path | None) -> Settings:
    default = places.project / SETTINGS
    return load_settings(file or (default if default.exists() else None))
