"""网络接口进程: serves other systems and citizens, sends short messages and webhooks."""

import asyncio
import os
import sys
from functools import cache
from pathlib import Path
from random import SystemRandom

import structlog

from app.instance import Instance
from app.outward_listeners import links_of
from app.own_process import run_process
from app.parts import WEB_KEY_NAME, database_url
from app.work_clocks import policies_of
from console.channel_desk import ChannelDesk
from console.http_post import HttpPost
from console.mobile_desk import MobileDesk
from console.page_links import Links
from console.sms import Gateway, HttpGateway, SmsPost, Spool
from console.web_api import WebNeeds, description, guarded, make_api
from console.web_api_server import Server
from console.webhooks import WebhookPost
from core.clock import SystemClock
from core.database import Database
from core.outbox import Outbox
from tickets.work_desk import WorkDesk

log = structlog.get_logger(__name__)

NICENESS = 5
"""Citizens on the telephone come before systems on the network."""
SMS_FOLDER = "sms"


class Web:
    """Everything of the web interface, which no call needs; nothing runs before :meth:`run`."""

    def __init__(self, instance: Instance, database: Database, post: HttpPost) -> None:
        """Wire it; raises PolicyWrong for a profile that no work order can follow."""
        self._instance = instance
        clock = SystemClock()
        secret = instance.secret(WEB_KEY_NAME)
        # Its facts are for everybody: the engine hands them out.
        desk = WorkDesk(database, Outbox(database), policies_of(instance.profile), SystemRandom())
        mobile = MobileDesk(database, desk, links_of(instance), clock)
        channels = ChannelDesk(database, desk, clock)
        api = make_api(WebNeeds(desk=channels, mobile=mobile, clock=clock, secret=secret))
        settings = instance.settings.web
        self._server = Server(guarded(api), str(settings.bind), settings.port)
        self._sms = SmsPost(database, self._gateway(post), clock)
        self._webhooks = WebhookPost(database, post, clock, secret)

    async def run(self) -> None:
        """Serve until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._server.run(self._say_ready))
            group.create_task(self._sms.run())
            group.create_task(self._webhooks.run())

    def _gateway(self, post: HttpPost) -> Gateway:
        sms = self._instance.settings.sms
        if sms.gateway:
            return HttpGateway(url=sms.gateway, key=sms.password, post=post)
        return Spool(folder=self._instance.folder / SMS_FOLDER)

    def _say_ready(self) -> None:
        self._instance.say_ready("web")
        log.info("网络接口就绪", port=self._instance.settings.web.port)


@cache
def web_description() -> str:
    """Give the OpenAPI description of the interface, with nothing behind it."""
    database = Database("sqlite://", inline=True)
    clock = SystemClock()
    policies = policies_of(Path(__file__).parents[1] / "profiles" / "default")
    desk = WorkDesk(database, Outbox(database), policies, SystemRandom())
    mobile = MobileDesk(database, desk, Links(key="", public_url="", days=1), clock)
    needs = WebNeeds(desk=ChannelDesk(database, desk, clock), mobile=mobile, clock=clock, secret="")
    return description(make_api(needs))


async def _serve(instance: Instance) -> int:
    os.nice(NICENESS)
    database = Database(database_url(instance))
    post = HttpPost()
    try:
        await Web(instance, database, post).run()
    finally:
        await post.close()
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(run_process("web", _serve))
