"""摘要认证: proves a password without sending it (RFC 7616, and RFC 2617 where no qop is offered)."""

import hashlib
import re
from dataclasses import dataclass

_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """账号: who a phone says it is."""

    user: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the other side asks for in WWW-Authenticate or Proxy-Authenticate."""

    realm: str
    nonce: str
    algorithm: str
    qop: str
    opaque: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The request that is to be let through."""

    method: str
    uri: str


def challenge_in(headers: list[str]) -> Challenge | None:
    """Read the first challenge that we can answer; None when there is none."""
    for header in headers:
        scheme, _, rest = header.partition(" ")
        pairs = re.findall(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', rest)
        facts = {name.lower(): quoted or bare for name, quoted, bare in pairs}
        algorithm = facts.get("algorithm", "MD5").upper()
        if scheme.lower() == "digest" and algorithm in _ALGORITHMS and "nonce" in facts:
            offered = [offer.strip() for offer in facts.get("qop", "").split(",")]
            return Challenge(
                realm=facts.get("realm", ""),
                nonce=facts["nonce"],
                algorithm=algorithm,
                qop="auth" if "auth" in offered else "",
                opaque=facts.get("opaque", ""),
            )
    return None


def answer_to(challenge: Challenge, account: Account, asked: Asked, cnonce: str) -> str:
    """Write the value of the Authorization header; every challenge is answered once, so nc is 1."""
    owner = _hash(challenge, f"{account.user}:{challenge.realm}:{account.secret}")
    request = _hash(challenge, f"{asked.method}:{asked.uri}")
    counted = f"00000001:{cnonce}:{challenge.qop}:" if challenge.qop else ""
    response = _hash(challenge, f"{owner}:{challenge.nonce}:{counted}{request}")
    facts = [
        f'username="{account.user}"',
        f'realm="{challenge.realm}"',
        f'nonce="{challenge.nonce}"',
        f'uri="{asked.uri}"',
        f'response="{response}"',
        f"algorithm={challenge.algorithm}",
    ]
    if challenge.qop:
        facts += [f"qop={challenge.qop}", "nc=00000001", f'cnonce="{cnonce}"']
    if challenge.opaque:
        facts.append(f'opaque="{challenge.opaque}"')
    return "Digest " + ", ".join(facts)


def _hash(challenge: Challenge, text: str) -> str:
    return hashlib.new(_ALGORITHMS[challenge.algorithm], text.encode(), usedforsecurity=False).hexdigest()
