"""Asterisk's queue_log, read after nobody of ours was listening."""

from core.clock import from_epoch
from core.events import CallAnswered, CallArrived, CallQueued
from queue_manager.model import Gone
from queue_manager.queue_log import sightings_in

LINES = """1772413100|NONE|NONE|NONE|QUEUESTART|
1772413205|hotline-1.1|general|NONE|ENTERQUEUE||13812345678|2
1772413210|hotline-1.1|general|8001|CONNECT|5|hotline-1.2|3
1772413270|hotline-1.1|general|8001|COMPLETECALLER|5|60|1
1772413275|hotline-1.9|general|NONE|ABANDON|1|1|5
half a line
"""


def test_a_call_that_nobody_of_ours_saw_is_read_back() -> None:
    seen = list(sightings_in(iter(LINES.splitlines()), "hotline", "/recordings", from_epoch(0)))
    kinds = [type(sighting) for sighting in seen]
    assert kinds == [CallArrived, CallQueued, CallAnswered, Gone, Gone]
    assert isinstance(seen[0], CallArrived)
    assert seen[0].caller == "13812345678"
    assert isinstance(seen[1], CallQueued)
    assert seen[1].position == 2
    assert isinstance(seen[2], CallAnswered)
    assert seen[2].seat == "8001"


def test_what_is_read_back_is_never_earlier_than_it_was() -> None:
    seen = list(sightings_in(iter(LINES.splitlines()), "hotline", "/recordings", from_epoch(0)))
    assert from_epoch(1772413205.9) < seen[0].at < from_epoch(1772413206)


def test_older_lines_are_passed_over() -> None:
    [seen] = sightings_in(iter(LINES.splitlines()), "hotline", "/recordings", from_epoch(1772413271))
    assert seen.call_id == "hotline-1.9"
