"""Another system that is told of every step of a city's work orders."""

import json

from console.webhook_store import Target, put_target
from console.webhooks import WebhookDesk, WebhookPost
from tests.acceptance.city import City
from tests.unit.console.test_webhooks import Receivers


class Messenger:
    """A messenger's server, or any other system, with what it was told."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.server = Receivers()
        city.outbox.connect(WebhookDesk(city.database, city.clock).listener)
        self.post = WebhookPost(city.database, self.server, city.clock, "own secret")  # type: ignore[arg-type]  # a fake
        target = Target(
            name="messenger",
            url="https://messenger.example/hook",
            facts=("TicketStepped",),
            added_at=city.clock.now(),
            added_by="root",
        )
        city.database.now(lambda connection: put_target(connection, target))

    async def told(self) -> list[dict[str, str]]:
        await self.city.outbox.deliver_once()
        await self.post.send_due()
        return [json.loads(body)["data"] for _, body, _ in self.server.sent]
