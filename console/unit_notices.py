"""通知单位: short messages to a unit that belong to no work order."""

import hashlib

from console.sms import can_be_reached
from console.sms_store import MessageState, ShortMessage, add_messages
from core.database import Connection
from core.ids import TicketNo
from tickets.study_reminders import Notice
from tickets.units import Post, Unit


def notify_unit(connection: Connection, unit: Unit, notice: Notice) -> int:
    """通知单位: keep one for each contact who can be reached; told twice is once. Gives how many."""
    numbers = (person.phone for person in unit.people_as(Post.CONTACT))
    phones = dict.fromkeys(filter(can_be_reached, numbers))
    fresh = [
        ShortMessage(
            once=hashlib.sha256(f"{notice.once}|{phone}".encode()).hexdigest(),
            ticket_no=TicketNo(""),
            kind=notice.kind,
            phone=phone,
            text=notice.text,
            at=notice.at,
            state=MessageState.WAITING,
            tries=0,
            next_at=notice.at,
            said="",
        )
        for phone in phones
    ]
    add_messages(connection, fresh)
    return len(fresh)
