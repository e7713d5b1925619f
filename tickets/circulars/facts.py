"""通报素材: what a circular has to know of each work order, and what others counted for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from core.ids import TicketNo

SATISFIED, RATHER, DISSATISFIED, UNRATED = "满意", "基本满意", "不满意", "不予评价"
GRADES = (SATISFIED, RATHER, DISSATISFIED)
"""What counts as a rating; ``不予评价`` is shown beside it."""
SOLVED, RATHER_SOLVED, UNSOLVED = "解决", "基本解决", "未解决"
OUTCOMES = (SOLVED, RATHER_SOLVED, UNSOLVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFact:
    """回访: the visit that counts; grades are empty when the citizen was not asked or gave none."""

    at: datetime
    attempts: int = 1
    answered: int = 1
    satisfaction: str = ""
    outcome: str = ""
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFact:
    """一张工单. ``unit`` is the number of the unit in charge; ``title`` is searched, never printed.

    ``first_due`` leaves extensions out. ``first_closed_at`` is before any redo.
    """

    no: TicketNo
    received_at: datetime
    channel: str
    demand_type: str
    category: str
    title: str = ""
    district: str = ""
    unit: str = ""
    urgency: str = "一般"
    matter: str = "普通件"
    invalid: bool = False
    withdrawn: bool = False
    solved_on_line: bool = False
    dispatched_at: datetime | None = None
    sign_due: datetime | None = None
    signed_at: datetime | None = None
    contact_due: datetime | None = None
    contacted_at: datetime | None = None
    first_due: datetime | None = None
    due: datetime | None = None
    first_closed_at: datetime | None = None
    closed_at: datetime | None = None
    redos: int = 0
    refusals: int = 0
    extensions: int = 0
    wants_visit: bool = True
    visit: VisitFact | None = None

    def as_it_stood(self, at: datetime) -> "TicketFact":
        """Give it without what happened after an instant, as far as instants are known."""
        later: dict[str, None] = {}
        for name, happened in zip(_HAPPENED, _happened(self), strict=True):
            if happened is not None and happened > at:
                later[name] = None
        if self.visit is not None and self.visit.at > at:
            later["visit"] = None
        return replace(self, **later) if later else self  # type: ignore[arg-type]  # they may all be None


_HAPPENED = ("dispatched_at", "signed_at", "contacted_at", "first_closed_at", "closed_at")
_happened: Callable[[TicketFact], tuple[datetime | None, ...]] = attrgetter(*_HAPPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigure:
    """来电指标: counted elsewhere, taken over with its rule; ``text`` as it is to be printed."""

    title: str
    text: str
    num: float | None
    den: float | None
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """素材: the work orders that touch two windows, this one and the one before; names of units."""

    tickets: tuple[TicketFact, ...]
    units: Mapping[str, str]
    calls: tuple[CallFigure, ...] = ()
