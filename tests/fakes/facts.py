"""Facts of one ordinary call, to be varied by the tests."""

from datetime import timedelta

from core.events import (
    CallAnswered,
    CallArrived,
    CallEnded,
    CallMarkedUrgent,
    CallOffered,
    CallQueued,
    CallRungInVain,
    CallTransferred,
    EndReason,
    KeptFact,
    RecordingCompressed,
    RecordingReady,
    SuggestionReady,
    TicketDrafted,
    TicketFilled,
    TicketStepped,
    TranscriptReady,
)
from core.ids import CallId, QueueName, SeatNo, TicketNo
from core.understanding import DemandType, Evidence, Segment, Side, SuggestedUnit, Suggestion, Urgency
from tests.fakes.clock import NINE_O_CLOCK

CALL = CallId("hotline-1772413200.1")
CALLER = "13812345678"


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def arrived(call_id: CallId = CALL) -> CallArrived:
    return CallArrived(
        call_id=call_id,
        at=NINE_O_CLOCK,
        node="hotline",
        caller=CALLER,
        dialled="12345",
        recording=f"/recordings/{call_id}.raw",
    )


def queued(call_id: CallId = CALL, at: float = 5) -> CallQueued:
    return CallQueued(call_id=call_id, at=NINE_O_CLOCK + after(at), queue=QueueName("intake"), position=1)


def offered(call_id: CallId = CALL, at: float = 6) -> CallOffered:
    return CallOffered(call_id=call_id, at=NINE_O_CLOCK + after(at), seat=SeatNo("8001"))


def answered(call_id: CallId = CALL, at: float = 9) -> CallAnswered:
    return CallAnswered(
        call_id=call_id,
        at=NINE_O_CLOCK + after(at),
        caller=CALLER,
        dialled="12345",
        seat=SeatNo("8001"),
        waited_seconds=4.0,
    )


def rung_in_vain(call_id: CallId = CALL, at: float = 7, *, refused: bool = False) -> CallRungInVain:
    return CallRungInVain(
        call_id=call_id,
        at=NINE_O_CLOCK + after(at),
        queue=QueueName("intake"),
        seat=SeatNo("8002"),
        refused=refused,
    )


def transferred(call_id: CallId = CALL, at: float = 40) -> CallTransferred:
    queue = QueueName("seat-8002")
    said = {"from_seat": SeatNo("8001"), "to_seat": SeatNo("")}
    return CallTransferred(call_id=call_id, at=NINE_O_CLOCK + after(at), to_queue=queue, **said)


def transcript(call_id: CallId = CALL, text: str = "楼道里闻到煤气味") -> TranscriptReady:
    said = Segment(side=Side.CITIZEN, start=10.0, end=13.0, raw=text, text=text)
    asked = Segment(side=Side.SEAT, start=9.2, end=9.9, raw="您好 请讲", text="您好请讲")
    return TranscriptReady(
        call_id=call_id, at=NINE_O_CLOCK + after(71), segments=(asked, said), model="demo-synth"
    )


def suggestion(call_id: CallId = CALL, *, urgency: Urgency = Urgency.VERY_URGENT) -> SuggestionReady:
    told = Suggestion(
        demand_type=DemandType.HELP,
        category="城乡建设/公用事业/燃气",
        category_score=0.9,
        unsure=False,
        units=(SuggestedUnit(name="市燃气公司", score=0.8, words=("煤气",)),),
        urgency=urgency,
        evidence=(Evidence(word="煤气", about="城乡建设/公用事业/燃气", weight=3.0),),
        version="v1",
    )
    return SuggestionReady(call_id=call_id, at=NINE_O_CLOCK + after(72), suggestion=told)


def one_of_each(call_id: CallId = CALL) -> tuple[KeptFact, ...]:
    """Every kind of kept fact, as one answered call tells them."""
    at = NINE_O_CLOCK + after(75)
    path = f"/recordings/{call_id}.raw"
    ticket = TicketNo("260302090009000001")
    return (
        arrived(call_id),
        queued(call_id),
        rung_in_vain(call_id),
        answered(call_id),
        transferred(call_id),
        CallMarkedUrgent(call_id=call_id, at=at, seat=SeatNo("8002")),
        CallEnded(call_id=call_id, at=at, end_reason=EndReason.ANSWERED, talk_seconds=60.0),
        RecordingReady(call_id=call_id, at=at, path=path, duration_seconds=69.0, sha256="0" * 64),
        RecordingCompressed(call_id=call_id, at=at, path=f"/recordings/{call_id}.flac"),
        transcript(call_id),
        suggestion(call_id),
        TicketDrafted(call_id=call_id, at=at, ticket_no=ticket),
        TicketFilled(
            call_id=call_id,
            at=at,
            ticket_no=ticket,
            category="城乡建设/公用事业/燃气",
            urgency=Urgency.VERY_URGENT,
            units=("市燃气公司",),
        ),
        stepped(call_id),
    )


def stepped(call_id: CallId = CALL) -> TicketStepped:
    return TicketStepped(
        call_id=call_id,
        at=NINE_O_CLOCK,
        ticket_no=TicketNo("260302090009000001"),
        action="派单",
        was="to_preview",
        now="to_sign",
        seq=3,
        unit="0203",
    )
