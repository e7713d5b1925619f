"""The urgent chain: nothing that is owed is forgotten, nobody is rung twice, everything at its minute."""

from datetime import datetime, timedelta

import pytest

from tests.unit.tickets.office import at
from tickets.urgent_chain import (
    AlreadyFinished,
    EtaInThePast,
    Owed,
    Rung,
    StepTakenEarlier,
    Told,
    UrgentChain,
    UrgentRules,
    arrived,
    contacted,
    debts,
    escalations_between,
    finished,
    name_of,
    next_at,
    said_when,
    taken_on,
)

SENT = at("2025-01-28 23:50")
URBAN = UrgentRules(contact=10, arrive=30, say_when=30, ladder=(0, 5, 10))
RURAL = UrgentRules(contact=10, arrive=120, say_when=30, ladder=(0, 5, 10))
CHAIN = UrgentChain(dispatched_at=SENT)


def minute(number: float) -> datetime:
    return SENT + timedelta(minutes=number)


def rung(
    chain: UrgentChain, until: float = 600, rules: UrgentRules = URBAN
) -> list[tuple[float, Owed, Rung]]:
    look = (minute(-1), minute(until))
    return [
        ((step.at - SENT).total_seconds() / 60, step.owed, step.rung)
        for step in escalations_between(chain, rules, look, ())
    ]


def of(owed: Owed, first: float) -> list[tuple[float, Owed, Rung]]:
    return [(first, owed, Rung.PHONE), (first + 5, owed, Rung.DUTY), (first + 10, owed, Rung.LEADER)]


def test_when_nobody_answers_everybody_is_rung_at_the_exact_minutes() -> None:
    silent = [*of(Owed.TAKE_ON, 0), *of(Owed.CONTACT, 10), *of(Owed.ARRIVE, 30), *of(Owed.SAY_WHEN, 30)]
    assert sorted(rung(CHAIN)) == sorted(silent)


def test_the_holiday_night_makes_no_difference() -> None:
    workday = UrgentChain(dispatched_at=at("2025-02-05 10:00"))
    look = (at("2025-02-05 09:59"), at("2025-02-05 12:00"))
    steps = escalations_between(workday, URBAN, look, ())
    minutes = [(step.at - workday.dispatched_at).total_seconds() / 60 for step in steps]
    assert minutes == [number for number, _, _ in rung(CHAIN)]


def test_a_unit_that_answers_at_once_is_only_rung_once() -> None:
    assert rung(taken_on(CHAIN, minute(2)), until=9) == [(0, Owed.TAKE_ON, Rung.PHONE)]


def test_in_the_country_one_may_take_longer_to_arrive() -> None:
    there = arrived(said_when(contacted(CHAIN, minute(4)), minute(20), minute(240)), minute(119))
    assert rung(there, until=239, rules=RURAL) == [(0, Owed.TAKE_ON, Rung.PHONE)]
    assert (30, Owed.ARRIVE, Rung.PHONE) in rung(there, until=239, rules=URBAN)


def test_on_the_minute_is_in_time() -> None:
    assert Owed.ARRIVE not in [owed for _, owed, _ in rung(arrived(CHAIN, minute(30)))]
    late = arrived(CHAIN, minute(30.1))
    assert (30, Owed.ARRIVE, Rung.PHONE) in rung(late)
    assert (35, Owed.ARRIVE, Rung.DUTY) not in rung(late)


def test_the_first_answer_counts() -> None:
    twice = taken_on(taken_on(CHAIN, minute(3)), minute(7))
    assert twice.taken_on_at == minute(3)


def test_whoever_has_contacted_or_arrived_has_taken_it_on() -> None:
    for chain in (contacted(CHAIN, minute(3)), arrived(CHAIN, minute(3))):
        assert chain.taken_on_at == minute(3)


class TestDutyGap:
    def test_when_the_duty_room_was_rung_in_vain_its_absence_is_on_record(self) -> None:
        steps = escalations_between(CHAIN, URBAN, (minute(-1), minute(600)), ())
        assert [(step.owed, step.rung) for step in steps if step.duty_gap] == [(Owed.TAKE_ON, Rung.LEADER)]

    def test_when_the_duty_room_answered_there_is_none(self) -> None:
        chain = taken_on(CHAIN, minute(9))
        steps = escalations_between(chain, URBAN, (minute(-1), minute(600)), ())
        assert not any(step.duty_gap for step in steps)


class TestPromisedTimes:
    THERE = arrived(contacted(CHAIN, minute(2)), minute(20))

    def test_at_the_promised_time_one_looks_whether_it_is_done(self) -> None:
        chain = said_when(self.THERE, minute(25), minute(90))
        assert rung(chain)[1:] == of(Owed.KEEP_TIME, 90)

    def test_done_by_then_nobody_is_rung(self) -> None:
        chain = finished(said_when(self.THERE, minute(25), minute(90)), minute(90))
        assert rung(chain) == [(0, Owed.TAKE_ON, Rung.PHONE)]

    def test_a_new_time_arms_it_again_even_when_it_comes_late(self) -> None:
        chain = said_when(said_when(self.THERE, minute(25), minute(90)), minute(93), minute(180))
        assert rung(chain)[1:] == [(90, Owed.KEEP_TIME, Rung.PHONE), *of(Owed.KEEP_TIME, 180)]

    def test_each_promised_time_is_told_apart(self) -> None:
        chain = said_when(said_when(self.THERE, minute(25), minute(90)), minute(93), minute(180))
        numbers = [debt.number for debt in debts(chain, URBAN) if debt.owed is Owed.KEEP_TIME]
        assert numbers == [0, 1]

    def test_it_must_lie_ahead(self) -> None:
        with pytest.raises(EtaInThePast):
            said_when(self.THERE, minute(25), minute(25))


def test_nothing_ends_by_itself() -> None:
    assert finished(CHAIN, minute(5)).finished_at == minute(5)
    with pytest.raises(AlreadyFinished):
        taken_on(finished(CHAIN, minute(5)), minute(6))
    with pytest.raises(StepTakenEarlier):
        taken_on(CHAIN, minute(-1))


@pytest.mark.parametrize("step_minutes", [0.5, 1, 7, 60, 1000])
def test_after_a_restart_nobody_is_rung_twice_and_nothing_is_lost(step_minutes: float) -> None:
    kept: set[Told] = set()
    heard: list[Told] = []
    now = minute(0)
    while now < minute(1000):
        now += timedelta(minutes=step_minutes)
        for step in escalations_between(CHAIN, URBAN, (minute(-1), now), kept):
            heard.append(name_of(step))
            kept.add(name_of(step))
    assert len(heard) == len(set(heard)) == 12


def test_when_to_look_again_is_the_next_that_nobody_was_rung_for() -> None:
    assert next_at(CHAIN, URBAN, ()) == minute(0)
    first = escalations_between(CHAIN, URBAN, (minute(-1), minute(0)), ())
    assert next_at(CHAIN, URBAN, {name_of(step) for step in first}) == minute(5)
    assert next_at(finished(CHAIN, minute(0)), URBAN, ()) is None
