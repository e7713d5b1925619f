"""郴州: how well the work is done, link by link."""

from pathlib import Path

import pytest

from app.figures_seen import seen_with_demands
from core.ids import CallId
from queue_manager.figures.figure import Window
from queue_manager.figures.policy import read_policy
from queue_manager.figures.report import Figures, report_of
from queue_manager.journal_store import put
from queue_manager.quality import ASPECTS, MarksWrong, marks_in
from queue_manager.quality_desk import Checker, Filled, QualityDesk
from queue_manager.sheet_store import Wanted
from queue_manager.story import story_of
from tests.acceptance.city import City
from tests.fakes.sightings import FIRST, HOME, moment, whole_call

DAY = Window(since=moment(-9 * 3600), until=moment(15 * 3600))
MARKED = {"hotline-1.0": "95,90,100,80,85", "hotline-2.0": "80,80,80,80,81"}


async def test_cz_12_each_link_of_an_answered_call_is_marked_and_gives_the_seat_its_quality(
    city: City, profile: Path
) -> None:
    """Sept 2012: revised working norm: each link has requirements:

    用语文明规范、记录准确详实、交办快捷无误、办理迅速有力、反馈及时到位
    """
    policy = read_policy(profile)
    desk = QualityDesk(city.database, policy)
    checker = Checker(name="质检周")

    def figures() -> Figures:
        seen = city.database.now(lambda one: seen_with_demands(one, DAY, moment(9 * 3600), policy))
        return report_of(seen, None, policy).seats[FIRST]

    for call_id in map(CallId, MARKED):
        story = story_of(call_id, whole_call(call_id), HOME)
        city.database.now(lambda one, told=story: put(one, told))  # type: ignore[misc]  # bound at once
    assert list(ASPECTS.values()) == ["用语", "记录", "派单", "处理", "反馈"]
    assert figures()["quality"].value is None
    with pytest.raises(MarksWrong):
        marks_in("95,90,100,80")
    for number, told in MARKED.items():
        filled = Filled(call_id=CallId(number), marks=marks_in(told), remark="按工作规范")
        await desk.fill(filled, checker, city.clock.forward(3600))
    quality = figures()["quality"]
    assert (quality.value, quality.num, quality.den) == (85.1, 170.2, 2)
    first, _ = await desk.sheets(Wanted(), 10)
    assert (first.sheet.by, first.sheet.remark, first.sheet.marks.feedback) == ("质检周", "按工作规范", 85)
