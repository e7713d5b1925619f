"""线上格式: facts as JSON, their schemas, and the masked form in which they leave the house."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from core.errors import HotlineError
from core.events import KEPT, LIVE, Fact
from core.privacy import Personal, masked
from core.understanding import Suggestion

FACTS: dict[str, type[Fact]] = {kind.__name__: kind for kind in (*KEPT, *LIVE)}


class UnknownFact(HotlineError):
    """收到不认识的事实:多半是另一个版本的程序发来的,请把各进程升级到同一版本。"""


_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in FACTS.items()}


def _adapter(kind: type[Fact]) -> TypeAdapter[Any]:
    return _ADAPTERS[kind.__name__]


def to_json(fact: Fact) -> str:
    """Write a fact's fields as JSON, unmasked: for our own processes and the outbox only."""
    return _adapter(type(fact)).dump_json(fact).decode()


def from_json(name: str, body: str | bytes) -> Fact:
    """Read back what :func:`to_json` wrote; raises UnknownFact for a name or a body that is not ours."""
    if name not in FACTS:
        raise UnknownFact(name=name)
    try:
        fact = _adapter(FACTS[name]).validate_json(body)
    except ValidationError as error:
        # Not the body itself: it may hold what citizens said.
        raise UnknownFact(name=name, wrong_fields=error.error_count()) from error
    assert isinstance(fact, Fact)
    return fact


def outward(fact: Fact) -> dict[str, Any]:
    """Give the fact as plain data with every personal field masked: for brokers, logs and screens."""
    plain: dict[str, Any] = _adapter(type(fact)).dump_python(fact, mode="json")
    shown = _masked_fields(type(fact), plain)
    assert isinstance(shown, dict)
    return shown


_SUGGESTION: TypeAdapter[Suggestion] = TypeAdapter(Suggestion)


def suggestion_plain(suggestion: Suggestion) -> Any:
    """Give a suggestion as plain data, unmasked, for a JSON column."""
    return _SUGGESTION.dump_python(suggestion, mode="json")


def suggestion_from(plain: dict[str, Any]) -> Suggestion:
    """Read back what :func:`suggestion_plain` gave."""
    return _SUGGESTION.validate_python(plain)


def schema_of(kind: type[Fact]) -> dict[str, Any]:
    """JSON Schema of a fact."""
    return _adapter(kind).json_schema()


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(kind: type) -> dict[str, Any]:
    # Resolving annotations costs more than everything else that is done to a fact.
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind, include_extras=True)
    return _HINTS[kind]


def _masked_fields(kind: Any, value: Any) -> Any:
    if get_origin(kind) is Annotated:
        marks = [mark for mark in get_args(kind)[1:] if isinstance(mark, Personal)]
        return masked(marks[0].kind, value) if marks else value
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(value, Mapping):
        hints = _hints(kind)
        return {f.name: _masked_fields(hints[f.name], value[f.name]) for f in fields(kind)}
    inner = get_args(kind)
    if inner and get_origin(kind) in (tuple, list) and isinstance(value, Sequence):
        return [_masked_fields(inner[0], item) for item in value]
    if inner and get_origin(kind) is types.UnionType and value is not None:
        return _masked_fields(inner[0], value)
    return value
