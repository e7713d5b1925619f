"""样例座席: the seats of a file, with totals only, or with every state of theirs."""

from collections.abc import Iterator, Sequence

from core.ids import SeatNo
from queue_manager.figures.facts import (
    Offer,
    Offered,
    Period,
    Result,
    SeatTime,
    Second,
    Sheet,
    Shift,
    Spent,
    Stay,
)
from queue_manager.figures.fixture_parts import Part
from queue_manager.figures.seat_side import SeatFacts


def seat_facts_of(seats: Part, stays: Sequence[Stay], base: Second) -> SeatFacts:
    """Read ``login`` and ``pause`` (seconds) of each seat; what else may stand there is optional.

    ``states`` and ``schedule`` are lists of ``{state, from, to}`` in seconds from the beginning. Without
    ``states`` talk and wrap-up are those of the calls, and what remains of the log-in time is ready time.
    """
    parts = {SeatNo(name): seats.part(name) for name in seats.names}
    return SeatFacts(
        logins=tuple(
            Period(seat=seat, since=base, until=base + part.seconds("login")) for seat, part in parts.items()
        ),
        spent=tuple(one for seat, part in parts.items() for one in _spent(seat, part, stays)),
        duty=tuple(one for seat, part in parts.items() for one in _duty(seat, part, base)),
        offers=tuple(one for seat, part in parts.items() for one in _offers(seat, part.part("offers"))),
        shifts=tuple(one for seat, part in parts.items() for one in _shifts(seat, part, base)),
        sheets=tuple(
            Sheet(seat=seat, marks=marks) for seat, part in parts.items() for marks in part.numbers("quality")
        ),
    )


def longest_of(seats: Part) -> int:
    """Give the seconds after which nothing more happens at any seat."""
    ends = [0]
    for name in seats.names:
        part = seats.part(name)
        ends.append(part.seconds("login"))
        ends += [one.seconds("to") for list_ in ("states", "schedule") for one in part.parts(list_)]
    return max(ends)


def _states(part: Part) -> Iterator[tuple[SeatTime, int, int]]:
    for state in part.parts("states"):
        yield (SeatTime(state.choice("state", list(SeatTime))), *_limits(state))


def _spent(seat: SeatNo, part: Part, stays: Sequence[Stay]) -> Iterator[Spent]:
    if part.has("states"):
        for state, since, until in _states(part):
            yield Spent(seat=seat, state=state, seconds=until - since)
    else:
        yield from _totals(seat, part, stays)


def _duty(seat: SeatNo, part: Part, base: Second) -> Iterator[Period]:
    for state, since, until in _states(part):
        if state is not SeatTime.PAUSE:
            yield Period(seat=seat, since=base + since, until=base + until)


def _totals(seat: SeatNo, part: Part, stays: Sequence[Stay]) -> Iterator[Spent]:
    login, pause = part.seconds("login"), part.seconds("pause", 0)
    if pause > login:
        raise part.wrong("pause 不能比 login 长")
    mine = [stay for stay in stays if stay.seat == seat and stay.result is Result.ANSWERED]
    lengths = {
        SeatTime.PAUSE: pause,
        SeatTime.OFFER: part.seconds("offer", 0),
        SeatTime.TALK: sum(stay.talk for stay in mine),
        SeatTime.ACW: sum(stay.acw for stay in mine),
    }
    rest = max(0, login - sum(lengths.values()))
    lengths[SeatTime.READY] = part.seconds("ready", rest)
    for state, seconds in lengths.items():
        yield Spent(seat=seat, state=state, seconds=seconds)


def _offers(seat: SeatNo, part: Part) -> Iterator[Offer]:
    for outcome in part.names:
        if outcome not in list(Offered):
            raise part.wrong(f"不认识 {outcome},可以是 {'、'.join(Offered)}")
        yield Offer(seat=seat, outcome=Offered(outcome), times=part.number(outcome))


def _shifts(seat: SeatNo, part: Part, base: Second) -> Iterator[Shift]:
    for shift in part.parts("schedule"):
        since, until = _limits(shift)
        works = shift.choice("state", ("work", "break")) == "work"
        yield Shift(seat=seat, works=works, since=base + since, until=base + until)


def _limits(part: Part) -> tuple[int, int]:
    since, until = part.seconds("from"), part.seconds("to")
    if until < since:
        raise part.wrong("to 不能比 from 早")
    return since, until
