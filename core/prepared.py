"""备好的语句: statements of every call, built and compiled once; they then run without either.

SQLAlchemy builds, names and checks a statement anew whenever it is executed, which costs several times
what the database itself needs. What runs here is what it compiled, with the values as it would pass them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ClauseElement, Connection, CursorResult, Dialect
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """SQL for one kind of database: its parameters in order, and how their values are written."""

    sql: str
    named: bool
    writers: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    constants: Mapping[str, Any]

    def parameters(self, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the driver wants them
        values = {**self.constants, **row} if self.constants else row
        if self.named:
            return {name: write(values[name]) if write else values[name] for name, write in self.writers}
        return tuple([write(values[name]) if write else values[name] for name, write in self.writers])


class Prepared:
    """A statement without lists of variable length; what it gives are columns as the driver reads them."""

    def __init__(self, statement: ClauseElement, *names: str) -> None:
        """``names`` are the columns to be written, for an insert."""
        self._statement = statement
        self._names = names
        self._texts: dict[str, _Text] = {}

    def execute(self, connection: Connection, *rows: Mapping[str, Any]) -> CursorResult[Any]:
        """Run it, once for each row of values; raises what SQLAlchemy raises."""
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = self._compiled(dialect)
        if len(rows) == 1:
            return connection.exec_driver_sql(text.sql, text.parameters(rows[0]))
        return connection.exec_driver_sql(text.sql, [text.parameters(row) for row in rows] or None)

    def _compiled(self, dialect: Dialect) -> _Text:
        compiled = cast(
            "SQLCompiler", self._statement.compile(dialect=dialect, column_keys=list(self._names) or None)
        )
        order: Sequence[str] = compiled.positiontup or tuple(compiled.binds)
        writers = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        given = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        return _Text(
            sql=str(compiled),
            named=compiled.positiontup is None,
            writers=tuple((name, writers[name]) for name in order),
            constants={name: value for name, value in given.items() if name not in self._names},
        )
