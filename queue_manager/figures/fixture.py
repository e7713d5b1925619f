"""统计样例: a small made-up day in a JSON file, to check the figures by hand or against another suite.

Besides the keys of ``docs/howto/figures.md`` nothing is needed; nothing in it has a time of day, so all
calls arrive at the same instant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.clock import SHANGHAI
from core.events import EndReason
from core.ids import CallId, QueueName, SeatNo
from queue_manager.figures.facts import REFUSED, RESULT_OF, Arrival, Contact, Demand, Result, Stay
from queue_manager.figures.figure import Window, floored
from queue_manager.figures.fixture_parts import Part
from queue_manager.figures.fixture_seats import longest_of, seat_facts_of
from queue_manager.figures.policy import FLAGS, Policy
from queue_manager.figures.report import Seen
from queue_manager.model import SHORTEST_TALK_SECONDS

BASE = datetime(2000, 1, 1, tzinfo=SHANGHAI)
OUTCOMES = {result.value: result for result in Result} | {
    reason.value: RESULT_OF[reason] for reason in EndReason
}
OUTSIDE = (
    *(Result.PROMPT_HANGUP, Result.SYSTEM_FAILURE, Result.UNKNOWN_END),
    *(Result.TRANSFERRED, Result.LIVING),
)
"""What can become of a call that never reached a queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """样例: what was in the file; ``expected`` as it was written, empty when nothing was."""

    seen: Seen
    queue: QueueName | None
    policy: Policy
    seats: tuple[SeatNo, ...]
    expected: dict[str, Any]


def read_fixture(file: Path) -> Fixture:
    """Read a file; anything wrong raises FixtureWrong."""
    whole = Part.of(file)
    if not whole.has("calls"):
        raise whole.wrong("缺少 calls")
    arrivals = _arrivals(whole.parts("calls"))
    stays = [stay for arrival in arrivals for stay in arrival.stays]
    seats = whole.part("seats")
    facts = seat_facts_of(seats, stays, floored(BASE))
    until = BASE + timedelta(seconds=max(1, longest_of(seats)))
    return Fixture(
        seen=Seen(
            window=Window(since=BASE, until=until),
            as_of=until,
            arrivals=arrivals,
            seats=facts,
            demands=tuple(_demand(part) for part in whole.parts("demands")),
        ),
        queue=QueueName(whole.text("queue")) if whole.has("queue") else None,
        policy=_policy(whole),
        seats=tuple(SeatNo(name) for name in seats.names),
        expected=whole.part("expected").plain(),
    )


def _policy(whole: Part) -> Policy:
    usual = Policy()
    return Policy(
        threshold_seconds=whole.seconds("threshold_seconds", usual.threshold_seconds),
        short_seconds=whole.seconds("short_seconds", usual.short_seconds),
    )


def _arrivals(parts: Sequence[Part]) -> tuple[Arrival, ...]:
    """Rows of one id are the stays of one call, in the order of the file."""
    calls: dict[str, list[Part]] = {}
    for part in parts:
        rows = calls.setdefault(part.text("id"), [])
        if any(row.plain() == part.plain() for row in rows):
            raise part.wrong("与前面的一项完全相同")
        rows.append(part)
    return tuple(_arrival(CallId(name), rows) for name, rows in calls.items())


def _arrival(call_id: CallId, rows: Sequence[Part]) -> Arrival:
    stays = tuple(stay for row in rows for stay in _stay(row))
    answered = next((n for n, stay in enumerate(stays) if stay.result is Result.ANSWERED), None)
    deciding = rows[-1] if answered is None else None
    return Arrival(
        call_id=call_id,
        at=BASE,
        result=_result(deciding) if deciding else Result.ANSWERED,
        entered=any(stay.entered for stay in stays),
        wait=sum(stay.wait for stay in stays[: None if answered is None else answered + 1]),
        from_arrival=stays[answered].from_arrival if answered is not None else None,
        stays=stays,
        flag=next((row.choice("flag", FLAGS) for row in rows if row.has("flag")), ""),
    )


def _result(row: Part) -> Result:
    result = OUTCOMES[row.choice("outcome", OUTCOMES)]
    if result is Result.ANSWERED and row.seconds("talk") < SHORTEST_TALK_SECONDS:
        return Result.CUT_OFF
    return result


def _stay(row: Part) -> Iterator[Stay]:
    """Yield the stay in a queue that a row tells of, or nothing when the call never got so far."""
    result = _result(row)
    if not row.has("queue"):
        if result not in OUTSIDE:
            raise row.wrong(f"缺少 queue:{result} 要写明技能组")
        return
    if result is Result.PROMPT_HANGUP:
        return
    answered = result is Result.ANSWERED
    talk, hold = row.seconds("talk", 0), row.seconds("hold", 0)
    if hold > talk:
        raise row.wrong("hold 不能比 talk 长:通话时长含保持")
    yield Stay(
        queue=QueueName(row.text("queue")),
        result=result,
        entered=result not in REFUSED,
        wait=row.seconds("wait", 0 if result in REFUSED else None),
        from_arrival=row.seconds("from_arrival") if row.has("from_arrival") else None,
        seat=SeatNo(row.text("seat")) if row.has("seat") else None,
        talk=talk if answered else 0,
        hold=hold if answered else 0,
        acw=row.seconds("acw", 0) if answered else 0,
    )


def _demand(part: Part) -> Demand:
    return Demand(
        demand_id=part.text("id"),
        contacts=tuple(_contact(contact) for contact in part.parts("contacts")),
        valid=part.truth("valid", default=True),
        closed=part.truth("closed", default=False),
        dispatched=part.truth("dispatched", default=False),
    )


def _contact(part: Part) -> Contact:
    try:
        at = datetime.fromisoformat(part.text("at"))
    except ValueError as wrong:
        raise part.wrong("at 应当写成 2026-11-22 09:30:00") from wrong
    return Contact(number=part.text("number"), at=at.replace(tzinfo=at.tzinfo or SHANGHAI))
