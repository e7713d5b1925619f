"""标识: the names by which calls, tickets, seats and queues are known everywhere."""

import re
from typing import NewType

CallId = NewType("CallId", str)
"""Asterisk Linkedid of the citizen's channel at the moment of arrival, e.g. ``hotline-1732240000.17``."""

CALL_ID_SHAPE = re.compile(r"[A-Za-z0-9_.-]{3,64}")
"""A Linkedid with the node's name before it; whatever else comes from outside names no call."""

TicketNo = NewType("TicketNo", str)
"""工单编号, 18 digits: yymmddHHMMSS and a six-digit sequence."""

SeatNo = NewType("SeatNo", str)
"""座席号, the extension of a seat's phone, e.g. ``8001``."""

QueueName = NewType("QueueName", str)
"""技能组, e.g. ``intake`` (综合受理); Asterisk keeps the name ``general`` for itself."""


def own_queue_of(seat: SeatNo) -> QueueName:
    """Name the queue of those who want this seat and no other, e.g. ``seat-8001``."""
    return QueueName(f"seat-{seat}")
