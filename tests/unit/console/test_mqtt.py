"""Messages to the outside: where they go, and that they wait while there is nobody to take them."""

import pytest

from console.mqtt import Publisher, topic_of
from core.events import KEPT
from core.outbox import NotNow
from core.settings import Broker
from tests.fakes.facts import arrived, one_of_each


def test_a_topic_names_version_node_and_fact() -> None:
    assert topic_of("east-1", arrived()) == "hotline/v1/east-1/CallArrived"


def test_no_two_facts_share_a_topic() -> None:
    assert len({topic_of("n", fact) for fact in one_of_each()}) == len(KEPT)


def test_every_kept_fact_is_wanted() -> None:
    assert set(Publisher(Broker(), "n").listener.wants) == set(KEPT)


async def test_without_a_connection_a_fact_is_asked_to_wait() -> None:
    with pytest.raises(NotNow):
        await Publisher(Broker(), "n").publish(arrived())
