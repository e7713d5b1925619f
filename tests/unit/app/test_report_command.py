"""``./hotline report``: which circulars are asked for on a day."""

import argparse
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import report
from app.commands.report import NotYetBegun, TopicMissing
from core.clock import SHANGHAI
from tests.house.tree import ROOT
from tickets.circulars.period import Kind

DEFAULT = ROOT / "profiles" / "default"
NOW = datetime(2026, 10, 1, 8, 0, tzinfo=SHANGHAI)


def asked(*words: str) -> argparse.Namespace:
    parser = Arguments(prog="./hotline report")
    report.add_arguments(parser)
    return parser.parse_args([*words, "--out", "circulars"])


def kinds(*words: str, profile: Path = DEFAULT) -> list[Kind]:
    return [one.kind for one in report.asked_on(asked(*words), NOW, profile)]


def test_one_kind_is_of_the_period_of_the_day() -> None:
    (one,) = report.asked_on(asked("monthly", "--date", "2026-09-15"), NOW, DEFAULT)
    assert (one.kind, one.period.name) == (Kind.MONTHLY, "2026年9月")


def test_what_is_regular_is_issued_on_the_day_after_its_period() -> None:
    assert kinds("regular") == [Kind.MONTHLY, Kind.QUARTERLY]
    assert kinds("regular", "--date", "2026-09-28") == [Kind.WEEKLY]
    assert kinds("regular", "--date", "2026-09-29") == []


def test_a_city_decides_what_is_regular(tmp_path: Path) -> None:
    written = (DEFAULT / "circulars.toml").read_text(encoding="utf-8")
    (tmp_path / "circulars.toml").write_text(
        written.replace('"月报", "季度排名", "年度通报"', '"旬报"'), encoding="utf-8"
    )
    assert kinds("regular", profile=tmp_path) == [Kind.TENDAY]


def test_a_period_that_has_not_begun_is_refused() -> None:
    tomorrow = f"{date(2026, 10, 1) + timedelta(days=7)}"
    with pytest.raises(NotYetBegun):
        kinds("weekly", "--date", tomorrow)


def test_a_topic_is_of_a_topic_and_nothing_else() -> None:
    with pytest.raises(TopicMissing):
        report.run(asked("regular", "--topic", "噪音"))


def test_a_district_may_be_asked_for_and_names_no_other_folder() -> None:
    (one,) = report.asked_on(asked("special", "--district", "北湖区"), NOW, DEFAULT)
    assert one.district == "北湖区"
    with pytest.raises(TopicMissing):
        report.run(asked("special", "--district", "../北湖区"))
