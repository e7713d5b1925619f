"""接口密钥: how another system shows who it is, and as which role it works."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from core.errors import HotlineError
from tickets.roles import DIRECTORS, Actor, Role

PREFIX = "hotline_"
NAME = re.compile(r"[A-Za-z0-9_-]{2,32}")
KEY_ROLES = (Role.SYSTEM, Role.REPORTS, Role.REVIEWER, Role.SUPERVISOR, *DIRECTORS)
"""``SYSTEM`` hands in and sees what it handed in itself; the others see every work order, masked."""


class KeyNameWrong(HotlineError):
    """密钥名只能用字母、数字、- 和 _, 2 到 32 个字。"""


class KeyNameTaken(HotlineError):
    """已经有这个名字的密钥:换一个名字, 或者先停用再加 --again 重发。"""


class NoSuchKey(HotlineError):
    """没有这个名字的密钥:./hotline key list 列出全部。"""


class KeyUnknown(HotlineError):
    """没有带密钥, 或者密钥不对、已停用:请在 Authorization 里写 Bearer 加密钥。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """密钥. Only its digest is kept: what nobody has, nobody can read out of the database."""

    name: str
    digest: str
    role: Role
    added_at: datetime
    added_by: str
    revoked_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Who takes the steps that come with this key."""
        return Actor(name=self.name, role=self.role)

    @property
    def sees_all(self) -> bool:
        """Whether it may look at work orders that came from elsewhere."""
        return self.role is not Role.SYSTEM


def digest_of(secret: str) -> str:
    """Give what is kept of a key; the key itself is random, so that a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def checked_name(name: str) -> str:
    """Give the name back; raises KeyNameWrong."""
    if not NAME.fullmatch(name):
        raise KeyNameWrong(name=name)
    return name


def derived(secret: str, purpose: str, name: str) -> str:
    """Give the shared secret of one neighbour, made of the hotline's own, so that it lies nowhere."""
    return hmac.new(secret.encode(), f"{purpose}:{name}".encode(), hashlib.sha256).hexdigest()
