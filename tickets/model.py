"""工单: a work order; while it is a draft a person has not decided yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.events import Suggestion, Urgency
from core.ids import CallId, SeatNo, TicketNo


class TicketState(StrEnum):
    """状态."""

    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Identity and intake, person, matter, dispatch: as far as they are known by now."""

    ticket_no: TicketNo
    query_code: str
    state: TicketState
    src_channel: str
    call_id: CallId
    orig_did: str
    received_at: datetime
    seat: SeatNo
    phone: str
    content: str = ""
    dialogue: str = ""
    title: str = ""
    demand_type: str = ""
    category: str = ""
    urgency: Urgency = Urgency.ORDINARY
    address: str = ""
    suggestion: Suggestion | None = None
    recording: str = ""
    version: int = 1
