"""日志: structlog for people and for machines, with personal data masked before it is written."""

import logging
import sys
from collections.abc import MutableMapping
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any, TextIO

import structlog

from core.clock import SystemClock
from core.privacy import masked, masked_text

PERSONAL_KEYS = {
    "caller": "phone",
    "phone": "phone",
    "name_of_citizen": "name",
    "digits": "text",
    "text": "text",
    "transcript": "text",
}
"""Personal data is logged under these keys only; everywhere else long numbers are masked anyway."""


def mask_personal_data(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask every value that stands under a personal key, and long numbers in all other texts."""
    for key, value in line.items():
        if isinstance(value, str):
            kind = PERSONAL_KEYS.get(key)
            line[key] = masked(kind, value) if kind else masked_text(value)
    return line


def tell_the_time(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write Asia/Shanghai, as in the call log, whatever the machine's own zone is."""
    line["timestamp"] = SystemClock().now().isoformat(timespec="milliseconds")
    return line


def set_up_logs(process: str, *, folder: Path | None = None, screen: TextIO = sys.stderr) -> None:
    """Write JSON lines to ``folder/process.jsonl``, or readable lines to the screen without a folder."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        tell_the_time,
        structlog.processors.format_exc_info,
        mask_personal_data,
    ]
    if folder is None:
        writer: Any = structlog.WriteLoggerFactory(screen)
        last: Any = structlog.dev.ConsoleRenderer(colors=screen.isatty())
    else:
        folder.mkdir(parents=True, exist_ok=True)
        writer = structlog.WriteLoggerFactory(_Watched(folder / f"{process}.jsonl", encoding="utf-8"))  # type: ignore[arg-type]
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=writer,
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)


class _Watched(WatchedFileHandler):
    """A file that is begun anew when somebody has put it away."""

    def write(self, line: str) -> None:
        self.reopenIfNeeded()
        self.stream = self.stream or self._open()
        self.stream.write(line)
