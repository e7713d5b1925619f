"""The tree of units: any depth, found by what people call them, put together only when it is a tree."""

from dataclasses import replace

import pytest

from tests.fakes.organisation import unit
from tickets.units import (
    ContactsWrong,
    NamedTwice,
    NoLead,
    NoSuchUnit,
    Person,
    Post,
    SameName,
    TwoLeads,
    UnitClosed,
    UnitId,
    UnitsInACircle,
    UnitTree,
    UnitUnclear,
    check_people,
)

TREE = UnitTree(
    [
        unit("020301", "物业科", "0203"),
        unit("01", "市长热线办公室"),
        unit("0203", "市住建局", "01", aliases=("住建局",)),
        unit("0204", "市城管局", "01", aliases=("城管", "市城市管理局")),
        unit("020401", "物业科", "0204"),
        unit("02040101", "一中队", "020401"),
        unit("0205", "市供水公司", "01", active=False),
    ]
)


def number_of(words: str) -> str:
    return TREE.find(words).unit_id


class TestFinding:
    @pytest.mark.parametrize(
        ("words", "number"),
        [
            ("0203", "0203"),
            ("市住建局", "0203"),
            (" 住建局 ", "0203"),
            ("城管/物业科", "020401"),
            ("市长热线办公室/市住建局/物业科", "020301"),
            ("物业科/一中队", "02040101"),
        ],
    )
    def test_by_number_name_alias_or_the_end_of_a_path(self, words: str, number: str) -> None:
        assert number_of(words) == number

    def test_one_of_several_with_the_name_must_be_told_apart(self) -> None:
        with pytest.raises(UnitUnclear, match=r"市住建局/物业科.*市城管局/物业科"):
            number_of("物业科")

    def test_one_that_there_is_not_is_refused_with_those_that_come_near(self) -> None:
        with pytest.raises(NoSuchUnit, match="0205 市长热线办公室/市供水公司"):
            number_of("供水")
        with pytest.raises(NoSuchUnit, match="市水利局"):
            number_of("市水利局")

    def test_a_path_longer_than_the_tree_is_no_path(self) -> None:
        with pytest.raises(NoSuchUnit):
            number_of("省政府/市长热线办公室")


class TestShape:
    def test_it_knows_level_path_and_who_is_above_and_below(self) -> None:
        squad = TREE.find("一中队")
        assert TREE.level(squad) == 4
        assert TREE.path(squad) == "市长热线办公室/市城管局/物业科/一中队"
        assert [one.unit_id for one in TREE.below(UnitId("01"))] == ["0203", "0204", "0205"]

    def test_walking_gives_each_before_those_below_it(self) -> None:
        walked = [(depth, one.unit_id) for depth, one in TREE.walk()]
        assert walked[:3] == [(0, "01"), (1, "0203"), (2, "020301")]
        assert len(walked) == len(TREE) == 7

    def test_a_hundred_levels_are_no_trouble(self) -> None:
        chain = [unit(f"{n:03d}", f"第{n}级", f"{n - 1:03d}" if n else None) for n in range(100)]
        deep = UnitTree(chain)
        assert deep.level(deep.find("099")) == 100

    @pytest.mark.parametrize("circle", [("0203",), ("0203", "020301"), ("0204", "020401", "02040101")])
    def test_a_circle_is_refused_and_named(self, circle: tuple[str, ...]) -> None:
        units = {one.unit_id: one for one in TREE}
        top = UnitId(circle[0])
        units[top] = replace(units[top], parent=UnitId(circle[-1]))
        with pytest.raises(UnitsInACircle, match=units[top].name):
            UnitTree(units.values())

    def test_a_parent_that_is_missing_is_refused(self) -> None:
        with pytest.raises(NoSuchUnit, match="parent=99"):
            UnitTree([unit("01", "热线办", "99")])

    def test_two_of_one_name_below_the_same_unit_are_refused(self) -> None:
        with pytest.raises(SameName):
            UnitTree([*TREE, unit("0299", "市住建局", "01")])


class TestAssigning:
    def test_one_leads_and_others_assist(self) -> None:
        given = TREE.assigned(["市住建局"], ["0204"])
        assert (given.lead.unit_id, [one.unit_id for one in given.assists]) == ("0203", ["0204"])

    def test_two_leads_are_refused(self) -> None:
        with pytest.raises(TwoLeads, match="市住建局、市城管局"):
            TREE.assigned(["市住建局", "市城管局"])

    def test_nobody_in_the_lead_is_refused(self) -> None:
        with pytest.raises(NoLead):
            TREE.assigned([], ["市住建局"])

    def test_one_named_twice_is_refused_by_whatever_name(self) -> None:
        with pytest.raises(NamedTwice):
            TREE.assigned(["市住建局"], ["住建局"])
        with pytest.raises(NamedTwice):
            TREE.assigned(["市住建局"], ["城管", "0204"])

    def test_one_that_there_is_not_is_refused(self) -> None:
        with pytest.raises(NoSuchUnit):
            TREE.assigned(["市水利局"])

    def test_one_that_is_closed_is_refused(self) -> None:
        with pytest.raises(UnitClosed, match="市供水公司"):
            TREE.assigned(["市住建局"], ["市供水公司"])


def person(post: Post, name: str = "张三", phone: str = "12345") -> Person:
    return Person(post=post, name=name, phone=phone)


class TestPeople:
    def test_one_or_two_contacts(self) -> None:
        for number in (1, 2):
            check_people(unit("01", "热线办", people=(person(Post.CONTACT),) * number))

    @pytest.mark.parametrize(
        "people",
        [
            (),
            (person(Post.HEAD), person(Post.OFFICER)),
            (person(Post.CONTACT),) * 3,
            (person(Post.CONTACT), person(Post.HEAD), person(Post.HEAD)),
            (person(Post.CONTACT, name=""),),
            (person(Post.CONTACT, phone=""),),
        ],
    )
    def test_none_three_two_heads_or_nobody_one_can_ring_are_refused(
        self, people: tuple[Person, ...]
    ) -> None:
        with pytest.raises(ContactsWrong):
            check_people(unit("01", "热线办", people=people))
