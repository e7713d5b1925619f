"""What a recording lacks is said in words, with its reason and its time."""

from datetime import timedelta

import pytest

from core.events import EndReason
from recordings.gaps import Found, expected_seconds, gaps_of, words_of
from recordings.model import GapReason, Span
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.recordings import ended

A_MINUTE_LATER = NINE_O_CLOCK + timedelta(minutes=1)
FULL = GapReason.DISK_FULL
LOST = GapReason.MISSING


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("found", "reason", "words"),
    [
        (Found(seconds=60.0), None, ""),
        (Found(seconds=58.2), None, ""),
        (Found(seconds=48.0), LOST, "录音缺少约 12 秒"),
        (Found(seconds=48.0, disk_full=True), FULL, "录音缺少约 12 秒,录音目录所在磁盘已满,请清理磁盘"),
        (Found(seconds=0.0), LOST, "录音文件是空的"),
        (Found(seconds=None), LOST, "没有录音文件"),
        (Found(seconds=None, disk_full=True), FULL, "没有录音文件,录音目录所在磁盘已满,请清理磁盘"),
        (Found(seconds=60.0, disk_full=True), None, ""),
        (Found(seconds=60.0, still_written=True), LOST, "挂机后录音文件仍被占用"),
    ],
)
def test_gaps(found: Found, reason: GapReason | None, words: str) -> None:
    gaps = gaps_of(NINE_O_CLOCK, ended(A_MINUTE_LATER), found)
    assert words_of(gaps) == words
    assert [gap.reason for gap in gaps] == ([reason] if reason else [])


def test_what_is_missing_is_missing_at_the_end() -> None:
    (gap,) = gaps_of(NINE_O_CLOCK, ended(A_MINUTE_LATER), Found(seconds=48.0))
    assert (gap.from_at, gap.to_at) == (NINE_O_CLOCK + after(48), A_MINUTE_LATER)


def test_a_recording_is_as_long_as_the_call() -> None:
    assert expected_seconds(NINE_O_CLOCK, ended(A_MINUTE_LATER, talk_seconds=20.0)) == 60.0


def test_of_a_call_whose_end_nobody_saw_only_the_talk_is_expected() -> None:
    end = ended(A_MINUTE_LATER, EndReason.UNKNOWN_END, 20.0)
    assert expected_seconds(NINE_O_CLOCK, end) == 20.0


def test_a_clock_that_was_put_back_makes_no_gap_of_less_than_nothing() -> None:
    end = ended(NINE_O_CLOCK - timedelta(hours=1), talk_seconds=0.0)
    assert gaps_of(NINE_O_CLOCK, end, Found(seconds=60.0)) == ()
    (gap,) = gaps_of(NINE_O_CLOCK, end, Found(seconds=None))
    assert gap.from_at == gap.to_at == NINE_O_CLOCK


def test_pauses_and_what_is_lost_come_in_the_order_of_time() -> None:
    pauses = (
        Span(from_at=NINE_O_CLOCK + after(30), to_at=NINE_O_CLOCK + after(40)),
        Span(from_at=NINE_O_CLOCK + after(10), to_at=NINE_O_CLOCK + after(15)),
    )
    gaps = gaps_of(NINE_O_CLOCK, ended(A_MINUTE_LATER), Found(seconds=50.0, pauses=pauses))
    assert [gap.reason for gap in gaps] == [GapReason.PAUSED_BY_SEAT, GapReason.PAUSED_BY_SEAT, LOST]
    assert words_of(gaps) == "座席暂停录音 5 秒;座席暂停录音 10 秒;录音缺少约 10 秒"


def test_a_pause_that_nobody_ended_ends_with_the_call() -> None:
    pause = Span(from_at=NINE_O_CLOCK + after(50), to_at=NINE_O_CLOCK + timedelta(days=1))
    (gap,) = gaps_of(NINE_O_CLOCK, ended(A_MINUTE_LATER), Found(seconds=60.0, pauses=(pause,)))
    assert gap.to_at == A_MINUTE_LATER


def test_a_pause_outside_of_the_call_is_none() -> None:
    pause = Span(from_at=A_MINUTE_LATER + after(5), to_at=A_MINUTE_LATER + after(9))
    assert gaps_of(NINE_O_CLOCK, ended(A_MINUTE_LATER), Found(seconds=60.0, pauses=(pause,))) == ()


def test_what_is_said_has_an_end() -> None:
    pauses = tuple(
        Span(from_at=NINE_O_CLOCK + after(n), to_at=NINE_O_CLOCK + after(n + n / 1000 + 0.5))
        for n in range(0, 3000, 2)
    )
    end = ended(NINE_O_CLOCK + timedelta(hours=1))
    gaps = gaps_of(NINE_O_CLOCK, end, Found(seconds=3600.0, pauses=pauses))
    assert len(gaps) == 1500
    assert len(words_of(gaps)) <= 200
