"""What is looked at before the first part is started."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import asr
from app.before_opening import OutOfReach, check_before_opening, warning_of_room
from app.instance import Instance
from app.prepare.places import Places
from app.work_clocks import ProfileMissing
from asr.model_folder import ModelFolderMissing
from core.settings import Broker, Recordings, Settings, Speech
from recordings.rule import FILE as KEEPING_RULE
from recordings.rule import KeepingRuleWrong
from tickets.profile import PolicyWrong

CODE = Path(asr.__path__[0]).parent
NO_DISK_HAS_SO_MUCH_MB = 10**9


@pytest.fixture(autouse=True)
def _ports_are_looked_at_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nothing opens a socket; taken ports are tried on real ones."""
    monkeypatch.setattr("app.before_opening._check_ports", lambda _settings: None)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    places = Places(
        project=CODE,
        code=CODE,
        state_dir=tmp_path,
        data_dir=tmp_path,
        python=Path("/bin/sh"),
        asterisk=None,
        programs={},
        baresip_modules=None,
        service_user=None,
    )
    one = Instance(
        name="up", folder=tmp_path / "up", settings=Settings(broker=Broker(use="none")), places=places
    )
    one.make_folders()
    return one


def _with(instance: Instance, **changes: object) -> Instance:
    return replace(instance, settings=instance.settings.model_copy(update=changes))


def test_with_everything_in_its_place_nothing_is_said(instance: Instance) -> None:
    check_before_opening(instance)
    assert warning_of_room(instance) == ""


def test_a_model_that_is_not_there(instance: Instance, tmp_path: Path) -> None:
    with pytest.raises(ModelFolderMissing):
        check_before_opening(_with(instance, speech=Speech(model=tmp_path / "nowhere")))


def test_a_profile_that_is_not_there(instance: Instance) -> None:
    with pytest.raises(ProfileMissing, match="atlantis"):
        check_before_opening(_with(instance, profile="atlantis"))


def test_a_wrong_rule_for_recordings(instance: Instance, tmp_path: Path) -> None:
    places = replace(instance.places, code=tmp_path)
    profile = tmp_path / "profiles" / "default"
    shutil.copytree(CODE / "profiles" / "default", profile, ignore=shutil.ignore_patterns(KEEPING_RULE))
    (tmp_path / "asr" / "models").mkdir(parents=True)
    (tmp_path / "asr" / "models" / "demo-synth").symlink_to(instance.speech_model)
    own = replace(instance, places=places)
    check_before_opening(own)
    (profile / KEEPING_RULE).write_text("[keep]\ndays = 0\n")
    with pytest.raises(KeepingRuleWrong, match="every_night"):
        check_before_opening(own)


def test_a_wrong_rule_for_deadlines(instance: Instance, tmp_path: Path) -> None:
    shutil.copytree(CODE / "profiles" / "default", tmp_path / "profiles" / "default")
    (tmp_path / "asr" / "models").mkdir(parents=True)
    (tmp_path / "asr" / "models" / "demo-synth").symlink_to(instance.speech_model)
    limits = tmp_path / "profiles" / "default" / "limits.toml"
    limits.write_text(limits.read_text().replace("begins = 08:30:00", "begins = 18:30:00"))
    with pytest.raises(PolicyWrong, match="下班要晚于上班"):
        check_before_opening(replace(instance, places=replace(instance.places, code=tmp_path)))


def test_a_program_that_is_gone(instance: Instance) -> None:
    gone = replace(instance, places=replace(instance.places, programs={"sox": Path("/nowhere/sox")}))
    with pytest.raises(OutOfReach, match="/nowhere/sox"):
        check_before_opening(gone)


def test_little_room_opens_with_a_warning(instance: Instance) -> None:
    tight = _with(instance, recordings=Recordings(free_mb=NO_DISK_HAS_SO_MUCH_MB))
    check_before_opening(tight)
    assert "磁盘空间不足" in warning_of_room(tight)
