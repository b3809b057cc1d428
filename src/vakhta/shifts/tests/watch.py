"""Short words for the tests of shifts: December of the cast, a rota for its people."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.cast import Cast

from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import reading
from vakhta.people.models import Staff
from vakhta.shifts import rota
from vakhta.shifts.models import Shift

MOSCOW = ZoneInfo("Europe/Moscow")
DECEMBER = date(2026, 12, 1)
BEFORE = datetime(2026, 11, 29, 12, tzinfo=MOSCOW)
"""When the senior plans December."""


def at(day: int, hour: int = 12, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


def planned(cast: Cast, now: datetime = BEFORE, **firsts: int) -> None:
    """Ivanova, Sidorova … by a day and a night and two days off, each from her day of December."""
    lines = [
        rota.Line(getattr(cast, name).pk, "day_night", date(2026, 12, day)) for name, day in firsts.items()
    ]
    with acting(cast.scope(cast.gromova), at=now):
        rota.make(DECEMBER, lines)


def stands(cast: Cast, staff: Staff, days: int = 8) -> str:
    """The first days of December on the wall: «ДН··»."""
    letters = {"day": "Д", "night": "Н", "full": "С", "office": "Р", "": "·"}
    with reading(cast.scope(cast.gromova)):
        rows = {row.day.day: row.turn for row in Shift.objects.filter(staff=staff, day__month=12)}
    return "".join(letters[rows.get(day, "")] for day in range(1, days + 1))


def told(cast: Cast, *subjects: str) -> list[str]:
    """Kinds of the facts that the journal has of these."""
    with reading(cast.scope(cast.gromova)):
        return [record.fact.kind for record in journal.history(*subjects)]
