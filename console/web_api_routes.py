"""接口地址: hand in, update, look at and reveal tickets; the citizens' query; health."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from console import web_api_shapes as shapes
from console.api_keys import ApiKey, KeyUnknown
from console.channel_desk import ChannelDesk, Incoming, TakenIn, Update
from console.rate_limit import RateLimit
from console.tickets_shown import progress_of, receipt_of, ticket_out
from console.web_api_errors import MEDIA
from core.ids import TicketNo
from tickets.work_store import Asked

NumberInPath = Annotated[str, Path(pattern=r"^[0-9]{18}$", description="工单编号")]
KeyInHeader = Annotated[
    shapes.Key, Header(alias="Idempotency-Key", description="来件编号: 重复递交时不变, 只开一张工单")
]
NAMES = tuple(shapes.STATE_NAMES)
BEARER = HTTPBearer(auto_error=False, description="./hotline key add 生成的密钥")
_SAID = {
    400: "读不懂",
    401: "密钥不对",
    403: "不允许",
    404: "没有",
    409: "和已有的不符",
    413: "内容太大",
    422: "写法不对",
    429: "太频繁",
    503: "暂时不可用",
}


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Give how errors are described."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _SAID[status], "content": content, "model": shapes.Problem}
        for status in statuses
    }


def key_holder(desk: ChannelDesk) -> Any:  # noqa: ANN401 - FastAPI's own kind of dependency
    """Give the dependency that finds out whose key came with a request; raises KeyUnknown."""

    async def holder(shown: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> ApiKey:
        if shown is None:
            raise KeyUnknown
        return await desk.key(shown.credentials)

    return Depends(holder)


def status_for(taken: TakenIn, response: Response) -> shapes.Receipt:
    """Give the receipt: 201 for a new one, 200 for what was told again."""
    response.status_code = 201 if taken.fresh else 200
    return receipt_of(taken.ticket)


def ticket_routes(desk: ChannelDesk) -> APIRouter:
    """Give what other systems use, with their key."""
    routes = APIRouter(prefix="/api/v1", tags=["工单"])
    _hand_in(routes, desk)
    _change(routes, desk)
    _look(routes, desk)
    return routes


def _hand_in(routes: APIRouter, desk: ChannelDesk) -> None:
    holder = key_holder(desk)

    @routes.post(
        "/tickets",
        summary="递交来件",
        status_code=201,
        responses={
            200: {"model": shapes.Receipt, "description": "递交过, 是同一张"},
            **told(401, 403, 409, 413, 422, 503),
        },
    )
    async def hand_in(
        demand: shapes.Demand, response: Response, name: KeyInHeader, key: Annotated[ApiKey, holder]
    ) -> shapes.Receipt:
        given = demand.model_dump(exclude={"channel", "phone", "confidential"})
        incoming = Incoming(
            channel=demand.channel,
            key=name,
            phone=demand.phone,
            fields={field: value for field, value in given.items() if value},
            confidential=demand.confidential,
        )
        return status_for(await desk.take_in(key, incoming), response)


def _change(routes: APIRouter, desk: ChannelDesk) -> None:
    holder = key_holder(desk)

    @routes.post(
        "/tickets/{number}/updates",
        summary="更新: 催办、补充、撤单",
        responses=told(401, 403, 404, 409, 413, 422, 503),
    )
    async def update(
        number: NumberInPath, change: shapes.UpdateIn, name: KeyInHeader, key: Annotated[ApiKey, holder]
    ) -> shapes.TicketOut:
        wanted = Update(key=name, kind=change.kind, seq=change.seq, text=change.text)
        return ticket_out(await desk.update(key, TicketNo(number), wanted))


def _look(routes: APIRouter, desk: ChannelDesk) -> None:
    holder = key_holder(desk)

    @routes.get("/tickets", summary="工单列表", responses=told(401, 422, 503))
    async def listed(
        key: Annotated[ApiKey, holder],
        state: Annotated[list[shapes.StateName] | None, Query(description="状态, 可以写多个")] = None,
        words: Annotated[shapes.Short, Query(description="标题、内容、地址里有这些字")] = "",
        most: Annotated[int, Query(ge=1, le=200, description="最多几张")] = 50,
    ) -> shapes.Tickets:
        states = [shapes.STATE_NAMES[one] for one in state or ()]
        found = await desk.listed(key, Asked(states=states, words=words, most=most))
        return shapes.Tickets(tickets=[ticket_out(one) for one in found])

    @routes.get("/tickets/{number}", summary="看一张工单", responses=told(401, 404, 422, 503))
    async def one(number: NumberInPath, key: Annotated[ApiKey, holder]) -> shapes.TicketOut:
        return ticket_out(await desk.ticket(key, TicketNo(number)))

    @routes.post(
        "/tickets/{number}/reveal", summary="调阅个人信息", responses=told(401, 403, 404, 413, 422, 503)
    )
    async def reveal(
        number: NumberInPath, why: shapes.RevealIn, key: Annotated[ApiKey, holder]
    ) -> shapes.TicketOut:
        seen = await desk.reveal(key, TicketNo(number), why.person, why.reason)
        return ticket_out(seen, revealed=True)


def query_routes(desk: ChannelDesk, asking: RateLimit, per_ticket: RateLimit) -> APIRouter:
    """Give what needs no key: the citizens' query, and whether we are well."""
    routes = APIRouter(prefix="/api/v1")

    @routes.post("/query", summary="市民查询办理情况", tags=["查询"], responses=told(404, 413, 422, 429, 503))
    async def query(request: Request, asked: shapes.QueryIn) -> shapes.Progress:
        asking.count(request.client.host if request.client else "")
        per_ticket.count(asked.ticket_no)
        return progress_of(await desk.asked_by_citizen(asked.ticket_no, asked.code))

    @routes.get("/health", summary="是否正常", tags=["运行"], responses=told(503))
    async def health() -> shapes.Health:
        await desk.answers()
        return shapes.Health(status="ok")

    return routes
