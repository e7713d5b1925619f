"""存储形式: dataclasses as plain data for a JSON column, and back; what is missing takes its default."""

import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.clock import SHANGHAI


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a dataclass of ours may hold
    """Give nested lists, dicts and texts; fields that stand at their default are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if _default(field) != getattr(value, field.name)
        }
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def from_plain(shape: Any, value: Any) -> Any:  # noqa: ANN401 - the inverse of plain
    """Read back what :func:`plain` gave, as ``shape``."""
    return _reader(shape)(value)


def _default(field: "Field[Any]") -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _reader(shape: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type of any form
    if hasattr(shape, "__supertype__"):
        return _reader(shape.__supertype__)
    if get_origin(shape) in (Union, types.UnionType):
        [inner] = [one for one in get_args(shape) if one is not types.NoneType]
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if get_origin(shape) is tuple:
        read_one = _reader(get_args(shape)[0])
        return lambda value: tuple(map(read_one, value))
    if is_dataclass(shape):
        return _reader_of_dataclass(shape)
    return _reader_of_value(shape)


def _reader_of_value(shape: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - whatever is no group of others
    if shape is datetime:
        return lambda value: datetime.fromisoformat(value).astimezone(SHANGHAI)
    if isinstance(shape, type) and issubclass(shape, Enum):
        # Looked up, not called: of a whole year's work orders that is a fifth of the time.
        return {member.value: member for member in shape}.__getitem__
    return lambda value: value


def _reader_of_dataclass(shape: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - any of our dataclasses
    hints = get_type_hints(shape)
    readers = {field.name: _reader(hints[field.name]) for field in fields(shape)}
    return lambda value: shape(**{name: readers[name](one) for name, one in value.items()})
