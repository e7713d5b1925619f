"""``./hotline calls --forget``: what is said of what was removed, and that a rehearsal removes nothing."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import calls
from app.instance import Instance
from app.parts import database_url
from app.prepare.places import Places
from core.database import Database
from core.settings import Settings, Storage
from queue_manager import journal_store
from queue_manager.story import story_of
from tests.fakes.facts import CALL
from tests.fakes.instance import an_instance
from tests.fakes.sightings import HOME, whole_call

LONG_AGO = [replace(one, at=one.at - timedelta(days=3000)) for one in whole_call(CALL)]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    found = an_instance(tmp_path, Settings(database=Storage(url="sqlite")))
    found.data.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(Places, "load", lambda: found.places)
    monkeypatch.setattr(calls, "started_instance", lambda _name: found)
    return found


def asked(*words: str) -> int:
    parser = Arguments(prog="./hotline calls")
    calls.add_arguments(parser)
    return calls.run(parser.parse_args(list(words)))


def test_what_is_old_is_removed_and_counted(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Database(database_url(instance), inline=True)) as database:
        database.migrate()
        database.now(lambda c: journal_store.keep(c, LONG_AGO))
        database.now(lambda c: journal_store.put(c, story_of(CALL, LONG_AGO, HOME)))
    assert asked("--forget", "--dry-run") == 0
    rehearsed = capsys.readouterr()
    assert f"来电 1 通,可以删去目击明细 {len(LONG_AGO) - 2} 条" in rehearsed.out
    assert rehearsed.err == "这是预演,什么也没有删除。\n"
    assert asked("--forget") == 0
    done = capsys.readouterr()
    assert done.out == rehearsed.out.replace("可以删去", "已删去")
    assert done.err == ""
    asked("--forget")
    assert "已删去目击明细 0 条,话单不动" in capsys.readouterr().out
