"""Which outages stand, and what they concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from vakhta.kernel.kept import Param, kept
from vakhta.places.models import Building, Person, Premises

from .models import STANDS, Outage, OutageBuilding

AHEAD = timedelta(days=2)
"""So long before its beginning an outage is told on the cards of its houses."""


@dataclass(frozen=True)
class Touched:
    """Whom it concerns."""

    houses: int
    flats: int
    people: int


def touched(buildings: Iterable[int]) -> Touched:
    """Two queries."""
    pks = list(buildings)
    flats = Premises.objects.filter(building_id__in=pks).count() if pks else 0
    people = Person.objects.filter(premises__building_id__in=pks).count() if pks else 0
    return Touched(len(pks), flats, people)


def of_house(building: Building, now: datetime) -> list[Outage]:
    """What stands in a house or begins within two days, the earliest first. One query."""
    return [row.outage for row in _of_house(building=building.pk, before=now + AHEAD)]


@kept
def _of_house() -> QuerySet[OutageBuilding]:
    rows = OutageBuilding.objects.select_related("outage").filter(
        building=Param("building"),
        outage__ended_at=None,
        outage__withdrawn_at=None,
        outage__since__lt=Param("before"),
    )
    return rows.order_by("outage__since", "outage_id")


def overdue(now: datetime) -> list[list[Outage]]:
    """Announcements whose term is over and whose end nobody has told, the longest over first. One query."""
    return together(_overdue(now=now))


@kept
def _overdue() -> QuerySet[Outage]:
    return Outage.objects.filter(STANDS, until__lte=Param("now")).order_by("until", "id")


def standing() -> list[list[Outage]]:
    """Announcements that are neither ended nor withdrawn. One query."""
    return together(Outage.objects.filter(STANDS).select_related("company").order_by("until", "id"))


def closed(since: datetime, most: int) -> list[list[Outage]]:
    """Announcements that were ended or withdrawn after `since`, the latest first. One query."""
    rows = Outage.objects.filter(Q(ended_at__gte=since) | Q(withdrawn_at__gte=since)).select_related(
        "company"
    )
    found = together(rows.order_by("-since", "-id")[: most * 4])
    return found[:most]


def together(rows: Iterable[Outage]) -> list[list[Outage]]:
    """Rows of one announcement as one, named by the first of them wherever they stand."""
    found: dict[object, list[Outage]] = {}
    for row in rows:
        found.setdefault(row.announcement or row.pk, []).append(row)
    return [sorted(group, key=lambda row: row.pk) for group in found.values()]


def houses_of(outages: Sequence[Outage]) -> dict[int, list[Building]]:
    """Outage → its houses by their addresses. One query."""
    rows = OutageBuilding.objects.select_related("building").filter(outage__in=outages)
    found: dict[int, list[Building]] = {}
    for row in rows.order_by("building__street_key", "building__house_key", "building_id"):
        found.setdefault(row.outage_id, []).append(row.building)
    return found


def counts_of(outages: Sequence[Outage]) -> dict[int, int]:
    """Outage → how many houses. One query."""
    rows = OutageBuilding.objects.filter(outage__in=outages).order_by().values("outage_id")
    return dict(rows.annotate(n=Count("id")).values_list("outage_id", "n"))


def suppliers(most: int = 20) -> list[str]:
    """Who has switched off before. One query."""
    rows = Outage.objects.order_by().values_list("supplier", flat=True).annotate(n=Count("id")).order_by("-n")
    return list(rows[:most])
