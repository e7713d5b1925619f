"""What is taken for an offer that was made twice."""

from dataclasses import dataclass

from benchmarks.kills import Killed, Offers


@dataclass(slots=True, kw_only=True)
class Ringing:
    caller: str
    over: bool = False


def test_one_call_after_the_other_is_no_double_offer() -> None:
    offers, first = Offers(), Ringing(caller="1")
    offers.rings("8001", first)
    offers.rings("8002", Ringing(caller="2"))
    first.over = True
    offers.rings("8001", Ringing(caller="1"))
    assert offers.doubled == 0


def test_a_telephone_that_is_busy_and_rings_was_offered_two_calls() -> None:
    offers = Offers()
    offers.rings("8001", Ringing(caller="1"))
    offers.rings("8001", Ringing(caller="2"))
    assert offers.doubled == 1


def test_a_citizen_for_whom_two_telephones_ring_was_offered_twice() -> None:
    offers = Offers()
    offers.rings("8001", Ringing(caller="1"))
    offers.rings("8002", Ringing(caller="1"))
    assert offers.doubled == 1


def test_a_double_offer_is_harm() -> None:
    assert Killed(double_offers=1).harmed
    assert not Killed().harmed
