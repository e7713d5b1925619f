"""What people are told who want to let another program read the database."""

from pathlib import Path

import pytest

from app.database_readers import how_to_read
from core.settings import Settings, Storage
from core.views import READER, VIEWS
from tests.fakes.instance import an_instance


def _said(folder: Path, url: str) -> str:
    return "\n".join(how_to_read(an_instance(folder, Settings(database=Storage(url=url)))))


@pytest.mark.parametrize("url", ["", "sqlite", "postgresql+psycopg://we:secret@db.example/hotline?x=1"])
def test_every_view_is_named(tmp_path: Path, url: str) -> None:
    said = _said(tmp_path, url)
    assert all(view.name in said and view.about in said for view in VIEWS)


def test_with_a_server_of_our_own_the_way_in_is_shown_and_stays_the_same(tmp_path: Path) -> None:
    said = _said(tmp_path, "")
    assert f"psql 'postgresql://{READER}:" in said
    assert f"@/postgres?host={tmp_path / 'run'}'" in said
    assert _said(tmp_path, "") == said


def test_with_sqlite_the_file_is_shown_and_that_it_has_no_roles(tmp_path: Path) -> None:
    assert f"sqlite3 -readonly {tmp_path}/data/hotline.db" in _said(tmp_path, "sqlite")
    assert "没有账号" in _said(tmp_path, "sqlite")
    assert "sqlite3 -readonly /srv/rows.db" in _said(tmp_path, "sqlite:////srv/rows.db")


def test_with_somebody_elses_server_its_owner_is_told_what_to_do_and_no_password(tmp_path: Path) -> None:
    said = _said(tmp_path, "postgresql+psycopg://we:secret@db.example/hotline?x=1")
    assert f"CREATE ROLE {READER} LOGIN;" in said
    assert f"GRANT CONNECT ON DATABASE hotline TO {READER};" in said
    assert f"GRANT SELECT ON {', '.join(view.name for view in VIEWS)} TO {READER};" in said
    assert "secret" not in said
