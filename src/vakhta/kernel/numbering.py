"""Gapless numbers: per journal-keeping centre, series and year, taken last.

A gap in a register is the first thing that an inspector asks about, so the counter is a row, not
a sequence: what rolls back gives its number back. The row is locked until commit; therefore the
number is taken when everything else of the change is done, just before the journal is written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from vakhta.kernel import journal


def give_number(series: str, *, centre: int, at: datetime, zone: str, then: Callable[[str], None]) -> None:
    """At the end of the running change takes the next number and calls `then` with its text,
    e.g. "26-204337". `then` writes it into the row and into the pending fact that carries it.
    The year is that of `at` in `zone`."""
    year = at.astimezone(ZoneInfo(zone)).year

    def take() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO numbering_counter (centre_id, series, year, last) VALUES (%s, %s, %s, 1) "
                "ON CONFLICT (centre_id, series, year) DO UPDATE SET last = numbering_counter.last + 1 "
                "RETURNING last",
                [centre, series, year],
            )
            last = cursor.fetchone()[0]
        then(f"{year % 100:02d}-{last}")

    journal.current_unit().before_writing(take)
