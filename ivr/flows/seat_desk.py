"""座席功能码: what happens when a seat dials a code: it is done, and the seat hears what came of it."""

from core.ids import SeatNo
from ivr.call import HangUp, ListenTo, Next, SeatCall
from ivr.prompt_book import Prompt
from ivr.seat_answers import refusal, spoken
from ivr.seat_desk import Answer, SeatDesk, order_in


async def seat_desk(call: SeatCall, hotline: SeatDesk) -> Next:
    """功能码 → 座席台办理 → 语音答复; 监听、耳语、强插 then go on into the talk."""
    order = order_in(call.code)
    if order is None:
        await call.say(Prompt.CODE_UNKNOWN)
        return HangUp()
    if order.wants_reason:
        order = order.because(await call.ask_key(Prompt.SEAT_PAUSE_REASON))
    refused = refusal(order, supervisor=call.supervisor)
    if refused is not None:
        await call.say(refused)
        return HangUp()
    answer = await hotline.wish(call.seat, order.wish, order.about)
    await call.say(spoken(order, answer))
    if order.listens and answer is Answer.DONE:
        return ListenTo(SeatNo(order.about), order.wish)
    return HangUp()
