"""The clock: aware instants in Shanghai."""

from datetime import UTC, datetime, timedelta

from core.clock import SHANGHAI, SystemClock, from_epoch


def test_the_system_clock_shows_the_present_in_shanghai() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(hours=8)


def test_asterisks_seconds_become_an_instant_in_shanghai() -> None:
    assert from_epoch(1772413200.25) == datetime(2026, 3, 2, 9, 0, 0, 250000, tzinfo=SHANGHAI)
