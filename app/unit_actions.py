"""单位命令: what each action of ``./hotline unit`` does and prints."""

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from app import unit_pages
from core.clock import Clock
from core.errors import HotlineError
from tickets import unit_words
from tickets.deadlines import UnitClass
from tickets.unit_register import UnitRegister
from tickets.units import Person, Post, Unit, UnitTree

NONE_YET = "还没有单位:用 ./hotline unit import 文件 导入, 或 ./hotline unit add 添加。"


class ClassMissing(HotlineError):
    """新单位要用 --class 写明类别。"""


class NothingSaid(HotlineError):
    """请写明查岗的结果:--answered 有人接听, 或 --unanswered 无人接听。"""


class UnitMissing(HotlineError):
    """更换联络员要写明是哪个单位。"""


Action = Callable[[argparse.Namespace, UnitRegister, Clock], int]


def _add(args: argparse.Namespace, register: UnitRegister, _clock: Clock) -> int:
    tree = register.tree()
    number = unit_words.unit_number(args.number)
    known = next((unit for unit in tree if unit.unit_id == number), None)
    if known is None and args.unit_class is None:
        raise ClassMissing(unit=number)
    unit = known or Unit(unit_id=number, name="", unit_class=UnitClass(args.unit_class))
    register.put(_as_asked(args, unit, tree))
    print(f"单位 {number} 已{'修改' if known else '添加'}。")
    return 0


def _as_asked(args: argparse.Namespace, unit: Unit, tree: UnitTree) -> Unit:
    """Change what was named on the command line and nothing else."""
    asked: dict[str, object] = {"name": unit_words.unit_name(args.name)}
    if args.under is not None:
        asked["parent"] = tree.find(args.under).unit_id
    if args.unit_class is not None:
        asked["unit_class"] = UnitClass(args.unit_class)
    if args.alias is not None:
        asked["aliases"] = unit_words.aliases(" ".join(args.alias))
    if args.duty_phone is not None:
        asked["duty_phone"] = unit_words.phone_or_none(args.duty_phone)
    for switch in ("round_the_clock", "active"):
        if getattr(args, switch) is not None:
            asked[switch] = getattr(args, switch)
    asked["people"] = _people_asked(args, unit)
    return replace(unit, **asked)  # type: ignore[arg-type]  # each under its own field's name


def _people_asked(args: argparse.Namespace, unit: Unit) -> tuple[Person, ...]:
    named = {
        Post.HEAD: args.head and [args.head],
        Post.DEPUTY: args.deputy and [args.deputy],
        Post.CONTACT: args.contact,
        Post.OFFICER: args.officer and [args.officer],
    }
    found: list[Person] = []
    for post in Post:
        people = named[post]
        found += unit.people_as(post) if people is None else _people(people, post)
    return tuple(found)


def _people(told: Iterable[tuple[str, str]], post: Post) -> list[Person]:
    return [Person(post=post, name=name, phone=phone) for name, phone in told]


def _list(args: argparse.Namespace, register: UnitRegister, _clock: Clock) -> int:
    tree = register.tree()
    found = tree.search(args.search or "")
    shown = [unit.unit_id for unit in found if args.unit_class in (None, unit.unit_class)]
    _print(unit_pages.tree_lines(tree, shown, args.depth))
    print(f"共 {len(shown)} 个单位" if len(tree) else NONE_YET)
    return 0


def _show(args: argparse.Namespace, register: UnitRegister, _clock: Clock) -> int:
    tree = register.tree()
    unit = tree.find(args.unit)
    _print(unit_pages.unit_lines(tree, unit))
    if args.history:
        _print(unit_pages.history_lines(register.history(unit.unit_id)))
    return 0


def _import(args: argparse.Namespace, register: UnitRegister, _clock: Clock) -> int:
    new, changed = register.import_units(args.file)
    print(f"导入完成:新增 {new} 个单位, 修改 {changed} 个。")
    return 0


def _contacts(args: argparse.Namespace, register: UnitRegister, _clock: Clock) -> int:
    if args.set:
        if args.unit is None:
            raise UnitMissing
        register.set_people(args.unit, Post(args.post), _people(args.set, Post(args.post)))
    tree = register.tree()
    asked = [tree.find(args.unit)] if args.unit else [unit for _, unit in tree.walk()]
    for unit in asked:
        print(tree.path(unit))
        _print(unit_pages.people_lines(unit))
    return 0


def _duty(args: argparse.Namespace, register: UnitRegister, clock: Clock) -> int:
    return _DUTY[args.step](args, register, clock)


def _duty_import(args: argparse.Namespace, register: UnitRegister, _clock: Clock) -> int:
    of_units = register.import_roster(args.file)
    print(f"导入完成:{len(of_units)} 个单位, {sum(of_units.values())} 班。")
    return 0


def _duty_show(args: argparse.Namespace, register: UnitRegister, clock: Clock) -> int:
    tree = register.tree()
    asked = None if args.unit is None else [tree.find(args.unit).unit_id]
    shifts = register.shifts(*_window(args, clock), asked)
    _print(unit_pages.roster_lines(tree, shifts))
    if not shifts:
        print("这段时间没有排班。")
    return 0


def _duty_gaps(args: argparse.Namespace, register: UnitRegister, clock: Clock) -> int:
    tree = register.tree()
    gaps = register.gaps(*_window(args, clock))
    _print(unit_pages.gap_lines(tree, gaps))
    bound = sum(unit.round_the_clock and unit.active for unit in tree)
    print(f"24小时值班单位 {bound} 个, 空岗 {len(gaps)} 处。")
    return 1 if gaps else 0


def _duty_checks(args: argparse.Namespace, register: UnitRegister, clock: Clock) -> int:
    checks = register.checks(*_window(args, clock))
    _print(unit_pages.check_lines(register.tree(), checks))
    print(f"查岗 {len(checks)} 次, 无人接听 {sum(not check.answered for check in checks)} 次。")
    return 0


def _duty_check(args: argparse.Namespace, register: UnitRegister, _clock: Clock) -> int:
    if args.answered is None:
        raise NothingSaid
    phone = unit_words.phone_or_none(args.phone)
    check = register.note_check(args.unit, phone, answered=args.answered, note=args.note)
    _print(unit_pages.check_lines(register.tree(), [check]))
    return 0


def _window(args: argparse.Namespace, clock: Clock) -> tuple[datetime, datetime]:
    since = args.since or clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return since, since + timedelta(days=args.days)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


_DUTY: Mapping[str, Action] = {
    "import": _duty_import,
    "show": _duty_show,
    "gaps": _duty_gaps,
    "checks": _duty_checks,
    "check": _duty_check,
}
ACTIONS: Mapping[str, Action] = {
    "add": _add,
    "list": _list,
    "show": _show,
    "import": _import,
    "contacts": _contacts,
    "duty": _duty,
}
