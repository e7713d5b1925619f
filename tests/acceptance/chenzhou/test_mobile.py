"""郴州: units and leaders handle work orders on their telephones, wherever they are."""

import re
from datetime import timedelta

from console.sms import SmsDesk
from console.sms_store import messages_known
from console.sms_texts import read_texts
from core.events import TicketStepped
from tests.acceptance.city import City
from tests.fakes.channels import LINKS, Counter
from tests.fakes.telephone import CONTACT, as_user, path_for, post, with_unit
from tests.fakes.work import DIRECTOR, LEADER, SEAT
from tickets.model import TicketState
from tickets.wish import Action

LINK = re.compile(re.escape(LINKS.public_url.rstrip("/")) + r"(/m/\S+)")


async def links_sent(city: City) -> list[str]:
    """The links in the short messages to the housing bureau's contact, in order."""
    await city.outbox.deliver_once()
    desk = SmsDesk(city.database, read_texts(city.profile), LINKS)
    for fact in city.ear.heard:
        assert isinstance(fact, TicketStepped)
        await desk.keep(fact)
    kept = city.database.now(lambda connection: messages_known(connection, None, 100))
    found = [LINK.search(one.text) for one in reversed(kept) if one.phone == CONTACT.phone]
    return [link[1] for link in found if link]


async def test_cz_06_units_and_leaders_act_from_a_telephone(city: City) -> None:
    """May 2012: 1.6 M ¥ upgrade; system linked to mobile phones, work "随时随地"."""
    counter = with_unit(Counter(city.database, city))
    ticket = await city.take(await city.submitted(), Action.TO_LEADER, DIRECTOR, text="请阅示")

    async def send(link: str, step: Action, **typed: str) -> TicketState:
        city.clock.forward(600)
        form = {"step": step.value, "version": f"{city.kept(ticket.ticket_no).version}", **typed}
        assert (await post(counter, link, form)).status_code == 303
        return city.kept(ticket.ticket_no).state

    mayor = path_for(counter, ticket.ticket_no, as_user(counter, LEADER))
    due = f"{city.clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    instructed = await send(mayor, Action.INSTRUCT, text="请住建局办好", unit="住建局", due=due)
    assert instructed is TicketState.TO_SIGN
    await city.take(ticket, Action.URGE, SEAT, arrival="2.1", text="还没有人来")
    ordered, urged = await links_sent(city)
    assert "请住建局办好" in (await counter.client.get(ordered)).text
    assert await send(ordered, Action.SIGN) is TicketState.HANDLING
    assert await send(urged, Action.CONTACT, text="已电话联系") is TicketState.HANDLING
    result = {"result": "已修好", "proof": "电话答复", "head": "王局长"}
    assert await send(urged, Action.DONE, **result) is TicketState.TO_CHECK
