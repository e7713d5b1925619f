"""A call's rows hold together whatever was seen of it: in any order, torn, doubled, even senseless."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.ids import CallId, QueueName, SeatNo
from queue_manager.sightings import Mouth, OfferEnd, Seen, Sighting, Transfer, Vanished
from queue_manager.story import story_of
from tests.fakes import story_rules
from tests.fakes.facts import CALL
from tests.fakes.sightings import ENDS, HOME, moment

SEATS = [SeatNo("8001"), SeatNo("8002"), SeatNo("")]
QUEUES = [QueueName("intake"), QueueName("seat-8002"), QueueName("")]
DETAILS: dict[Seen, list[str]] = {
    Seen.OFFER_ENDED: list(OfferEnd),
    Seen.TRANSFERRED: list(Transfer),
    Seen.COMPLETED: ["caller", "agent", "transfer"],
    Seen.LEFT_QUEUE: ["TIMEOUT", "FULL", "JOINEMPTY", "LEAVEEMPTY", "CONTINUE", "KEY", "WITHDRAW", "", "NEW"],
    Seen.GONE: ["", "", *Vanished],
}


@st.composite
def senseless(draw: st.DrawFn) -> Sighting:
    """Anything that the type allows."""
    kind = draw(st.sampled_from(list(Seen)))
    said: dict[str, Any] = {"detail": draw(st.sampled_from(DETAILS.get(kind, [""])))}
    if kind is Seen.TRANSFERRED:
        said["target"] = draw(st.sampled_from(["8002", "8001", ""]))
    if kind is Seen.GONE and said["detail"]:
        said["not_before"] = draw(st.none() | st.integers(0, 60).map(moment))
    return Sighting(
        call_id=CALL,
        at=moment(draw(st.integers(0, 60)) / 2),
        kind=kind,
        mouth=draw(st.sampled_from(list(Mouth))),
        queue=draw(st.sampled_from(QUEUES)),
        seat=draw(st.sampled_from(SEATS)),
        seconds=draw(st.integers(0, 40)),
        **said,
    )


@settings(max_examples=400)
@given(st.lists(senseless(), min_size=1, max_size=14))
def test_whatever_is_seen_the_rows_hold_together(seen: list[Sighting]) -> None:
    story_rules.hold(story_of(CALL, seen, HOME))


@settings(max_examples=200)
@given(st.data())
def test_the_same_set_gives_the_same_rows(data: st.DataObject) -> None:
    seen = data.draw(st.lists(senseless(), min_size=1, max_size=12))
    told = story_of(CALL, seen, HOME)
    assert story_of(CALL, data.draw(st.permutations(seen + seen[:3])), HOME) == told


@settings(max_examples=300)
@given(st.data())
def test_a_part_of_a_real_call_holds_together_and_with_its_end_it_has_one_reason(data: st.DataObject) -> None:
    calls = [call for several in ENDS.values() for call in several]
    everything = data.draw(st.sampled_from(calls))(CallId(CALL))
    part = data.draw(st.lists(st.sampled_from(everything), min_size=1, unique=True))
    story_rules.hold(story_of(CALL, part, HOME))
    whole = story_of(CALL, [*part, everything[-1]], HOME)
    story_rules.hold(whole)
    assert whole.call.end_reason is not None
