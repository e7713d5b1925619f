"""受理步骤: correct, complete, submit, merge, keep secret, and attach a chase to the old work order."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from core.errors import HotlineError
from core.understanding import DemandType, Urgency
from tickets.deadlines import Area, ClockKind
from tickets.guards import WorkRules
from tickets.model import NO_DEMAND, Chase, Citizen, Demand, Identity, Ticket, TicketState
from tickets.steps_dispatch import without_tasks
from tickets.task_clocks import stop
from tickets.tasks import TaskState
from tickets.wish import Wish

Part = TypeVar("Part", Citizen, Demand)
LONGEST = 20_000
SHORT = 200
LONG_FIELDS = ("content", "note", "cause")
OWN_FIELDS = ("content", "title", "category", "address", "phone", "demand_type", "urgency")
FURTHER_TYPES = ("感谢", "撤单", *NO_DEMAND)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class NoSuchField(HotlineError):
    """没有这个字段, 或者它不能改。"""


class TextUnusable(HotlineError):
    """这段文字太长, 或有不能显示的控制字符。"""


class ValueUnknown(HotlineError):
    """这个字段不能填这个值。"""


def checked(name: str, text: str) -> str:
    """Give a text as it may be kept; markup and quotes are only characters. Raises TextUnusable."""
    most = LONGEST if name in LONG_FIELDS else SHORT
    if len(text) > most or _UNWRITABLE.search(text):
        raise TextUnusable(field=name, length=len(text), most=most)
    return text.strip()


def check_words(told: object) -> None:
    """Look through all that was said, however deep; raises TextUnusable."""
    match told:
        case str():
            if len(told) > LONGEST or _UNWRITABLE.search(told):
                raise TextUnusable(length=len(told), most=LONGEST)
        case dict():
            for one in told.values():
                check_words(one)
        case list():
            for one in told:
                check_words(one)


def _flag(text: str) -> bool:
    if text not in ("是", "否"):
        raise ValueError(text)
    return text == "是"


def _demand_type(text: str) -> str:
    return text if text in FURTHER_TYPES else DemandType(text).value


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_READERS: Mapping[str, Callable[[str], object]] = {
    "demand_type": _demand_type,
    "urgency": Urgency,
    "identity": Identity,
    "area": lambda text: Area(text) if text else None,
    "wants_visit": _flag,
    "special": _words,
    "tags": _words,
    "mass": int,
    "repeat_rank": int,
}
_CITIZEN = {field.name for field in fields(Citizen)} - {"confidential"}
_DEMAND = {field.name for field in fields(Demand)} - {"attachments"}


def with_fields(ticket: Ticket, told: Mapping[str, str]) -> Ticket:
    """Write fields by name; raises NoSuchField, TextUnusable or ValueUnknown and changes nothing then."""
    values = {name: _value(name, text) for name, text in told.items()}
    unknown = set(values) - _CITIZEN - _DEMAND - set(OWN_FIELDS)
    if unknown:
        raise NoSuchField(field="、".join(sorted(unknown)))
    return replace(
        ticket,
        citizen=_with(ticket.citizen, values, _CITIZEN),
        demand=_with(ticket.demand, values, _DEMAND),
        **_those(values, set(OWN_FIELDS)),
    )


def _those(values: Mapping[str, object], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _with(part: Part, values: Mapping[str, object], names: Collection[str]) -> Part:
    return replace(part, **_those(values, names))


def _value(name: str, text: str) -> object:
    clean = checked(name, text)
    try:
        return _READERS.get(name, str)(clean)
    except ValueError as error:
        raise ValueUnknown(field=name, value=clean) from error


def edit(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """修改."""
    return with_fields(ticket, wish.fields)


def attach(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """加附件: the same file twice is one."""
    assert wish.attachment is not None  # noqa: S101 - a guard asked
    known = ticket.demand.attachments
    if any(one.sha256 == wish.attachment.sha256 for one in known):
        return ticket
    return replace(ticket, demand=replace(ticket.demand, attachments=(*known, wish.attachment)))


def submit(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """提交, or 补充提交: on to the reviewer; why an element is missing is kept."""
    told = with_fields(ticket, wish.fields)
    demand = replace(told.demand, missing_because=wish.reason or told.demand.missing_because)
    return replace(told, demand=demand, state=TicketState.TO_PREVIEW)


def to(state: TicketState) -> Callable[[Ticket, Wish, WorkRules], Ticket]:
    """Give the step that changes the state and nothing else."""

    def step(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
        opinion = wish.text or ticket.work.opinion
        return replace(ticket, work=replace(ticket.work, opinion=opinion), state=state)

    return step


def merge(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """合并: closes with the other one; its own clocks stop."""
    ended = without_tasks(ticket, wish, rules, TaskState.RELEASED)
    clocks = stop(ended.work.clocks, tuple(ClockKind), wish.at, rules)
    work = replace(ended.work, parent=wish.parent, clocks=clocks)
    return replace(ended, work=work, state=TicketState.MERGED)


def unmerge(ticket: Ticket, _wish: Wish, _rules: WorkRules) -> Ticket:
    """拆分: a matter of its own after all."""
    work = replace(ticket.work, parent=None, answer="")
    return replace(ticket, work=work, state=TicketState.TO_PREVIEW)


def close_with(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """随主单办结: the citizen of this one is told, too."""
    return replace(ticket, work=replace(ticket.work, answer=wish.text))


def open_with(ticket: Ticket, _wish: Wish, _rules: WorkRules) -> Ticket:
    """随主单重开: what he was told does not hold any more."""
    return replace(ticket, work=replace(ticket.work, answer=""))


def confide(ticket: Ticket, _wish: Wish, _rules: WorkRules) -> Ticket:
    """设为保密."""
    return replace(ticket, citizen=replace(ticket.citizen, confidential=True))


def unconfide(ticket: Ticket, _wish: Wish, _rules: WorkRules) -> Ticket:
    """取消保密."""
    return replace(ticket, citizen=replace(ticket.citizen, confidential=False))


def urge(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """催办: the arrival belongs to this work order now; the same arrival urges once."""
    if wish.arrival in ticket.work.arrivals:
        return ticket
    told = Chase(at=wish.at, by=wish.actor.name, arrival=wish.arrival, text=wish.text)
    work = replace(
        ticket.work,
        chases=(*ticket.work.chases, told),
        arrivals=(*ticket.work.arrivals, wish.arrival),
    )
    return replace(ticket, work=work)
