"""queues.conf is read as Asterisk reads it, what is said of all queues included."""

import pytest

from simulator.day.members import GeneralRules, LongestFirst
from simulator.day.queues_text import OrderUnknown, StrategyUnknown, general_in, rules_in

QUEUE = "[intake]\nstrategy = leastrecent\n"


def test_what_is_not_said_is_as_in_asterisk() -> None:
    assert general_in(QUEUE) == GeneralRules(longest_first=LongestFirst.NO, shared_lastcall=False)
    assert not rules_in(QUEUE)["intake"].autofill


def test_what_is_said_of_all_queues_is_known() -> None:
    general = "[general]\nforce_longest_waiting_caller = prio\nshared_lastcall = yes\nautofill = yes\n"
    assert general_in(general) == GeneralRules(longest_first=LongestFirst.PRIO, shared_lastcall=True)
    assert rules_in(general + QUEUE)["intake"].autofill
    assert not rules_in(f"{general}{QUEUE}autofill = no\n")["intake"].autofill


@pytest.mark.parametrize(
    ("said", "known"),
    [
        *((word, LongestFirst.YES) for word in ("yes", "true", "on", "1", "Yes")),
        *((word, LongestFirst.NO) for word in ("no", "false", "off", "0")),
        *((word, LongestFirst.PRIO) for word in ("prio", "PRIO")),
    ],
)
def test_the_order_of_citizens_is_written_in_every_way_that_asterisk_takes(
    said: str, known: LongestFirst
) -> None:
    assert general_in(f"[general]\nforce_longest_waiting_caller = {said}\n").longest_first is known


def test_an_order_that_there_is_not_is_refused() -> None:
    with pytest.raises(OrderUnknown, match="longest"):
        general_in("[general]\nforce_longest_waiting_caller = longest\n")


def test_a_strategy_that_the_model_does_not_know_is_refused() -> None:
    with pytest.raises(StrategyUnknown, match="random"):
        rules_in("[intake]\nstrategy = random\n")
