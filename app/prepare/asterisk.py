"""Asterisk 话务平台: the one that was named, or the system's where a probe accepts it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.prepare.places import AsteriskPlaces
from app.prepare.tools import ToolFailed, ToolMissing, run
from core.errors import HotlineError

# Dual-channel recordings are sound and a returning caller keeps his turn only since this release.
OLDEST = (22, 10)
LAUNCHERS = (Path("/usr/sbin/asterisk"), Path("/usr/local/sbin/asterisk"))
MODULE_FOLDERS = (
    "/usr/lib/*/asterisk/modules",
    "/usr/lib*/asterisk/modules",
    "/usr/local/lib*/asterisk/modules",
)
DATA_FOLDERS = (Path("/usr/share/asterisk"), Path("/var/lib/asterisk"), Path("/usr/local/var/lib/asterisk"))
# What the hotline cannot do without; a distribution may have left one of them out.
MODULES = (
    "app_bridgeaddchan",
    "app_chanspy",
    "app_dial",
    "app_mixmonitor",
    "app_queue",
    "app_stack",
    "app_userevent",
    "bridge_softmix",
    "chan_pjsip",
    "codec_alaw",
    "format_pcm",
    "format_sln",
    "format_wav",
    "func_channel",
    "func_timeout",
    "pbx_config",
    "res_agi",
    "res_musiconhold",
    "res_pjsip",
    "res_pjsip_authenticator_digest",
    "res_pjsip_refer",
    "res_pjsip_registrar",
    "res_rtp_asterisk",
    "res_srtp",
    "res_timing_timerfd",
)


class NamedAsteriskUnusable(HotlineError):
    """HOTLINE_ASTERISK 指定的 Asterisk 不能使用,请改正这个环境变量或去掉它。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a look at an Asterisk found; `missing` names modules that we use and it lacks."""

    places: AsteriskPlaces
    missing: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Tell whether the hotline runs on it."""
        return release_of(self.places.version) >= OLDEST and not self.missing


def release_of(version: str) -> tuple[int, int]:
    """Read `Asterisk 22.10.1~dfsg+…` as (22, 10); (0, 0) when there is no release in it."""
    found = re.search(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def asterisk_in(home: Path) -> AsteriskPlaces:
    """Return the places of a bundle that lies in the folder `home`; its version is asked of itself.

    Raises:
        ToolMissing, ToolFailed: it does not start.
    """
    launcher = home / "sbin" / "asterisk"
    version = run([launcher, "-V"]).strip()
    return AsteriskPlaces(
        version=version, launcher=launcher, modules=home / "modules", data=home / "share" / "asterisk"
    )


def probe(places: AsteriskPlaces) -> Probe:
    """Look whether all modules that we use are there."""
    missing = tuple(name for name in MODULES if not (places.modules / f"{name}.so").exists())
    return Probe(places=places, missing=missing)


def named_asterisk(environment: Mapping[str, str]) -> AsteriskPlaces | None:
    """Return the bundle that HOTLINE_ASTERISK names, None when it names nothing.

    Raises:
        NamedAsteriskUnusable: it does not start, is too old or lacks modules.
    """
    named = environment.get("HOTLINE_ASTERISK")
    if not named:
        return None
    try:
        found = probe(asterisk_in(Path(named).absolute()))
    except (ToolFailed, ToolMissing) as failed:
        raise NamedAsteriskUnusable(folder=named, reason=failed.reason) from failed
    if not found.accepted:
        raise NamedAsteriskUnusable(
            folder=named, version=found.places.version, missing=" ".join(found.missing)
        )
    return found.places


def system_asterisk() -> AsteriskPlaces | None:
    """Return the system's own Asterisk when it is new enough and complete."""
    launcher = next((path for path in LAUNCHERS if path.exists()), None)
    modules = next((path for pattern in MODULE_FOLDERS for path in Path("/").glob(pattern[1:])), None)
    data = next((path for path in DATA_FOLDERS if (path / "documentation").exists()), None)
    if launcher is None or modules is None or data is None:
        return None
    try:
        version = run([launcher, "-V"]).strip()
    except (ToolFailed, ToolMissing):
        return None
    found = probe(AsteriskPlaces(version=version, launcher=launcher, modules=modules, data=data))
    return found.places if found.accepted else None
