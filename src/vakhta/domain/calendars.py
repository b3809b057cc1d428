"""Local hours, working days, and how much time passes between two moments. No clock is read here.

All arithmetic is done in UTC: Python adds hours to a local moment by its wall clock, which is an
hour wrong on the days when clocks are moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]

_NO_PLACE = ("localtime", "Factory", "posixrules", "posix/", "right/")
"""Files among the zones that mean «whatever this machine has» or another clock with leap seconds."""

FIXED_HOLIDAYS = frozenset(
    [(1, day) for day in range(1, 9)] + [(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)]
)
"""ТК РФ ст. 112: (month, day)."""


def zone_of(name: str) -> ZoneInfo:
    """The zone of a place, "Europe/Moscow". Raises ValueError for any other word."""
    if name.startswith(_NO_PLACE):
        raise ValueError(name)
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(name) from error


@dataclass(frozen=True)
class ProductionCalendar:
    """Производственный календарь: weekends and ТК ст. 112 holidays, changed by moved days.

    `days_off` and `working` hold only what is moved. For a year outside `years` the Government's
    decree is not known yet: weekends and fixed holidays alone are counted.
    """

    years: frozenset[int]
    days_off: frozenset[date]
    working: frozenset[date]

    def is_working(self, day: date) -> bool:
        if day in self.working:
            return True
        fixed = (day.month, day.day) in FIXED_HOLIDAYS
        return not (fixed or day.weekday() >= 5 or day in self.days_off)


RUSSIA = ProductionCalendar(
    years=frozenset({2025, 2026, 2027}),
    days_off=frozenset(
        {
            # 2025, постановление от 04.10.2024 № 1335
            date(2025, 5, 2),
            date(2025, 5, 8),
            date(2025, 6, 13),
            date(2025, 11, 3),
            date(2025, 12, 31),
            # 2026: moved by decree (9 January, 31 December) and by ТК ст. 112 (9 March, 11 May)
            date(2026, 1, 9),
            date(2026, 3, 9),
            date(2026, 5, 11),
            date(2026, 12, 31),
            # 2027: 22 February for the working Saturday, 5 November, 31 December, and by ТК ст. 112
            date(2027, 2, 22),
            date(2027, 5, 3),
            date(2027, 5, 10),
            date(2027, 6, 14),
            date(2027, 11, 5),
            date(2027, 12, 31),
        }
    ),
    working=frozenset({date(2025, 11, 1), date(2027, 2, 20)}),
)


def add_working_days(day: date, count: int, calendar: ProductionCalendar) -> date:
    """The `count`-th working day after `day`, which is not counted itself (ГК РФ ст. 191)."""
    while count > 0:
        day += timedelta(days=1)
        count -= calendar.is_working(day)
    return day


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last moment of a local day (ГК РФ ст. 194), in UTC."""
    return datetime.combine(day, time.max, zone).astimezone(UTC)


def spend(
    start: datetime,
    need: timedelta,
    zone: ZoneInfo,
    window: tuple[int, int] | None = None,
    gaps: Sequence[Span] = (),
) -> datetime:
    """The moment (UTC) when `need` of time has passed since `start`.

    Time passes inside the local hours `window` and outside of `gaps` (pauses: in order, not
    overlapping).
    """
    for begin, end in _open_spans(start.astimezone(UTC), zone, window):
        for free_from, free_to in _without(begin, end, gaps):
            if free_to is None or need <= free_to - free_from:
                return free_from + need
            need -= free_to - free_from
    raise AssertionError("the spans have no end, so they were enough")


def _open_spans(
    start: datetime, zone: ZoneInfo, window: tuple[int, int] | None
) -> Iterator[tuple[datetime, datetime | None]]:
    if window is None:
        yield start, None
        return
    day = start.astimezone(zone).date()
    while True:
        opens, closes = (datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in window)
        if closes > start:
            yield max(opens, start), closes
        day += timedelta(days=1)


def _without(
    begin: datetime, end: datetime | None, gaps: Sequence[Span]
) -> Iterator[tuple[datetime, datetime | None]]:
    """What is left of a span when the gaps are cut out."""
    for gap_from, gap_to in gaps:
        if gap_to <= begin:
            continue
        if end is not None and gap_from >= end:
            break
        if gap_from > begin:
            yield begin, gap_from
        begin = gap_to
    if end is None or begin < end:
        yield begin, end


def overlap(gaps: Sequence[Span], start: datetime, until: datetime) -> timedelta:
    """How much of [start, until] lies inside the gaps."""
    parts = (min(gap_to, until) - max(gap_from, start) for gap_from, gap_to in gaps)
    return sum((part for part in parts if part > timedelta(0)), timedelta(0))
