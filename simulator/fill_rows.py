"""批量写入: rows into tables as fast as the database takes them: COPY on PostgreSQL, in batches on SQLite."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Table, insert

from queue_manager.journal_store import calls, offers, segments
from queue_manager.model import CallRow, OfferRow, SegmentRow
from simulator.fill_calls import FilledCall
from simulator.fill_pattern import Row, Stamped
from tickets.fact_store import facts
from tickets.store import history, tasks, tickets
from tickets.visits_store import visits
from tickets.work_store import timers

BATCH = 5000
Values = Sequence[Any]


def pour(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Values]) -> None:
    """Write rows, each with the values of these columns."""
    for batch in _batches(rows):
        if connection.dialect.name == "postgresql":
            _copy(connection, table, names, batch)
        else:
            connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in batch])


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Values]) -> None:
    dumped = [(place, _Dumped()) for place, name in enumerate(names) if isinstance(table.c[name].type, JSON)]
    with _copying(connection, table.name, names) as write_row:
        for row in rows:
            if dumped:
                row = list(row)  # noqa: PLW2901 - the same row, as text
                for place, text_of in dumped:
                    row[place] = text_of(row[place])
            write_row(row)


def _batches(rows: Iterable[Values]) -> Iterator[list[Values]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


class _Dumped:
    """JSON of objects that many rows share, written once; held, so that none takes the place of another."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str]] = {}

    def __call__(self, value: Any) -> str | None:  # noqa: ANN401 - whatever a JSON column holds
        if value is None:
            return None
        if id(value) not in self._known:
            self._known[id(value)] = (value, json.dumps(value, ensure_ascii=False))
        return self._known[id(value)][1]


def look_anew(connection: Connection) -> None:
    """Have the database look at what it holds now, so that it knows the best way to it."""
    connection.exec_driver_sql("ANALYZE")


@contextmanager
def _copying(connection: Connection, table: str, names: Sequence[str]) -> Iterator[Callable[[Values], None]]:
    quoted = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
        yield copy.write_row


def write_calls(connection: Connection, filled: Sequence[FilledCall]) -> None:
    """Write calls with their stays and offers."""
    for table, names, rows in (
        (calls, tuple(CallRow.__dataclass_fields__), [one.call for one in filled]),
        (segments, tuple(SegmentRow.__dataclass_fields__), [stay for one in filled for stay in one.segments]),
        (offers, tuple(OfferRow.__dataclass_fields__), [offer for one in filled for offer in one.offers]),
    ):
        pour(connection, table, names, map(attrgetter(*names), rows))


def write_tickets(connection: Connection, stamped: Sequence[Stamped]) -> None:
    """Write work orders with all that stands beside them, and when their clocks are looked at next."""
    numbered = [(pattern, {"ticket_no": own["ticket_no"]}) for pattern, own in stamped]
    for table, rows in (
        (tickets, ({**pattern.ticket, **own} for pattern, own in stamped)),
        (tasks, ({**row, **number} for pattern, number in numbered for row in pattern.tasks)),
        (visits, ({**row, **number} for pattern, number in numbered for row in pattern.visits)),
        (history, ({**row, **number} for pattern, number in numbered for row in pattern.events)),
        (facts, _facts(stamped)),
        (timers, ({**number, "next_at": pattern.timer} for pattern, number in numbered if pattern.timer)),
    ):
        names = tuple(column.name for column in table.columns)
        pour(connection, table, names, map(itemgetter(*names), rows))


def _facts(stamped: Sequence[Stamped]) -> Iterator[Row]:
    for pattern, own in stamped:
        if pattern.fact is not None:
            yield {**pattern.fact, "ticket_no": own["ticket_no"], "channel": own["src_channel"]}
