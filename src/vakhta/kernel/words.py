"""How screens, papers and letters say moments, spans, phones and ticket numbers. Pure: «now» is an argument.

One rule for all surfaces: 24-hour times, «24 ноября, вт» with the year only when it is another
one, digits grouped for the voice, the building's zone named when it is not the operator's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import phonenumbers
from django.utils import dateformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vakhta.domain.norms import plural

NBSP = "\u00a0"
MINUS = "\u2212"
P = ParamSpec("P")
Said = TypeVar("Said")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def by_language(says: Callable[P, Said]) -> Callable[P, Said]:
    """Remembers what is said, each language apart, where nothing but the arguments decides it. A word of the catalogue is
    four microseconds, most of them to find out the language, and a list asks for a thousand."""

    @lru_cache(maxsize=1024)
    def kept(_language: str | None, *args: P.args, **kwargs: P.kwargs) -> Said:
        return says(*args, **kwargs)

    @wraps(says)
    def said(*args: P.args, **kwargs: P.kwargs) -> Said:
        return kept(get_language(), *args, **kwargs)  # type: ignore[arg-type]  # all are asked to be hashable

    return said


def counted_words(number: int, one: str, few: str, many: str) -> str:
    """The words behind a number: «1 звонок ждёт», «2 звонка ждут», «5 звонков ждут». Russian has three forms, the
    catalogue two: the first and the last are its entry."""
    return plural(number, one, few, many) if is_russian() else ngettext(one, many, number)


def number_words(number: str) -> str:
    """«26-204337» → «26-204 337»: year, then digits by three from the end, not breakable."""
    year, dash, serial = number.rpartition("-")
    groups: list[str] = []
    while len(serial) > 3 and serial.isdigit():
        groups.insert(0, serial[-3:])
        serial = serial[:-3]
    return year + dash + NBSP.join([serial, *groups])


def short_name(name: str) -> str:
    """«Иванова Ольга Петровна» → «Иванова О. П.»; of nobody's name nothing."""
    family, *given = name.split() or [""]
    return " ".join([family, *(f"{part[0]}." for part in given)])


_BOUND = re.compile(
    r" (?:(?<=№ )|(?=(?:к|корп|стр|лит)\.? ?\d)"
    r"|(?<=[А-ЯЁA-Z]\. )(?=[А-ЯЁA-Z]\.)|(?<=[а-яёa-z] )(?=[А-ЯЁA-Z]\.(?:[ ,;)]|$))"
    r"|(?<=[а-яё]\. )(?=\d)|(?<=бригад[а-я] )(?=\d)"
    r"|(?<=\d )(?=мин|час|сут|сек|рабоч|ден|дн|дом|лет|год|[чс]\b|[₽%]|\d?\d:\d\d)"
    r"|(?<=\d )(?=янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)|(?<=[ая] )(?=20\d\d\b)"
    r"|(?<=\d\d:\d\d )(?=– \d)|(?<=\d\d:\d\d – )(?=\d\d:\d\d)"
    r"|(?<=\+7 )(?=\d{3}\b)|(?<=\+7 \d{3} )(?=\d{3}-))"
)
"""Spaces inside what is one: «№ 416», «18 к3», «кв. 5», «бригада 4», «30 минут», «25.11 02:10», «15 декабря 2026»,
«14:36 – 18:36», «+7 916 123-45-67», «Задорожный В. С.»."""


@lru_cache(maxsize=4096)
def bound(text: str) -> str:
    """The same words, where a number, a house and a name are not broken over two lines."""
    return _BOUND.sub(NBSP, text)


def inside(title: str) -> str:
    """A title as it stands inside a sentence: «Сообщить сроки» → «сообщить сроки»; «ВРУ: автоматы» stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def grouped(count: int) -> str:
    """«20 000», not breakable; four figures stand together."""
    return str(count) if count < 10_000 else f"{count:,}".replace(",", NBSP)


@lru_cache(maxsize=4096)
def phone_words(phone: str) -> str:
    """«+79161234567» → «+7 916 123-45-67». What is no whole phone is shown as it was written: set into groups, it would
    be read as another one the next time."""
    if len(phone) < 10:
        return phone  # 112, 104, a town's six figures: such numbers belong to no country
    try:
        parsed = phonenumbers.parse(phone, "RU")
    except phonenumbers.NumberParseException:
        return phone
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return phone
    digits = phonenumbers.national_significant_number(parsed)
    if parsed.country_code == 7 and len(digits) == 10:
        return f"+7{NBSP}{digits[:3]}{NBSP}{digits[3:6]}-{digits[6:8]}-{digits[8:]}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def phone_link(phone: str) -> str:
    """The address of a call: «tel:+79161234567»."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)


