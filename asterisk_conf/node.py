"""节点: everything that one private Asterisk is configured from; a Node that exists can be rendered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from pathlib import Path

from core.errors import HotlineError
from core.ids import QueueName, SeatNo

LONGEST_SOCKET_PATH = 107

_NODE_NAME = re.compile(r"[A-Za-z0-9_-]{1,19}")  # Asterisk keeps 19 bytes
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_SEAT = re.compile(r"[0-9]{2,10}")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{12,128}")
_PATH = re.compile(r"/[\w./+@-]*")
_OUTSIDE = re.compile(r"[0-9X]{2,24}")
_GATEWAY = re.compile(r"[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?")
_SIP_ADDRESS = re.compile(r"sips?:[A-Za-z0-9@:.;=+_-]{3,200}")
_RESERVED = frozenset(
    {"general", "global", "system", "udp", "phone", "seat", "seat-account", "seat-address", "trunk"}
)


class UnsafeName(HotlineError):
    """名称会弄坏 Asterisk 的配置:只能以字母开头,由字母、数字、下划线和短横线组成,也不能是保留字,请改名。"""


class UnsafeSecret(HotlineError):
    """口令不合要求:须为 12 至 128 位的字母、数字、下划线或短横线,请重新生成。"""


class UnsafePath(HotlineError):
    """路径会弄坏 Asterisk 的配置:须是绝对路径,不能有空格和引号一类的符号,请换一个位置。"""


class PathTooLong(HotlineError):
    """状态文件夹的路径太长,放不下 Asterisk 的控制接口,请换一个更短的位置。"""


class WrongAddress(HotlineError):
    """地址或端口不对:须是 IPv4 地址(中继可以带掩码,但不能放行所有地址)和 1 至 65535 的端口,请修改设置。"""


class NothingToServe(HotlineError):
    """至少要有一个技能组,来电人才有地方可去;请在设置里加上一个。"""


class NoWayOut(HotlineError):
    """允许了座席转接的外部号码,但没有一条中继写明外呼网关,请给中继加上 gateway 或删去外部号码。"""


class GivenTwice(HotlineError):
    """同一个名称、座席号、中继地址或端口给了两次,请在设置里改掉一个。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """监听地址: where something of this node listens."""

    port: int
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        """Refuse what is not an IPv4 address and a port."""
        _network(f"{self.host}/32")
        _port(self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRange:
    """语音端口: first and last RTP port; a call takes two of them per leg."""

    first: int
    last: int

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        _port(self.first)
        _port(self.last)
        if self.last <= self.first:
            raise WrongAddress(first=self.first, last=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """座席话机: logs on to Asterisk with its number and this secret; a 班长 may listen to others."""

    number: SeatNo
    secret: str
    supervisor: bool = False

    def __post_init__(self) -> None:
        """Refuse what could break out of the configuration."""
        _match(_SEAT, self.number, "seat")
        _secret(self.secret, f"seat {self.number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkAccount:
    """中继账号: for carriers that want us to register; both addresses are SIP URIs."""

    server: str
    client: str
    user: str
    secret: str

    def __post_init__(self) -> None:
        """Refuse what could break out of the configuration."""
        _match(_SIP_ADDRESS, self.server, "trunk server")
        _match(_SIP_ADDRESS, self.client, "trunk client")
        _match(re.compile(r"[A-Za-z0-9@.+_-]{1,64}"), self.user, "trunk user")
        _secret(self.secret, f"trunk {self.user}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """中继: a carrier, known by the addresses (or networks, ``10.1.0.0/29``) it calls from.

    ``gateway`` is where we call out through it, ``host`` or ``host:port``; empty: we do not.
    """

    name: str
    addresses: tuple[str, ...]
    account: TrunkAccount | None = None
    gateway: str = ""

    def __post_init__(self) -> None:
        """Refuse what could break out of the configuration, and a trunk that is everybody."""
        _match(_NAME, self.name, "trunk")
        if self.gateway:
            _match(_GATEWAY, self.gateway, "gateway")
        if not self.addresses:
            raise WrongAddress(trunk=self.name, addresses="")
        for address in self.addresses:
            if _network(address).prefixlen == 0:
                raise WrongAddress(address=address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """文件夹 outside the private tree; ``modules`` and ``data`` are Asterisk's own."""

    modules: Path
    data: Path
    prompts: Path
    music: Path
    recordings: Path
    away_spool: Path

    def __post_init__(self) -> None:
        """Refuse what could break out of the configuration."""
        for name in self.__slots__:
            check_path(getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayScript:
    """值守脚本: the script for callers who come while the engine is away, and the Python that runs it."""

    source: Path
    python: Path

    def __post_init__(self) -> None:
        """Refuse what could break out of the configuration."""
        check_path(self.source)
        check_path(self.python)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """节点: the first queue is the one for whoever comes without a decision.

    ``variables`` are the channel variables shared with the flows: keys call_id, dialled, recording, next,
    hang_up, first, seat, keys_pressed, answer. ``outside`` are the numbers that seats may hand citizens to
    (``X`` is any digit). ``silence_seconds``: a seat's telephone that sends nothing for so long in a talk is
    gone; 0: never.
    """

    name: str
    folders: Folders
    sip: Address
    rtp: PortRange
    ami: Address
    ami_user: str
    ami_secret: str
    agi: Address
    seats: tuple[Seat, ...]
    trunks: tuple[Trunk, ...]
    queues: tuple[QueueName, ...]
    variables: Mapping[str, str]
    away: AwayScript
    outside: tuple[str, ...] = ()
    silence_seconds: int = 12

    def __post_init__(self) -> None:
        """Refuse what could break out of the configuration or contradicts itself."""
        _match(_NODE_NAME, self.name, "node")
        _match(_NAME, self.ami_user, "ami_user")
        _secret(self.ami_secret, "ami")
        for queue in self.queues:
            _match(_NAME, queue, "queue")
            if queue in self.variables.values():
                raise UnsafeName(what="queue", value=repr(queue))
        for variable in self.variables.values():
            _match(_VARIABLE, variable, "variable")
        if not self.queues:
            raise NothingToServe
        for pattern in self.outside:
            _match(_OUTSIDE, pattern, "outside")
        if self.outside and not self.way_out:
            raise NoWayOut
        for door in (self.ami, self.agi):
            if not IPv4Address(door.host).is_loopback:
                raise WrongAddress(address=door.host, reason="只能是 127 开头的本机地址")
        self._no_two_alike()

    @property
    def way_out(self) -> str:
        """外呼中继: the first trunk through which we may call out; empty when there is none."""
        return next((trunk.name for trunk in self.trunks if trunk.gateway), "")

    def _no_two_alike(self) -> None:
        _once([seat.number for seat in self.seats])
        _once([trunk.name for trunk in self.trunks])
        _once([address for trunk in self.trunks for address in trunk.addresses])
        _once([queue.lower() for queue in self.queues])
        _once([self.ami.port, self.agi.port])


def check_path(path: Path) -> None:
    """Refuse a path that could break out of the configuration; raises UnsafePath."""
    if not _PATH.fullmatch(str(path)) or ".." in path.parts:
        raise UnsafePath(path=repr(str(path)))


def check_socket(path: Path) -> None:
    """Refuse a path that the kernel cannot take for a socket; raises PathTooLong."""
    if len(bytes(path)) > LONGEST_SOCKET_PATH:
        raise PathTooLong(path=path, longest=LONGEST_SOCKET_PATH)


def _match(shape: re.Pattern[str], value: str, what: str) -> None:
    if not shape.fullmatch(value) or value.lower() in _RESERVED:
        raise UnsafeName(what=what, value=repr(value))


def _secret(value: str, owner: str) -> None:
    if not _SECRET.fullmatch(value):
        raise UnsafeSecret(owner=owner)


def _port(port: int) -> None:
    if not 0 < port < 65536:
        raise WrongAddress(port=port)


def _network(address: str) -> IPv4Network:
    try:
        return IPv4Network(address)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise WrongAddress(address=repr(address)) from None


def _once(values: Sequence[object]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise GivenTwice(value=value)
