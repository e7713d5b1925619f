"""会话: the two ends of one call as SIP knows them; builds requests, touches no network."""

from dataclasses import dataclass
from urllib.parse import quote

from simulator.sip_message import Headers, SipMessage, routes_in, tag_in, uri_in


@dataclass(slots=True, kw_only=True)
class Dialog:
    """``local`` and ``remote`` are From and To values with their tags; ``target`` is where requests go.

    ``early_tag`` is the other end's while it only rings: requests must not bear it yet.
    """

    call_id: str
    local: str
    remote: str
    target: str
    contact: str
    routes: tuple[str, ...] = ()
    early_tag: str = ""
    last_number: int = 0

    def request(self, method: str, via: tuple[str, str], extra: Headers = ()) -> SipMessage:
        """Build the next request; an ACK and a CANCEL keep the number of the INVITE that they belong to."""
        if method not in ("ACK", "CANCEL"):
            self.last_number += 1
        headers = (
            via,
            ("Max-Forwards", "70"),
            *(("Route", route) for route in self.routes),
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self.last_number} {method}"),
            ("Contact", self.contact),
            *extra,
        )
        return SipMessage(first_line=f"{method} {self.target} SIP/2.0", headers=headers)

    def to_be_replaced(self) -> str:
        """Give the address with which a REFER says: put the other one in my place in this call (RFC 3891)."""
        theirs = tag_in(self.remote) or self.early_tag
        replaces = f"{self.call_id};to-tag={theirs};from-tag={tag_in(self.local)}"
        return f"<{uri_in(self.remote)}?Replaces={quote(replaces, safe='')}>"

    def confirm(self, accepted: SipMessage) -> None:
        """Learn the other end from the 2xx response to our INVITE."""
        self.remote = accepted.header("To")
        self.target = uri_in(accepted.header("Contact")) or self.target
        self.routes = tuple(reversed(routes_in(accepted)))


def dialog_from(invite: SipMessage, contact: str, tag: str) -> Dialog:
    """Begin the called end of a call."""
    return Dialog(
        call_id=invite.call_id,
        local=f"{invite.header('To')};tag={tag}",
        remote=invite.header("From"),
        target=uri_in(invite.header("Contact")) or uri_in(invite.header("From")),
        contact=contact,
        routes=tuple(routes_in(invite)),
    )
