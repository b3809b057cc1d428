"""Days and times as people write them in a journal: «12.03.24 8:40», «12 марта 2024 г.», a number of Excel's days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

FIRST_YEAR = 1990
"""A journal of an earlier year is a slip."""
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_WORDED = re.compile(r"(?<!\d)(\d{1,2})\s+([а-я]{3,8})\.?\s+(\d{4}|\d{2})(?!\d)")
_TIME = re.compile(r"(?<![\d.])(\d{1,2})\s?(?:[:.\-]|ч(?:ас\w*)?\.?)\s?(\d{2})(?:\s?[:.]\s?\d{2})?(?![\d.])")
_HOUR = re.compile(r"(?<![\d.])(\d{1,2})\s?ч(?:ас\w*)?\b")
_HALF = re.compile(r"\s?([ap])\.?m\b")
"""Of the day, as an English Excel writes it: «9:15 PM»."""
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_FRACTION = re.compile(r"0?[.,]\d+")
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of Excel, as it counts from March 1900 on."""


def written_moment(text: str, this_year: int) -> tuple[date, time | None] | None:
    """The day, and the time when there is one; None when it is no moment. `this_year`: years of two figures up to it
    are of this century."""
    said = " ".join(text.casefold().replace("t", " ").split())
    if _SERIAL.fullmatch(said):
        moment = _EPOCH + timedelta(minutes=round(float(said.replace(",", ".")) * 1440))
        return moment.date(), None if said.isdigit() else moment.time()
    found = _ISO.search(said) or _DAY.search(said) or _WORDED.search(said)
    if found is None:
        return None
    if found.re is _ISO:
        year, month, day = found[1], found[2], found[3]
    else:
        day, month, year = found[1], found[2] if found.re is _DAY else _month(found[2]), found[3]
    rest = f"{said[: found.start()]} {said[found.end() :]}"
    at = written_time(rest)
    if at is None and _TIME.search(rest):
        return None  # «25:10»
    try:
        return date(_year(year, this_year), int(month), int(day)), at
    except ValueError:
        return None


def written_time(text: str) -> time | None:
    """«8:40», «08-40», «8.40», «8 ч 40 мин», «8:40 PM», a part of Excel's day; None when there is none."""
    said = text.strip().casefold()
    if _FRACTION.fullmatch(said):
        part = round(float(said.replace(",", ".")) * 1440)
        return time(part // 60 % 24, part % 60)
    if found := _TIME.search(said):
        hours, minutes = int(found[1]), int(found[2])
    elif found := _HOUR.search(said):
        hours, minutes = int(found[1]), 0
    else:
        return None
    if half := _HALF.match(said, found.end()):
        if not 1 <= hours <= 12:
            return None  # «21:15 PM»
        hours = hours % 12 + (12 if half[1] == "p" else 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _month(word: str) -> str:
    """The number of a month's word; "0", which is none, for another word."""
    return str(next((place for place, stem in enumerate(_MONTHS, 1) if word.startswith(stem)), 0))


def _year(said: str, this_year: int) -> int:
    if len(said) == 4:
        return int(said)
    century = this_year // 100 * 100
    return century + int(said) if int(said) <= this_year % 100 else century - 100 + int(said)
