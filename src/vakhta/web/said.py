"""What forms say, read once for all pages: whole numbers and local moments. Nothing is guessed but the year of a
day that was said without one."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vakhta.kernel import clock
from vakhta.kernel.refusal import Invalid

YEARS = range(2000, 2101)
"""A year outside is a slip of the finger; the calendar's ends cannot be told in another zone."""
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?", re.ASCII)


def whole(text: str) -> int | None:
    """A number that a row may have; None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def local_day(text: str, field: str, today: date | None = None) -> date | None:
    """A day as people write it, «24.11.2026», «24.11.26» or «24.11», or as ISO; None when it was left empty. Without a
    year it is the nearest such day to `today`: in December «5.01» is of the next year."""
    found = _DAY.fullmatch(text.strip())
    if not text.strip():
        return None
    try:
        if found is None:
            day = date.fromisoformat(text.strip())
        else:
            number, month = int(found[1]), int(found[2])
            day = _of_year(number, month, found[3]) if found[3] else _nearest(number, month, today)
    except ValueError:
        raise Invalid(_("Дата не читается: нужна вроде 24.11.2026."), field) from None
    if day.year not in YEARS:
        raise Invalid(_("Год должен быть от 2000 до 2100: проверьте дату."), field)
    return day


def _of_year(number: int, month: int, year: str) -> date:
    return date(int(year) + (2000 if len(year) == 2 else 0), month, number)


def _nearest(number: int, month: int, today: date | None) -> date:
    """Raises `ValueError` when no year about has such a day."""
    near = today or clock.today()
    days = []
    for year in range(near.year - 1, near.year + 2):
        with suppress(ValueError):  # 29.02
            days.append(date(year, month, number))
    return min(days, key=lambda day: abs(day - near))


def local_moment(text: str, zone: str, field: str, *, until: bool = False) -> datetime | None:
    """A moment on the clock of `zone`, «24.11.2026 14:30» or as ISO; None when it was left empty. A day alone is its
    first minute; `until` a day its last one."""
    day, _space, hour = text.strip().replace("T", " ").partition(" ")
    if not day:
        return None
    try:
        at = time.fromisoformat(_padded(hour or ("23:59" if until else "")))
        if at.tzinfo is not None:
            raise ValueError
        return datetime.combine(local_day(day, field) or date.max, at, ZoneInfo(zone))
    except ValueError:
        raise Invalid(_("Дата и время не читаются: нужно вроде 24.11.2026 14:30."), field) from None


def day_and_time(day: str, hour: str, zone: str, field: str, hour_field: str) -> datetime | None:
    """The same from two fields; a day without a time is its last minute, a time without a day is refused: of
    whichever day it was said, the record would say another or none."""
    if not day.strip():
        if hour.strip():
            raise Invalid(_("Укажите день: время названо без него."), field)
        return None
    try:
        at = time.fromisoformat(_padded(hour)) if hour.strip() else time(23, 59)
    except ValueError:
        raise Invalid(_("Время не читается: нужно вроде 14:30."), hour_field) from None
    return local_moment(f"{day.strip()} {at.isoformat('minutes')}", zone, field)


NIGHT = timedelta(hours=8)
"""So long a visit may go past midnight; an end before its beginning is a slip otherwise."""


def hours(day: str, since: str, until: str, zone: str) -> tuple[datetime | None, datetime | None]:
    """A visit of a day, fields `day`, `since`, `until`: «с 23:35 до 00:35» ends on the next day. Its beginning is
    never guessed."""
    if not since.strip():
        raise Invalid(_("Укажите, с какого времени: нужно вроде 14:30."), "since")
    start = day_and_time(day, since, zone, "day", "since")
    end = day_and_time(day, until, zone, "day", "until") if until else None
    if start is None or end is None or end > start:
        return start, end
    morning = end + timedelta(days=1)
    if morning - start > NIGHT:
        raise Invalid(_("Конец допуска должен быть позже начала."), "until")
    return start, morning


def _padded(hour: str) -> str:
    """«9:05» → «09:05»; a moment without a time is midnight."""
    hour = hour.strip() or "00:00"
    return f"0{hour}" if hour[1:2] == ":" else hour
