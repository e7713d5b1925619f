"""公平: what Asterisk is told so that citizens have one order and seats the same share of the work."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.unit.asterisk_conf.test_render import written

GROUPS = ("intake", "enterprise")
OWN = "seat-8001"


def told(folder: Path) -> ConfigParser:
    """Give queues.conf as Asterisk reads it."""
    queues = ConfigParser(comment_prefixes=(";",), interpolation=None)
    queues.read_string(written(folder)["queues.conf"])
    return queues


def test_citizens_have_one_order_over_all_groups_of_a_seat(tmp_path: Path) -> None:
    assert told(tmp_path)["general"]["force_longest_waiting_caller"] == "prio"


def test_no_queue_outweighs_another(tmp_path: Path) -> None:
    queues = told(tmp_path)
    assert not [name for name in queues.sections() if "weight" in queues[name]]


@pytest.mark.parametrize("queue", [*GROUPS, OWN])
def test_the_seat_that_is_idle_for_longest_is_rung(tmp_path: Path, queue: str) -> None:
    queues = told(tmp_path)
    assert queues[queue]["strategy"] == "leastrecent"
    assert queues["general"]["shared_lastcall"] == "yes"


@pytest.mark.parametrize("queue", GROUPS)
def test_as_many_citizens_are_put_through_at_once_as_seats_are_idle(tmp_path: Path, queue: str) -> None:
    assert told(tmp_path)[queue]["autofill"] == "yes"


@pytest.mark.parametrize("queue", [*GROUPS, OWN])
def test_a_telephone_in_use_does_not_ring_and_nobody_is_paused_by_asterisk(
    tmp_path: Path, queue: str
) -> None:
    section = told(tmp_path)[queue]
    assert (section["ringinuse"], section["autopause"]) == ("no", "no")


@pytest.mark.parametrize("queue", GROUPS)
def test_whoever_comes_waits_and_nobody_is_sent_away(tmp_path: Path, queue: str) -> None:
    section = told(tmp_path)[queue]
    assert (section["joinempty"], section["leavewhenempty"]) == ("yes", "no")
    assert "maxlen" not in section
    assert "context" not in section


@pytest.mark.parametrize("condition", ["joinempty", "leavewhenempty"])
def test_nobody_waits_for_a_telephone_that_is_unplugged(tmp_path: Path, condition: str) -> None:
    assert told(tmp_path)[OWN][condition] == "unavailable,invalid,unknown"


def test_who_is_logged_in_survives_a_restart_of_asterisk(tmp_path: Path) -> None:
    assert told(tmp_path)["general"]["persistentmembers"] == "yes"
