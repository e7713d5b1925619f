"""微信式推送: who signed it, what it says, and how it is answered; no network, no database."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from console.api_keys import derived
from core.errors import HotlineError

FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")
"""An order of ours has no use for them, an attack has."""


class NotFromWechat(HotlineError):
    """推送的签名不对:请核对公众平台里填的 Token。"""


class PushUnreadable(HotlineError):
    """推送的内容读不懂:应当是微信格式的 XML。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One message of a follower; ``kind`` is ``text``, ``event`` …; ``message_id`` stays the same."""

    sender: str
    receiver: str
    kind: str
    message_id: str
    text: str


def token_of(secret: str, source: str) -> str:
    """Give the Token of one source; the platform takes no more than 32 signs."""
    return derived(secret, "wechat", source)[:32]


def signature_of(token: str, timestamp: str, nonce: str) -> str:
    """Give what WeChat writes into ``signature``."""
    whole = "".join(sorted((token, timestamp, nonce)))
    return hashlib.sha1(whole.encode(), usedforsecurity=False).hexdigest()


def check_signature(token: str, told: Iterable[str]) -> None:
    """``told`` is signature, timestamp, nonce; raises NotFromWechat."""
    signature, timestamp, nonce = told
    if not hmac.compare_digest(signature_of(token, timestamp, nonce).encode(), signature.encode()):
        raise NotFromWechat


def push_from(body: bytes) -> Push:
    """Read a push; raises PushUnreadable."""
    if any(word in body for word in FORBIDDEN):
        raise PushUnreadable
    try:
        told = ET.fromstring(body)  # noqa: S314 - no document type, no entities: refused above
    except ET.ParseError as error:
        raise PushUnreadable from error
    known = {one.tag: (one.text or "").strip() for one in told}
    sender = known.get("FromUserName", "")
    name = known.get("MsgId") or f"{sender}{known.get('CreateTime', '')}"
    if not sender or not known.get("MsgType"):
        raise PushUnreadable
    return Push(
        sender=sender,
        receiver=known.get("ToUserName", ""),
        kind=known["MsgType"],
        message_id=name,
        text=known.get("Content", ""),
    )


def answer_to(push: Push, at: int, text: str) -> str:
    """Give the answer as the follower is to see it; ``at`` is in seconds since 1970."""
    return (
        f"<xml><ToUserName>{escape(push.sender)}</ToUserName>"
        f"<FromUserName>{escape(push.receiver)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>text</MsgType><Content>{escape(text)}</Content></xml>"
    )
