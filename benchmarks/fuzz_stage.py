"""乱码测试台: a virtual loop on which nothing that goes wrong stays hidden."""

import asyncio
import sys
from collections.abc import Coroutine, MutableMapping
from typing import Any, NoReturn

import structlog

from simulator.day.virtual_loop import VirtualLoop


class Unexpected(Exception):
    """Something went wrong where nobody looks, or what is healthy is not served any more."""


def live(story: Coroutine[Any, Any, None]) -> None:
    """Run it; raises Unexpected when a task, a callback or the log told of a mistake."""
    complaints: list[str] = []

    def judge(_logger: object, _method: str, told: MutableMapping[str, Any]) -> NoReturn:
        if told.get("exc_info"):
            complaints.append(f"{told.get('event')}: {sys.exc_info()[1]!r}")
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[judge])
    try:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.get_loop().set_exception_handler(lambda _loop, told: complaints.append(_short(told)))
            runner.run(story)
    finally:
        structlog.configure(**before)
    if complaints:
        raise Unexpected(complaints[0])


def _short(told: dict[str, Any]) -> str:
    return f"{told.get('message')} {told.get('exception')!r}"
