"""位置: where everything lies that the hotline runs from, as the preparation hands it to the app."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from core.errors import HotlineError

HANDED_OVER = "HOTLINE_PLACES"


class PlacesUnknown(HotlineError):
    """运行环境还没有准备好,请用项目根目录下的 ./hotline 启动。"""


class ProgramMissing(HotlineError):
    """这个命令的准备不包含所需的程序,请先运行 ./hotline prepare。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskPlaces:
    """An Asterisk: `launcher` is the executable, `modules` is astmoddir, `data` is astdatadir."""

    version: str
    launcher: Path
    modules: Path
    data: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUser:
    """服务账号: who the services run as when root started the hotline."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Absolute paths; what the asked command does not need is None or absent from `programs`.

    project: the checkout. code: where services run from (a readable copy when root started us).
    data_dir: the one folder below state_dir that services may write to.
    """

    project: Path
    code: Path
    state_dir: Path
    data_dir: Path
    python: Path
    asterisk: AsteriskPlaces | None
    programs: Mapping[str, Path]
    baresip_modules: Path | None
    service_user: ServiceUser | None

    def program(self, name: str) -> Path:
        """Return the absolute path of a program such as `sox`.

        Raises:
            ProgramMissing: the command that was asked for does not need it, so it was not prepared.
        """
        if name not in self.programs:
            raise ProgramMissing(program=name)
        return self.programs[name]

    def prepared(self) -> frozenset[Path]:
        """Return the folders directly below `state_dir` that a process with these places runs from."""
        used = [self.python, self.code, *([self.asterisk.launcher] if self.asterisk else ())]
        below = (path.relative_to(self.state_dir) for path in used if path.is_relative_to(self.state_dir))
        return frozenset(self.state_dir / path.parts[0] for path in below)

    def write(self, file: Path) -> None:
        """Write them down, readable by every user."""
        fresh = file.with_suffix(".new")
        fresh.write_text(
            json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str), encoding="utf-8"
        )
        fresh.chmod(0o644)
        fresh.replace(file)

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the places that `./hotline` handed over.

        Raises:
            PlacesUnknown: we were not started through `./hotline`, or its file is gone.
        """
        handed = environment.get(HANDED_OVER)
        if not handed:
            raise PlacesUnknown
        try:
            return cls.read(Path(handed))
        except (OSError, ValueError, KeyError, TypeError) as unreadable:
            raise PlacesUnknown(file=handed) from unreadable

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what `write` wrote."""
        told = json.loads(file.read_text(encoding="utf-8"))
        folders = {name: Path(told[name]) for name in ("project", "code", "state_dir", "data_dir", "python")}
        return cls(
            **folders,
            asterisk=_asterisk(told["asterisk"]),
            programs={name: Path(path) for name, path in told["programs"].items()},
            baresip_modules=told["baresip_modules"] and Path(told["baresip_modules"]),
            service_user=told["service_user"] and ServiceUser(**told["service_user"]),
        )


def _asterisk(told: Mapping[str, str] | None) -> AsteriskPlaces | None:
    if told is None:
        return None
    paths = {name: Path(told[name]) for name in ("launcher", "modules", "data")}
    return AsteriskPlaces(version=told["version"], **paths)
