"""工单: a work order; while it is a draft a person has not decided yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.ids import CallId, SeatNo, TicketNo
from core.understanding import Suggestion, Urgency
from tickets.clocks import Clock
from tickets.deadlines import Area, DispatchMode, Matter
from tickets.tasks import Part, Task


class TicketState(StrEnum):
    """状态. ``CLOSED`` and ``MERGED`` are the two ends; a withdrawn work order is closed as 撤单."""

    DRAFT = "draft"
    TO_PREVIEW = "to_preview"
    TO_COMPLETE = "to_complete"
    TO_INSTRUCT = "to_instruct"
    TO_SIGN = "to_sign"
    HANDLING = "handling"
    EXT_PENDING = "ext_pending"
    TO_CHECK = "to_check"
    TO_VISIT = "to_visit"
    CLOSED = "closed"
    IN_REVIEW = "in_review"
    REOPENED = "reopened"
    MERGED = "merged"


ENDED = (TicketState.CLOSED, TicketState.MERGED)
NO_DEMAND = ("无效", "骚扰")
"""业务类别 of what is noted, but counted as nobody's demand."""


class Closing(StrEnum):
    """怎样办结."""

    ON_LINE = "直接解答"
    DONE = "办结"
    UNREACHED = "未接通"
    UNREASONABLE = "不合理诉求"
    WITHDRAWN = "撤单"


class Identity(StrEnum):
    """身份."""

    PERSON = "个人"
    ENTERPRISE = "企业"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """来电人: besides the number, which stands in the work order itself."""

    name: str = ""
    other_phone: str = ""
    identity: Identity = Identity.PERSON
    enterprise_name: str = ""
    contact_pref: str = ""
    confidential: bool = False
    wants_visit: bool = True
    special: tuple[str, ...] = ()
    repeat_rank: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """附件: kept outside the database under its checksum."""

    name: str
    size: int
    sha256: str
    kind: str = "附件"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """诉求: the five elements besides name, address and content, and what a reviewer adds."""

    occurred_at: str = ""
    district: str = ""
    area: Area | None = None
    about: str = ""
    cause: str = ""
    missing_because: str = ""
    urgency_reason: str = ""
    mass: int = 0
    tags: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """退单: this unit says that it is not in charge, by which clause."""

    unit: str
    at: datetime
    reason: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """申请: an extension (``by`` a limit as written), or a pause (``by`` is empty), of the unit."""

    unit: str
    at: datetime
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """督办, or 批示: who wants what, for what kind of item."""

    at: datetime
    by: str
    kind: Matter
    opinion: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chase:
    """催办: the citizen asked again, in another arrival."""

    at: datetime
    by: str
    arrival: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """回访: one attempt, or one talk. Each dimension is what the citizen said, empty if not asked."""

    at: datetime
    by: str
    channel: str = "电话"
    reached: bool = True
    handle_sat: str = ""
    process_sat: str = ""
    is_solved: str = ""
    replied: str = ""
    note: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """申诉复核: what a unit asks for after closing, and what came of it."""

    at: datetime
    by: str
    reason: str
    decided_at: datetime | None = None
    decided_by: str = ""
    upheld: bool = False
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """领导接听件的确认: by the leader who answered, or by the head of the unit."""

    at: datetime
    by: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """办理: all that came after the draft. ``clocks`` are the centre's own; a unit's are in its task.

    ``touched``: a person has changed it, so that nothing is filled in any more.
    """

    touched: bool = False
    group: str = ""
    arrivals: tuple[str, ...] = ()
    mode: DispatchMode = DispatchMode.SYSTEM
    matter: Matter = Matter.ORDINARY
    opinion: str = ""
    tasks: tuple[Task, ...] = ()
    clocks: tuple[Clock, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    requests: tuple[Request, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    chases: tuple[Chase, ...] = ()
    visits: tuple[Visit, ...] = ()
    reviews: tuple[Review, ...] = ()
    look_backs: tuple[Visit, ...] = ()
    counted: str = "计入考核"
    session: str = ""
    meeting: str = ""
    redos: int = 0
    reopened: int = 0
    parent: TicketNo | None = None
    answer: str = ""
    closing: Closing | None = None
    closed_at: datetime | None = None
    withdrawn_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Identity and intake, person, matter, work: as far as they are known by now.

    ``call_id`` is the arrival that opened it: a call, or what another channel calls its delivery.
    """

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
    citizen: Citizen = Citizen()
    demand: Demand = Demand()
    work: Work = Work()

    @property
    def lead(self) -> Task | None:
        """主办: the task of the unit in charge; None before it was dispatched."""
        return next((task for task in self.work.tasks if task.part is Part.LEAD and task.is_open), None)

    @property
    def due(self) -> datetime | None:
        """到期: by when the unit in charge must have finished; None when nothing runs."""
        return self.lead.due if self.lead else None
