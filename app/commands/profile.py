"""配置档: lists the cities' profiles, shows what one says, and checks one before it is used."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from app.prepare.places import Places
from app.profile_check import Finding, findings, note_on
from app.profile_shown import Said, said_by
from app.real_instance import real_instance
from app.work_clocks import ProfileMissing
from core.clock import SystemClock
from core.errors import HotlineError
from core.profiles import DEFAULT
from tickets.city_file import CITY, read_city

GOOD, BAD = "✓", "✗"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline profile``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    listing = actions.add_parser("list", help="列出 profiles 里的配置档, * 是正在用的")
    show = actions.add_parser("show", help="一个配置档写了哪些和默认不同的")
    check = actions.add_parser("check", help="检查一个配置档:写错的、互相矛盾的, 逐条指出")
    for one, doing in ((show, "看"), (check, "检查")):
        one.add_argument("folder", metavar="配置档", help=f"{doing}哪一个: profiles 里的名字, 或者文件夹")
    for one in (listing, show, check):
        one.add_argument("--json", action="store_true", help="标准输出只有 JSON")


def run(args: argparse.Namespace) -> int:
    """Do it; a profile with a mistake gives 1."""
    profiles = Places.load().code / "profiles"
    if args.action == "list":
        return _list(args, profiles)
    folder = folder_of(args.folder, profiles)
    return _show(args, folder) if args.action == "show" else _check(args, folder)


def folder_of(words: str, profiles: Path) -> Path:
    """Give the folder that is meant; raises ProfileMissing."""
    for folder in (profiles / words, Path(words)):
        if words and folder.is_dir():
            return folder.resolve()
    raise ProfileMissing(profile=words)


def title_of(folder: Path) -> str:
    """Give the city's name; the folder's when its file cannot be read."""
    try:
        return read_city(folder).title
    except HotlineError:
        return folder.name


def _list(args: argparse.Namespace, profiles: Path) -> int:
    folders = sorted(path for path in profiles.iterdir() if path.is_dir() and not path.name.startswith("."))
    used = _used()
    if args.json:
        rows = [{"name": one.name, "title": title_of(one), "used": one.name == used} for one in folders]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for one in folders:
        print(f"{'*' if one.name == used else ' '} {one.name:<14} {title_of(one)}")
    return 0


def _used() -> str:
    try:
        return real_instance().profile.name
    except HotlineError:
        return ""


def _show(args: argparse.Namespace, folder: Path) -> int:
    city, said = read_city(folder), said_by(folder)
    if args.json:
        whole = {"title": city.title, "source": city.source, "said": [asdict(one) for one in said]}
        print(json.dumps(whole, ensure_ascii=False))
        return 0
    print(f"{city.title}  {folder}\n制度来源:{city.source}")
    print(*shown([one for one in said if one.file != CITY]), sep="\n")
    if folder.name != DEFAULT:
        print("没有写的都用默认的。")
    return 0


def shown(said: list[Said]) -> list[str]:
    """Give a line for each key, under the name of its file; what the default says only where it differs."""
    lines: list[str] = []
    for number, one in enumerate(said):
        if not number or said[number - 1].file != one.file:
            lines.append(one.file)
        otherwise = f"   (默认 {one.default})" if one.default not in ("", one.value) else ""
        lines.append(f"  {one.key + ' = ' if one.key else ''}{one.value}{otherwise}")
    return lines


def _check(args: argparse.Namespace, folder: Path) -> int:
    found = findings(folder)
    wrong = [one for one in found if one.problem]
    note = note_on(folder, SystemClock().now().date())
    if args.json:
        print(
            json.dumps(
                {"folder": f"{folder}", "problems": [asdict(one) for one in wrong], "note": note},
                ensure_ascii=False,
            )
        )
    else:
        print(*_checked(found), *([f"注意:{note}"] if note else []), sep="\n")
        print(f"{title_of(folder)}:{f'有 {len(wrong)} 处要改' if wrong else '没有问题'}。")
    return 1 if wrong else 0


def _checked(found: list[Finding]) -> list[str]:
    return [f"{BAD} {one.problem}" if one.problem else f"{GOOD} {one.files}" for one in found]
