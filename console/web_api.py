"""网络接口: tickets from and for other systems, and the citizens' query; REST, described by OpenAPI."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import FastAPI

from console.channel_desk import ChannelDesk
from console.mobile_desk import MobileDesk
from console.mobile_routes import mobile_routes
from console.rate_limit import RateLimit
from console.web_api_body import App, BodyLimit
from console.web_api_doors import doors
from console.web_api_errors import MEDIA, tell_errors
from console.web_api_routes import query_routes, ticket_routes
from core.clock import Clock

MOST_BYTES = 256 * 1024
QUERIES, QUERY_WINDOW = 20, timedelta(minutes=1)
WRONG_CODES, CODE_WINDOW = 10, timedelta(hours=1)
ABOUT = """其他系统向热线递交来件、查询办理情况用的接口。

每个请求在 Authorization 里写 `Bearer 密钥`; 密钥由 `./hotline key add` 生成。
重复递交同一个来件编号 (Idempotency-Key) 只开一张工单。个人信息一律脱敏, 调阅要写明理由并留下记录。
出错时返回 application/problem+json, title 是一句中文说明。
承办单位和领导在手机上打开的页面 (/m/…) 是网页, 凭短信里签了名的链接, 不用密钥。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebNeeds:
    """What the interface works with; ``secret`` is the hotline's own, of which shared ones are derived."""

    desk: ChannelDesk
    mobile: MobileDesk
    clock: Clock
    secret: str


class _Api(FastAPI):
    """Says of errors that they are problem+json and nothing else."""

    def openapi(self) -> dict[str, Any]:
        """Give the description, made once."""
        told = super().openapi()
        for methods in told["paths"].values():
            for method in methods.values():
                for answer in method["responses"].values():
                    if MEDIA in answer.get("content", {}):
                        answer["content"].pop("application/json", None)
        return told


def make_api(needs: WebNeeds) -> FastAPI:
    """Give the interface as it is described."""
    app = _Api(
        title="12345 热线接口",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    tell_errors(app)
    app.include_router(ticket_routes(needs.desk))
    app.include_router(doors(needs.desk, needs.clock, needs.secret))
    app.include_router(
        query_routes(
            needs.desk,
            RateLimit(QUERIES, QUERY_WINDOW, needs.clock),
            RateLimit(WRONG_CODES, CODE_WINDOW, needs.clock),
        )
    )
    app.include_router(mobile_routes(needs.mobile))
    return app


def guarded(app: FastAPI, most: int = MOST_BYTES) -> App:
    """Give the interface behind the limit of what it takes."""
    return BodyLimit(app, most)


def description(app: FastAPI) -> str:
    """Give the OpenAPI description as it is kept in the documentation."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
