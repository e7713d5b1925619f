"""工单编号: running numbers that many may take at once, that nobody gets twice and that leave no gap.

Free numbers lie ready as rows. Whoever opens a work order takes the lowest that nobody else is just taking;
if it comes to nothing the number lies there again. So openings pass each other, which they would not if each
had to hold the last number until it is committed.
"""

from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select

from core.database import insert_into, metadata, upsert
from core.prepared import Prepared

BLOCK = 500
"""So many are laid ready at once; only then does one opening wait for another."""

sequence = Table(
    "ticket_sequence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
free = Table("ticket_numbers", metadata, Column("number", Integer, primary_key=True, autoincrement=False))

_LOWEST = select(free.c.number).order_by(free.c.number).limit(1).with_for_update(skip_locked=True)
_TAKE = Prepared(delete(free).where(free.c.number == _LOWEST.scalar_subquery()).returning(free.c.number))
_LAY = Prepared(insert(free), "number")
_LAST = Prepared(
    lambda dialect: (
        insert_into(sequence, dialect)
        .values(id=1, last=BLOCK)
        .on_conflict_do_update(index_elements=["id"], set_={"last": sequence.c.last + BLOCK})
        .returning(sequence.c.last)
    )
)


def next_number(connection: Connection) -> int:
    """Take the lowest number that is free; it is free again if the transaction fails."""
    taken = _TAKE.execute(connection, {})
    if not taken:
        # Others who find none wait here, and lay another block; all of it is used in time.
        last = int(_LAST.execute(connection, {})[0]["last"])
        _LAY.execute(connection, *({"number": number} for number in range(last - BLOCK + 1, last + 1)))
        taken = _TAKE.execute(connection, {})
    return int(taken[0]["number"])


def lay_back(connection: Connection, number: int) -> None:
    """Let a number that was taken in this transaction lie ready again, as it came to nothing."""
    _LAY.execute(connection, {"number": number})


def go_on_after(connection: Connection, last: int) -> None:
    """Let the next number follow this one, in a database in which none lies ready."""
    upsert(connection, sequence, {"id": 1, "last": last})
