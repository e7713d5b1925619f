"""配置档说明: what a city's profile says otherwise than the default, key by key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.profiles import beneath
from tickets.profile import PolicyFile

NOT_SAID = "(不用)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """一项: what the city's file says, and what the default's says, both as text; empty for nothing."""

    file: str
    key: str
    value: str
    default: str


def said_by(folder: Path) -> list[Said]:
    """Give every key that the city writes, in the order of its files; a table that is no TOML as a whole.

    Of a list of rules, each rule is told that is not the default's, and each of the default's that is gone.
    Raises PolicyWrong for a file that cannot be read.
    """
    base = beneath(folder)
    return [said for file in sorted(folder.iterdir()) for said in _of_file(file, base)]


def _of_file(file: Path, base: Path | None) -> Iterator[Said]:
    if file.suffix == ".csv":
        yield Said(file=file.name, key="", value="自己的一份", default="")
    if file.suffix != ".toml":
        return
    own, under = _values(file), base / file.name if base else None
    beneath_it = _values(under) if under and under.exists() else {}
    default = dict(_flat(beneath_it))
    for key, value in _flat(own):
        if RULE not in key or value != default.get(key):
            yield Said(file=file.name, key=key, value=value, default=default.get(key, ""))
    gone = [
        key
        for key in default
        if RULE in key and key.partition(RULE)[0] in own and key not in dict(_flat(own))
    ]
    for key in gone:
        yield Said(file=file.name, key=key, value=NOT_SAID, default=default[key])


def _values(file: Path) -> Mapping[str, object]:
    return replace(PolicyFile.of(file), base=None).values


RULE = " "
"""Between the name of a list and that of one of its rules."""


def _flat(values: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for table in value:
                name, *rest = table.items()
                told = " ".join(f"{one}={_text(said)}" for one, said in rest)
                yield f"{key}{RULE}{_text(name[1])}", told
        else:
            yield f"{above}{key}", _text(value)


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return "、".join(f"{one}" for one in value) or "(空)"
    return f"{value}" or "(空)"
