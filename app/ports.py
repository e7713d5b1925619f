"""端口: finds free ones for a demo, and says plainly which one is taken before anything is started."""

import errno
import socket

from core.errors import HotlineError


class PortTaken(HotlineError):
    """端口已被别的程序占用:请停掉那个程序,或在 settings.toml 里给这一项换一个端口。"""


class AddressNotOurs(HotlineError):
    """这台机器没有这个地址:请在 settings.toml 里改成本机网卡上的地址。"""


class PortForbidden(HotlineError):
    """系统不允许使用这个端口:请在 settings.toml 里给这一项换一个 1024 以上的端口。"""


def check_free(port: int, *, what: str, udp: bool = False, host: str = "127.0.0.1") -> None:
    """Raise PortTaken when somebody listens there, or why we cannot; ``what`` is the key in settings.toml."""
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as probe:
        if not udp:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reasons = {errno.EADDRNOTAVAIL: AddressNotOurs, errno.EACCES: PortForbidden}
            raise reasons.get(error.errno or 0, PortTaken)(address=host, port=port, key=what) from error


def free_port(*, udp: bool = False) -> int:
    """Give a port on loopback that nobody uses at this moment, and that this process was not given before."""
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    while True:
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port


_GIVEN: set[int] = set()
