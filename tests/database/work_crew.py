"""Workers of a hotline's back office, each a process of its own that may be killed at any instant.

``python -m tests.database.work_crew URL``: for every name on the standard input a worker is forked, which
goes on until it is killed. Each line on the standard output is ``PID NAME NUMBER``: a work order that was
opened and is in the database.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from core.database import Database
from core.ids import CallId, TicketNo
from core.outbox import Outbox
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.facts import answered
from tests.fakes.work import FIVE, HOUSING, POLICIES, REVIEWER, SEAT
from tickets.desk import TicketDesk
from tickets.timers import Timers
from tickets.wish import Action, Wish
from tickets.work_desk import Arrival, WorkDesk

LATER = NINE_O_CLOCK + timedelta(days=30)
"""When the workers look at the clocks: whatever they dispatch is overdue at once."""


class Worker:
    """Opens, dispatches and signs; drafts for a call; looks at the clocks."""

    def __init__(self, url: str, name: str) -> None:
        database = Database(url)
        outbox = Outbox(database)
        chance = Random(name)
        self._name = name
        self._desk = WorkDesk(database, outbox, POLICIES, chance)
        self._calls = TicketDesk(database, outbox, chance)
        self._timers = Timers(database, outbox, POLICIES, StandingClock(LATER))

    async def labour(self) -> None:
        """Work until killed."""
        for number in count():
            await self._one(f"{self._name}-{number}")

    async def _one(self, key: str) -> None:
        clock = _minutes()
        fields = {**FIVE, "urgency": "紧急"}
        arrival = Arrival(channel="网站", key=key, at=next(clock), actor=SEAT, fields=fields)
        ticket = await self._desk.open(arrival)
        self._tell(ticket.ticket_no)
        await self._calls.draft(answered(CallId(f"call-{key}")))
        drafted = await self._calls.ticket_of_call(CallId(f"call-{key}"))
        assert drafted is not None
        self._tell(drafted.ticket_no)
        for action, actor in ((Action.SUBMIT, SEAT), (Action.DISPATCH, REVIEWER), (Action.SIGN, HOUSING)):
            leads = ("住建局",) if action is Action.DISPATCH else ()
            wish = Wish(action=action, actor=actor, at=next(clock), leads=leads)
            await self._desk.take(ticket.ticket_no, wish)
            await self._timers.look()

    def _tell(self, number: TicketNo) -> None:
        os.write(sys.stdout.fileno(), f"{os.getpid()} {self._name} {number}\n".encode())


def _minutes() -> Iterator[datetime]:
    return (NINE_O_CLOCK + timedelta(minutes=minute) for minute in count())


def main(url: str) -> None:
    """Fork a worker for every name; nothing is open yet that they would share."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            asyncio.run(Worker(url, line.strip()).labour())


if __name__ == "__main__":
    main(sys.argv[1])
