"""拨号方案: reads the very extensions.conf that the real Asterisk gets, and fills in what ``${…}`` means.

Only what our own templates use is understood; anything else is an error, so that a rehearsal never
goes on with a dialplan that it did not understand.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core.errors import HotlineError

_LINE = re.compile(r"(exten|same)\s*=>\s*(.+)")
_SAME = re.compile(r"n(?:\((\w+)\))?,(.+)")
_CALL = re.compile(r"(\w+)(?:\((.*)\))?")
_CLASSES = {"X": "0123456789", "Z": "123456789", "N": "23456789"}
_COMPARISON = re.compile(r'\s*(?:"([^"]*)"|([^"\s]*))\s*(!=|=|<|>|\+)\s*(?:"([^"]*)"|([^"\s]*))\s*')


class DialplanUnknown(HotlineError):
    """演练看不懂拨号方案的这一处:模板用了新写法,请在 simulator/day 里补上同样的做法。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One priority: the application and its argument, not filled in yet."""

    application: str
    argument: str


@dataclass(slots=True, kw_only=True)
class Extension:
    """What is done for a number."""

    steps: list[Step] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)


class Dialplan:
    """Contexts with their extensions."""

    def __init__(self, text: str) -> None:
        """Read the text of extensions.conf. Raises DialplanUnknown."""
        self._contexts: dict[str, dict[str, Extension]] = {}
        context: dict[str, Extension] = {}
        extension = Extension()
        for line in _lines(text):
            if line.startswith("["):
                context = self._contexts.setdefault(line.strip("[]"), {})
            elif found := _LINE.fullmatch(line):
                extension = _add(context, extension, found)

    def find(self, context: str, number: str) -> Extension | None:
        """Give what is done for a number: as itself, or by the narrowest pattern."""
        known = self._contexts.get(context, {})
        if number in known:
            return known[number]
        fitting = [pattern for pattern in known if pattern.startswith("_") and _fits(pattern[1:], number)]
        return known[min(fitting, key=_width)] if fitting else None


def _lines(text: str) -> Iterator[str]:
    for raw in text.splitlines():
        line = raw.strip()
        if line and not line.startswith(";"):
            yield line


def _add(context: dict[str, Extension], extension: Extension, found: re.Match[str]) -> Extension:
    kind, rest = found[1], found[2]
    if kind == "exten":
        number, _, rest = rest.partition(",")
        extension = context.setdefault(number, Extension())
        rest = rest.replace("1,", "n,", 1) if rest.startswith("1,") else rest
    step = _SAME.fullmatch(rest)
    if step is None or (call := _CALL.fullmatch(step[2])) is None:
        raise DialplanUnknown(line=rest)
    if step[1]:
        extension.labels[step[1]] = len(extension.steps)
    extension.steps.append(Step(application=call[1], argument=call[2] or ""))
    return extension


def _signs(pattern: str) -> Iterator[str]:
    """Yield per place of a pattern the signs that may stand there; ``.`` and ``!`` as they are."""
    for part in re.findall(r"\[[^\]]*\]|.", pattern):
        if part.startswith("["):
            yield re.sub(r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), part[1:-1])
        else:
            yield _CLASSES.get(part, part)


def _fits(pattern: str, number: str) -> bool:
    signs = list(_signs(pattern))
    if signs[-1] in (".", "!"):
        least = len(signs) - (signs[-1] == "!")
        if len(number) < least:
            return False
        signs, number = signs[:-1], number[: len(signs) - 1]
    return len(signs) == len(number) and all(sign in may for sign, may in zip(number, signs, strict=True))


def _width(pattern: str) -> list[int]:
    return [1000 if signs in (".", "!") else len(signs) for signs in _signs(pattern[1:])]


def filled(text: str, value_of: Callable[[str], str]) -> str:
    """Replace every ``${…}`` and ``$[…]``, from the inside out; ``value_of`` knows names and functions."""
    out: list[str] = []
    at = 0
    while at < len(text):
        opening = text[at : at + 2]
        if opening in ("${", "$["):
            end = _closing(text, at + 1)
            inside = filled(text[at + 2 : end], value_of)
            out.append(_part(inside, value_of) if opening == "${" else _expression(inside))
            at = end + 1
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _closing(text: str, opened: int) -> int:
    pairs = {"{": "}", "[": "]"}
    opens, closes = text[opened], pairs[text[opened]]
    depth = 0
    for at in range(opened, len(text)):
        depth += (text[at] == opens) - (text[at] == closes)
        if depth == 0:
            return at
    raise DialplanUnknown(line=text)


def _part(inside: str, value_of: Callable[[str], str]) -> str:
    """``NAME``, ``NAME:from`` or ``NAME:from:length``; a function's own colons are inside its brackets."""
    name, bracket, rest = inside.partition(")") if "(" in inside else (inside, "", "")
    if not bracket:
        name, _, rest = inside.partition(":")
        rest = f":{rest}" if rest else ""
    value = value_of(name + bracket)
    if not rest:
        return value
    numbers = [int(number) for number in rest.removeprefix(":").split(":")]
    begin = numbers[0]
    return value[begin:] if len(numbers) == 1 else value[begin:][: numbers[1]]


def _expression(inside: str) -> str:
    found = _COMPARISON.fullmatch(inside)
    if found is None:
        raise DialplanUnknown(expression=inside)
    left, right = found[1] or found[2] or "", found[4] or found[5] or ""
    match found[3]:
        case "=":
            return str(int(left == right))
        case "!=":
            return str(int(left != right))
        case "<":
            return str(int(float(left) < float(right)))
        case ">":
            return str(int(float(left) > float(right)))
        case _:
            return f"{float(left) + float(right):g}"
