"""Asterisk's queue_log, read after nobody of ours was listening."""

import pytest

from core.clock import from_epoch
from queue_manager.queue_log import sightings_in
from queue_manager.sightings import OfferEnd, Seen, Sighting

LINES = """1772413100|NONE|NONE|NONE|QUEUESTART|
1772413205|hotline-1.1|intake|NONE|ENTERQUEUE||13812345678|2
1772413206|hotline-1.1|intake|8002|RINGNOANSWER|1000
1772413210|hotline-1.1|intake|8001|CONNECT|5|hotline-1.2|3
1772413270|hotline-1.1|intake|8001|COMPLETECALLER|5|60|1
1772413275|hotline-1.9|intake|NONE|ABANDON|1|1|5
half a line
"""


def read(lines: str) -> list[Sighting]:
    return list(sightings_in(lines.splitlines()))


def test_a_call_that_nobody_of_ours_saw_is_read_back() -> None:
    queued, rung_out, answered, over, gone = read(LINES)
    assert (queued.kind, queued.caller, queued.position) == (Seen.QUEUED, "13812345678", 2)
    assert (rung_out.seat, rung_out.detail, rung_out.seconds) == ("8002", OfferEnd.NO_ANSWER, 1)
    assert (answered.kind, answered.seat, answered.seconds) == (Seen.ANSWERED, "8001", 5)
    assert (over.kind, over.detail, over.seconds) == (Seen.COMPLETED, "caller", 60)
    assert gone.kind is Seen.GONE


@pytest.mark.parametrize(
    ("event", "kind", "detail", "seconds"),
    [
        ("COMPLETEAGENT|5|60|1", Seen.COMPLETED, "agent", 60),
        ("BLINDTRANSFER|8002|from-transfer|5|60|1", Seen.COMPLETED, "transfer", 60),
        ("ATTENDEDTRANSFER|BRIDGE|0a1b|5|60|1", Seen.COMPLETED, "transfer", 60),
        ("ATTENDEDTRANSFER|LINK|one|two|5|60|1", Seen.COMPLETED, "transfer", 60),
        ("EXITWITHTIMEOUT|1|1|180", Seen.LEFT_QUEUE, "TIMEOUT", 180),
        ("EXITEMPTY|1|1|12", Seen.LEFT_QUEUE, "LEAVEEMPTY", 12),
        ("EXITWITHKEY|1|1|1|30", Seen.LEFT_QUEUE, "KEY", 30),
        ("WITHDRAW|1|1|30|", Seen.LEFT_QUEUE, "WITHDRAW", 30),
        ("RINGCANCELED|4000", Seen.OFFER_ENDED, OfferEnd.CANCELLED, 4),
    ],
)
def test_every_word_of_the_log_is_understood(event: str, kind: Seen, detail: str, seconds: int) -> None:
    [seen] = read(f"1772413270|hotline-1.1|intake|8001|{event}")
    assert (seen.kind, seen.detail, seen.seconds) == (kind, detail, seconds)


def test_what_is_read_back_is_never_earlier_than_it_was() -> None:
    assert from_epoch(1772413205.9) < read(LINES)[0].at < from_epoch(1772413206)


def test_numbers_that_are_none_are_nothing() -> None:
    [seen] = read("1772413270|hotline-1.1|intake|8001|CONNECT|many")
    assert seen.seconds == 0
