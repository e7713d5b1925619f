"""目击: what was seen of a call, by whom and when; the journal is the set of these, all else follows.

A sighting never changes and is never taken back. The same one twice is the same one; so events may come
late, twice or in any order, and the same set gives the same rows (:func:`queue_manager.story.story_of`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from operator import attrgetter

from core.events import CallArrived
from core.ids import CallId, QueueName, SeatNo

NO_QUEUE, NO_ONE = QueueName(""), SeatNo("")
"""Not said, or nobody knows."""


class Seen(StrEnum):
    """看见什么, in the order in which they happen when two carry the same instant."""

    ARRIVED = "arrived"
    """来电: the citizen's channel was answered by us; ``detail`` is the recording's path."""
    QUEUED = "queued"
    """入队: ``position`` counts from 1."""
    OFFERED = "offered"
    """振铃: a seat's phone rings."""
    OFFER_ENDED = "offer_ended"
    """停振: without an answer; ``detail`` is an :class:`OfferEnd`, ``seconds`` how long it rang."""
    ANSWERED = "answered"
    """接通: ``seconds`` is how long the queue says that the citizen waited."""
    HELD = "held"
    UNHELD = "unheld"
    """保持 and 恢复, by the seat's phone."""
    RECORDING_OFF = "recording_off"
    RECORDING_ON = "recording_on"
    """暂停录音 and 继续录音: silence is recorded in between."""
    TRANSFERRED = "transferred"
    """转接: ``seat`` passed the citizen on to ``target``; ``detail`` is a :class:`Transfer`."""
    COMPLETED = "completed"
    """通话完毕: ``detail`` is Asterisk's word: caller, agent or transfer; ``seconds`` the talk."""
    CUT_OFF = "cut_off"
    """断线: the seat's telephone was lost in the talk; the citizen is given to another seat."""
    LEFT_QUEUE = "left_queue"
    """离队: ``detail`` is Asterisk's QUEUESTATUS; ``seconds`` how long the queue says he waited."""
    MARKED = "marked"
    """加急: the seat marked the call urgent."""
    SEAT_GONE = "seat_gone"
    """座席挂机: a phone that joined the talk by an attended transfer is gone."""
    ALIVE = "alive"
    """仍在线: Asterisk knew the citizen's channel, of which we had believed that it was gone."""
    GONE = "gone"
    """挂断: the citizen's channel is gone; ``detail`` is empty or a :class:`Vanished`."""


class Mouth(StrEnum):
    """谁看见的, the most exact first."""

    AMI = "ami"
    FLOW = "flow"
    DIALPLAN = "dialplan"
    SPOOL = "spool"
    CEL = "cel"
    EARLIER = "earlier"
    """A row that an earlier version of this program wrote."""
    QUEUE_LOG = "queue_log"
    """Whole seconds; repeats what AMI saw."""
    RECONCILIATION = "reconciliation"
    """Concluded from what Asterisk says lives now."""


class OfferEnd(StrEnum):
    """How a phone stopped ringing."""

    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    """The citizen was gone, or left the queue."""


class Transfer(StrEnum):
    """How a citizen is passed on."""

    BLIND = "blind"
    ATTENDED = "attended"
    OUTSIDE = "outside"
    """To a number that is not ours."""


class Vanished(StrEnum):
    """Why the end of a call was not seen; ``at`` is then the latest, ``not_before`` the earliest."""

    UNSEEN = "unseen"
    ASTERISK_RESTARTED = "asterisk_restarted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One thing seen of one call; fields that a kind does not name stay empty."""

    call_id: CallId
    at: datetime
    kind: Seen
    mouth: Mouth
    queue: QueueName = NO_QUEUE
    seat: SeatNo = NO_ONE
    position: int = 0
    seconds: int = 0
    detail: str = ""
    target: str = ""
    caller: str = ""
    dialled: str = ""
    not_before: datetime | None = None

    @property
    def mark(self) -> str:
        """A short name of this very sighting: equal ones have equal marks."""
        return blake2b("\x1f".join(map(str, every_field(self))).encode(), digest_size=12).hexdigest()


FIELDS = tuple(Sighting.__dataclass_fields__)
every_field = attrgetter(*FIELDS)


def sighting_of(fact: CallArrived, mouth: Mouth) -> Sighting:
    """Turn what a flow or the spool tells into a sighting."""
    return Sighting(
        call_id=fact.call_id,
        at=fact.at,
        kind=Seen.ARRIVED,
        mouth=mouth,
        caller=fact.caller,
        dialled=fact.dialled,
        detail=fact.recording,
    )
