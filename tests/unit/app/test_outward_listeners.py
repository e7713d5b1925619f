"""What goes out of the house never stops a call: bad texts cost the short messages, nothing else."""

import shutil
from dataclasses import replace
from pathlib import Path

from app.outward_listeners import outward_listeners
from core.database import Database
from core.settings import Settings, Web
from tests.fakes.clock import StandingClock
from tests.fakes.instance import an_instance
from tests.house.tree import ROOT


def names(
    folder: Path, database: Database, settings: Settings | None = None, texts: str | None = None
) -> list[str]:
    instance = an_instance(folder, settings)
    shutil.copytree(ROOT / "profiles" / "default", folder / "profiles" / "default")
    if texts is not None:
        (folder / "profiles" / "default" / "sms.toml").write_text(texts, encoding="utf-8")
    instance = replace(instance, places=replace(instance.places, code=folder))
    return [one.name for one in outward_listeners(instance, database, StandingClock())]


def test_messages_and_webhooks_are_kept(tmp_path: Path, database: Database) -> None:
    assert names(tmp_path / "up", database) == ["sms", "webhooks"]


def test_without_the_part_that_sends_them_nothing_is_kept(tmp_path: Path, database: Database) -> None:
    assert names(tmp_path / "up", database, Settings(web=Web(use=False))) == []


def test_texts_that_cannot_be_read_cost_the_messages_only(tmp_path: Path, database: Database) -> None:
    assert names(tmp_path / "up", database, texts="[[message]]\n") == ["webhooks"]
