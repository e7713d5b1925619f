"""设置: what is true of this machine (ports, lines, paths), from settings.toml and ``HOTLINE_*``."""

import os
import re
import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from core.errors import HotlineError

Port = Annotated[int, Field(ge=1, le=65535)]
Gateway = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?)?$")]
Outside = Annotated[str, StringConstraints(pattern=r"^[0-9X]{2,24}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
PublicUrl = Annotated[str, StringConstraints(pattern=r"^(https://[A-Za-z0-9.:/_~-]{3,120})?$")]
LOOPBACK = IPv4Address("127.0.0.1")


class SettingsBroken(HotlineError):
    """settings.toml 写错了:请按括号里的提示改正后重新启动。"""


class SettingsMissing(HotlineError):
    """没有这个设置文件:请核对路径,或不加 --settings 用默认的。"""


class SettingsOfAnother(HotlineError):
    """这套系统上次是由另一个版本启动的:请用这个版本重新运行 ./hotline up。"""


class Section(BaseModel):
    """A table of settings.toml; a key that we do not know is an error, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sip(Section):
    """Where phones and trunks reach us, and whom seats may reach outside.

    ``outside`` are numbers (``X`` is any digit) that a seat may hand citizens to, ``emergency`` is the third
    party of the three-way code; both need a trunk with a gateway. ``silence_seconds``: a seat's telephone
    from which nothing comes for so long in a talk is taken for lost; 0: never.
    """

    bind: IPv4Address = LOOPBACK
    port: Port = 5060
    rtp_from: Port = 10000
    rtp_to: Port = 11999
    outside: tuple[Outside, ...] = ()
    silence_seconds: Annotated[int, Field(ge=0, le=600)] = 12
    emergency: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,24}$")] = "110"


class Trunk(Section):
    """中继: a line to the public network; its calls are known by the addresses that they come from.

    ``gateway``, ``host`` or ``host:port``, is where we call out; empty: we do not.
    """

    name: Name
    addresses: tuple[IPv4Network, ...]
    gateway: Gateway = ""


class Doors(Section):
    """Loopback ports between Asterisk and the engine."""

    ami: Port = 5038
    agi: Port = 4573


class Storage(Section):
    """Empty: an own PostgreSQL is started under the state folder."""

    url: str = ""


class Broker(Section):
    """``own`` starts mosquitto on loopback, ``none`` does without, ``other`` uses the broker at ``host``."""

    use: Literal["own", "other", "none"] = "own"
    host: str = "127.0.0.1"
    port: Port = 1883
    user: str = ""
    password: str = ""


class Speech(Section):
    """The Vosk model's folder (empty: the bundled one, which hears synthetic speech only)."""

    model: Path | None = None
    live_calls: Annotated[int, Field(ge=0, le=200)] = 8


class Recordings(Section):
    """Empty: under the state folder. ``free_mb``: below this much room ops are warned."""

    folder: Path | None = None
    free_mb: Annotated[int, Field(ge=0)] = 500


class Journal(Section):
    """底账: so many days after its end everything that was seen of a call is kept; its rows always."""

    keep_days: Annotated[int, Field(ge=31, le=36500)] = 365


class CallLogKept(Section):
    """通话日志: files grow to ``file_mb`` or to the end of a day and are kept for ``keep_days``."""

    keep_days: Annotated[int, Field(ge=1, le=36500)] = 190
    file_mb: Annotated[int, Field(ge=1, le=10000)] = 64


class Web(Section):
    """网络接口: for other systems, and for citizens who query; ``use = false``: not started at all.

    ``public_url`` is where a reverse proxy makes it known to telephones, and stands in short messages to
    units; empty: no links. A link can be used for ``link_days``.
    """

    use: bool = True
    bind: IPv4Address = LOOPBACK
    port: Port = 8012
    public_url: PublicUrl = ""
    link_days: Annotated[int, Field(ge=1, le=60)] = 7


class Sms(Section):
    """短信: where messages are handed over; empty: each becomes a file in the state folder's ``sms``."""

    gateway: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s]{3,380})?$")] = ""
    password: str = ""


