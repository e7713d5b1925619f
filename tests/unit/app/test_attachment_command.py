"""``./hotline attachment``: files are kept, listed and handed out to who may see them, with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.attachments import give_away, shelf_of
from app.commands import attachment, ticket, user
from app.commands.attachment import NoSuchFile, PlaceTaken
from core.database import Connection
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tests.fakes.instance import an_instance
from tests.fakes.work import FIVE, POLICIES, UNITS
from tests.unit.app.test_ticket_command import Run
from tickets import unit_store
from tickets.file_shelf import FileShelf, FileTooBig
from tickets.work_desk import MayNotSee

USERS = (("老王", "派单员", ""), ("主任", "热线办主任", ""), ("水务", "联络员", "水务局"))


def _parser() -> Arguments:
    parser = Arguments(prog="./hotline")
    commands = parser.add_subparsers(dest="command")
    ticket.add_arguments(commands.add_parser("ticket"))
    user.add_arguments(commands.add_parser("user"))
    attachment.add_arguments(commands.add_parser("attachment"))
    return parser


@pytest.fixture
def shelf(tmp_path: Path) -> FileShelf:
    instance = an_instance(tmp_path)
    instance.attachments.mkdir(parents=True)
    give_away(instance, tmp_path)
    return shelf_of(instance, POLICIES.flow)


@pytest.fixture
def run(
    tmp_path: Path, shelf: FileShelf, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: NINE_O_CLOCK)
    with fresh_database(f"sqlite:///{tmp_path}/tickets.db") as database:

        def bring(connection: Connection) -> None:
            unit_store.put_units(connection, UNITS)

        database.now(bring)
        parser = _parser()
        kept: list[Path] = []

        def type_(*words: str) -> str:
            args = parser.parse_args(words)
            match words[0]:
                case "user":
                    user.act(args, database)
                case "ticket":
                    ticket.act(args, database, POLICIES)
                case _:
                    attachment.act(args, database, POLICIES, shelf, kept.append)
            assert all(path.is_file() for path in kept)
            return capsys.readouterr().out

        for name, role, unit in USERS:
            type_("user", "add", name, "--role", role, "--unit", unit)
        yield type_


@pytest.fixture
def number(run: Run) -> str:
    fields = [word for name, value in FIVE.items() for word in ("--set", f"{name}={value}")]
    return run("ticket", "open", "--key", "1", "--as", "老王", *fields).split()[1].rstrip(",")


def photo(tmp_path: Path, content: bytes = b"water") -> str:
    file = tmp_path / "照片'); DROP TABLE tickets; --<b>.jpg"
    file.write_bytes(content)
    return str(file)


def test_a_file_comes_back_as_it_was_and_who_took_it_is_on_record(
    run: Run, number: str, tmp_path: Path
) -> None:
    of = ("--ticket", number, "--as", "老王")
    said = run("attachment", "add", photo(tmp_path), "--kind", "联系证据", *of)
    assert "已加到工单" in said
    listed = run("attachment", "list", *of)
    assert "DROP TABLE" in listed
    assert "联系证据" in listed
    checksum, out = said.split()[-1], tmp_path / "out.jpg"
    run("attachment", "save", checksum, "--out", str(out), "--reveal", "核对", *of)
    assert out.read_bytes() == b"water"
    assert out.stat().st_mode & 0o177 == 0
    assert "核对" in run("ticket", "reveals", number, "--as", "主任")
    with pytest.raises(PlaceTaken):
        run("attachment", "save", checksum, "--out", str(out), "--reveal", "核对", *of)


def test_what_is_too_big_is_refused_with_the_limit(run: Run, number: str, tmp_path: Path) -> None:
    of = ("--ticket", number, "--as", "老王")
    with pytest.raises(FileTooBig, match="most=10 MB"):
        run("attachment", "add", photo(tmp_path, bytes(20_000_000)), *of)
    assert "共 0 个" in run("attachment", "list", *of)
    assert "版本 1" in run("ticket", "show", number, "--as", "老王")


def test_nobody_takes_a_file_of_what_is_none_of_his(run: Run, number: str, tmp_path: Path) -> None:
    checksum = run("attachment", "add", photo(tmp_path), "--ticket", number, "--as", "老王").split()[-1]
    with pytest.raises(MayNotSee):
        run("attachment", "list", "--ticket", number, "--as", "水务")
    for told in ("", "ffff"):
        with pytest.raises(NoSuchFile):
            run(
                *("attachment", "save", told, "--out", str(tmp_path / "x"), "--reveal", "看"),
                *("--ticket", number, "--as", "老王"),
            )
    run("ticket", "confide", number, "--as", "老王")
    with pytest.raises(MayNotSee):
        run(
            *("attachment", "save", checksum, "--out", str(tmp_path / "x"), "--reveal", "看"),
            *("--ticket", number, "--as", "老王"),
        )
