"""The only clock of the system. Everything else gets moments as arguments."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, with zone UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place


def today(at: datetime | None = None) -> date:
    """The day of a moment (now, when none is named) by the calendar on the service's wall,
    `VAKHTA_TIME_ZONE`: from which day an agreement, a term or a token holds."""
    return timezone.localdate(at or now(), timezone.get_default_timezone())
