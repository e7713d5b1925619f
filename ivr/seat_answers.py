"""语音答复: the sentence that a seat hears when it has wished for something."""

from collections.abc import Mapping

from ivr.prompt_book import Prompt
from ivr.seat_desk import PAUSE_REASONS, Answer, Order, Wish

_PAUSED: Mapping[str, Prompt] = {
    PAUSE_REASONS["1"]: Prompt.SEAT_PAUSED_BREAK,
    PAUSE_REASONS["2"]: Prompt.SEAT_PAUSED_MEAL,
    PAUSE_REASONS["3"]: Prompt.SEAT_PAUSED_TRAINING,
    PAUSE_REASONS["4"]: Prompt.SEAT_PAUSED_MEETING,
    PAUSE_REASONS["5"]: Prompt.SEAT_PAUSED_OTHER,
}
_ANSWERS: Mapping[Answer, Prompt] = {
    Answer.NOT_LOGGED_IN: Prompt.SEAT_NOT_LOGGED_IN,
    Answer.NO_CALL: Prompt.SEAT_HAS_NO_CALL,
    Answer.NOT_ALLOWED: Prompt.NOT_ALLOWED,
    Answer.NO_SUCH_SEAT: Prompt.NO_SUCH_SEAT,
    Answer.TOO_LATE: Prompt.SEAT_WRAP_UP_OVER,
    Answer.FAILED: Prompt.NOT_DONE,
}
"""What does not depend on the wish."""
_OF_WISHES: Mapping[tuple[Wish, Answer], Prompt] = {
    (Wish.LOG_IN, Answer.DONE): Prompt.SEAT_LOGGED_IN,
    (Wish.LOG_IN, Answer.ALREADY): Prompt.SEAT_ALREADY_LOGGED_IN,
    (Wish.LOG_OFF, Answer.DONE): Prompt.SEAT_LOGGED_OFF,
    (Wish.LOG_OFF, Answer.ALREADY): Prompt.SEAT_NOT_LOGGED_IN,
    (Wish.PAUSE, Answer.ALREADY): Prompt.SEAT_ALREADY_PAUSED,
    (Wish.READY, Answer.DONE): Prompt.SEAT_READY,
    (Wish.READY, Answer.ALREADY): Prompt.SEAT_ALREADY_READY,
    (Wish.EXTEND_WRAP_UP, Answer.DONE): Prompt.SEAT_WRAP_UP_EXTENDED,
    (Wish.EXTEND_WRAP_UP, Answer.NOT_ALLOWED): Prompt.SEAT_WRAP_UP_LONGEST,
    (Wish.EXTEND_WRAP_UP, Answer.NO_CALL): Prompt.SEAT_WRAP_UP_OVER,
    (Wish.MARK_URGENT, Answer.DONE): Prompt.CALL_URGENT,
    (Wish.MARK_URGENT, Answer.ALREADY): Prompt.CALL_ALREADY_URGENT,
    (Wish.PAUSE_RECORDING, Answer.DONE): Prompt.RECORDING_PAUSED,
    (Wish.PAUSE_RECORDING, Answer.ALREADY): Prompt.RECORDING_ALREADY_PAUSED,
    (Wish.RESUME_RECORDING, Answer.DONE): Prompt.RECORDING_RESUMED,
    (Wish.RESUME_RECORDING, Answer.ALREADY): Prompt.RECORDING_ALREADY_ON,
    (Wish.LISTEN_IN, Answer.DONE): Prompt.LISTENING_IN,
    (Wish.LISTEN_IN, Answer.NO_CALL): Prompt.THAT_SEAT_HAS_NO_CALL,
    (Wish.WHISPER, Answer.DONE): Prompt.WHISPERING,
    (Wish.WHISPER, Answer.NO_CALL): Prompt.THAT_SEAT_HAS_NO_CALL,
    (Wish.BARGE_IN, Answer.DONE): Prompt.BARGING_IN,
    (Wish.BARGE_IN, Answer.NO_CALL): Prompt.THAT_SEAT_HAS_NO_CALL,
    (Wish.THREE_WAY, Answer.DONE): Prompt.THIRD_PARTY_CALLED,
    (Wish.THREE_WAY, Answer.ALREADY): Prompt.THIRD_PARTY_ALREADY,
    (Wish.THREE_WAY, Answer.NOT_ALLOWED): Prompt.NO_WAY_OUT,
}


def spoken(order: Order, answer: Answer) -> Prompt:
    """Give the sentence; an answer that was not foreseen is "没有办成"."""
    if order.wish is Wish.PAUSE and answer is Answer.DONE:
        return _PAUSED[order.about]
    return _OF_WISHES.get((order.wish, answer)) or _ANSWERS.get(answer, Prompt.NOT_DONE)


def refusal(order: Order, *, supervisor: bool) -> Prompt | None:
    """Say what is wrong with an order before anybody is asked to do it; None when nothing is."""
    if order.listens and not supervisor:
        return Prompt.NOT_ALLOWED
    if order.wish is Wish.PAUSE and not order.about:
        return Prompt.SEAT_PAUSE_REASON_UNKNOWN
    return None
