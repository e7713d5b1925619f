"""WeChat-style pushes: signed or not taken, one ticket for each message, attacks in XML refused."""

import httpx2
import pytest

from console.wechat import Push, PushUnreadable, push_from, signature_of, token_of
from core.database import Database
from tests.fakes.channels import SECRET, Counter
from tickets import store
from tickets.model import TicketState

PUSH = """<xml><ToUserName>gh_1</ToUserName><FromUserName>follower</FromUserName><CreateTime>1</CreateTime>
<MsgType>text</MsgType><Content>{text}</Content><MsgId>{name}</MsgId></xml>"""


@pytest.fixture
def counter(database: Database) -> Counter:
    return Counter(database)


def query(source: str = "web", **other: str) -> dict[str, str]:
    token = token_of(SECRET, source)
    return {"timestamp": "1", "nonce": "2", "signature": signature_of(token, "1", "2"), **other}


async def push(counter: Counter, text: str = "路灯坏了", name: str = "7", **other: str) -> httpx2.Response:
    body = PUSH.format(text=text, name=name)
    return await counter.client.post("/api/v1/channels/wechat/web", params=query(**other), content=body)


async def test_a_message_sent_a_hundred_times_is_one_ticket_whose_number_is_answered(
    counter: Counter,
) -> None:
    said = {(await push(counter)).text for _ in range(100)}
    [ticket] = counter.office.database.now(lambda c: store.latest_tickets(c, 10))
    assert len(said) == 1
    assert ticket.ticket_no in said.pop()
    assert (ticket.src_channel, ticket.state) == ("微信", TicketState.TO_PREVIEW)
    assert ticket.citizen.contact_pref == "微信 follower"


async def test_the_platform_is_answered_its_own_word(counter: Counter) -> None:
    answer = await counter.client.get("/api/v1/channels/wechat/web", params=query(echostr="好"))
    assert (answer.status_code, answer.text) == (200, "好")


async def test_without_the_right_signature_nothing_is_taken(counter: Counter) -> None:
    assert (await push(counter, signature="0" * 40)).status_code == 401
    other = await counter.client.post("/api/v1/channels/wechat/nobody", params=query(), content=PUSH)
    unknown = await counter.client.post(
        "/api/v1/channels/wechat/nobody", params=query("nobody"), content=PUSH
    )
    assert (other.status_code, unknown.status_code) == (401, 401)
    assert counter.office.database.now(lambda c: store.latest_tickets(c, 10)) == []


async def test_what_is_no_text_is_welcomed_and_opens_nothing(counter: Counter) -> None:
    body = PUSH.format(text="", name="1").replace(">text<", ">event<")
    answer = await counter.client.post("/api/v1/channels/wechat/web", params=query(), content=body)
    assert "12345" in answer.text
    assert counter.office.database.now(lambda c: store.latest_tickets(c, 10)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml><MsgType>text</MsgType></xml>",
        b'<!DOCTYPE x [<!ENTITY a "a">]><xml><FromUserName>&a;</FromUserName><MsgType>text</MsgType></xml>',
    ],
)
async def test_what_cannot_be_read_is_refused(counter: Counter, body: bytes) -> None:
    with pytest.raises(PushUnreadable):
        push_from(body)
    answer = await counter.client.post("/api/v1/channels/wechat/web", params=query(), content=body)
    assert answer.status_code == 400


def test_markup_in_a_message_is_only_text() -> None:
    told = push_from(PUSH.format(text="<![CDATA[<b>&amp;]]>", name="1").encode())
    assert told == Push(sender="follower", receiver="gh_1", kind="text", message_id="1", text="<b>&amp;")
