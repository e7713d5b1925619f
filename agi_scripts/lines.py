"""AGI 行: what Asterisk and we write to each other, line by line; pure."""

import re
from dataclasses import dataclass

from core.errors import HotlineError
from core.ids import CALL_ID_SHAPE, CallId, SeatNo

LONGEST_COMMAND = 2000
"""Bytes; Asterisk cuts a command at 2048."""
MOST_ENVIRONMENT_LINES = 64
LONGEST_SHOWN = 64
LONGEST_PATH = 255

SEAT_SHAPE = re.compile(r"[0-9]{2,10}")
CODE_SHAPE = re.compile(r"\*[0-9*]{0,15}")
_REPLY = re.compile(r"(\d{3}) result=(\S*)(?: \((.*)\))?")
_REFUSAL = re.compile(r"(\d{3})[ -]")


class UnsafeCommand(HotlineError):
    """发给 Asterisk 的指令里有控制字符或者太长,已拒绝发送;请检查流程里的文字。"""


class NotAsterisk(HotlineError):
    """AGI 端口上来的不是 Asterisk 的来电,已关闭连接;如果反复出现,请检查是谁在连接这个端口。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """来电信息 as the dialplan hands it over; ``recording`` is the path of the growing recording."""

    call_id: CallId
    caller: str
    dialled: str
    recording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatArrival:
    """座席来电: a seat's telephone has dialled a code."""

    seat: SeatNo
    code: str
    supervisor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """应答: ``code`` 200 done, 510 unknown, 511 the channel is dead, 520 wrong usage; ``result`` as sent."""

    code: int
    result: str = ""
    note: str = ""


class Environment:
    """The lines with which Asterisk opens a call."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._values: dict[str, str] = {}
        self._lines = 0

    def heard(self, line: str) -> bool:
        """Take one line; True when it was the last. Raises NotAsterisk."""
        if not line:
            return True
        self._lines += 1
        name, colon, value = line.partition(": ")
        if not name.startswith("agi_") or not (colon or line.endswith(":")):
            raise NotAsterisk(reason="不是 AGI 的开头")
        if self._lines > MOST_ENVIRONMENT_LINES:
            raise NotAsterisk(reason="开头的行太多")
        self._values[name.removesuffix(":")] = value
        return False

    @property
    def script(self) -> str:
        """What the dialplan asks for: the path of its request."""
        return self._values.get("agi_network_script", "")

    def seat_arrival(self) -> SeatArrival:
        """Read which seat dialled which code; our dialplan gives both as arguments. Raises NotAsterisk."""
        seat, code = self._values.get("agi_arg_1", ""), self._values.get("agi_arg_2", "")
        if not SEAT_SHAPE.fullmatch(seat) or not CODE_SHAPE.fullmatch(code):
            raise NotAsterisk(reason="没有座席号或功能码")
        supervisor = self._values.get("agi_arg_3", "") == "yes"
        return SeatArrival(seat=SeatNo(seat), code=code, supervisor=supervisor)

    def arrival(self) -> Arrival:
        """Read who calls; our dialplan gives call_id and recording as arguments. Raises NotAsterisk."""
        call_id = self._values.get("agi_arg_1", "")
        if not CALL_ID_SHAPE.fullmatch(call_id):
            raise NotAsterisk(reason="没有来电编号")
        return Arrival(
            call_id=CallId(call_id),
            caller=shown(self._values.get("agi_callerid", "")),
            dialled=shown(self._values.get("agi_dnid", "")),
            recording=_path(self._values.get("agi_arg_2", "")),
        )


class Replies:
    """Puts Asterisk's lines together into replies."""

    def __init__(self) -> None:
        """Begin between two replies."""
        self._usage = False

    def heard(self, line: str) -> Reply | None:
        """Take one line; None while the reply is not complete. Raises NotAsterisk."""
        if self._usage and not line.startswith("520 "):
            return None
        self._usage = line.startswith("520-")
        if self._usage or line.startswith("1"):
            return None
        if found := _REPLY.match(line):
            return Reply(code=int(found[1]), result=found[2], note=found[3] or "")
        if found := _REFUSAL.match(line):
            return Reply(code=int(found[1]), note=line)
        raise NotAsterisk(reason="看不懂的应答")


def shown(number: str) -> str:
    """Make a number from outside harmless: printable, at most 64 characters; empty for ``unknown``."""
    if number == "unknown":
        return ""
    return "".join(c for c in number if c.isprintable())[:LONGEST_SHOWN].strip()


def _path(text: str) -> str:
    """Give a path that a row can hold; empty when it cannot be one."""
    return text if text.isprintable() and len(text) <= LONGEST_PATH else ""


def command(verb: str, *arguments: object) -> bytes:
    """Write one command; the only place where a line for Asterisk is made. Raises UnsafeCommand."""
    line = " ".join([verb, *(_quoted(str(argument)) for argument in arguments)])
    raw = line.encode()
    if not line.isprintable() or len(raw) > LONGEST_COMMAND:
        raise UnsafeCommand(verb=verb)
    return raw + b"\n"


def set_variable(name: str, value: object) -> bytes:
    """Write the command that sets a channel variable."""
    return command("SET VARIABLE", name, value)


def _quoted(argument: str) -> str:
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
