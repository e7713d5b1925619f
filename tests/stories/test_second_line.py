"""第二线路: a colleague who was put through dials a code on the second line while the citizen is on hold.

The telephone's leg was made for a question of the first seat, not for the citizen. Its codes are about the
citizen's call all the same.
"""

from ivr.prompt_book import Prompt
from tests.stories.codes import answer_to, assert_heard
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import SEAT_WORDS
from tests.stories.records import has_ended
from tests.stories.test_transfers import the_first_talk
from tests.stories.waiting import PATIENCE_SECONDS


async def test_a_colleague_marks_the_call_urgent_on_the_second_line(hotline: Hotline) -> None:
    async with the_first_talk(hotline, "code_after_attended_transfer") as scene:
        await scene.talk.call.hold()
        asking = scene.first.phone.dial(SEATS[1])
        talk = await scene.second.answers()
        await asking.until_answered(PATIENCE_SECONDS)
        await talk.says(SEAT_WORDS)
        await scene.talk.call.hand_on_to(asking, within=PATIENCE_SECONDS)
        await asking.until_over(PATIENCE_SECONDS)
        await talk.call.hold()
        answer = await answer_to(scene.second, "*17")
        await talk.call.resume()
        await talk.hangs_up()
        await scene.citizen.call.until_over(PATIENCE_SECONDS)
        await scene.second.dials("*15")
        await scene.second.dials("*13")
    await assert_heard(hotline, answer, Prompt.CALL_URGENT, "*17 on the second line")
    row = await hotline.records.call_from(scene.citizen.number, has_ended)
    assert row.urgent_at is not None
