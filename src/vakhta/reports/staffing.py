"""How many operators are needed by the hour: from the service's own calls, or from its accounts while there are few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, F, Min, Q, QuerySet
from django.db.models.functions import ExtractHour

from vakhta.contacts.models import Interaction
from vakhta.domain import staffing
from vakhta.domain.staffing import Hour
from vakhta.places.models import Account

BACK = timedelta(days=28)
"""Four whole weeks: each day of the week counts alike."""
ENOUGH = 200
"""Calls below which a history tells nothing of single hours."""
LONGEST = timedelta(minutes=30)
"""A contact that was held longer was not spoken with all the while."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the calls are reckoned from. `days`: whole days of history, 0 when it is the accounts."""

    handling: float
    """Seconds."""
    days: int
    counted: int
    """Calls of the history, whether it was enough or not."""
    accounts: int


@dataclass(frozen=True, kw_only=True)
class Staffing:
    basis: Basis
    level: float
    hours: tuple[Hour, ...]

    @property
    def most(self) -> Hour:
        return max(self.hours, key=lambda hour: (hour.operators, hour.calls))

    @property
    def least(self) -> int:
        return min(hour.operators for hour in self.hours)

    @property
    def people(self) -> float:
        return staffing.people(self.hours)


def staffing_of(
    now: datetime,
    zone: str,
    *,
    accounts: int | None = None,
    handling: float | None = None,
    level: float = staffing.LEVEL,
) -> Staffing:
    """Of what the running scope sees. `accounts`: reckons with so many instead of the history; `handling`: seconds
    instead of the history's. Three queries at most. Raises ValueError when no room could hold so many operators."""
    today = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time.min, ZoneInfo(zone))
    known = Interaction.objects.filter(
        received_at__gte=today - BACK, received_at__lt=today, channel__in=Interaction.SPOKEN
    )
    by_hour, days, took = _history(known, today, zone)
    counted = sum(by_hour.values())
    is_own = accounts is None and counted >= ENOUGH and days > 0
    homes = accounts if accounts is not None else 0 if is_own else Account.objects.count()
    calls = [by_hour.get(hour, 0) / days for hour in range(24)] if is_own else staffing.of_accounts(homes)
    basis = Basis(
        handling=handling or (took if is_own and took else staffing.HANDLING),
        days=days if is_own else 0,
        counted=counted,
        accounts=homes,
    )
    return Staffing(basis=basis, level=level, hours=tuple(staffing.day(calls, basis.handling, level=level)))


def _history(known: QuerySet[Interaction], today: datetime, zone: str) -> tuple[dict[int, int], int, float]:
    """(calls by the hour, over how many whole days, the mean of seconds that a call took). Two queries."""
    rows = known.order_by().annotate(hour=ExtractHour("received_at", tzinfo=ZoneInfo(zone)))
    by_hour = dict(rows.values("hour").annotate(count=Count("pk")).values_list("hour", "count"))
    held = Q(
        answered_at__isnull=False, ended_at__gt=F("answered_at"), ended_at__lt=F("answered_at") + LONGEST
    )
    told = known.aggregate(first=Min("received_at"), took=Avg(F("ended_at") - F("answered_at"), filter=held))
    days = -(-(today - told["first"]) // timedelta(days=1)) if told["first"] else 0
    return by_hour, days, told["took"].total_seconds() if told["took"] else 0.0
