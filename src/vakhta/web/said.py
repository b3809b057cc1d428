"""What forms say, read once for all pages: whole numbers and local moments. Nothing is guessed."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vakhta.kernel.refusal import Invalid

YEARS = range(2000, 2101)
"""A year outside is a slip of the finger; the calendar's ends cannot be told in another zone."""


def whole(text: str) -> int | None:
    """A number that a row may have; None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def local_moment(text: str, zone: str, field: str) -> datetime | None:
    """A moment on the clock of `zone`; None when it was left empty."""
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Дата и время не читаются: нужно вроде 24.11.2026 14:30."), field) from None
    if moment.year not in YEARS:
        raise Invalid(_("Год должен быть от 2000 до 2100: проверьте дату."), field)
    return moment.replace(tzinfo=ZoneInfo(zone))


def day_and_time(day: str, hour: str, zone: str, field: str) -> datetime | None:
    """The same from two fields; a day without a time is its last minute."""
    last = time(23, 59).isoformat("minutes")
    return local_moment(f"{day}T{hour.strip() or last}", zone, field) if day.strip() else None
