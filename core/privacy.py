"""隐私: phone numbers and names are shown masked unless a role may see them."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field of a fact as personal data, as in ``Annotated[str, Personal("phone")]``."""

    kind: str


_LONG_NUMBER = re.compile(r"(?<!\d)(\d{3})\d{4,}(\d{4})(?!\d)")


def masked_number(number: str) -> str:
    """号码脱敏: ``13812341234`` becomes ``138****1234``; fewer than eleven digits keep only the last two."""
    if len(number) < 11:
        return "*" * max(0, len(number) - 2) + number[-2:]
    return f"{number[:3]}****{number[-4:]}"


def masked_text(text: str) -> str:
    """Mask every run of 11 digits or more (mobile numbers, identity numbers, bank cards) inside a text."""
    return _LONG_NUMBER.sub(r"\1****\2", text)


def masked(kind: str, value: str) -> str:
    """Mask one personal value; ``kind`` is what its :class:`Personal` mark says."""
    if not value:
        return value
    if kind == "phone":
        return masked_number(value)
    if kind == "name":
        return value[0] + "*" * (len(value) - 1)
    return f"〔{len(value)}字〕"
