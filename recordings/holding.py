"""录音保全: a recording, or all recordings of a work order, is kept until somebody says otherwise."""

import re
from dataclasses import dataclass
from functools import partial

from core.database import Connection
from core.errors import HotlineError
from core.ids import CallId, TicketNo
from recordings import keeping_store, store
from recordings.model import Hold, RecordingState
from recordings.registry import Archive

REASON_SIGNS = 200
_TICKET = re.compile(r"\d{18}")
_OVER = (RecordingState.EXPIRED, RecordingState.DELETED)


class NoReason(HotlineError):
    """要写明事由,200 字以内。"""


class NothingToHold(HotlineError):
    """没有这通电话或这张工单的录音:请核对来电编号或 18 位工单编号。"""


class DeletedAlready(HotlineError):
    """录音已按留存规则删除,无法保全:清单还在,可用 ./hotline recordings show 查看。"""


class NotHeld(HotlineError):
    """没有正在生效的保全:请核对来电编号或工单编号,是按工单保全的要写工单编号。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """谁、为什么: who decided, and the reason that was given."""

    who: str
    reason: str


def checked(said: Said) -> Said:
    """Give it back without outer spaces; raises NoReason when nothing is said, or too much."""
    reason = " ".join(said.reason.split())
    if not 0 < len(reason) <= REASON_SIGNS:
        raise NoReason(signs=len(reason))
    return Said(who=said.who, reason=reason)


class HoldDesk:
    """保全台: holds and lifts, each with a reason and a person."""

    def __init__(self, archive: Archive) -> None:
        """Keep holds in the archive's database."""
        self._archive = archive

    async def hold(self, key: str, said: Said) -> int:
        """Hold a call, or every call of a work order (18 digits); gives how many recordings that is now.

        Raises NoReason, NothingToHold or DeletedAlready.
        """
        work = partial(self._hold, key=key, said=checked(said))
        return await self._archive.database.in_transaction(work)

    async def lift(self, key: str, said: Said) -> None:
        """Lift every hold on a call or on a work order; raises NoReason or NotHeld."""
        said = checked(said)
        lifted = {
            "lifted_at": self._archive.clock.now(),
            "lifted_by": said.who,
            "lifted_for": said.reason,
        }
        number = await self._archive.database.in_transaction(
            lambda connection: keeping_store.lift_holds(connection, CallId(key), lifted)
        )
        if not number:
            raise NotHeld(asked=key)

    def _hold(self, connection: Connection, key: str, said: Said) -> int:
        ticket = TicketNo(key) if _TICKET.fullmatch(key) else None
        calls = self._archive.book.calls_of(connection, ticket) if ticket else (CallId(key),)
        # Locked: a deletion that has not been decided by now waits for us, and finds the hold.
        held = [found for call in calls if (found := store.locked(connection, call)) is not None]
        living = any(self._archive.book.call(connection, call) is not None for call in calls)
        if not held and not living:
            raise NothingToHold(asked=key)
        left = [recording for recording in held if recording.state not in _OVER]
        if held and not left:
            raise DeletedAlready(asked=key)
        hold = Hold(
            call_id=None if ticket else CallId(key),
            ticket_no=ticket,
            reason=said.reason,
            held_by=said.who,
            held_at=self._archive.clock.now(),
        )
        keeping_store.add_hold(connection, hold)
        return len(left)
