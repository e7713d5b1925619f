"""What a recording lacks is said in words."""

from datetime import timedelta

import pytest

from core.events import EndReason
from recordings.gaps import Found, expected_seconds, gap_of
from recordings.model import Recording
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL
from tests.fakes.recordings import ended

ROOM = 2**30
BEGUN = Recording(call_id=CALL, path="/recordings/1.raw", node="hotline", at=NINE_O_CLOCK)
A_MINUTE_LATER = NINE_O_CLOCK + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("found", "gap"),
    [
        (Found(seconds=60.0, room=ROOM), ""),
        (Found(seconds=58.2, room=ROOM), ""),
        (Found(seconds=48.0, room=ROOM), "录音缺少约 12 秒"),
        (Found(seconds=48.0, room=0), "录音缺少约 12 秒,录音目录所在磁盘已满,请清理磁盘"),
        (Found(seconds=0.0, room=ROOM), "录音文件是空的"),
        (Found(seconds=None, room=ROOM), "没有录音文件"),
        (Found(seconds=60.0, room=0), ""),
        (Found(seconds=60.0, room=ROOM, still_written=True), "挂机后录音文件仍被占用"),
    ],
)
def test_gaps(found: Found, gap: str) -> None:
    assert gap_of(60.0, found, enough_room=2**20) == gap


def test_a_recording_is_as_long_as_the_call() -> None:
    assert expected_seconds(BEGUN, ended(A_MINUTE_LATER, talk_seconds=20.0)) == 60.0


def test_of_a_call_whose_end_nobody_saw_only_the_talk_is_expected() -> None:
    assert expected_seconds(BEGUN, ended(A_MINUTE_LATER, EndReason.UNKNOWN_END, 20.0)) == 20.0
