"""任务: what one unit has to do for a work order, with clocks of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickets.clocks import Clock, running
from tickets.deadlines import ClockKind


class Part(StrEnum):
    """承担."""

    LEAD = "主办"
    ASSIST = "协办"
    BELOW = "下派"
    CALLED = "报到"


class TaskState(StrEnum):
    """任务状态."""

    TO_SIGN = "待签收"
    HANDLING = "办理中"
    DONE = "已办结"
    RELEASED = "免办"
    REFUSED = "已退单"


OVER = (TaskState.RELEASED, TaskState.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eta:
    """预计完成."""

    said_at: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """进展."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """联系群众: who rang the citizen, by which number, and the evidence of it."""

    at: datetime
    by: str
    how: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """办理情况: what was done, how the citizen was told, and who signed for the unit."""

    at: datetime
    result: str
    reply_proof: str
    signed_by_head: str
    public_reply: str = ""
    true_demand: bool = True
    out_of_scope: str = ""
    solved: str = "已解决"
    unsolved_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One unit's part. ``under`` is the number of the task from which it was delegated, 0 for none."""

    number: int
    unit: str
    part: Part
    state: TaskState = TaskState.TO_SIGN
    given_at: datetime
    under: int = 0
    clocks: tuple[Clock, ...] = ()
    opinion: str = ""
    handler: str = ""
    signed_at: datetime | None = None
    contacts: tuple[Contact, ...] = ()
    arrived_at: datetime | None = None
    etas: tuple[Eta, ...] = ()
    progress: tuple[Progress, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    reviewed_by: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether the unit is still in charge; done is in charge until it is closed."""
        return self.state not in OVER

    @property
    def is_owed(self) -> bool:
        """Tell whether something is still to be done."""
        return self.state in (TaskState.TO_SIGN, TaskState.HANDLING)

    @property
    def whole(self) -> Clock | None:
        """Give the clock of the whole task: of the redo if there is one; the last one when none runs."""
        kinds = (ClockKind.REDO, ClockKind.FINISH)
        going = [clock for kind in kinds if (clock := running(self.clocks, kind))]
        return next(iter(going or [one for one in reversed(self.clocks) if one.kind in kinds]), None)

    @property
    def due(self) -> datetime | None:
        """Give by when all must be done; None without a limit."""
        return self.whole.due if self.whole else None
