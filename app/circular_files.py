"""通报成品: makes a circular from the database and writes page, document, workbook and data side by side."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import perf_counter, sleep

import structlog

from core.clock import Clock
from core.database import Database, DatabaseTrouble
from core.errors import HotlineError
from queue_manager.figures.figure import Window
from queue_manager.figures.policy import read_policy
from queue_manager.figures.report import report_of
from queue_manager.figures_store import seen_in
from tickets.circular_store import material_between, renew_facts
from tickets.circulars.circular import Asked, circular_of
from tickets.circulars.edition import Edition, edition_of
from tickets.circulars.facts import CallFigure
from tickets.circulars.figure import NOTHING
from tickets.circulars.policy import read_circular_policy
from tickets.circulars.sheet_file import write_sheet_file
from tickets.circulars.web_page import web_page
from tickets.circulars.word_file import write_word_file

log = structlog.get_logger(__name__)
LEAST_PAUSE_SECONDS = 0.2
"""On SQLite whoever waits to write looks again ten times a second."""


class CannotWriteCircular(HotlineError):
    """写不了通报文件:请检查 --out 文件夹的权限和磁盘空间。"""


def calls_of(database: Database, asked: Asked, profile: Path) -> tuple[CallFigure, ...]:
    """Count the calls of the period; a topic or a district has none of its own."""
    if asked.topic or asked.district:
        return ()
    window, policy = Window(since=asked.period.since, until=asked.period.until), read_policy(profile)
    seen = database.now(lambda connection: seen_in(connection, window, asked.as_of, policy))
    return tuple(
        CallFigure(
            title=figure.title,
            text=NOTHING if figure.value is None else f"{figure.value:,}{figure.unit}",
            num=figure.num,
            den=figure.den,
            formula=figure.rule,
        )
        for figure in report_of(seen, None, policy).calls.values()
    )


def next_edition(database: Database, asked: Asked, profile: Path, data: Path, clock: Clock) -> Edition:
    """Make the edition that follows what stands in ``data``; the first if there is nothing."""
    policy, calls = read_circular_policy(profile), calls_of(database, asked, profile)
    since, until = asked.before.since, asked.as_of
    make_facts_anew(database, since, until)
    material = database.now(lambda connection: material_between(connection, since, until, calls))
    kept = data.read_text(encoding="utf-8") if data.exists() else None
    return edition_of(circular_of(asked, material, policy), kept, clock.now().date())


def make_facts_anew(
    database: Database, since: datetime, until: datetime, pause: Callable[[float], None] = sleep
) -> None:
    """Have what older rules made replaced, bit by bit, so that others get to write in between.

    It only saves time later: where nothing can be written the circular reads the work orders themselves.
    """
    try:
        while True:
            began = perf_counter()
            if not database.now(lambda connection: renew_facts(connection, since, until)):
                return
            if database.one_writer:
                pause(max(perf_counter() - began, LEAST_PAUSE_SECONDS))
    except DatabaseTrouble as error:
        log.warning("通报素材这次没能整理好, 通报照出; 请看磁盘空间和数据库权限", reason=type(error).__name__)


def write_circular(edition: Edition, folder: Path, name: str) -> tuple[Path, ...]:
    """Write the four files, the data last; raises CannotWriteCircular."""
    page, paper, book, data = (folder / f"{name}.{ending}" for ending in ("html", "docx", "xlsx", "json"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(web_page(edition), encoding="utf-8")
        write_word_file(edition, paper)
        write_sheet_file(edition, book)
        data.write_text(edition.text, encoding="utf-8")
    except OSError as error:
        raise CannotWriteCircular(path=error.filename, reason=error.strerror) from error
    return page, paper, book, data
