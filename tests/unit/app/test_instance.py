"""An instance: its folders, its secrets, and that only one runs in it."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.instance import AlreadyRunning, FolderUnreachable, Instance, NeverStarted
from app.prepare.places import HANDED_OVER, Places
from core.settings import Recordings, Settings, SettingsOfAnother


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    one = Places(
        project=tmp_path,
        code=tmp_path,
        state_dir=tmp_path,
        data_dir=tmp_path / "data",
        python=Path("/usr/bin/python3"),
        asterisk=None,
        programs={},
        baresip_modules=None,
        service_user=None,
    )
    one.write(tmp_path / "places.json")
    monkeypatch.setenv(HANDED_OVER, str(tmp_path / "places.json"))
    return one


@pytest.fixture
def instance(places: Places) -> Instance:
    return Instance(name="up", folder=places.data_dir / "up", settings=Settings(), places=places)


def test_it_comes_back_from_its_folder_as_it_was_started(instance: Instance) -> None:
    started = replace(instance, settings=Settings(node="east-1", profile="north"))
    started.make_folders()
    started.save()
    assert Instance.load(instance.folder) == started


def test_one_that_was_never_started_is_named(instance: Instance) -> None:
    with pytest.raises(NeverStarted, match="up"):
        Instance.load(instance.folder)


def test_one_that_another_version_started_is_named(instance: Instance) -> None:
    instance.make_folders()
    instance.save()
    file = instance.folder / "instance.json"
    file.write_text(file.read_text().replace('"node"', '"knoten"'))
    with pytest.raises(SettingsOfAnother):
        Instance.load(instance.folder)


def test_a_secret_is_made_once_and_differs_from_the_next(instance: Instance) -> None:
    instance.make_folders()
    one, other = instance.secret("ami"), instance.secret("broker")
    assert one == instance.secret("ami") != other
    assert len(one) >= 20
    assert set(json.loads((instance.folder / "secrets.json").read_text())) == {"ami", "broker"}


def test_two_instances_have_no_secret_in_common(instance: Instance) -> None:
    second = replace(instance, folder=instance.folder.with_name("demo"))
    for one in (instance, second):
        one.make_folders()
    assert instance.secret("ami") != second.secret("ami")


def test_secrets_are_for_their_owner_alone(instance: Instance) -> None:
    instance.make_folders()
    for name in ("ami", "broker"):
        instance.secret(name)
        assert (instance.folder / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_recordings_and_asterisks_tree_are_closed_to_others(instance: Instance) -> None:
    instance.make_folders()
    for folder in (instance.recordings, instance.asterisk):
        assert folder.stat().st_mode & 0o007 == 0


def test_recordings_go_where_the_settings_say(instance: Instance, tmp_path: Path) -> None:
    elsewhere = replace(instance, settings=Settings(recordings=Recordings(folder=tmp_path / "disk")))
    elsewhere.make_folders()
    assert elsewhere.recordings == tmp_path / "disk"
    assert elsewhere.recordings.is_dir()


def test_a_folder_that_cannot_be_made_is_named(instance: Instance) -> None:
    instance.folder.parent.mkdir()
    instance.folder.touch()
    with pytest.raises(FolderUnreachable, match=str(instance.folder)):
        instance.make_folders()


def test_while_one_holds_it_nobody_else_does_and_afterwards_it_is_free(instance: Instance) -> None:
    second = replace(instance)
    with instance.claimed(), pytest.raises(AlreadyRunning, match="up"), second.claimed():
        pass
    with second.claimed():
        pass


def test_claimed_afresh_nothing_of_before_is_left(instance: Instance) -> None:
    with instance.claimed():
        instance.make_folders()
        (instance.recordings / "old.raw").touch()
    with instance.claimed(afresh=True):
        assert not instance.folder.exists()


def test_a_state_folder_that_is_a_file_is_named(instance: Instance) -> None:
    instance.folder.parent.touch()
    with pytest.raises(FolderUnreachable), instance.claimed():
        pass


def test_a_number_left_behind_that_is_somebody_elses_process_is_let_alone(instance: Instance) -> None:
    instance.make_folders()
    mine = instance.run / "engine.pid"
    mine.write_text(str(os.getpid()))
    with instance.claimed():
        assert not mine.exists()


@pytest.mark.parametrize("text", ["", "no number", "99999999"])
def test_a_number_left_behind_that_is_nobodys_is_taken_away(instance: Instance, text: str) -> None:
    instance.make_folders()
    (instance.run / "engine.pid").write_text(text)
    with instance.claimed():
        assert list(instance.run.glob("*.pid")) == []
