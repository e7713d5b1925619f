"""命令行: a hotline of its own, driven from outside, with nothing but commands and signals."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.leftovers import end_leftover
from app.ports import free_port
from app.prepare.places import HANDED_OVER, Places, ServiceUser

PATIENCE_SECONDS = 60.0
STOP_SECONDS = 15.0
LOOK_SECONDS = 0.05
OPEN = "热线已开通"
PROGRESS = "▶ "
_TAKES_WHAT_COMES = {"tcp": "0A", "udp": "07"}
"""The kernel's states for listening and unconnected sockets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """What stands on the error output besides progress."""
        return [line for line in self.err.splitlines() if line.strip() and not line.startswith(PROGRESS)]


@dataclass(slots=True, kw_only=True)
class Ports:
    """The ports of this hotline."""

    sip: int = field(default_factory=lambda: free_port(udp=True))
    ami: int = field(default_factory=free_port)
    agi: int = field(default_factory=free_port)
    broker: int = field(default_factory=free_port)
    web: int = field(default_factory=free_port)

    def taken(self) -> list[str]:
        """Those on which somebody listens."""
        kinds = {"ami": self.ami, "agi": self.agi, "broker": self.broker, "web": self.web}
        found = [name for name, port in kinds.items() if not _can_bind(port, socket.SOCK_STREAM)]
        return found + ([] if _can_bind(self.sip, socket.SOCK_DGRAM) else ["sip"])


