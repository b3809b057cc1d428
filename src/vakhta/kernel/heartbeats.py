"""Each running part says every few seconds that it works; `vakhta check` says who has fallen silent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from vakhta.kernel.models import Heartbeat

PARTS = ("live", "followers", "worker", "clock")
"""The parts that beat. Pages say by themselves whether they work: they answer."""
EVERY = timedelta(seconds=10)
SILENT = timedelta(seconds=60)
"""So long a pause is no work any more: a batch of letters ends within half of it."""

BEAT = (
    "INSERT INTO heartbeat (part, at) VALUES (%s, %s) "
    "ON CONFLICT (part) DO UPDATE SET at = greatest(heartbeat.at, excluded.at)"
)
"""Several processes of one part share its row: the part works when any of them does."""


def beat(part: str, last: datetime | None, at: datetime) -> datetime:
    """Writes the beat unless the `last` one is younger than `EVERY`; the moment of the last one."""
    if last is not None and at - last < EVERY:
        return last
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [part, at])
    return at


def beats() -> dict[str, datetime]:
    """Part → its last beat; a part that has never run is missing."""
    return dict(Heartbeat.objects.filter(part__in=PARTS).values_list("part", "at"))
