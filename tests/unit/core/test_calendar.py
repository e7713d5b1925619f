"""The working calendar: holidays moved about, make-up days, and no guess past the end of the tables."""

from datetime import date

import pytest

from core.calendar import DAY, CalendarEnds, WorkingCalendar, national_calendar

NATIONAL = national_calendar()
MAKE_UP_DAYS = {
    2024: ("02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"),
    2025: ("01-26", "02-08", "04-27", "09-28", "10-11"),
    2026: ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
}
RECEIVED = [
    # received, +1, +3, +5, +7 working days, the next day being the first
    ("2024-02-02", "02-04", "02-06", "02-08", "02-18"),
    ("2024-04-26", "04-28", "04-30", "05-07", "05-09"),
    ("2024-09-27", "09-29", "10-08", "10-10", "10-12"),
    ("2025-01-24", "01-26", "02-05", "02-07", "02-10"),
    ("2025-04-25", "04-27", "04-29", "05-06", "05-08"),
    ("2025-09-26", "09-28", "09-30", "10-10", "10-13"),
    ("2025-09-30", "10-09", "10-11", "10-14", "10-16"),
    ("2026-02-13", "02-14", "02-25", "02-27", "03-02"),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("row", RECEIVED, ids=lambda row: row[0])
def test_working_days_count_from_the_next_day(row: tuple[str, ...]) -> None:
    received, *expected = row
    got = [NATIONAL.working_day(day(received), number) for number in (1, 3, 5, 7)]
    assert got == [day(f"{received[:4]}-{text}") for text in expected]


@pytest.mark.parametrize("year", MAKE_UP_DAYS)
def test_the_weekends_that_are_worked_are_those_that_were_announced(year: int) -> None:
    days = [date(year, 1, 1) + DAY * step for step in range(366)]
    worked = [one for one in days if one.year == year and one.weekday() > 4 and NATIONAL.is_working_day(one)]
    assert tuple(f"{one:%m-%d}" for one in worked) == MAKE_UP_DAYS[year]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-02-12", "工作日"),
        ("2026-02-14", "调休上班(春节)"),
        ("2026-02-17", "放假(春节)"),
        ("2026-03-01", "周末"),
    ],
)
def test_it_says_what_kind_of_day_it_is(text: str, said: str) -> None:
    assert NATIONAL.why(day(text)) == said


def test_counting_between_days_is_the_other_way_round() -> None:
    begin = day("2025-01-24")
    for number in range(1, 15):
        assert NATIONAL.working_days_between(begin, NATIONAL.working_day(begin, number)) == number
    assert NATIONAL.working_days_between(begin, begin) == 0


def test_no_days_later_is_the_same_day_or_the_next_that_is_worked() -> None:
    assert NATIONAL.working_day(day("2025-01-24"), 0) == day("2025-01-24")
    assert NATIONAL.working_day(day("2025-01-28"), 0) == day("2025-02-05")


def test_past_the_end_of_the_tables_nothing_is_guessed() -> None:
    last = NATIONAL.last
    with pytest.raises(CalendarEnds, match=rf"calendar\.toml.*last={last}"):
        NATIONAL.working_day(last, 1)
    with pytest.raises(CalendarEnds):
        NATIONAL.is_working_day(NATIONAL.first - DAY)


def test_one_is_warned_before_limits_reach_past_the_end() -> None:
    assert not NATIONAL.ends_before(NATIONAL.last - DAY * 30, 7)
    assert NATIONAL.ends_before(NATIONAL.last - DAY * 5, 7)


class TestOwnDays:
    def test_a_city_may_rest_and_work_on_days_of_its_own(self) -> None:
        own = NATIONAL.with_days({day("2026-04-20"): "三月三"}, {day("2026-04-25"): "三月三"}, NATIONAL.last)
        assert not own.is_working_day(day("2026-04-20"))
        assert own.is_working_day(day("2026-04-25"))
        assert own.why(day("2026-04-25")) == "调休上班(三月三)"

    def test_its_own_days_win_over_the_nations(self) -> None:
        work, rest = day("2026-02-17"), day("2026-02-14")
        own = NATIONAL.with_days({rest: "本地"}, {work: "本地"}, NATIONAL.last)
        assert own.is_working_day(work)
        assert not own.is_working_day(rest)

    def test_with_the_next_year_it_reaches_further(self) -> None:
        end = date(NATIONAL.last.year + 1, 12, 31)
        own = NATIONAL.with_days({NATIONAL.last + DAY: "元旦"}, {}, end)
        assert own.working_day(NATIONAL.last, 1) > NATIONAL.last + DAY
        assert own.last == end

    def test_the_version_tells_by_which_days_one_counted(self) -> None:
        rest = {day("2026-04-20"): "三月三"}
        own = NATIONAL.with_days(rest, {}, NATIONAL.last)
        assert NATIONAL.version.startswith("chinesecalendar-")
        assert own.version.startswith(f"{NATIONAL.version}+")
        assert own.version == NATIONAL.with_days(rest, {}, NATIONAL.last).version
        assert own.version != NATIONAL.with_days({}, rest, NATIONAL.last).version

    def test_without_any_it_is_the_nations(self) -> None:
        same: WorkingCalendar = NATIONAL.with_days({}, {}, NATIONAL.last)
        assert same is NATIONAL
