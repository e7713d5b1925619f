"""通报."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.tickets.circulars.made_up import MONDAY, POLICY, city, ticket
from tickets.circulars.circular import Circular, asked_for, circular_of
from tickets.circulars.edition import content
from tickets.circulars.facts import Material
from tickets.circulars.period import Kind

AFTER = MONDAY + timedelta(days=400)
CITY = city(250, seed=12345)


def issue(kind: Kind = Kind.WEEKLY, material: Material = CITY, topic: str = "") -> Circular:
    asked = asked_for(kind, MONDAY + timedelta(days=6))
    return circular_of(asked_for(kind, AFTER, asked.period, topic), material, POLICY)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("seed", range(4))
def test_the_sums_add_up(kind: Kind, seed: int) -> None:
    assert all(check.holds for check in issue(kind, city(300, seed)).checks)


def test_what_is_valid_was_answered_on_line_or_dispatched_or_waits() -> None:
    circular = issue()
    parts = [circular.figure(key).figure.ids for key in ("on_line", "sent", "waiting")]
    assert sorted(no for part in parts for no in part) == list(circular.figure("valid").figure.ids)


def test_the_order_in_which_facts_come_does_not_matter() -> None:
    assert content(issue(material=replace(CITY, tickets=CITY.tickets[::-1]))) == content(issue())


def test_what_happened_after_the_period_is_not_looked_at() -> None:
    late = ticket(1, closed_at=MONDAY + timedelta(days=8))
    circular = issue(material=Material(tickets=(late,), units={}))
    assert circular.figure("closing_rate").figure.working == "0 ÷ 1"


def test_one_work_order_changes_only_its_own_figures() -> None:
    dispatched = next(
        one for one in CITY.tickets if one.received_at > MONDAY and one.unit and not one.invalid
    )
    changed = tuple(
        replace(one, refusals=1 - min(1, one.refusals)) if one is dispatched else one for one in CITY.tickets
    )
    was, now = (issue(material=replace(CITY, tickets=tickets)) for tickets in (CITY.tickets, changed))
    differ = {
        mine.figure.key
        for before, after in zip(was.groups, now.groups, strict=True)
        for mine, other in zip(before.lines, after.lines, strict=True)
        if mine.figure != other.figure
    }
    assert differ == {"refusal_rate", "accuracy"}


def test_a_topic_is_what_its_words_stand_in() -> None:
    circular = issue(Kind.TOPIC, topic="噪音")
    assert {one.category for one in circular.tickets} == {"噪音扰民/施工噪音"}
    assert circular.title == "2026年11月热线工单“噪音”专题分析"


def test_a_special_report_lists_what_is_urgent_or_wanted_by_leaders() -> None:
    listed = issue(Kind.SPECIAL).items
    assert listed
    assert all(one.matter != "普通件" or one.urgency != "一般" for one in listed)


def test_a_period_that_is_not_over_says_so() -> None:
    assert not circular_of(asked_for(Kind.WEEKLY, MONDAY + timedelta(days=2)), CITY, POLICY).is_over


def test_nothing_at_all_is_a_circular_too() -> None:
    circular = issue(Kind.MONTHLY, Material(tickets=(), units={}))
    assert circular.figure("received").figure.text == "0"
    assert circular.units == ()


def test_equal_numbers_stand_in_the_order_of_their_names() -> None:
    demands = tuple(ticket(number, channel=name) for number, name in enumerate(("微信", "电话", "短信")))
    parts = issue(material=Material(tickets=demands, units={})).breakdowns[0].parts
    assert [part.label for part in parts] == sorted(["微信", "电话", "短信"])
