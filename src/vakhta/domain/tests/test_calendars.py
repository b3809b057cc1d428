"""Working days, local hours, and time that passes between two moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vakhta.domain.calendars import RUSSIA, add_working_days, end_of_day, overlap, spend

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-11-24", True),
        ("2026-11-28", False),  # Saturday
        ("2026-01-09", False),  # moved
        ("2026-12-31", False),  # moved
        ("2026-03-09", False),  # 8 March was a Sunday
        ("2025-11-01", True),  # a working Saturday
        ("2027-02-20", True),  # a working Saturday
        ("2027-02-22", False),  # for it
        ("2027-01-11", True),
        ("2030-05-09", False),  # a year without its decree: fixed holidays and weekends
        ("2030-05-10", True),
    ],
)
def test_a_day_is_working_or_not(day: str, working: bool) -> None:
    assert RUSSIA.is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize("year", sorted(RUSSIA.years))
def test_the_calendar_agrees_with_a_kept_library(year: int) -> None:
    holidays = pytest.importorskip("holidays", reason="the package holidays is not installed")
    off = holidays.Russia(years=year)
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(366)]
    differ = [day for day in days if day.year == year and RUSSIA.is_working(day) != off.is_working_day(day)]
    assert differ == []


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-24", 1, "2026-11-25"),
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-11-28", 1, "2026-11-30"),  # from a day off
        ("2026-12-30", 1, "2027-01-11"),  # over the new year
        ("2026-12-25", 10, "2027-01-19"),
        ("2027-02-19", 1, "2027-02-20"),  # to a working Saturday
        ("2027-02-20", 1, "2027-02-24"),
    ],
)
def test_working_days_are_counted_from_the_next_day(day: str, count: int, last: str) -> None:
    assert add_working_days(date.fromisoformat(day), count, RUSSIA) == date.fromisoformat(last)


def test_a_day_ends_by_its_own_clocks() -> None:
    assert end_of_day(date(2026, 11, 24), MOSCOW) == datetime(2026, 11, 24, 20, 59, 59, 999999, UTC)
    assert end_of_day(date(2026, 10, 25), BERLIN) == datetime(2026, 10, 25, 22, 59, 59, 999999, UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-28T22:00", 2, "2026-03-29T09:00"),  # the night that Berlin loses an hour of
        ("2026-10-24T22:00", 2, "2026-10-25T09:00"),  # and gains one
        ("2026-12-31T22:30", 1, "2027-01-01T08:30"),
        ("2026-11-24T10:00", 31, "2026-11-26T11:00"),  # 13 + 15 + 3
    ],
)
def test_time_passes_inside_the_window(start: str, hours: int, end: str) -> None:
    begin, expected = (datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (start, end))
    assert spend(begin, timedelta(hours=hours), BERLIN, (8, 23)) == expected


def test_an_hour_is_an_hour_when_clocks_are_moved() -> None:
    start = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    assert spend(start, timedelta(hours=1), BERLIN) == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


def test_pauses_are_cut_out_inside_the_window_only() -> None:
    def local(day: int, hour: int) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=MOSCOW)

    night = [(local(24, 23), local(25, 8))]
    assert spend(local(24, 22), timedelta(hours=2), MOSCOW, (8, 23), night) == local(25, 9)
    evening = [(local(24, 22), local(25, 9))]
    assert spend(local(24, 22), timedelta(hours=2), MOSCOW, (8, 23), evening) == local(25, 11)


def test_only_the_part_of_a_pause_inside_counts() -> None:
    def local(hour: int) -> datetime:
        return datetime(2026, 11, 24, hour, tzinfo=UTC)

    gaps = [(local(1), local(3)), (local(5), local(9)), (local(12), local(13))]
    assert overlap(gaps, local(2), local(7)) == timedelta(hours=3)
