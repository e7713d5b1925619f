"""宁乡: hard matters are pushed to the messenger of whoever is responsible, until they are struck off."""

import pytest

from tests.acceptance.city import City
from tests.acceptance.messenger import Messenger
from tests.fakes.work import HOUSING, REVIEWER, VISITOR, outcome
from tickets.deadlines import Matter
from tickets.guards import StepRefused
from tickets.model import Ticket
from tickets.wish import Action


async def hard(city: City) -> Ticket:
    """A matter of a meeting, in the hands of the housing bureau."""
    return await city.sent(await city.submitted(), matter=Matter.SIXTH_DAY, text="书记交办")


async def test_nx_22_each_item_reports_progress_and_is_struck_off_only_after_it_was_done(city: City) -> None:
    """Mar 2019: 钉钉 "互联网+抓落实" module: problem list directly assigned to the responsible leader,

    live supervision, progress reports, apply for strike-off only after done
    """
    messenger = Messenger(city)
    ticket = await city.take(await hard(city), Action.SIGN, HOUSING)
    ticket = await city.take(ticket, Action.PROGRESS, HOUSING, text="已进场")
    with pytest.raises(StepRefused):
        await city.take(ticket, Action.DONE, HOUSING, outcome=outcome(city.clock.now()))
    ticket = await city.take(await city.reported(ticket), Action.ACCEPT, REVIEWER)
    await city.take(ticket, Action.VISITED, VISITOR, visit=city.visit())
    told = await messenger.told()
    assert [one["action"] for one in told] == [
        "登记",
        "提交",
        "派单",
        "签收",
        "报进展",
        "联系群众",
        "办结上报",
        "审核通过",
        "回访满意",
    ]
    assert {one["unit"] for one in told[2:]} == {HOUSING.unit}
    assert all(
        headers["X-Hotline-Signature"].startswith("sha256=") for _, _, headers in messenger.server.sent
    )


async def test_nx_23_how_many_were_assigned_through_it_is_counted(city: City) -> None:
    """125 hard tickets assigned through it"""
    messenger = Messenger(city)
    assigned = [await hard(city) for _ in range(5)]
    await city.submitted()
    told = await messenger.told()
    pushed = {one["ticket_no"] for one in told if one["action"] == "派单"}
    assert pushed == {one.ticket_no for one in assigned}
