"""Ten thousand random steps: whatever people, telephones, lines and engines do, seats have one owner."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.database import Database
from core.ids import SeatNo
from queue_manager import seat_store
from queue_manager.mirror import TOLD_BY_EVENT, Mirror
from queue_manager.seat_book import SeatBook
from queue_manager.seat_rules import SeatRules
from queue_manager.seat_state import SeatChange, SeatState
from queue_manager.seat_table import NEXT
from queue_manager.seat_watch import SeatWatch
from queue_manager.seat_wishes import SeatWishes
from queue_manager.seats import new_seat
from tests.fakes.asterisk_queue import Citizen
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.unit.queue_manager.seat_house import SeatHouse

STEPS = 2_500
SEEDS = (1, 2, 3, 4)
"""Ten thousand steps together."""
SEATS = tuple(SeatNo(str(number)) for number in range(8001, 8006))
WISHES = ("log_in", "log_in", "log_off", "pause", "ready", "ready", "extend_wrap_up")
PATIENCE_SECONDS = 15.0


KINDS = (
    *TOLD_BY_EVENT,
    *("AgentCalled", "AgentConnect", "AgentRingNoAnswer", "DialEnd", "Hangup", "AttendedTransfer"),
    *("ContactStatus", "UserEvent", "QueueMember", "QueueMemberFlying", "Newchannel"),
)
HEADERS = (
    *("interface", "location", "queue", "membername", "penalty", "paused", "pausedreason", "status"),
    *("uniqueid", "destuniqueid", "transfertargetuniqueid", "transfereeuniqueid", "result", "dialstatus"),
    *(
        "chanvariable",
        "calleridnum",
        "endpointname",
        "contactstatus",
        "userevent",
        "seat",
        "wish",
        "timestamp",
    ),
)
LIKELY = ("PJSIP/8001", "8001", "intake", "leg-1", "1", "0", "6", "Success", "CANCEL", "SeatCode", "log_in")
events = st.builds(
    lambda kind, headers: {**headers, "event": kind},
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(HEADERS), st.one_of(st.sampled_from(LIKELY), st.text(max_size=20))),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/seats.db") as database:
        yield database


class Day:
    """One random day; every deed is something that really happens to a hotline."""

    def __init__(self, database: Database, seed: int) -> None:
        self.dice = random.Random(seed)
        self.house = SeatHouse(database, seats=len(SEATS))
        self.house.asterisk.members.update({f"seat-{seat}": {} for seat in SEATS})
        self.deeds: list[Callable[[], object]] = [
            *(self.wish,) * 5,
            *(self.call,) * 6,
            *(self.answer,) * 6,
            *(self.hang_up,) * 5,
            self.ring_out,
            self.code_without_us,
            self.meddle,
            self.unplug,
            self.plug_in,
            self.plug_in,
        ]
        self.troubles = (
            *(self.cut_line, self.mend_line, self.mend_line),
            *(self.kill, self.begin, self.begin),
            self.house.asterisk.crash,
        )

    @property
    def asterisk_is_heard(self) -> bool:
        return self.house.asterisk.line and self.house.asterisk.desk is not None

    async def step(self) -> None:
        if self.dice.random() < 0.04:
            await self._do(self.dice.choice(self.troubles))
        else:
            await self._do(self.dice.choice(self.deeds))
        await self._let_telephones_ring_out()
        await self.house.turn(self.dice.choice((0.0, 0.3, 1.0, 1.0, 5.0, 20.0)))
        self.house.asterisk.ring()

    async def wish(self) -> None:
        if self.house.asterisk.desk is not None:
            await self.house.desk.wish(self.seat(), self.dice.choice(WISHES), "小休")

    def call(self) -> None:
        self.house.asterisk.call(self.dice.choice(("intake", "intake", f"seat-{self.seat()}")))

    def answer(self) -> None:
        if ringing := self._those(lambda one: one.seat is not None and not one.answered):
            self.house.asterisk.answer(self.dice.choice(ringing))

    def hang_up(self) -> None:
        if calling := self._those(lambda _one: True):
            self.house.asterisk.hang_up(self.dice.choice(calling))

    def ring_out(self) -> None:
        if ringing := self._those(lambda one: one.seat is not None and not one.answered):
            self.house.asterisk.ring_out(self.dice.choice(ringing))

    def code_without_us(self) -> None:
        asterisk = self.house.asterisk
        self.dice.choice((asterisk.log_in, asterisk.log_off, asterisk.be_ready))(self.seat())

    def meddle(self) -> None:
        asterisk, phone = self.house.asterisk, f"PJSIP/{self.seat()}"
        paused = self.dice.random() < 0.5
        deeds: tuple[Callable[[], object], ...] = (
            lambda: asterisk.pause(phone, "乱来", paused=paused),
            lambda: asterisk.remove("intake", phone),
            lambda: asterisk.add("intake", phone, "张三"),
            lambda: asterisk.punish("intake", phone, 9),
        )
        self.dice.choice(deeds)()

    def unplug(self) -> None:
        self.house.asterisk.unplug(self.seat())

    def plug_in(self) -> None:
        self.house.asterisk.plug_in(self.seat())

    def cut_line(self) -> None:
        self.house.cut_line()

    def mend_line(self) -> None:
        if not self.house.asterisk.line:
            self.house.mend_line()

    def kill(self) -> None:
        self.house.kill()

    async def begin(self) -> None:
        if self.house.asterisk.desk is None:
            await self.house.start()

    def seat(self) -> SeatNo:
        return self.dice.choice(SEATS)

    async def _do(self, deed: Callable[[], object]) -> None:
        done = deed()
        if hasattr(done, "__await__"):
            await done

    async def _let_telephones_ring_out(self) -> None:
        now = self.house.clock.now()
        for citizen in self._those(lambda one: one.rung_since is not None and not one.answered):
            assert citizen.rung_since is not None
            if now - citizen.rung_since > timedelta(seconds=PATIENCE_SECONDS):
                self.house.asterisk.ring_out(citizen)

    def _those(self, fits: Callable[[Citizen], bool]) -> list[Citizen]:
        return [citizen for citizen in self.house.asterisk.citizens.values() if fits(citizen)]


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_happens_the_seats_have_one_owner(database: Database, seed: int) -> None:
    day = Day(database, seed)
    await day.house.start()
    for _ in range(STEPS):
        await day.step()
        if day.asterisk_is_heard:
            await day.house.turn(2.0)
            _check_projection(day)
            _check_calls(day)
    _check_history(day.house)


@given(st.lists(events, max_size=30))
def test_whatever_asterisk_says_nothing_breaks_and_no_way_is_made_up(told: list[dict[str, str]]) -> None:
    book = SeatBook(SeatRules())
    book.open([new_seat(seat, seat, NINE_O_CLOCK) for seat in SEATS], {}, NINE_O_CLOCK)
    changes: list[SeatChange] = []
    book.on_change = lambda _now, change: changes.append(change)
    watch = SeatWatch(book, Mirror(), SeatWishes(book))
    for number, event in enumerate(told):
        watch.heard(event, NINE_O_CLOCK + timedelta(seconds=number))
        book.catch_up(NINE_O_CLOCK + timedelta(seconds=number))
    assert all(NEXT[change.before, change.event] is change.after for change in changes)


def _check_projection(day: Day) -> None:
    """Asterisk's queues are what the owner knows, two seconds after whatever happened."""
    for seat in SEATS:
        assert day.house.is_projected(seat), (seat, day.house.now(seat), day.house.there(seat))


