"""统计口径: what a hotline may write in figures.toml."""

from pathlib import Path

import pytest

from queue_manager.figures.policy import Policy, PolicyWrong, read_policy
from tests.house.tree import ROOT


def written(folder: Path, text: str) -> Path:
    (folder / "figures.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_default_profile_says_the_defaults() -> None:
    assert read_policy(ROOT / "profiles" / "default") == Policy()


def test_a_profile_without_the_file_has_the_defaults(tmp_path: Path) -> None:
    assert read_policy(tmp_path) == Policy()


def test_what_is_written_is_meant(tmp_path: Path) -> None:
    policy = read_policy(
        written(tmp_path, 'threshold_seconds = 10\ntest_numbers = ["8001"]\nrobot_numbers = ["0086*"]\n')
    )
    assert (policy.threshold_seconds, policy.short_seconds) == (10, 5)
    assert [policy.flag_of(number) for number in ("8001", "80011", "0086123", "13900000000", "")] == [
        "test",
        "",
        "robot",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("treshold_seconds = 15", "treshold_seconds"),
        ("threshold_seconds = 0", "threshold_seconds = 0"),
        ("threshold_seconds = true", "threshold_seconds"),
        ("threshold_seconds = 1.5", "1.5"),
        ("connect_rate_target = 101", "101"),
        ("test_numbers = [8001]", "test_numbers"),
        ('robot_numbers = ["*"]', "robot_numbers"),
        ('robot_numbers = "139"', "robot_numbers"),
        ("short_seconds 5", "figures.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PolicyWrong, match="统计口径文件") as wrong:
        read_policy(written(tmp_path, text))
    assert said in str(wrong.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "figures.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyWrong):
        read_policy(tmp_path)
