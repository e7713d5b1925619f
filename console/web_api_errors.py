"""接口错误: every refusal as problem+json, one Chinese sentence, the same shape whatever went wrong."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from console.api_keys import KeyUnknown
from console.channel_desk import KeyMayNot, NotFound, OtherDelivery, UpdateOutOfOrder
from console.rate_limit import AskedTooOften
from console.web_api_shapes import Problem
from console.wechat import NotFromWechat, PushUnreadable
from core.database import DatabaseTrouble
from core.errors import HotlineError
from tickets.guards import StepRefused
from tickets.steps_intake import NoSuchField, TextUnusable, ValueUnknown
from tickets.transitions import NotInThisState, NotYourRole
from tickets.work_desk import MayNotSee, NoSuchTicket, StaleVersion, StepOutOfOrder

log = structlog.get_logger(__name__)

MEDIA = "application/problem+json"
UNSAID = 500
STATUS: tuple[tuple[type[HotlineError], int], ...] = (
    (PushUnreadable, 400),
    (KeyUnknown, 401),
    (NotFromWechat, 401),
    (MayNotSee, 403),
    (KeyMayNot, 403),
    (NotYourRole, 403),
    (NoSuchTicket, 404),
    (NotFound, 404),
    (OtherDelivery, 409),
    (UpdateOutOfOrder, 409),
    (StaleVersion, 409),
    (StepOutOfOrder, 409),
    (NotInThisState, 409),
    (StepRefused, 422),
    (TextUnusable, 422),
    (ValueUnknown, 422),
    (NoSuchField, 422),
    (AskedTooOften, 429),
)
"""The first that fits; whatever else is ours to mend."""
_PLAIN = {404: "没有这个地址", 405: "这个地址不能这样用", 413: "内容太大", 400: "内容读不懂"}
_REASONS = {
    "missing": "缺了这一项",
    "extra_forbidden": "没有这一项, 请核对拼写",
    "string_too_long": "太长了",
    "string_too_short": "不能是空的",
    "string_pattern_mismatch": "有不允许的字符, 或者写法不对",
    "literal_error": "只能取说明里列出的值",
    "enum": "只能取说明里列出的值",
    "json_invalid": "不是合法的 JSON",
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "string_type": "应当是文字",
    "bool_parsing": "应当是 true 或 false",
    "bool_type": "应当是 true 或 false",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "model_attributes_type": "应当是一个 JSON 对象",
}


def status_of(error: HotlineError) -> int:
    """Give the HTTP status of an error of ours."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), UNSAID)


def problem(status: int, title: str, field: str = "") -> JSONResponse:
    """Give the answer to whoever asked."""
    body = Problem(title=title, status=status, field=field).model_dump()
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body, status_code=status, media_type=MEDIA, headers=headers)


def tell_errors(app: FastAPI) -> None:
    """Have every error told in this shape."""
    app.add_exception_handler(HotlineError, _ours)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(DatabaseTrouble, _away)


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HotlineError)  # noqa: S101 - registered so
    status = status_of(error)
    if status == UNSAID:
        log.error("接口出错", reason=str(error))
        return problem(UNSAID, "热线系统出错, 请稍后再试")
    return problem(status, str(error))


async def _unfit(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered so
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "header", "path"))
    return problem(422, _REASONS.get(first["type"], "写法不对"), where)


async def _plain(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered so
    told = problem(error.status_code, _PLAIN.get(error.status_code, "请求有误"))
    told.headers.update(error.headers or {})
    return told


async def _away(_request: Request, error: Exception) -> JSONResponse:
    log.warning("数据库不在, 接口请稍后再试", reason=type(error).__name__)
    return problem(503, "热线系统暂时不可用, 请稍后再试")
