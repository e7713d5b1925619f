"""后果素材: what consequence rules look at, and the evidence rows that come out of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.ids import TicketNo
from tickets.circulars.period import Period
from tickets.history import Event
from tickets.model import Ticket
from tickets.roster import DutyCheck
from tickets.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """卷宗: a work order, its steps as far as a rule needs them, and what was warned of."""

    ticket: Ticket
    events: tuple[Event, ...] = ()
    warned: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """被追究的人: his name, and what he is."""

    name: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """问责登记: what persons have found or decided; a rule may need it, none makes it up."""

    number: int = 0
    at: datetime
    kind: str
    unit: str
    persons: tuple[Person, ...]
    tickets: tuple[TicketNo, ...]
    reason: str
    entered_by: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """素材 of one period: all that the rules may look at."""

    period: Period
    dossiers: tuple[Dossier, ...]
    units: Mapping[str, Unit]
    checks: tuple[DutyCheck, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """证据: which unit and whom a sentence of the rules fits, by which work orders, since when.

    ``points`` is what it costs on the score sheet; below zero it is praise.
    """

    rule: str
    name: str
    sentence: str
    outcome: str
    unit: str
    at: datetime
    tickets: tuple[TicketNo, ...]
    why: str
    persons: tuple[Person, ...] = ()
    points: int = 0
    part: str = ""
