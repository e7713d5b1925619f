"""Hashes of numbers: one per caller, none without the key, and every look-up noted."""

import json
import re
import stat
from pathlib import Path

import pytest

from app.call_log_numbers import AUDIT, NoNumber, hash_of, looked_up, plain_number
from tests.fakes.call_log import KEY
from tests.fakes.clock import StandingClock

NUMBER = "13812345678"


@pytest.mark.parametrize(
    "written",
    [NUMBER, "013812345678", "+8613812345678", "008613812345678", "8613812345678", "138-1234 5678"],
)
def test_all_writings_of_a_mobile_number_are_one_number(written: str) -> None:
    assert plain_number(written) == NUMBER
    assert hash_of(written, KEY) == hash_of(NUMBER, KEY)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("0735-2881234", "07352881234"),
        ("+867352881234", "07352881234"),
        ("00861088881234", "01088881234"),
        ("01088881234", "01088881234"),
        ("110", "110"),
        ("+4930123456", "+4930123456"),
        ("anonymous", "anonymous"),
    ],
)
def test_other_numbers_stay_apart(written: str, plain: str) -> None:
    assert plain_number(written) == plain


def test_no_hash_looks_like_a_number() -> None:
    hashes = {hash_of(f"138{number:08d}", KEY) for number in range(2000)}
    assert len(hashes) == 2000
    assert all(re.fullmatch("[a-z]{12}", one) for one in hashes)


def test_another_key_gives_another_hash() -> None:
    assert hash_of(NUMBER, KEY) != hash_of(NUMBER, "another key")
    assert hash_of("", KEY) == ""


def test_a_look_up_is_noted_with_who_and_when_and_without_the_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "wang")
    found = looked_up("138 1234 5678", KEY, tmp_path, StandingClock())
    assert found == hash_of(NUMBER, KEY)
    [line] = (tmp_path / AUDIT).read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "at": "2026-03-02T09:00:00.000+08:00",
        "what": "查号码指纹",
        "who": "wang",
        "number": "138****5678",
        "number_hash": found,
    }
    assert stat.S_IMODE((tmp_path / AUDIT).stat().st_mode) & 0o007 == 0


def test_a_look_up_that_cannot_be_noted_is_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        looked_up(NUMBER, KEY, tmp_path / "missing", StandingClock())


@pytest.mark.parametrize("typed", ["", "12", "1381234567x", "一三八", "1" * 21, "138;5678", "+"])
def test_what_is_no_number_is_refused_and_not_noted(tmp_path: Path, typed: str) -> None:
    with pytest.raises(NoNumber):
        looked_up(typed, KEY, tmp_path, StandingClock())
    assert not (tmp_path / AUDIT).exists()
