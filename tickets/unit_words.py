"""填写规则: what may stand in the fields of a unit, whether it is typed or imported."""

import re
import unicodedata
from collections.abc import Mapping

from core.errors import HotlineError
from tickets.deadlines import UnitClass
from tickets.units import UnitId

_YES_OR_NO: Mapping[str, bool] = {"": False, "是": True, "否": False}
_STATES: Mapping[str, bool] = {"": True, "启用": True, "停用": False}
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()*#,;转-]{2,38}")
_NAME = re.compile(r"[^/\x00-\x1f\x7f]{1,60}")
_PERSON = re.compile(r"[^\x00-\x1f\x7f]{1,40}")
_BETWEEN_ALIASES = re.compile(r"[\s、,，;；]+")


class WrongNumber(HotlineError):
    """单位编号应当是 32 个以内的字母、数字、点、横线。"""


class WrongName(HotlineError):
    """单位名称应当是 1 到 60 个字, 不含斜线。"""


class WrongPerson(HotlineError):
    """姓名应当是 1 到 40 个字。"""


class WrongPhone(HotlineError):
    """电话应当是数字, 可以带区号、横线和分机, 例如 0735-12345 或 13800000000。"""


class WrongClass(HotlineError):
    """单位类别只能是 区县、市直、中央省驻、公共服务、联系点。"""


class WrongWord(HotlineError):
    """这一格只能写规定的字。"""


def plain(text: str) -> str:
    """Give letters, digits and signs as on a keyboard: ０７３５－１２３ becomes 0735-123."""
    return unicodedata.normalize("NFKC", text).strip()


def unit_number(text: str) -> UnitId:
    """Read a unit's number; raises WrongNumber."""
    if not _NUMBER.fullmatch(plain(text)):
        raise WrongNumber(given=text)
    return UnitId(plain(text))


def unit_name(text: str) -> str:
    """Read a unit's name; raises WrongName."""
    if not _NAME.fullmatch(text.strip()):
        raise WrongName(given=text)
    return text.strip()


def person_name(text: str) -> str:
    """Read a person's name; raises WrongPerson."""
    if not _PERSON.fullmatch(text.strip()):
        raise WrongPerson(given=text)
    return text.strip()


def phone(text: str) -> str:
    """Read a telephone number; raises WrongPhone."""
    if not _PHONE.fullmatch(plain(text)):
        raise WrongPhone(given=text)
    return plain(text)


def phone_or_none(text: str) -> str:
    """Read a telephone number that need not be there; raises WrongPhone."""
    return phone(text) if text.strip() else ""


def unit_class(text: str) -> UnitClass:
    """Read a class; raises WrongClass."""
    if text not in tuple(UnitClass):
        raise WrongClass(given=text)
    return UnitClass(text)


def aliases(text: str) -> tuple[str, ...]:
    """Read other names, with spaces or commas between them; raises WrongName."""
    return tuple(dict.fromkeys(unit_name(word) for word in _BETWEEN_ALIASES.split(text) if word))


def yes_or_no(text: str) -> bool:
    """Read 是 or 否; nothing is 否. Raises WrongWord."""
    return _one_of(_YES_OR_NO, text)


def state(text: str) -> bool:
    """Read 启用 or 停用; nothing is 启用. Raises WrongWord."""
    return _one_of(_STATES, text)


def _one_of(words: Mapping[str, bool], text: str) -> bool:
    if text not in words:
        raise WrongWord(given=text, allowed="、".join(word for word in words if word))
    return words[text]
