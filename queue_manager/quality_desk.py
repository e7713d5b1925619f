"""质检台: fills in sheets for calls that were answered, and draws the calls that are to be marked."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import CallId, SeatNo
from queue_manager import sheet_store, store
from queue_manager.figures.policy import Policy
from queue_manager.model import SHORTEST_TALK_SECONDS, SegmentRow
from queue_manager.quality import Marks, QualitySheet, Talk, drawn
from queue_manager.sheet_store import Listed, Wanted


class CallUnknown(HotlineError):
    """没有这通来电, 不能打分:来电编号用 ./hotline quality draw 或 ./hotline calls 查, 请整个照抄。"""


class NobodyTalked(HotlineError):
    """这通来电没有座席接听, 不能打分。"""


class StillTalking(HotlineError):
    """这通来电还没有结束:请等通话结束后再打分。"""


class SeatUnclear(HotlineError):
    """这通来电不止一个座席接听:请用 --seat 写明给哪个座席打分。"""


class NotThisSeat(HotlineError):
    """这个座席没有接听这通来电:请用 --seat 写明接听的座席, 或者不写。"""


class OwnCall(HotlineError):
    """不能给自己接的来电打分:请换一个人。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """质检的人; ``seat`` is his own, empty if he has none."""

    name: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What he wrote: about which call, and about which seat's part in it if several talked."""

    call_id: CallId
    marks: Marks
    seat: SeatNo | None = None
    remark: str = ""


class QualityDesk:
    """Every use case in one transaction; whether somebody's role allows it was asked before."""

    def __init__(self, database: Database, policy: Policy) -> None:
        """Work on this database; ``policy`` tells citizens from test telephones and dialling machines."""
        self._database = database
        self._policy = policy

    async def fill(self, filled: Filled, checker: Checker, at: datetime) -> QualitySheet:
        """打分: add a sheet; it takes the place of an earlier one about the same seat's part in the call.

        Raises CallUnknown, NobodyTalked, StillTalking, SeatUnclear, NotThisSeat or OwnCall.
        """

        def work(connection: Connection) -> QualitySheet:
            seat = _seat_of(connection, filled)
            if seat == checker.seat:
                raise OwnCall(call=filled.call_id, seat=seat)
            sheet = QualitySheet(
                call_id=filled.call_id,
                seat=seat,
                at=at,
                by=checker.name,
                marks=filled.marks,
                remark=" ".join(filled.remark.split()),
            )
            sheet_store.add_sheet(connection, sheet)
            return sheet

        return await self._database.in_transaction(work)

    async def sheets(self, wanted: Wanted, most: int) -> list[Listed]:
        """Give the last so many sheets, the first written first."""
        return await self._database.in_transaction(
            lambda connection: sheet_store.sheets_listed(connection, wanted, most)
        )

    async def draw(
        self, window: tuple[datetime, datetime], each: int, by: tuple[Checker, Random]
    ) -> list[Talk]:
        """抽取 from what has no sheet yet, so many of each seat; nobody draws his own calls."""
        checker, chance = by
        unmarked = await self._database.in_transaction(
            lambda connection: sheet_store.unmarked_talks(connection, *window)
        )
        talks = [
            talk
            for caller, talk in unmarked
            if talk.seat != checker.seat and not self._policy.flag_of(caller)
        ]
        return drawn(talks, each, chance)


def _seat_of(connection: Connection, filled: Filled) -> SeatNo:
    """Give the seat that talked, the asked one where several did."""
    call = store.call_of(connection, filled.call_id)
    if call is None:
        raise CallUnknown(call=filled.call_id)
    talks = list(filter(_is_answered, store.segments_of(connection, filled.call_id)))
    if not talks:
        raise NobodyTalked(call=filled.call_id)
    if call.gone_at is None:
        raise StillTalking(call=filled.call_id)
    seats = list(dict.fromkeys(talk.seat for talk in talks if talk.seat is not None))
    if filled.seat is not None and filled.seat not in seats:
        raise NotThisSeat(seat=filled.seat, talked="、".join(seats))
    if filled.seat is None and len(seats) > 1:
        raise SeatUnclear(talked="、".join(seats))
    return filled.seat or seats[0]


def _is_answered(segment: SegmentRow) -> bool:
    is_over = segment.ended_at is not None
    return (
        segment.answered_at is not None
        and segment.seat is not None
        and not (is_over and segment.talk_seconds < SHORTEST_TALK_SECONDS)
    )
