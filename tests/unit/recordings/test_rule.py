"""The rule by which recordings are kept: read from the profile, wrong ones delete nothing."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import SHANGHAI
from recordings.rule import FILE, KeepingRuleWrong, NoKeepingRule, Rule, read_rule
from tests.house.tree import ROOT

RIGHT = "[keep]\ndays = 730\nopen_ticket_days = 0\nevery_night = true\n"


def written(folder: Path, text: str) -> Path:
    file = folder / FILE
    file.write_text(text, encoding="utf-8")
    return file


def test_the_default_profile_keeps_two_years_and_every_open_work_order() -> None:
    rule = read_rule(ROOT / "profiles" / "default" / FILE)
    assert rule == Rule(days=730, open_ticket_days=0, every_night=True)


def test_the_day_of_the_call_does_not_count() -> None:
    rule = Rule(days=10, open_ticket_days=0, every_night=True)
    for hour in (0, 23):
        begun = datetime(2026, 3, 2, hour, 30, tzinfo=SHANGHAI)
        assert rule.last_day(begun, ticket_open=False) == date(2026, 3, 12)


def test_a_call_in_another_zone_has_the_day_of_the_hotline() -> None:
    begun = datetime.fromisoformat("2026-03-01T17:00:00+00:00")
    rule = Rule(days=1, open_ticket_days=0, every_night=True)
    assert rule.last_day(begun, ticket_open=False) == date(2026, 3, 3)


def test_an_open_work_order_keeps_without_end_or_longer_never_shorter() -> None:
    begun = datetime(2026, 3, 2, tzinfo=SHANGHAI)
    days = {
        open_days: Rule(days=10, open_ticket_days=open_days, every_night=True).last_day(
            begun, ticket_open=True
        )
        for open_days in (0, 3, 20)
    }
    assert days == {0: None, 3: date(2026, 3, 12), 20: date(2026, 3, 22)}


def test_what_began_at_the_limit_is_kept_one_day_longer() -> None:
    rule = Rule(days=10, open_ticket_days=0, every_night=True)
    limit = rule.begun_before(date(2026, 3, 13))
    assert limit == datetime(2026, 3, 3, tzinfo=SHANGHAI)
    assert rule.last_day(limit, ticket_open=False) == date(2026, 3, 13)
    assert rule.last_day(limit - timedelta(seconds=1), ticket_open=False) == date(2026, 3, 12)


def test_a_profile_without_a_rule_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoKeepingRule, match="不会删除任何录音"):
        read_rule(tmp_path / FILE)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "[keep]"),
        ("keep = 5", "[keep]"),
        (RIGHT + "[other]\n", "[keep]"),
        (RIGHT + "dayz = 3\n", "dayz"),
        (RIGHT.replace("days = 730", "days = 0"), "days"),
        (RIGHT.replace("days = 730", "days = -1"), "days"),
        (RIGHT.replace("days = 730", "days = 1.5"), "days"),
        (RIGHT.replace("days = 730", "days = true"), "days"),
        (RIGHT.replace("days = 730", 'days = "730"'), "days"),
        (RIGHT.replace("days = 730", "days = 99999999"), "days"),
        (RIGHT.replace("days = 730\n", ""), "days"),
        (RIGHT.replace("open_ticket_days = 0", "open_ticket_days = -1"), "open_ticket_days"),
        (RIGHT.replace("every_night = true", 'every_night = "yes"'), "every_night"),
        (RIGHT.replace("every_night = true", ""), "every_night"),
        ("[keep", "TOML"),
    ],
)
def test_a_wrong_rule_is_named_and_deletes_nothing(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(KeepingRuleWrong, match="不会删除任何录音") as wrong:
        read_rule(written(tmp_path, text))
    assert named in str(wrong.value)


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeepingRuleWrong, match="TOML"):
        read_rule(tmp_path / FILE)
