"""Links for telephones: they open what they were made for, for whom they were made, and nothing else."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from console.page_links import Holder, Links, LinkUnusable, holder_in
from core.clock import SHANGHAI
from core.ids import TicketNo
from tests.fakes.channels import LINKS
from tests.fakes.organisation import unit
from tickets.roles import Actor, Role
from tickets.units import Person, Post

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
UNTIL = NOW + timedelta(days=7)
NUMBER = TicketNo("260302090000000001")
HOLDER = Holder(actor=Actor(name="小周", role=Role.CONTACT, unit="02"), known_by="联络员 13900001111")
SEALED = LINKS.sealed(NUMBER, HOLDER, UNTIL)


def test_a_link_says_which_work_order_and_until_when() -> None:
    link = LINKS.read(SEALED, NOW)
    assert (link.number, link.until, link.mark) == (NUMBER, UNTIL, LINKS.mark(HOLDER))


def test_it_is_short_enough_for_a_short_message_and_names_nobody() -> None:
    assert len(SEALED) == 48
    assert b"13900001111" not in base64.urlsafe_b64decode(SEALED)


@pytest.mark.parametrize("place", range(48))
def test_whichever_sign_is_changed_it_opens_nothing(place: int) -> None:
    other = "A" if SEALED[place] != "A" else "B"
    with pytest.raises(LinkUnusable):
        LINKS.read(SEALED[:place] + other + SEALED[place + 1 :], NOW)


@pytest.mark.parametrize(
    "odd", ["", "x", "号" * 48, SEALED[:-1], SEALED + "A", SEALED + "=", SEALED[:20] + "\n" + SEALED[20:]]
)
def test_what_is_no_link_opens_nothing(odd: str) -> None:
    with pytest.raises(LinkUnusable):
        LINKS.read(odd, NOW)


def test_it_ends_on_its_day() -> None:
    assert LINKS.read(SEALED, UNTIL - timedelta(seconds=1)).number == NUMBER
    with pytest.raises(LinkUnusable):
        LINKS.read(SEALED, UNTIL)


def test_with_another_key_all_that_were_given_out_are_void() -> None:
    with pytest.raises(LinkUnusable):
        replace(LINKS, key="another").read(SEALED, NOW)


@pytest.mark.parametrize(
    "other",
    [
        replace(HOLDER, known_by="联络员 13900002222"),
        replace(HOLDER, actor=replace(HOLDER.actor, name="小吴")),
        replace(HOLDER, actor=replace(HOLDER.actor, unit="03")),
        replace(HOLDER, actor=replace(HOLDER.actor, role=Role.UNIT_HEAD)),
    ],
)
def test_everybody_else_has_another_mark(other: Holder) -> None:
    assert LINKS.mark(other) != LINKS.mark(HOLDER)


def test_without_a_public_address_nobody_gets_a_link() -> None:
    assert LINKS.address(NUMBER, HOLDER, NOW) == f"https://12345.city.example/hotline/m/{SEALED}"
    assert Links(key="k", public_url="", days=7).address(NUMBER, HOLDER, NOW) == ""
    assert LINKS.address(NUMBER, None, NOW) == ""


@pytest.mark.parametrize(
    ("post", "role"),
    [(Post.CONTACT, Role.CONTACT), (Post.HEAD, Role.UNIT_HEAD), (Post.DEPUTY, Role.UNIT_HEAD)],
)
def test_people_of_a_unit_act_by_their_post(post: Post, role: Role) -> None:
    found = holder_in(unit("02", "住建局"), Person(post=post, name="小周", phone="139"))
    assert found is not None
    assert (found.actor.role, found.actor.unit) == (role, "02")


def test_an_officer_gets_no_link() -> None:
    assert holder_in(unit("02", "住建局"), Person(post=Post.OFFICER, name="小周", phone="139")) is None
