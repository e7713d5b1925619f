"""对外的收件人: which of the outbox's listeners keep what leaves the house as a message or webhook."""

import structlog

from app.instance import Instance
from app.parts import LINKS_KEY_NAME
from console.page_links import Links
from console.sms import SmsDesk
from console.sms_texts import read_texts
from console.webhooks import WebhookDesk
from core.clock import Clock
from core.database import Database
from core.outbox import Listener
from tickets.profile import PolicyWrong

log = structlog.get_logger(__name__)


def outward_listeners(instance: Instance, database: Database, clock: Clock) -> list[Listener]:
    """Give them; none without the web interface, whose process would send what they keep."""
    if not instance.settings.web.use:
        return []
    webhooks = WebhookDesk(database, clock).listener
    try:
        texts = read_texts(instance.profile)
    except PolicyWrong as error:
        log.error("短信文字读不了, 不发短信, 来电不受影响", reason=str(error))  # noqa: TRY400 - a sentence, no trace
        return [webhooks]
    return [SmsDesk(database, texts, links_of(instance)).listener, webhooks]


def links_of(instance: Instance) -> Links:
    """Give what makes and reads the links for telephones."""
    web = instance.settings.web
    return Links(key=instance.secret(LINKS_KEY_NAME), public_url=web.public_url, days=web.link_days)
