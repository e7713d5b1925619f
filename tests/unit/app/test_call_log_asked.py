"""Looking at the call log: the last lines, one call, one caller, one queue, the slow ones, and going on."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.call_log_asked import Asked, Follower, Wanted, last_lines
from app.call_log_files import CallLogFiles, Limits, last_number
from app.call_log_numbers import hash_of
from core.events import CallAnswered, CallArrived, CallQueued, KeptFact
from core.ids import CallId, QueueName
from tests.fakes.call_log import KEY, SaidRows, a_keeper, a_writer, said_line, wrote
from tests.fakes.clock import StandingClock
from tests.fakes.facts import CALLER, answered, arrived, queued

SMALL = Limits(file_bytes=400, days=30)
OTHER_CALLER = "13987654321"


def _call(number: int, *, caller: str = CALLER, queue: str = "intake", waited: float = 4.0) -> list[KeptFact]:
    call_id = CallId(f"hotline-1772413200.{number}")
    came: CallArrived = replace(arrived(call_id), caller=caller)
    waits: CallQueued = replace(queued(call_id), queue=QueueName(queue))
    talks: CallAnswered = replace(answered(call_id), caller=caller, waited_seconds=waited)
    return [came, waits, talks]


async def _two_calls(folder: Path) -> None:
    one = _call(1)
    other = _call(2, caller=OTHER_CALLER, queue="english", waited=15.001)
    await wrote(folder, *[fact for pair in zip(one, other, strict=True) for fact in pair], rows=SaidRows())


def _shown(folder: Path, wanted: Wanted, number: int = 50) -> list[tuple[str, str]]:
    lines = last_lines(CallLogFiles(folder), Asked(wanted), number)
    return [(line["what"], line["call_id"].rpartition(".")[2]) for line in lines]


async def test_one_call_from_beginning_to_end(tmp_path: Path) -> None:
    await _two_calls(tmp_path)
    wanted = Wanted(call_id="hotline-1772413200.2")
    assert _shown(tmp_path, wanted) == [("来电", "2"), ("入队", "2"), ("接通", "2")]
    assert _shown(tmp_path, Wanted(call_id="hotline-1772413200.")) == []


@pytest.mark.parametrize(
    "wanted",
    [Wanted(queue="english"), Wanted(number_hash=hash_of(OTHER_CALLER, KEY))],
    ids=["queue", "number"],
)
async def test_a_call_that_is_found_is_shown_from_its_beginning(tmp_path: Path, wanted: Wanted) -> None:
    await _two_calls(tmp_path)
    assert _shown(tmp_path, wanted) == [("来电", "2"), ("入队", "2"), ("接通", "2")]


async def test_slow_is_who_waited_longer_than_that(tmp_path: Path) -> None:
    await _two_calls(tmp_path)
    assert _shown(tmp_path, Wanted(slow_ms=15_000)) == [("接通", "2")]
    assert _shown(tmp_path, Wanted(slow_ms=15_001)) == []
    assert _shown(tmp_path, Wanted(slow_ms=3_999)) == [("接通", "1"), ("接通", "2")]


async def test_what_is_asked_together_must_all_be_true(tmp_path: Path) -> None:
    await _two_calls(tmp_path)
    assert _shown(tmp_path, Wanted(queue="english", slow_ms=15_000)) == [("接通", "2")]
    assert _shown(tmp_path, Wanted(queue="intake", slow_ms=15_000)) == []


@pytest.mark.parametrize("number", [0, 1, 3, 7, 50])
async def test_the_last_lines_come_from_as_many_files_as_it_takes(tmp_path: Path, number: int) -> None:
    writer = a_writer(tmp_path, limits=SMALL)
    for one in range(1, 12):
        writer.write(said_line(one))
    await a_keeper(tmp_path, StandingClock(), SMALL).tidy()
    lines = last_lines(CallLogFiles(tmp_path), Asked(Wanted()), number)
    assert [line["seq"] for line in lines] == list(range(1, 12))[max(0, 11 - number) :]


def test_whoever_follows_gets_each_line_once_and_only_when_it_is_whole(tmp_path: Path) -> None:
    writer = a_writer(tmp_path)
    writer.write(said_line(1))
    follower = Follower(CallLogFiles(tmp_path), after=0)
    assert [line["seq"] for line in follower.new_lines()] == [1]
    with (tmp_path / "calls.jsonl").open("a") as growing:
        growing.write('{"seq": 2, "wh')
        growing.flush()
        assert list(follower.new_lines()) == []
        growing.write('at": "x"}\n')
    assert [line["seq"] for line in follower.new_lines()] == [2]
    assert list(follower.new_lines()) == []
    follower.close()


def test_whoever_follows_from_here_sees_nothing_old(tmp_path: Path) -> None:
    writer = a_writer(tmp_path, limits=SMALL)
    for one in range(1, 6):
        writer.write(said_line(one))
    follower = Follower(CallLogFiles(tmp_path), after=last_number(CallLogFiles(tmp_path)))
    assert list(follower.new_lines()) == []
    writer.write(said_line(6))
    assert [line["seq"] for line in follower.new_lines()] == [6]
    follower.close()


@pytest.mark.parametrize("between", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("packs", [False, True])
async def test_no_line_is_lost_or_doubled_while_files_are_put_away(
    tmp_path: Path, between: int, *, packs: bool
) -> None:
    writer = a_writer(tmp_path, limits=SMALL)
    follower = Follower(CallLogFiles(tmp_path), after=0)
    seen: list[int] = []
    for one in range(1, 41):
        writer.write(said_line(one))
        if packs and one % 3 == 0:
            await a_keeper(tmp_path, StandingClock(), SMALL).tidy()
        if one % between == 0:
            seen += [line["seq"] for line in follower.new_lines()]
    seen += [line["seq"] for line in follower.new_lines()]
    assert seen == list(range(1, 41))
    follower.close()


def test_a_log_that_does_not_exist_yet_can_be_followed(tmp_path: Path) -> None:
    follower = Follower(CallLogFiles(tmp_path), after=0)
    assert list(follower.new_lines()) == []
    a_writer(tmp_path).write(said_line(1))
    assert [line["seq"] for line in follower.new_lines()] == [1]
    follower.close()
