"""位置表: what was prepared and where it lies, for the person who runs the machine."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from app.prepare.places import Places


def report(places: Places) -> str:
    """Return one line per prepared part: its name, then where it is."""
    rows = list(_rows(places))
    width = max(_columns(name) for name, _ in rows)
    return "".join(f"{name}{' ' * (width - _columns(name))}  {where}\n" for name, where in rows)


def _rows(places: Places) -> Iterator[tuple[str, object]]:
    yield "状态目录", places.state_dir
    yield "数据目录", places.data_dir
    yield "程序代码", places.code
    yield "Python", places.python
    if places.asterisk:
        yield "Asterisk", f"{places.asterisk.launcher} ({places.asterisk.version})"
    yield from sorted(places.programs.items())
    if places.baresip_modules:
        yield "baresip 模块", places.baresip_modules
    if places.service_user:
        yield "服务账号", f"{places.service_user.name} (uid {places.service_user.uid})"


def _columns(text: str) -> int:
    """A Chinese character takes two columns on the screen."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
