"""备好的语句: statements of every call, built and compiled once; they then run without either.

SQLAlchemy builds, names and checks a statement anew whenever it is executed, and wraps what comes back,
which costs several times what the database itself needs. Here the driver is handed what SQLAlchemy
compiled, inside SQLAlchemy's transaction and with its types; errors are SQLAlchemy's too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import ClauseElement, ColumnElement, Connection, Dialect, RowMapping
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Row = Mapping[str, Any] | RowMapping
"""Values by the names of their columns, as any statement gives them."""
Result = TypeVar("Result")
Turn = Callable[[Any], Any]
"""A value as the driver has it into one as we have it, or the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """SQL for one kind of database: its parameters in order, and how their values are written."""

    sql: str
    named: bool
    writers: tuple[tuple[str, Turn | None], ...]
    constants: Mapping[str, Any]
    columns: tuple[ColumnElement[Any], ...]

    def parameters(self, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the driver wants them
        values = {**self.constants, **row} if self.constants else row
        if self.named:
            return {name: write(values[name]) if write else values[name] for name, write in self.writers}
        return tuple([write(values[name]) if write else values[name] for name, write in self.writers])


class Prepared:
    """A statement without lists of variable length."""

    def __init__(self, statement: ClauseElement | Callable[[str], ClauseElement], *names: str) -> None:
        """``names`` are the columns to be written, for an insert.

        A statement that each kind of database has a form of is a function of the kind's name.
        """
        self._statement = statement
        self._names = names
        self._texts: dict[str, _Text] = {}
        self._readers: dict[str, tuple[tuple[str, Turn | None], ...]] = {}

    def execute(self, connection: Connection, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run it, once for each row of values, and give what it returns if that is one.

        Raises what SQLAlchemy raises.
        """
        return self._run(connection, rows, self._found if len(rows) == 1 else _nothing)

    def change(self, connection: Connection, *rows: Mapping[str, Any]) -> int:
        """Run it, once for each row of values, and give how many rows of the table it changed.

        Raises what SQLAlchemy raises.
        """
        return self._run(connection, rows, _changed)

    def _run(
        self,
        connection: Connection,
        rows: Sequence[Mapping[str, Any]],
        read: Callable[[_Text, Dialect, DBAPICursor], Result],
    ) -> Result:
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = self._compiled(dialect)
        try:
            cursor = connection.connection.cursor()
            try:
                if len(rows) == 1:
                    cursor.execute(text.sql, text.parameters(rows[0]))
                else:
                    cursor.executemany(text.sql, [text.parameters(row) for row in rows])
                return read(text, dialect, cursor)
            finally:
                cursor.close()
        except dialect.loaded_dbapi.Error as error:
            raise _told(connection, text.sql, error) from error

    def _found(self, text: _Text, dialect: Dialect, cursor: DBAPICursor) -> list[dict[str, Any]]:
        if not text.columns:
            return []
        readers = self._readers.get(dialect.name)
        if readers is None:
            kinds = [described[1] for described in cursor.description]
            readers = self._readers[dialect.name] = tuple(
                (str(column.key), column.type.dialect_impl(dialect).result_processor(dialect, kind))
                for column, kind in zip(text.columns, kinds, strict=True)
            )
        return [
            {name: read(value) if read else value for (name, read), value in zip(readers, row, strict=True)}
            for row in cursor.fetchall()
        ]

    def _compiled(self, dialect: Dialect) -> _Text:
        told = self._statement
        statement = told if isinstance(told, ClauseElement) else told(dialect.name)
        compiled = cast(
            "SQLCompiler", statement.compile(dialect=dialect, column_keys=list(self._names) or None)
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
            columns=tuple(getattr(statement, "exported_columns", ())),
        )


def _nothing(_text: _Text, _dialect: Dialect, _cursor: DBAPICursor) -> list[dict[str, Any]]:
    return []


def _changed(_text: _Text, _dialect: Dialect, cursor: DBAPICursor) -> int:
    return cursor.rowcount


def _told(connection: Connection, sql: str, error: Any) -> BaseException:  # noqa: ANN401 - the driver's own
    """Give SQLAlchemy's word for the driver's error; a line that is dead is used no more."""
    line = connection.connection
    dead = connection.dialect.is_disconnect(error, line, None)
    if dead:
        connection.invalidate(error)
    return cast(
        "BaseException",
        DBAPIError.instance(
            sql,
            None,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=dead,
            dialect=connection.dialect,
        ),
    )
