"""号码指纹: a keyed hash of a caller's number, so that one caller's calls are found and no number is seen.

The key is a secret of the installation: whoever has only the log cannot try numbers until one fits.
"""

import getpass
import hashlib
import hmac
import json
import os
import re
from pathlib import Path

from core.clock import Clock
from core.errors import HotlineError
from core.privacy import masked_number

SIGNS = 12
"""48 bits: among a million callers two share a hash with a chance of 1 in 500."""
LETTERS = "abcdefghjkmnpqrs"
"""A hash has no digits: whoever looks for telephone numbers in the logs finds none, not by chance either."""
_IN_LETTERS = str.maketrans("abcdef0123456789", LETTERS)
KEY_NAME = "number-hash"
AUDIT = "audit.jsonl"
READABLE_BY_GROUP = 0o640
_WRITTEN_BETWEEN = re.compile(r"[\s()\-.]")
_NUMBER = re.compile(r"\+?\d{3,20}")
_MOBILE = re.compile(r"(?:\+?86|0086|0)?(1[3-9]\d{9})")
_FROM_ABROAD = re.compile(r"(?:\+86|0086)0?(\d+)")


class NoNumber(HotlineError):
    """这不是一个电话号码:请写 3 到 20 位数字,前面可以有 +。"""


def plain_number(number: str) -> str:
    """Give one writing for all writings of a number: ``+86 138-1234-1234`` is ``13812341234``."""
    bare = _WRITTEN_BETWEEN.sub("", number)
    if mobile := _MOBILE.fullmatch(bare):
        return mobile[1]
    if home := _FROM_ABROAD.fullmatch(bare):
        return f"0{home[1]}"
    return bare


def hash_of(number: str, key: str) -> str:
    """Give the hash under which the log keeps a number; empty for a caller without one."""
    if not number:
        return ""
    keyed = hmac.new(key.encode(), plain_number(number).encode(), hashlib.sha256)
    return keyed.hexdigest()[:SIGNS].translate(_IN_LETTERS)


def looked_up(number: str, key: str, folder: Path, clock: Clock) -> str:
    """Give the hash of a number that a person typed, and note who asked; raises NoNumber or OSError."""
    if not _NUMBER.fullmatch(_WRITTEN_BETWEEN.sub("", number)):
        raise NoNumber
    found = hash_of(number, key)
    _note(folder, found, plain_number(number), clock)
    return found


def _note(folder: Path, found: str, number: str, clock: Clock) -> None:
    """Add a line to the audit; a look-up that cannot be noted is none."""
    line = {
        "at": clock.now().isoformat(timespec="milliseconds"),
        "what": "查号码指纹",
        "who": os.environ.get("SUDO_USER") or getpass.getuser(),
        "number": masked_number(number),
        "number_hash": found,
    }
    handle = os.open(folder / AUDIT, os.O_WRONLY | os.O_APPEND | os.O_CREAT, READABLE_BY_GROUP)
    with os.fdopen(handle, "w", encoding="utf-8") as audit:
        audit.write(json.dumps(line, ensure_ascii=False) + "\n")
