"""渠道入口: short messages, letters and WeChat-style pushes, each as its gateway sends them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse

from console import web_api_shapes as shapes
from console import wechat
from console.api_keys import ApiKey
from console.channel_desk import ChannelDesk, Incoming
from console.web_api_routes import key_holder, status_for, told
from core.clock import Clock

TITLE_LENGTH = 30
TEXT = "text"
WELCOME = "您好, 这里是 12345 热线。请直接写下您要反映的事, 写明时间、地点和联系电话。"
HANDED_IN = "您的诉求已收到, 工单号 {number}, 查询码 {code}。"
Sign = Annotated[str, Query(max_length=200)]


def _signs(signature: Sign = "", timestamp: Sign = "", nonce: Sign = "") -> tuple[str, str, str]:
    return signature, timestamp, nonce


Signed = Annotated[tuple[str, str, str], Depends(_signs)]
"""What the platform writes behind the address of everything that it sends."""


def doors(desk: ChannelDesk, clock: Clock, secret: str) -> APIRouter:
    """Give one address for each kind of gateway."""
    routes = APIRouter(prefix="/api/v1/channels", tags=["渠道"])
    _short_messages(routes, desk)
    _letters(routes, desk)
    _wechat_check(routes, desk, secret)
    _wechat_pushes(routes, desk, clock, secret)
    return routes


def _short_messages(routes: APIRouter, desk: ChannelDesk) -> None:
    holder = key_holder(desk)

    @routes.post("/sms", summary="上行短信", status_code=201, responses=_taken())
    async def short_message(
        message: shapes.ShortMessageIn, response: Response, key: Annotated[ApiKey, holder]
    ) -> shapes.Receipt:
        incoming = Incoming(
            channel="短信",
            key=message.message_id,
            phone=message.phone,
            fields=_of_text(message.text),
        )
        return status_for(await desk.take_in(key, incoming), response)


def _letters(routes: APIRouter, desk: ChannelDesk) -> None:
    holder = key_holder(desk)

    @routes.post("/mail", summary="信箱来信", status_code=201, responses=_taken())
    async def letter(
        mail: shapes.MailIn, response: Response, key: Annotated[ApiKey, holder]
    ) -> shapes.Receipt:
        fields = {**_of_text(mail.text), "contact_pref": f"邮箱 {mail.sender}"[:200]}
        if mail.subject.strip():
            fields["title"] = mail.subject
        incoming = Incoming(channel=mail.box, key=mail.message_id, fields=fields)
        return status_for(await desk.take_in(key, incoming), response)


def _wechat_check(routes: APIRouter, desk: ChannelDesk, secret: str) -> None:
    @routes.get(
        "/wechat/{source}",
        summary="公众平台验证",
        response_class=PlainTextResponse,
        responses=told(401, 422, 503),
    )
    async def check(
        source: shapes.SourceInPath, signs: Signed, echostr: Annotated[str, Query(max_length=200)]
    ) -> PlainTextResponse:
        await _signed(desk, secret, source, signs)
        return PlainTextResponse(echostr)


def _wechat_pushes(routes: APIRouter, desk: ChannelDesk, clock: Clock, secret: str) -> None:
    @routes.post(
        "/wechat/{source}",
        summary="公众平台推送",
        response_class=Response,
        responses={200: {"content": {"application/xml": {}}}, **told(400, 401, 409, 413, 422, 503)},
    )
    async def push(source: shapes.SourceInPath, request: Request, signs: Signed) -> Response:
        key = await _signed(desk, secret, source, signs)
        told_us = wechat.push_from(await request.body())
        said = WELCOME
        if told_us.kind == TEXT and told_us.text:
            incoming = Incoming(
                channel="微信",
                key=told_us.message_id,
                fields={**_of_text(told_us.text), "contact_pref": f"微信 {told_us.sender}"[:200]},
            )
            ticket = (await desk.take_in(key, incoming)).ticket
            said = HANDED_IN.format(number=ticket.ticket_no, code=ticket.query_code)
        answer = wechat.answer_to(told_us, int(clock.now().timestamp()), said)
        return Response(answer, media_type="application/xml")


async def _signed(desk: ChannelDesk, secret: str, source: str, signs: tuple[str, str, str]) -> ApiKey:
    """Give the key whose token has signed it; raises NotFromWechat, also for a name that is none."""
    token = wechat.token_of(secret, source)
    wechat.check_signature(token, signs)
    return await desk.key_named(source)


def _taken() -> dict[int | str, dict[str, object]]:
    again = {"model": shapes.Receipt, "description": "递交过, 是同一张"}
    return {200: again, **told(401, 403, 409, 413, 422, 503)}


def _of_text(text: str) -> dict[str, str]:
    first = text.strip().splitlines()[0].strip()
    return {"content": text, "title": first[:TITLE_LENGTH]}