@dataclass(slots=True, kw_only=True)
class CommandLine:
    """Where this hotline lives, and what settings.toml says."""

    folder: Path
    places: Places
    ports: Ports = field(default_factory=Ports)

    @property
    def instance_folder(self) -> Path:
        return self.places.data_dir / "up"

    @property
    def places_file(self) -> Path:
        return self.folder / "places.json"

    @property
    def settings_file(self) -> Path:
        return self.folder / "settings.toml"

    def settle(self, more: str = "", database: str = "sqlite", *, web: bool = False) -> None:
        """Write settings.toml: free ports, and what the test wants beside them."""
        ports = self.ports
        self.settings_file.write_text(
            f"{more if not more.startswith('[') else ''}\n"
            f"[sip]\nport = {ports.sip}\n[doors]\nami = {ports.ami}\nagi = {ports.agi}\n"
            f'[broker]\nport = {ports.broker}\n[database]\nurl = "{database}"\n'
            f"[web]\nport = {ports.web}\nuse = {str(web).lower()}\n"
            f"{more if more.startswith('[') else ''}\n",
            encoding="utf-8",
        )

    def prepare(self) -> None:
        """Write down where everything lies, as the preparation does."""
        self.places.write(self.places_file)

    def run(self, *words: str, user: ServiceUser | None = None, prepared: bool = True) -> Ran:
        """Run a command to its end."""
        if prepared and user is None:
            self.prepare()
        done = subprocess.run(
            self._argv(words),
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
            cwd="/",
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
        )
        return Ran(code=done.returncode, out=done.stdout, err=done.stderr)

    def up(self) -> Ran:
        """Run ``up`` where it is not expected to stay."""
        return self.run("up", "--settings", str(self.settings_file))

    @contextmanager
    def running(self, until: str = OPEN) -> Iterator["Running"]:
        """Start ``up`` in a window of its own, and wait until it says this; killed in the end if it stays."""
        self.prepare()
        said = self.folder / "up.err"
        with said.open("w") as err:
            process = subprocess.Popen(
                self._argv(("up", "--settings", str(self.settings_file))),
                env=self._environment(),
                stdout=subprocess.DEVNULL,
                stderr=err,
                cwd="/",
                start_new_session=True,
            )
        one = Running(process=process, said=said)
        try:
            one.wait_until(lambda: until in said.read_text() or process.poll() is not None)
            assert until in said.read_text(), said.read_text()
            yield one
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    @contextmanager
    def window(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """Start a command that goes on, and read what it prints."""
        self.prepare()
        with subprocess.Popen(
            self._argv(words),
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def tool(self, *argv: str) -> str:
        """Give what another program says, Asterisk's console for instance."""
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

    def processes(self) -> list[str]:
        """The commands of all living processes that belong to this hotline."""
        return [command for pid in _pids() if (command := self._ours(pid))]

    def open_doors(self, kind: str) -> set[str]:
        """The ``tcp`` or ``udp`` addresses at which this hotline takes what comes, as ``127.0.0.1:5060``."""
        ours = {inode for pid in _pids() if self._ours(pid) for inode in _sockets_of(pid)}
        return {address for inode, address in _listening(kind) if inode in ours}

    def clean_up(self) -> None:
        """End whatever a failed test left running, and take the folder away."""
        for pid_file in self.instance_folder.glob("run/*.pid"):
            end_leftover(pid_file.parent, pid_file.stem)
        shutil.rmtree(self.folder)

    def _ours(self, pid: int) -> str:
        home, mine = str(self.folder), f"{HANDED_OVER}={self.folder}"
        with_folder = (home in _read(pid, "cmdline"), mine in _read(pid, "environ"), home in _cwd(pid))
        return _read(pid, "cmdline").replace("\0", " ") if any(with_folder) else ""

    def _argv(self, words: tuple[str, ...]) -> list[str]:
        return [str(self.places.python), "-P", "-m", "app", *words]

    def _environment(self) -> Mapping[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("HOTLINE_")}
        return {**kept, HANDED_OVER: str(self.places_file), "PYTHONPATH": str(self.places.project)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """``up`` in its own window."""

    process: "subprocess.Popen[bytes]"
    said: Path

    def press(self, number: signal.Signals) -> None:
        """Send a signal to the whole window, as a terminal does on Ctrl-C."""
        os.killpg(self.process.pid, number)

    def end(self) -> int:
        """Wait for the end; gives the exit code."""
        return self.process.wait(STOP_SECONDS)

    def wait_until(self, true: Callable[[], bool]) -> None:
        """Look again and again until it is true."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < until, self.said.read_text()
            time.sleep(LOOK_SECONDS)


def own_command_line(name: str) -> CommandLine:
    """Give a hotline of its own, below the folder that services may write to."""
    places = Places.load()
    folder = places.data_dir / f"command-{name}"
    line = CommandLine(folder=folder, places=replace(places, data_dir=folder))
    if folder.exists():
        line.clean_up()
    folder.mkdir()
    if places.service_user is not None:
        os.chown(folder, places.service_user.uid, places.service_user.gid)
    line.settle()
    return line


def _can_bind(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _pids() -> Iterator[int]:
    own = os.getpid()
    yield from (int(entry.name) for entry in Path("/proc").glob("[0-9]*") if int(entry.name) != own)


def _sockets_of(pid: int) -> Iterator[str]:
    for handle in (Path("/proc") / str(pid) / "fd").glob("*"):
        with suppress(OSError):
            yield str(handle.readlink()).removeprefix("socket:[").rstrip("]")


def _listening(kind: str) -> Iterator[tuple[str, str]]:
    """Inode and address of every socket of this machine that takes what comes."""
    for table in (kind, f"{kind}6"):
        for line in (Path("/proc/net") / table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _TAKES_WHAT_COMES[kind]:
                yield fields[9], _address(fields[1])


def _address(hexadecimal: str) -> str:
    host, _, port = hexadecimal.partition(":")
    if len(host) != 8:
        return f"[{host}]:{int(port, 16)}"
    return f"{socket.inet_ntoa(struct.pack('=I', int(host, 16)))}:{int(port, 16)}"


def _read(pid: int, what: str) -> str:
    try:
        return (Path("/proc") / str(pid) / what).read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _cwd(pid: int) -> str:
    try:
        return str((Path("/proc") / str(pid) / "cwd").readlink())
    except OSError:
        return ""