class Settings(BaseSettings):
    """Everything that settings.toml may say."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="HOTLINE_", env_nested_delimiter="__"
    )
    file: ClassVar[Path | None] = None

    node: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,19}$")] = "hotline"
    profile: Name = "default"
    sip: Sip = Sip()
    trunks: tuple[Trunk, ...] = ()
    doors: Doors = Doors()
    database: Storage = Storage()
    broker: Broker = Broker()
    speech: Speech = Speech()
    recordings: Recordings = Recordings()
    call_log: CallLogKept = CallLogKept()
    journal: Journal = Journal()
    web: Web = Web()
    sms: Sms = Sms()
    prompts: Path | None = None
    """Folder with recorded WAVs that replace the spoken prompts of the same name."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_args: object, **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let ``HOTLINE_*`` win over the file."""
        return (
            sources["init_settings"],
            sources["env_settings"],
            TomlConfigSettingsSource(settings_cls, toml_file=cls.file),
        )


def load_settings(file: Path | None) -> Settings:
    """Read the file (None: embedded defaults) and ``HOTLINE_*``; raises SettingsMissing or SettingsBroken."""

    class FromFile(Settings):
        pass

    FromFile.file = file
    if file is not None and not file.is_file():
        raise SettingsMissing(file=file)
    try:
        return FromFile()
    except tomllib.TOMLDecodeError as error:
        raise SettingsBroken(file=file, reason=_place_of(error)) from error
    except UnicodeDecodeError as error:
        raise SettingsBroken(file=file, reason="不是 UTF-8 文本") from error
    except SettingsError as error:
        raise SettingsBroken(file="HOTLINE_*", reason=_unreadable(error)) from error
    except ValidationError as error:
        raise _first_of(error, file) from error
    except OSError as error:
        raise SettingsBroken(file=file, reason=error.strerror) from error


def settings_from(plain: Mapping[str, Any]) -> Settings:
    """Read what ``model_dump`` gave; raises SettingsOfAnother for what another version gave."""
    try:
        return Settings.model_validate(plain)
    except ValidationError as error:
        raise SettingsOfAnother(wrong=error.error_count()) from error


def _first_of(error: ValidationError, file: Path | None) -> SettingsBroken:
    """One mistake at a time: the first."""
    first = error.errors()[0]
    parts = [str(part) for part in first["loc"]]
    variable = f"HOTLINE_{'__'.join(parts)}".upper()
    where = variable if variable in os.environ or file is None else file
    reason = _REASONS.get(first["type"], first["msg"])
    return SettingsBroken(file=where, key=".".join(parts), reason=reason)


def _unreadable(error: SettingsError) -> str:
    found = re.search(r'field "(\w+)"', str(error))
    return f"HOTLINE_{found[1].upper() if found else '*'} 是一节或一列, 值要写成 JSON"


def _place_of(error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"line (\d+), column (\d+)", str(error))
    place = f"第 {found[1]} 行第 {found[2]} 个字符附近" if found else "文件末尾"
    return f"{place}不合 TOML 语法, 多半是缺了引号或括号, 或者同一项写了两次"


_REASONS = {
    "extra_forbidden": "没有这一项, 请核对拼写",
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "int_from_float": "应当是整数",
    "less_than_equal": "数值太大",
    "greater_than_equal": "数值太小",
    "ip_v4_address": "应当是 IPv4 地址",
    "ip_v4_network": "应当是 IPv4 地址或网段, 例如 10.1.2.0/29",
    "string_pattern_mismatch": "有不允许的字符, 或者太长",
    "string_type": "应当是加引号的文字",
    "path_type": "应当是加引号的路径",
    "tuple_type": "应当是一列, 写在 [ ] 里",
    "model_type": "应当是一节, 例如 [sip]",
    "missing": "缺了这一项",
    "literal_error": "只能取说明里列出的值",
}
