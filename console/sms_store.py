"""短信存储: every message to be sent, once; what became of it is kept beside it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, Index, Integer, String, Table, Text, func, select, update

from core.database import Instant, insert_new, metadata
from core.ids import TicketNo

messages = Table(
    "short_messages",
    metadata,
    Column("once", String(64), primary_key=True),
    Column("ticket_no", String(18), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("phone", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("said", String(200), nullable=False),
    Index("ix_short_messages_waiting", "state", "next_at"),
    Index("ix_short_messages_ticket", "ticket_no"),
)


class MessageState(StrEnum):
    """状态. ``UNCERTAIN``: it was on its way when we stopped or nobody answered; a person decides."""

    WAITING = "待发"
    SENDING = "发送中"
    SENT = "已发"
    FAILED = "失败"
    UNCERTAIN = "不确定"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortMessage:
    """短信. ``once`` names the occasion and the receiver: for each there is one, however often it is told."""

    once: str
    ticket_no: TicketNo
    kind: str
    phone: str
    text: str
    at: datetime
    state: MessageState
    tries: int
    next_at: datetime
    said: str


def add_messages(connection: Connection, fresh: Collection[ShortMessage]) -> None:
    """Keep messages to be sent; those that are known stay as they are."""
    insert_new(connection, messages, *map(asdict, fresh))


def claim_message(connection: Connection, now: datetime) -> ShortMessage | None:
    """Take the one that is due first, and mark it as on its way before anything is sent; None: none is."""
    due = (
        select(messages)
        .where(messages.c.state == MessageState.WAITING, messages.c.next_at <= now)
        .order_by(messages.c.next_at, messages.c.once)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(due).mappings().first()
    if row is None:
        return None
    on_its_way = update(messages).where(messages.c.once == row["once"])
    connection.execute(on_its_way.values(state=MessageState.SENDING))
    return _message(dict(row))


def settle_message(
    connection: Connection, message: ShortMessage, state: MessageState, *, said: str, next_at: datetime
) -> None:
    """Write down what became of one that was on its way."""
    connection.execute(
        update(messages)
        .where(messages.c.once == message.once)
        .values(state=state, tries=message.tries + 1, next_at=next_at, said=said[:200])
    )


def doubt_messages(connection: Connection) -> int:
    """Mark as uncertain what was on its way when we stopped; gives how many."""
    asked = update(messages).where(messages.c.state == MessageState.SENDING)
    stopped = asked.values(state=MessageState.UNCERTAIN, said="发送时程序停止, 不知是否送出")
    return connection.execute(stopped).rowcount


def send_again(connection: Connection, once: str, now: datetime) -> bool:
    """Let one that failed or is uncertain be sent again, as a person wishes; False when it is neither."""
    stuck = (MessageState.FAILED, MessageState.UNCERTAIN)
    asked = update(messages).where(messages.c.once == once, messages.c.state.in_(stuck))
    again = asked.values(state=MessageState.WAITING, next_at=now, tries=0)
    return connection.execute(again).rowcount > 0


def messages_known(connection: Connection, state: MessageState | None, most: int) -> list[ShortMessage]:
    """Give the newest ones, of one state or of all."""
    asked = select(messages).order_by(messages.c.at.desc(), messages.c.once).limit(most)
    if state is not None:
        asked = asked.where(messages.c.state == state)
    return [_message(dict(row)) for row in connection.execute(asked).mappings()]


def count_messages(connection: Connection) -> dict[MessageState, int]:
    """Give how many there are of each state."""
    rows = connection.execute(select(messages.c.state, func.count()).group_by(messages.c.state))
    return {MessageState(state): number for state, number in rows}


def _message(row: dict[str, object]) -> ShortMessage:
    return ShortMessage(**{**row, "state": MessageState(str(row["state"]))})  # type: ignore[arg-type]  # columns
