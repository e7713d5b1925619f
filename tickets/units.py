"""承办单位: the tree of units, to any depth, and the people in them who answer for citizens' matters."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from core.errors import HotlineError
from tickets.deadlines import UnitClass

UnitId = NewType("UnitId", str)
"""单位编号, given by the hotline, e.g. ``0203``."""

MOST_CONTACTS = 2
MOST_SUGGESTED = 5


class NoSuchUnit(HotlineError):
    """没有这个单位:请核对编号或名称, 用 ./hotline unit list 看有哪些。"""


class UnitUnclear(HotlineError):
    """有几个单位叫这个名字:请写编号, 或从上级写起, 例如 市住建局/物业科。"""


class UnitClosed(HotlineError):
    """这个单位已停用, 不能再派单给它。"""


class UnitsInACircle(HotlineError):
    """单位的上级绕成了圈:请改正其中一个的上级。"""


class SameName(HotlineError):
    """同一个上级下已有这个名称的单位。"""


class ContactsWrong(HotlineError):
    """每个单位要有一到两名联络员, 都写明姓名和电话。"""


class TwoLeads(HotlineError):
    """主办单位只能有一个:其余的请列为协办。"""


class NoLead(HotlineError):
    """派单要有一个主办单位。"""


class NamedTwice(HotlineError):
    """同一个单位写了两次:主办就不再协办, 协办只列一次。"""


class Post(StrEnum):
    """职务: what somebody is in his unit with regard to the hotline."""

    HEAD = "主要领导"
    DEPUTY = "分管领导"
    CONTACT = "联络员"
    OFFICER = "经办人"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """责任人."""

    post: Post
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """一个单位. ``parent`` is empty at the top; ``round_the_clock``: its duty room answers day and night."""

    unit_id: UnitId
    name: str
    parent: UnitId | None = None
    unit_class: UnitClass
    aliases: tuple[str, ...] = ()
    duty_phone: str = ""
    round_the_clock: bool = False
    active: bool = True
    people: tuple[Person, ...] = ()

    def people_as(self, post: Post) -> tuple[Person, ...]:
        """Give those of one post, in order."""
        return tuple(person for person in self.people if person.post is post)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """派给谁: one lead, and those who assist."""

    lead: Unit
    assists: tuple[Unit, ...]


def check_people(unit: Unit) -> None:
    """Raise ContactsWrong unless one or two contacts, at most one head, and everybody with a telephone."""
    contacts = len(unit.people_as(Post.CONTACT))
    if not 1 <= contacts <= MOST_CONTACTS:
        raise ContactsWrong(unit=unit.name, contacts=contacts)
    if len(unit.people_as(Post.HEAD)) > 1:
        raise ContactsWrong(unit=unit.name, reason="主要领导只能有一人")
    if any(not person.name or not person.phone for person in unit.people):
        raise ContactsWrong(unit=unit.name, reason="有人缺姓名或电话")


class UnitTree:
    """All units of a hotline; what holds of the whole is checked when it is put together."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Raise NoSuchUnit for a parent that is missing, UnitsInACircle or SameName."""
        self._by_id = {unit.unit_id: unit for unit in units}
        self._below: defaultdict[UnitId | None, list[Unit]] = defaultdict(list)
        names: set[tuple[UnitId | None, str]] = set()
        for unit in sorted(self._by_id.values(), key=lambda unit: unit.unit_id):
            if unit.parent is not None and unit.parent not in self._by_id:
                raise NoSuchUnit(unit=unit.name, parent=unit.parent)
            if (unit.parent, unit.name) in names:
                raise SameName(unit=unit.name)
            names.add((unit.parent, unit.name))
            self._below[unit.parent].append(unit)
        if circle := circle_in({unit.unit_id: unit.parent for unit in self}):
            raise UnitsInACircle(circle=" → ".join(self._by_id[one].name for one in circle))
        self._by_word = self._words()

    def __iter__(self) -> Iterator[Unit]:
        """Give every unit, in no particular order."""
        return iter(self._by_id.values())

    def __len__(self) -> int:
        """Count the units."""
        return len(self._by_id)

    def unit(self, unit_id: UnitId) -> Unit:
        """Give the unit of a number; raises NoSuchUnit."""
        if unit_id not in self._by_id:
            raise NoSuchUnit(unit=unit_id)
        return self._by_id[unit_id]

    def below(self, unit_id: UnitId | None) -> Sequence[Unit]:
        """Give the units right below one, by number; below None those at the top."""
        return self._below.get(unit_id, ())

    def above(self, unit: Unit) -> tuple[Unit, ...]:
        """Give the units above one, the top first."""
        found: list[Unit] = []
        while unit.parent is not None:
            unit = self._by_id[unit.parent]
            found.append(unit)
        return tuple(reversed(found))

    def level(self, unit: Unit) -> int:
        """级别: 1 at the top."""
        return len(self.above(unit)) + 1

    def path(self, unit: Unit) -> str:
        """Give its name from the top on, ``市住建局/物业科``."""
        return "/".join(one.name for one in (*self.above(unit), unit))

    def walk(self, top: UnitId | None = None) -> Iterator[tuple[int, Unit]]:
        """Give depth (from 0) and unit, each before those below it."""
        waiting = [(0, unit) for unit in reversed(self.below(top))]
        while waiting:
            depth, unit = waiting.pop()
            yield depth, unit
            waiting += [(depth + 1, lower) for lower in reversed(self.below(unit.unit_id))]

    def find(self, words: str) -> Unit:
        """Give the unit of a number, a name, an alias, or the end of a path.

        Raises NoSuchUnit, with names that come near, or UnitUnclear, with those that are meant by it.
        """
        said = words.strip()
        if UnitId(said) in self._by_id:
            return self._by_id[UnitId(said)]
        *upper, last = said.split("/")
        found = [unit for unit in self._by_word.get(last, ()) if self._lies_under(unit, upper)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnitUnclear(name=said, meant="、".join(map(self._shown, found[:MOST_SUGGESTED])))
        near = "、".join(map(self._shown, self.search(last)[:MOST_SUGGESTED]))
        raise NoSuchUnit(unit=said, **({"near": near} if near else {}))

    def search(self, words: str) -> list[Unit]:
        """Give the units with these words in number, name or alias, in the order of the tree."""
        return [
            unit
            for _, unit in self.walk()
            if any(words in text for text in (unit.unit_id, unit.name, *unit.aliases))
        ]

    def assigned(self, leads: Sequence[str], assists: Sequence[str] = ()) -> Assigned:
        """Say whom a work order goes to, by numbers or names.

        Raises TwoLeads, NoLead, NamedTwice, NoSuchUnit, UnitUnclear or UnitClosed.
        """
        if len(leads) > 1:
            raise TwoLeads(leads="、".join(leads))
        if not leads:
            raise NoLead
        named = [self.find(words) for words in (*leads, *assists)]
        for number, unit in enumerate(named):
            if unit in named[:number]:
                raise NamedTwice(unit=unit.name)
            if not unit.active:
                raise UnitClosed(unit=unit.name)
        return Assigned(lead=named[0], assists=tuple(named[1:]))

    def _words(self) -> Mapping[str, list[Unit]]:
        words: defaultdict[str, list[Unit]] = defaultdict(list)
        for _, unit in self.walk():
            for word in dict.fromkeys((unit.name, *unit.aliases)):
                words[word].append(unit)
        return words

    def _lies_under(self, unit: Unit, upper: Sequence[str]) -> bool:
        names = [{one.name, *one.aliases} for one in self.above(unit)]
        return len(upper) <= len(names) and all(
            word in known for word, known in zip(reversed(upper), reversed(names), strict=False)
        )

    def _shown(self, unit: Unit) -> str:
        return f"{unit.unit_id} {self.path(unit)}"


def circle_in(parents: Mapping[UnitId, UnitId | None]) -> list[UnitId]:
    """Give units whose parents lead back to themselves, in that order; none when there is no circle."""
    clear: set[UnitId] = set()
    for start in parents:
        way: dict[UnitId, None] = {}
        here: UnitId | None = start
        while here is not None and here not in clear and here in parents:
            if here in way:
                passed = list(way)
                return passed[passed.index(here) :]
            way[here] = None
            here = parents[here]
        clear.update(way)
    return []
