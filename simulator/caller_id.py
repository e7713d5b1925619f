"""主叫号码: what a caller says about himself, also empty, anonymous, far too long or hostile."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerId:
    """Display name, number, and the host behind the @ (the phone's own when empty)."""

    name: str = ""
    number: str = ""
    host: str = ""

    def header(self, own_host: str) -> str:
        """Write it for a From header, without a tag.

        A number is escaped as RFC 3261 wants it, so CR and LF arrive as %0D%0A and are decoded there;
        a line break in a name becomes a folded header line.
        """
        user = quote(self.number, safe="-_.!~*'()&=+$,;?/#")
        uri = f"{user}@{self.host or own_host}" if user else self.host or own_host
        escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
        lines = escaped.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        shown = '"' + "\r\n ".join(lines) + '" ' if self.name else ""
        return f"{shown}<sip:{uri}>"


ANONYMOUS = CallerId(name="Anonymous", number="anonymous", host="anonymous.invalid")
"""隐藏号码: a caller who withholds the number."""
