"""The sum of a call in the log is what its rows say; as many sums as calls, whatever was seen and when."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.call_log import CallLog
from app.call_log_summary import CallRows
from app.call_log_words import CORRECTED, REASONS, SUMMARY
from core.bus import Bus
from core.database import Database
from core.events import EndReason
from core.ids import CallId
from core.outbox import Outbox
from queue_manager import store
from queue_manager.desk import JournalDesk, Node
from queue_manager.sightings import Sighting
from tests.fakes.call_log import KEY, a_writer, lines_in
from tests.fakes.clock import StandingClock
from tests.fakes.facts import CALL
from tests.fakes.sightings import (
    ENDS,
    arrived,
    gone,
    passed_on_after_asking,
    passed_on_blindly,
    queued,
    refused_then_answered,
    vanished,
)

LIVES = 4


class Given:
    """A journal and the log that is told by it; the log has many lives."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.outbox = Outbox(database)
        node = Node(name="hotline", logs=folder, recordings=folder)
        self.journal = JournalDesk(database, self.outbox, Bus(), node, StandingClock())
        self.begin()

    def begin(self) -> None:
        log = CallLog(a_writer(self.folder), CallRows(self.database), KEY)
        self.outbox.connect(log.listener)

    async def note(self, *seen: Sighting) -> None:
        await self.journal.note(*seen)
        await self.outbox.deliver_once()

    def sums(self) -> list[dict[str, Any]]:
        return [line for line in lines_in(self.folder) if line["what"] in (SUMMARY, CORRECTED)]


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    return Given(database, tmp_path)


@pytest.mark.parametrize("reason", EndReason)
async def test_every_end_has_its_sum_with_its_reason(given: Given, reason: EndReason) -> None:
    for number, told in enumerate(ENDS[reason]):
        await given.note(*told(CallId(f"hotline-1772413200.{number}")))
    assert [line["result"] for line in given.sums()] == [REASONS[reason]] * len(ENDS[reason])


async def test_a_transferred_call_is_one_line_with_both_seats(given: Given) -> None:
    await given.note(*passed_on_blindly())
    [line] = given.sums()
    assert (line["queues"], line["seats"]) == (["intake", "seat-8002"], ["8001", "8002"])
    assert (line["waited_ms"], line["talk_ms"], line["hold_ms"]) == (4000, 91000, 10000)
    assert line["more"] == {
        "arrived_at": "2026-03-02T09:00:00.000+08:00",
        "dialled": "12345",
        "urgency": "一般",
        "greeting_ms": 5000,
        "offers": ["8001振铃3秒接听", "8002振铃3秒接听"],
        "transfers": 1,
        "ended_by": "座席",
        "total_ms": 103010,
    }


async def test_a_seat_that_was_asked_first_is_named_too(given: Given) -> None:
    await given.note(*passed_on_after_asking())
    [line] = given.sums()
    assert (line["queues"], line["seats"]) == (["intake"], ["8001", "8002"])


async def test_whoever_did_not_answer_is_named_with_how(given: Given) -> None:
    await given.note(*refused_then_answered())
    [line] = given.sums()
    offers = line["more"]["offers"]
    assert offers == ["8001振铃2秒拒接", "8002振铃15秒无人接", "8003振铃4秒接听"]
    assert line["queues"] == ["intake", "experts"]


async def test_an_end_that_becomes_known_later_is_a_correction(given: Given) -> None:
    await given.note(arrived(), queued(), vanished())
    given.begin()
    await given.note(gone(at=20))
    assert [(line["what"], line["result"]) for line in given.sums()] == [
        (SUMMARY, "结束不明"),
        (CORRECTED, "排队中挂机"),
    ]


@pytest.mark.parametrize("seed", range(5))
async def test_as_many_sums_as_calls_in_any_order_doubled_and_over_many_lives(
    given: Given, seed: int
) -> None:
    chance = Random(seed)
    kinds = [told for group in ENDS.values() for told in group]
    calls = {CallId(f"hotline-1772413200.{n}"): told for n, told in enumerate(kinds * 2)}
    seen = [sighting for call_id, told in calls.items() for sighting in told(call_id) * 2]
    chance.shuffle(seen)
    for life in range(LIVES):
        for sighting in seen[life::LIVES]:
            await given.journal.note(sighting)
            if chance.random() < 0.2:
                await given.outbox.deliver_once()
        given.begin()
    while await given.outbox.deliver_once():
        continue
    sums = given.sums()
    assert Counter(line["call_id"] for line in sums if line["what"] == SUMMARY) == dict.fromkeys(calls, 1)
    last = {line["call_id"]: line["result"] for line in sums}
    for call_id, row in given.database.now(lambda c: store.calls_of(c, calls.keys())).items():
        assert row.end_reason is not None
        assert last[call_id] == REASONS[row.end_reason]


async def test_what_is_told_of_a_call_that_goes_on_is_no_sum(given: Given) -> None:
    await given.note(arrived(), queued())
    assert [(line["what"], line["call_id"]) for line in lines_in(given.folder)] == [
        ("来电", CALL),
        ("入队", CALL),
    ]
