"""A hotline's web interface in memory: a desk, keys, and a client that speaks to it without a socket."""

import httpx2

from console import key_store
from console.api_keys import ApiKey, digest_of
from console.channel_desk import ChannelDesk
from console.mobile_desk import MobileDesk
from console.page_links import Links
from console.web_api import WebNeeds, guarded, make_api
from core.database import Database
from core.ids import TicketNo
from tests.fakes.work import Office
from tickets.model import Ticket
from tickets.roles import Role

SECRET = "the hotline's own"
LINKS = Links(key="for links", public_url="https://12345.city.example/hotline/", days=7)
DEMAND = {
    "channel": "网站",
    "content": "楼道漏水三天, 电话 13812341234 联系",
    "title": "楼道漏水",
    "name": "张三",
    "phone": "13812341234",
    "address": "和平路1号",
}


class Counter:
    """The interface, and what a test knows about it."""

    def __init__(self, database: Database, office: Office | None = None) -> None:
        self.office = office or Office(database)
        self.desk = ChannelDesk(database, self.office.desk, self.office.clock)
        clock = self.office.clock
        mobile = MobileDesk(database, self.office.desk, LINKS, clock)
        self.api = make_api(WebNeeds(desk=self.desk, mobile=mobile, clock=clock, secret=SECRET))
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(guarded(self.api)), base_url="http://hotline.test"
        )
        self.give_key("web", Role.SYSTEM)

    def give_key(self, name: str, role: Role) -> ApiKey:
        key = ApiKey(
            name=name,
            digest=digest_of(f"{name}-secret"),
            role=role,
            added_at=self.office.clock.now(),
            added_by="root",
        )
        self.office.database.now(lambda connection: key_store.put_key(connection, key))
        return key

    def signed(self, name: str = "web", delivery: str = "") -> dict[str, str]:
        headers = {"Authorization": f"Bearer {name}-secret"}
        return {**headers, "Idempotency-Key": delivery} if delivery else headers

    async def hand_in(self, delivery: str = "D-1", source: str = "web", **other: object) -> httpx2.Response:
        return await self.client.post(
            "/api/v1/tickets", json={**DEMAND, **other}, headers=self.signed(source, delivery)
        )

    async def handed_in(self, delivery: str = "D-1", **other: object) -> Ticket:
        answer = await self.hand_in(delivery, "web", **other)
        assert answer.status_code == 201, answer.text
        return self.office.kept(TicketNo(answer.json()["ticket_no"]))

    async def update(self, number: str, delivery: str, seq: int, **other: object) -> httpx2.Response:
        told = {"kind": "催办", "seq": seq, "text": "还没有人来修", **other}
        return await self.client.post(
            f"/api/v1/tickets/{number}/updates", json=told, headers=self.signed("web", delivery)
        )

    async def query(self, number: str, code: str) -> httpx2.Response:
        return await self.client.post("/api/v1/query", json={"ticket_no": number, "code": code})
