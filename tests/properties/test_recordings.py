"""Whatever befalls a folder of recordings, a sweep names it once; whatever is held or open is kept."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from core.ids import CallId
from recordings.findings import Seen
from tests.fakes.recordings import lay
from tests.unit.recordings.folders import TEN_DAYS, WHY, Kept, Swept, fresh_kept, fresh_swept

FATE = st.sampled_from(["left", "left", "deleted", "cut", "emptied", "longer"])
EXTRA = st.sampled_from(["notes.txt", "{call}.wav", "{call}.raw", "{call}+2.raw", "{call}.flac.new", "x.raw"])
FOUND = {"deleted": Seen.MISSING, "cut": Seen.CHANGED, "emptied": Seen.CHANGED, "longer": Seen.CHANGED}


def _befalls(given: Swept, call_id: CallId, fate: str) -> None:
    path = given.path(call_id)
    sound = path.read_bytes()
    match fate:
        case "deleted":
            path.unlink()
        case "cut":
            lay(path, sound[:-4], given.clock)
        case "emptied":
            lay(path, b"", given.clock)
        case "longer":
            lay(path, sound + b"more", given.clock)


def _seen_of(name: str) -> Seen:
    if name.endswith(".flac.new"):
        return Seen.LEFTOVER
    return Seen.ADOPTED if name.startswith("hotline-") and name.endswith(".raw") else Seen.STRAY


@settings(max_examples=30)
@given_any(st.lists(FATE, max_size=6), st.lists(st.tuples(EXTRA, st.integers(0, 9)), max_size=6, unique=True))
async def test_whatever_befalls_the_folder_each_is_named_exactly_once(
    fates: list[str], extras: list[tuple[str, int]]
) -> None:
    with fresh_swept() as given:
        calls = [CallId(f"hotline-1772413200.{number}") for number in range(len(fates))]
        if calls:
            await given.recorded(*calls)
        expected: Counter[tuple[Seen, str]] = Counter()
        for call_id, fate in zip(calls, fates, strict=True):
            _befalls(given, call_id, fate)
            if fate != "left":
                expected[FOUND[fate], str(given.path(call_id))] += 1
        for pattern, number in extras:
            extra = given.folder / pattern.format(call=f"hotline-1772413200.{number}")
            if extra in map(given.path, calls) or str(extra) in {path for _, path in expected}:
                continue
            lay(extra, b"1234", given.clock)
            expected[_seen_of(extra.name), str(extra)] += 1
        rehearsed = await given.sweep(dry_run=True)
        found = await given.sweep()
        assert Counter((one.seen, one.path) for one in found) == expected
        assert found == rehearsed
        assert await given.sweep() == []


AGES = st.integers(min_value=0, max_value=25)
FATES = st.sampled_from(["plain", "held", "ticket_held", "lifted", "open", "closed", "compressing"])


@settings(max_examples=30)
@given_any(st.lists(st.tuples(AGES, FATES), max_size=8), st.integers(0, 30), st.integers(0, 20))
async def test_whatever_there_is_what_is_held_or_open_stays_and_the_rehearsal_is_right(
    calls: list[tuple[int, str]], open_days: int, later: int
) -> None:
    rule = replace(TEN_DAYS, open_ticket_days=open_days)
    with fresh_kept() as given:
        for number, (age, fate) in enumerate(calls):
            await _befall(given, CallId(f"hotline-1772413200.{number}"), age, fate)
        given.clock.forward(timedelta(days=later).total_seconds())
        await given.keep(rule)
        for number, (age, fate) in enumerate(calls):
            days = max(rule.days, open_days) if fate == "open" else rule.days
            kept = (
                fate in ("held", "ticket_held") or age + later <= days or (fate == "open" and not open_days)
            )
            assert (given.folder / f"hotline-1772413200.{number}.raw").exists() is kept
        assert await given.run(rule, dry_run=True) == await given.run(rule)


async def _befall(given: Kept, call_id: CallId, age: int, fate: str) -> None:
    given.recorded(call_id, age)
    ticket = f"2603020900090{call_id.rpartition('.')[2]:0>5}"
    if fate in ("open", "closed", "ticket_held"):
        given.book.add_ticket(call_id, ticket, is_open=fate == "open")
    if fate in ("held", "lifted"):
        await given.holds.hold(call_id, WHY)
    if fate == "ticket_held":
        await given.holds.hold(ticket, WHY)
    if fate == "lifted":
        await given.holds.lift(call_id, WHY)
    if fate == "compressing":
        lay(given.folder / f"{call_id}.flac.new", b"", given.clock)