def _check_calls(day: Day) -> None:
    """A seat is in a call if and only if its telephone is, and no telephone is in two."""
    busy = day._those(lambda one: one.seat is not None)
    assert len({one.seat for one in busy}) == len(busy)
    for one in busy:
        assert one.seat is not None
        known = day.house.now(one.seat)
        assert known.state is (SeatState.TALKING if one.answered else SeatState.RINGING)
        assert (known.call_id, known.leg) == (one.call_id, one.leg)
    for seat in set(SEATS) - {one.seat for one in busy}:
        assert not day.house.now(seat).in_call, day.house.now(seat)


def _check_history(house: SeatHouse) -> None:
    """No gap, no way that the table does not have, and the seconds of all states are those logged in."""
    until = house.clock.now() + timedelta(seconds=1)
    changes = house.database.now(
        lambda c: seat_store.seat_events_between(c, until - timedelta(days=30), until)
    )
    assert len(changes) > STEPS / 10
    for seat in SEATS:
        own = [change for change in changes if change.seat == seat]
        assert [change.version for change in own] == list(range(1, len(own) + 1))
        assert all(NEXT[change.before, change.event] is change.after for change in own)
        assert all(first.at <= then.at and first.after is then.before for first, then in pairwise(own))
        assert _spent(own, until) == _logged_in(own, until)


def _spent(changes: list[SeatChange], until: datetime) -> timedelta:
    """Pause, ready, offer, talk and wrap-up together."""
    ends = [*(change.at for change in changes[1:]), until]
    spent = (end - change.at for change, end in zip(changes, ends, strict=True) if _is_in(change.after))
    return sum(spent, timedelta())


def _logged_in(changes: list[SeatChange], until: datetime) -> timedelta:
    """From log-in to log-off, seen apart from what is in between."""
    whole, since = timedelta(), None
    for change in changes:
        if since is None and _is_in(change.after):
            since = change.at
        elif since is not None and not _is_in(change.after):
            whole, since = whole + (change.at - since), None
    return whole + (until - since if since is not None else timedelta())


def _is_in(state: SeatState) -> bool:
    return state is not SeatState.LOGGED_OFF
