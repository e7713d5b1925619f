"""SIP消息: reading and writing requests and responses as text; nothing here touches the network."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from core.errors import HotlineError

Headers = tuple[tuple[str, str], ...]

_SHORT_NAMES = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "c": "content-type",
    "l": "content-length",
}


class NotSip(HotlineError):
    """收到的数据不是 SIP 消息。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SipMessage:
    """A request or a response; headers keep their order, header names may be short or long."""

    first_line: str
    headers: Headers
    body: str = ""

    @property
    def is_response(self) -> bool:
        """Whether the first line begins with the version."""
        return self.first_line.startswith("SIP/2.0 ")

    @property
    def status(self) -> int:
        """Three digits of a response."""
        return int(self.first_line.split(" ", 2)[1])

    @property
    def method(self) -> str:
        """The request's method; of a response, the method that it answers."""
        return self.cseq[1] if self.is_response else self.first_line.split(" ", 1)[0]

    @property
    def cseq(self) -> tuple[int, str]:
        """Number and method."""
        number, _, method = self.header("CSeq").partition(" ")
        return int(number), method.strip()

    @property
    def call_id(self) -> str:
        """The Call-ID, empty when absent."""
        return self.header("Call-ID")

    @property
    def branch(self) -> str:
        """The branch of the topmost Via: by it a response finds its request."""
        found = re.search(r";\s*branch=([^;,\s]+)", self.header("Via"))
        return found[1] if found else ""

    def header(self, name: str) -> str:
        """Value of the first header of that name, empty when absent."""
        return next(iter(self.all_of(name)), "")

    def all_of(self, name: str) -> list[str]:
        """Values of all headers of that name, in order."""
        wanted = name.lower()
        return [value for key, value in self.headers if _SHORT_NAMES.get(key.lower(), key.lower()) == wanted]

    def to_bytes(self) -> bytes:
        """Write it as it goes over the network; Content-Length is added here."""
        body = self.body.encode()
        lines = [self.first_line, *(f"{name}: {value}" for name, value in self.headers)]
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def parse(data: bytes) -> SipMessage:
    """Read a message; raises NotSip. Folded header lines are joined by one space."""
    head, separator, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    first_line, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
    if not separator or not re.fullmatch(r"SIP/2\.0 \d{3}( .*)?|[A-Z]+ \S+ SIP/2\.0", first_line):
        raise NotSip(begins=first_line[:60])
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    message = SipMessage(first_line=first_line, headers=headers, body=body)
    if not re.fullmatch(r"\d+\s+[A-Z]+", message.header("CSeq")) or not message.call_id:
        raise NotSip(begins=first_line[:60])
    return message


def response_to(
    request: SipMessage, status: int, reason: str, *, to: str = "", extra: Headers = ()
) -> SipMessage:
    """Answer a request; ``to`` is the To header with our tag, the request's own when empty."""
    copied = [
        (name, value)
        for name in ("Via", "Record-Route", "From", "To", "Call-ID", "CSeq")
        for value in ([to] if to and name == "To" else request.all_of(name))
    ]
    return SipMessage(first_line=f"SIP/2.0 {status} {reason}", headers=(*copied, *extra))


def with_body(message: SipMessage, body: str) -> SipMessage:
    """Give the same message with a session description."""
    return SipMessage(first_line=message.first_line, headers=message.headers, body=body)


def uri_in(value: str) -> str:
    """Find the address in a From, To or Contact header, empty when there is none."""
    unquoted = re.sub(r'"(?:[^"\\]|\\.)*"', "", value)
    bracketed = re.search(r"<([^>]*)>", unquoted)
    return bracketed[1] if bracketed else unquoted.partition(";")[0].strip()


def user_in(value: str) -> str:
    """Find the number in a From, To or Contact header, unescaped; empty when there is none."""
    found = re.match(r"sips?:([^@;]*)@", uri_in(value))
    return unquote(found[1]) if found else ""


def tag_in(value: str) -> str:
    """Find the tag of a From or To header, empty when there is none."""
    found = re.search(r";\s*tag=([^;\s]+)", value.rpartition(">")[2])
    return found[1] if found else ""


def routes_in(message: SipMessage) -> list[str]:
    """Addresses of all Record-Route headers, in the message's order."""
    return [route for value in message.all_of("Record-Route") for route in re.findall(r"<[^>]*>[^,]*", value)]
