"""What a seat hears when it dials a code, and what is done for it."""

import pytest

from core.ids import SeatNo
from ivr.call import CallerGone, HangUp, ListenTo, Next
from ivr.flows.seat_desk import seat_desk
from ivr.prompt_book import Prompt
from ivr.seat_desk import CODES, Answer, Order, Wish, group_code, order_in
from tests.fakes.call import FakeSeatCall
from tests.fakes.seat_desk import FakeSeatDesk

SEAT = SeatNo("8001")


async def dial(
    code: str, answer: Answer = Answer.DONE, *, key: str = "", supervisor: bool = False
) -> tuple[FakeSeatCall, FakeSeatDesk, Next]:
    call, desk = FakeSeatCall(code=code, key=key, supervisor=supervisor), FakeSeatDesk(answer=answer)
    return call, desk, await seat_desk(call, desk)


@pytest.mark.parametrize(
    ("code", "wish", "about", "prompt"),
    [
        ("*12", Wish.LOG_IN, "", Prompt.SEAT_LOGGED_IN),
        ("*13", Wish.LOG_OFF, "", Prompt.SEAT_LOGGED_OFF),
        ("*141", Wish.PAUSE, "小休", Prompt.SEAT_PAUSED_BREAK),
        ("*142", Wish.PAUSE, "用餐", Prompt.SEAT_PAUSED_MEAL),
        ("*143", Wish.PAUSE, "培训", Prompt.SEAT_PAUSED_TRAINING),
        ("*144", Wish.PAUSE, "会议", Prompt.SEAT_PAUSED_MEETING),
        ("*145", Wish.PAUSE, "其他", Prompt.SEAT_PAUSED_OTHER),
        ("*15", Wish.READY, "", Prompt.SEAT_READY),
        ("*16", Wish.EXTEND_WRAP_UP, "", Prompt.SEAT_WRAP_UP_EXTENDED),
        ("*17", Wish.MARK_URGENT, "", Prompt.CALL_URGENT),
        ("*18", Wish.PAUSE_RECORDING, "", Prompt.RECORDING_PAUSED),
        ("*19", Wish.RESUME_RECORDING, "", Prompt.RECORDING_RESUMED),
        ("*23", Wish.THREE_WAY, "", Prompt.THIRD_PARTY_CALLED),
    ],
)
async def test_a_code_is_done_and_confirmed(code: str, wish: Wish, about: str, prompt: Prompt) -> None:
    call, desk, where = await dial(code)
    assert desk.wishes == [(SEAT, wish, about)]
    assert call.heard == [prompt]
    assert where == HangUp()


@pytest.mark.parametrize(
    ("code", "answer", "prompt"),
    [
        ("*12", Answer.ALREADY, Prompt.SEAT_ALREADY_LOGGED_IN),
        ("*13", Answer.ALREADY, Prompt.SEAT_NOT_LOGGED_IN),
        ("*13", Answer.NOT_LOGGED_IN, Prompt.SEAT_NOT_LOGGED_IN),
        ("*141", Answer.ALREADY, Prompt.SEAT_ALREADY_PAUSED),
        ("*15", Answer.ALREADY, Prompt.SEAT_ALREADY_READY),
        ("*16", Answer.TOO_LATE, Prompt.SEAT_WRAP_UP_OVER),
        ("*16", Answer.NO_CALL, Prompt.SEAT_WRAP_UP_OVER),
        ("*16", Answer.NOT_ALLOWED, Prompt.SEAT_WRAP_UP_LONGEST),
        ("*17", Answer.ALREADY, Prompt.CALL_ALREADY_URGENT),
        ("*17", Answer.NO_CALL, Prompt.SEAT_HAS_NO_CALL),
        ("*18", Answer.ALREADY, Prompt.RECORDING_ALREADY_PAUSED),
        ("*19", Answer.ALREADY, Prompt.RECORDING_ALREADY_ON),
        ("*23", Answer.NOT_ALLOWED, Prompt.NO_WAY_OUT),
        ("*12", Answer.FAILED, Prompt.NOT_DONE),
        ("*12", Answer.NO_SUCH_SEAT, Prompt.NO_SUCH_SEAT),
    ],
)
async def test_what_could_not_be_done_is_said_plainly(code: str, answer: Answer, prompt: Prompt) -> None:
    call, _, where = await dial(code, answer)
    assert call.heard == [prompt]
    assert where == HangUp()


