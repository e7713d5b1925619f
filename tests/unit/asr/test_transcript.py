"""Both sides in the order of time."""

from asr.transcript import citizen_text, dialogue, dialogue_text
from core.understanding import Segment, Side


def said(side: Side, start: float, text: str) -> Segment:
    return Segment(side=side, start=start, end=start + 1, raw=text, text=text)


TALK = (
    said(Side.SEAT, 0.5, "您好"),
    said(Side.SEAT, 4.0, "请问地址"),
    said(Side.CITIZEN, 4.0, "在人民路"),
    said(Side.CITIZEN, 2.0, "路灯不亮"),
)


def test_whoever_began_first_stands_first() -> None:
    assert [segment.start for segment in dialogue(TALK)] == [0.5, 2.0, 4.0, 4.0]


def test_the_citizen_stands_first_when_both_begin_at_once() -> None:
    assert [segment.side for segment in dialogue(TALK)[2:]] == [Side.CITIZEN, Side.SEAT]


def test_only_the_citizen_is_what_the_suggestion_is_made_from() -> None:
    assert citizen_text(TALK) == "路灯不亮,在人民路"


def test_a_work_order_shows_who_said_what() -> None:
    assert dialogue_text(TALK).split("\n") == [
        "座席:您好",
        "市民:路灯不亮",
        "市民:在人民路",
        "座席:请问地址",
    ]


def test_nothing_said_is_nothing_written() -> None:
    assert citizen_text(()) == dialogue_text(()) == ""