def time_words(moment: datetime, zone: str, *, seconds: bool = False) -> str:
    """«14:05», or «14:05:09» with `seconds`, in `zone`."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_words(moment: datetime, zone: str, now: datetime) -> str:
    """«24 ноября, вт»; «24 ноября 2025, пн» when the year of `now` is another one."""
    day, today = moment.astimezone(ZoneInfo(zone)).date(), now.astimezone(ZoneInfo(zone)).date()
    return _day_words(day, with_year=day.year != today.year)


@by_language
def _day_words(day: date, *, with_year: bool) -> str:
    weekday = dateformat.format(day, "D")
    return f"{_date_words(day, with_year=with_year)}, {weekday.lower() if is_russian() else weekday}"


def _date_words(day: date, *, with_year: bool) -> str:
    said = dateformat.format(day, "j E").replace(" ", NBSP)
    return f"{said}{NBSP}{day.year}" if with_year else said


def is_russian() -> bool:
    """Is the running language Russian? It writes days of the week small."""
    return (get_language() or "ru").startswith("ru")


def typed(value: date | str | None) -> str:
    """A day or a moment as a field holds it: «24.11.2026», «24.11.2026 14:30». What somebody typed, and
    a bare time, stay as they are."""
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if value and _ISO.match(value):
        try:
            return typed(datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value))
        except ValueError:
            return value
    return value or ""


def zone_words(zone: str, moment: datetime) -> str:
    """How a zone is called aloud: «МСК», «МСК+2», by its offset at `moment`."""
    there = moment.astimezone(ZoneInfo(zone)).utcoffset()
    moscow = moment.astimezone(ZoneInfo("Europe/Moscow")).utcoffset()
    assert there is not None and moscow is not None
    minutes = int((there - moscow).total_seconds() // 60)
    if minutes == 0:
        return _("МСК")
    sign = "+" if minutes > 0 else MINUS
    hours, rest = divmod(abs(minutes), 60)
    return _("МСК") + sign + (f"{hours}:{rest:02d}" if rest else str(hours))


def moment_words(moment: datetime, zone: str, now: datetime, home: str = "", *, seconds: bool = False) -> str:
    """«14:05» today, «14:05, 24 ноября, вт» on another day; the zone is named when it is not `home`."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    said = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    if local.date() != today.date():
        said = f"{said}, {_day_words(local.date(), with_year=local.year != today.year)}"
    if home and home != zone and zone_words(home, moment) != zone_words(zone, moment):
        said = f"{said} ({zone_words(zone, moment)})"
    return said


def is_one_day(since: datetime, until: datetime, zone: str) -> bool:
    return since.astimezone(ZoneInfo(zone)).date() == until.astimezone(ZoneInfo(zone)).date()


def window_words(since: datetime, until: datetime | None, zone: str, now: datetime) -> str:
    """«12:00 – 13:00» today, «12:00 – 13:00, 24 ноября, вт» on another day; each end with its own day when a
    midnight is between them. Without an end just the beginning."""
    if until is None:
        return moment_words(since, zone, now)
    if is_one_day(since, until, zone):
        return f"{time_words(since, zone)} – {moment_words(until, zone, now)}"
    return f"{moment_words(since, zone, now)} – {moment_words(until, zone, now)}"


def written_moment(moment: datetime, zone: str, now: datetime) -> str:
    """«18:00 27 ноября» as a letter writes it, which is read on another day than `now`, when it is written;
    the year only when it is another one."""
    local = moment.astimezone(ZoneInfo(zone))
    day = _date_words(local.date(), with_year=local.year != now.astimezone(ZoneInfo(zone)).year)
    return _("%(time)s %(day)s") % {"time": f"{local:%H:%M}", "day": day}


def clause(text: str) -> str:
    """Somebody's words as the end of a sentence of ours: without the mark that they end with."""
    return text.strip().rstrip(" .!…;,:")


def span_words(seconds: float) -> str:
    """Time left or passed, without a sign: «04:12», «2 ч 05 мин», «3 дн 4 ч». `clock.js` says the same."""
    total = int(abs(seconds))
    minutes, secs = divmod(total, 60)
    hours, mins = divmod(minutes, 60)
    days, hrs = divmod(hours, 24)
    if days:
        return _("%(days)d дн %(hours)d ч") % {"days": days, "hours": hrs}
    if hours:
        return _("%(hours)d ч %(minutes)02d мин") % {"hours": hours, "minutes": mins}
    return f"{minutes:02d}:{secs:02d}"


def length_words(seconds: float) -> str:
    """The same in a sentence or on paper, where «16:33» would be read as the hour: «16 мин», «40 с»."""
    minutes, secs = divmod(int(abs(seconds)), 60)
    if minutes >= 60:
        return span_words(seconds)
    if minutes >= 10 or (minutes and not secs):
        return _("%(minutes)d мин") % {"minutes": minutes}
    if minutes:
        return _("%(minutes)d мин %(seconds)02d с") % {"minutes": minutes, "seconds": secs}
    return _("%(seconds)d с") % {"seconds": secs}