@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("answer", Answer)
async def test_there_is_a_sentence_for_every_answer_to_every_wish(wish: Wish, answer: Answer) -> None:
    (code,) = [code for code, means in CODES.items() if means is wish]
    about = {"*14": "1", "*20": "8002", "*21": "8002", "*22": "8002"}.get(code, "")
    call, _, _ = await dial(code + about, answer, supervisor=True)
    assert len(call.heard) == 1
    assert answer is not Answer.DONE or call.heard != [Prompt.NOT_DONE]


async def test_a_pause_without_a_reason_is_asked_for_one() -> None:
    call, desk, _ = await dial("*14", key="2")
    assert desk.wishes == [(SEAT, Wish.PAUSE, "用餐")]
    assert call.heard == [Prompt.SEAT_PAUSE_REASON, Prompt.SEAT_PAUSED_MEAL]


@pytest.mark.parametrize(("code", "key"), [("*149", ""), ("*140", ""), ("*14", "7"), ("*14", "")])
async def test_a_pause_for_a_reason_that_there_is_not_is_no_pause(code: str, key: str) -> None:
    call, desk, _ = await dial(code, key=key)
    assert desk.wishes == []
    assert call.heard[-1] is Prompt.SEAT_PAUSE_REASON_UNKNOWN


@pytest.mark.parametrize(
    "code", ["*", "*1", "*11", "*24", "*99", "*123", "*1234", "*20", "*208", "*1412", "*20*8001", "12", ""]
)
async def test_a_code_that_there_is_not_does_nothing(code: str) -> None:
    call, desk, where = await dial(code, supervisor=True)
    assert desk.wishes == []
    assert call.heard == [Prompt.CODE_UNKNOWN]
    assert where == HangUp()


@pytest.mark.parametrize(
    ("code", "wish", "prompt"),
    [
        ("*20", Wish.LISTEN_IN, Prompt.LISTENING_IN),
        ("*21", Wish.WHISPER, Prompt.WHISPERING),
        ("*22", Wish.BARGE_IN, Prompt.BARGING_IN),
    ],
)
async def test_a_supervisor_goes_on_into_the_talk(code: str, wish: Wish, prompt: Prompt) -> None:
    call, desk, where = await dial(f"{code}8002", supervisor=True)
    assert desk.wishes == [(SEAT, wish, "8002")]
    assert call.heard == [prompt]
    assert where == ListenTo(SeatNo("8002"), wish)


@pytest.mark.parametrize("answer", [Answer.NO_CALL, Answer.NO_SUCH_SEAT, Answer.NOT_ALLOWED])
async def test_a_supervisor_who_cannot_listen_hears_why(answer: Answer) -> None:
    call, _, where = await dial("*208002", answer, supervisor=True)
    assert where == HangUp()
    assert call.heard[0] in (Prompt.THAT_SEAT_HAS_NO_CALL, Prompt.NO_SUCH_SEAT, Prompt.NOT_ALLOWED)


@pytest.mark.parametrize("code", ["*208002", "*218002", "*228002"])
async def test_nobody_else_may_listen(code: str) -> None:
    call, desk, where = await dial(code)
    assert desk.wishes == []
    assert call.heard == [Prompt.NOT_ALLOWED]
    assert where == HangUp()


async def test_whoever_hangs_up_before_choosing_a_reason_is_not_paused() -> None:
    desk = FakeSeatDesk()
    with pytest.raises(CallerGone):
        await seat_desk(FakeSeatCall(code="*14", hangs_up_in=Prompt.SEAT_PAUSE_REASON), desk)
    assert desk.wishes == []


def test_codes_and_group_numbers_are_never_the_same() -> None:
    assert order_in("*12") == Order(wish=Wish.LOG_IN)
    assert {group_code(number) for number in range(1, 30)}.isdisjoint(CODES)
    assert group_code(1) == "*31"
