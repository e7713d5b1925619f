"""手机地址: the page behind a link and its forms; whatever is wrong with a link, the answer is the same."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode

import structlog
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from console.mobile_desk import MobileDesk
from console.mobile_page import HEADERS, REVEAL, Said, plain_page, ticket_page
from console.mobile_steps import FormBroken
from console.page_links import PATH, LinkUnusable
from console.rate_limit import AskedTooOften, RateLimit
from console.web_api_errors import status_of
from console.web_api_routes import told
from core.database import DatabaseTrouble
from core.errors import HotlineError
from tickets.work_desk import StaleVersion

log = structlog.get_logger(__name__)

WRONG_LINKS, REQUESTS, WINDOW = 20, 60, timedelta(minutes=1)
MOST_FIELDS = 20
REFUSED = 422
AWAY = "热线系统暂时不可用, 请稍后再试。"
_SAID = {
    403: "链接打不开: 过期、停用、被改过、没有, 都一样",
    409: "打开之后被别人改过, 页面上是现在的样子",
    422: "这一步没有做, 页面上说明原因",
    429: "太频繁",
    503: "暂时不可用",
}
_FORM = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"step": {"type": "string"}, "version": {"type": "string"}},
                }
            }
        }
    }
}
Sealed = Annotated[str, Path(description="短信里的链接, 已签名")]


def mobile_routes(desk: MobileDesk) -> APIRouter:
    """Give the page and what its forms send."""
    door = _Door(desk)
    routes = APIRouter(tags=["手机页面"])

    @routes.get(f"{PATH}{{sealed}}", summary="手机上看一张工单", **_described(403, 422, 429, 503))
    async def look(
        request: Request, sealed: Sealed, done: Annotated[str, Query(description="刚办的一步")] = ""
    ) -> Response:
        return await door.answer(request, sealed, lambda: door.page(sealed, Said(done=done)))

    @routes.post(
        f"{PATH}{{sealed}}",
        summary="手机上办一步",
        openapi_extra=_FORM,
        **_described(403, 409, 422, 429, 503, done=True),
    )
    async def send(request: Request, sealed: Sealed) -> Response:
        return await door.answer(request, sealed, lambda: door.taken(request, sealed))

    return routes


class _Door:
    """Counts, asks the desk, and turns every refusal into a page."""

    def __init__(self, desk: MobileDesk) -> None:
        self._desk = desk
        self._wrong = RateLimit(WRONG_LINKS, WINDOW, desk.clock)
        self._often = RateLimit(REQUESTS, WINDOW, desk.clock)

    async def answer(self, request: Request, sealed: str, ask: Callable[[], Awaitable[Response]]) -> Response:
        """Give what was asked for, or one plain page that tells nothing."""
        try:
            # Counted by the link: many telephones share one address of their carrier.
            await self._known(request, sealed)
            self._often.count(sealed)
            return await ask()
        except HotlineError as error:
            return _closed(error)
        except DatabaseTrouble as error:
            log.warning("数据库不在, 手机页面请稍后再试", reason=type(error).__name__)
            return _html(plain_page(AWAY), 503)

    async def _known(self, request: Request, sealed: str) -> None:
        try:
            await self._desk.open(sealed)
        except LinkUnusable:
            self._wrong.count(request.client.host if request.client else "")
            raise

    async def page(self, sealed: str, said: Said, status: int = 200) -> Response:
        """Show the work order as it is now."""
        view = await self._desk.view(sealed)
        return _html(ticket_page(view, said, self._desk.clock.now()), status)

    async def taken(self, request: Request, sealed: str) -> Response:
        """Take the step, and lead back to the page, so that loading it again sends nothing again."""
        values: Mapping[str, str] = {}
        try:
            values = _values(await request.body())
            if values.get("step") == REVEAL:
                seen = await self._desk.reveal(sealed, values.get("reason", ""))
                return await self.page(sealed, Said(revealed=seen))
            form = await self._desk.take(sealed, values)
        except LinkUnusable:
            raise
        except HotlineError as error:
            status = 409 if isinstance(error, StaleVersion) else REFUSED
            return await self.page(sealed, Said(wrong=str(error), typed=values), status)
        target = f"?{urlencode({'done': form.action.value})}"
        return Response(status_code=303, headers={**HEADERS, "Location": target})


def _values(body: bytes) -> Mapping[str, str]:
    try:
        told = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise FormBroken from error
    return {name: values[-1] for name, values in told.items()}


def _closed(error: HotlineError) -> Response:
    if isinstance(error, LinkUnusable):
        return _html(plain_page(str(error)), 403)
    if isinstance(error, AskedTooOften):
        return _html(plain_page("打开得太频繁, 请过一分钟再试。"), 429)
    log.error("手机页面出错", reason=str(error), status=status_of(error))
    return _html(plain_page(AWAY), 503)


def _html(text: str, status: int) -> HTMLResponse:
    return HTMLResponse(text, status_code=status, headers=HEADERS)


def _described(*statuses: int, done: bool = False) -> dict[str, Any]:
    page = {"text/html": {"schema": {"type": "string"}}}
    answers: dict[int | str, Any] = {
        status: {"description": _SAID[status], "content": page} for status in statuses
    }
    if done:
        # Too much is refused before anybody looks at the link.
        answers |= {303: {"description": "办好了, 回到页面"}, **told(413)}
    return {"response_class": HTMLResponse, "responses": answers}
