"""An office that works from half past eight to half past five, and instants as one says them."""

from datetime import datetime, time

from core.calendar import national_calendar
from core.clock import SHANGHAI
from tickets.limits import Office

OFFICE = Office(calendar=national_calendar(), begins=time(8, 30), ends=time(17, 30))


def at(text: str) -> datetime:
    """``2025-01-24 10:00`` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
