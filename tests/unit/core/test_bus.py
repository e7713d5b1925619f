"""The bus: live facts to whoever listens, at once, in order."""

from core.bus import Bus
from core.events import CallAnswered, CallOffered, Fact, KeptFact, LiveFact
from tests.fakes.facts import answered, offered


def test_a_listener_hears_its_kind_and_every_kind_below() -> None:
    bus = Bus()
    heard: dict[str, list[Fact]] = {"offers": [], "live": [], "all": [], "kept": []}
    bus.listen(CallOffered, heard["offers"].append)
    bus.listen(LiveFact, heard["live"].append)
    bus.listen(Fact, heard["all"].append)
    bus.listen(KeptFact, heard["kept"].append)
    bus.tell(offered())
    bus.tell(answered())
    assert heard == {
        "offers": [offered()],
        "live": [offered()],
        "all": [offered(), answered()],
        "kept": [answered()],
    }


def test_listeners_are_called_in_the_order_in_which_they_began() -> None:
    bus = Bus()
    order: list[str] = []
    bus.listen(CallAnswered, lambda _fact: order.append("first"))
    bus.listen(CallAnswered, lambda _fact: order.append("second"))
    bus.tell(answered())
    assert order == ["first", "second"]


def test_a_fact_that_nobody_listens_to_is_no_error() -> None:
    Bus().tell(offered())
