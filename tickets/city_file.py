"""城市: city.toml of a profile: whose profile it is, and where its rules come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tickets.profile import NO_MORE_KEYS, PolicyFile

CITY = "city.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """城市. ``source`` says where the rules were printed."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    title: str
    source: str


def read_city(folder: Path) -> City:
    """Read city.toml of a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / CITY)
    city = file.read(City)
    if not city.title.strip():
        raise file.wrong(("title",), "请写城市的名称")
    return city
