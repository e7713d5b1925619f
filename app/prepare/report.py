"""位置表: what was prepared and where it lies, for the person who runs the machine."""

from collections.abc import Iterator

from app.prepare.places import Places


def report(places: Places) -> str:
    """Return one line per prepared part: its name, then where it is."""
    rows = list(_rows(places))
    width = max(len(name) for name, _ in rows)
    return "".join(f"{name.ljust(width)}  {where}\n" for name, where in rows)


def _rows(places: Places) -> Iterator[tuple[str, object]]:
    yield "state", places.state_dir
    yield "data", places.data_dir
    yield "code", places.code
    yield "python", places.python
    if places.asterisk:
        yield "asterisk", f"{places.asterisk.launcher} ({places.asterisk.version})"
    yield from sorted(places.programs.items())
    if places.baresip_modules:
        yield "baresip modules", places.baresip_modules
    if places.service_user:
        yield "user", f"{places.service_user.name} ({places.service_user.uid})"
