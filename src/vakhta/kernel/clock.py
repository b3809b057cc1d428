"""The only clock of the system. Everything else gets moments as arguments."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, with zone UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place
