"""What the console asks about contacts. Each function says how many queries it makes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet

from vakhta.kernel.counts import how_many
from vakhta.kernel.kept import Param, kept
from vakhta.kernel.tenancy import current_scope
from vakhta.tickets.models import Clock
from vakhta.tickets.queries import clocks_of_subjects

from .models import Interaction, Presence

SHOWN = 60
REPEATED_WITHIN = timedelta(hours=2)
PRESENT_FOR = timedelta(seconds=40)


@dataclass(frozen=True)
class Waiting:
    """A contact of the queue with its answer clock and how often this phone has tried before."""

    row: Interaction
    clock: Clock | None
    repeated: int


def queue(now: datetime) -> tuple[list[Waiting], int]:
    """Waiting contacts by what breaches next, emergencies first, and how many there are in all.
    Four queries."""
    total = how_many_wait()
    found = _with_clocks(_waiting(centre=current_scope().centre), now)
    far = now + timedelta(days=1)
    found.sort(
        key=lambda w: (
            not w.row.is_emergency,
            w.clock.due_at if w.clock and w.clock.due_at else far,
            w.row.pk,
        )
    )
    return found[:SHOWN], total


def how_many_wait() -> int:
    """One query. Whether anybody does is asked so too: for the first of them the database may read the contacts of years."""
    return Interaction.objects.filter(centre_id=current_scope().centre, state="queued").count()


@kept
def _waiting() -> QuerySet[Interaction]:
    return _open().filter(state="queued").order_by("-is_emergency", "received_at")[: SHOWN * 2]


def held(now: datetime, *, by_others: bool = False) -> list[Waiting]:
    """Contacts that the acting operator has open, or that others have, the newest first. Three queries
    at most."""
    scope = current_scope()
    rows = _held_by_others if by_others else _held_by_me
    return _with_clocks(rows(me=scope.staff, centre=scope.centre), now)


@kept
def _held_by_me() -> QuerySet[Interaction]:
    return _held().filter(taken_by=Param("me"))[:10]


@kept
def _held_by_others() -> QuerySet[Interaction]:
    return _held().exclude(taken_by=Param("me"))[:SHOWN]


def _held() -> QuerySet[Interaction]:
    return _open().select_related("taken_by").filter(state="taken").order_by("-answered_at")


def _open() -> QuerySet[Interaction]:
    rows = Interaction.objects.select_related("building", "premises", "person")
    return rows.filter(centre=Param("centre"))


def _with_clocks(rows: list[Interaction], now: datetime) -> list[Waiting]:
    subjects = [f"interaction/{row.pk}" for row in rows]
    clocks = {clock.subject: clock for clock in clocks_of_subjects(subjects=subjects)}
    phones = {row.phone for row in rows if row.phone}
    tried = dict(_tried(phones=list(phones), since=now - REPEATED_WITHIN)) if phones else {}
    return [
        Waiting(row, clocks.get(f"interaction/{row.pk}"), max(0, tried.get(row.phone, 0) - 1)) for row in rows
    ]


@kept
def _tried() -> QuerySet[Interaction, tuple[str, int]]:
    # That none is empty is said: of more than a hundred the database does not see it, and leaves their index alone.
    rows = Interaction.objects.exclude(phone="").filter(
        phone__one_of=Param("phones"), received_at__gt=Param("since")
    )
    found: QuerySet[Interaction, tuple[str, int]] = (
        rows.order_by().values_list("phone").annotate(n=Count("id")).values_list("phone", "n")
    )
    return found


def next_waiting(now: datetime, *, rather_not: int | None = None) -> int | None:
    """The contact that F2 takes: of several not `rather_not`, which the operator has just given back."""
    found = [waiting.row.pk for waiting in queue(now)[0]]
    return next((pk for pk in found if pk != rather_not), rather_not if rather_not in found else None)


def with_card(contact: int, now: datetime) -> Interaction | None:
    """The contact with what a card shows of it; `calls_around`: how many have come from the building
    within the last hour. One query."""
    return next(iter(_with_card(contact=contact, since=now - timedelta(hours=1))), None)


@kept
def _with_card() -> QuerySet[Interaction]:
    near = Interaction.objects.filter(building_id=OuterRef("building_id"), received_at__gt=Param("since"))
    rows = Interaction.objects.select_related(
        "building", "premises", "person", "company", "ticket__premises", "taken_by"
    )
    found: QuerySet[Interaction] = rows.filter(pk=Param("contact")).annotate(
        calls_around=how_many(near, "building_id")
    )
    return found


def see(subject: str, company: int, now: datetime) -> list[str]:
    """Marks that the acting person has the card open; names of the others who have."""
    scope = current_scope()
    Presence.objects.update_or_create(
        subject=subject, staff_id=scope.staff, defaults={"seen_at": now, "company_id": company}
    )
    others = (
        Presence.objects.select_related("staff")
        .filter(subject=subject, seen_at__gt=now - PRESENT_FOR)
        .exclude(staff_id=scope.staff)
    )
    return [row.staff.name for row in others]


def first_of(ticket: int) -> int | None:
    """The contact that a ticket came of; None for one that was registered without. One query."""
    rows = Interaction.objects.filter(ticket_id=ticket).order_by("received_at", "pk")
    return rows.values_list("pk", flat=True).first()


def calls_since(wanted: Mapping[int, tuple[datetime, Collection[int]]]) -> dict[int, int]:
    """Key → how many contacts came from these houses since that moment. One query for any number of keys."""
    houses = {house for _since, of_key in wanted.values() for house in of_key}
    if not houses:
        return {}
    counts = {
        f"of_{key}": Count("pk", filter=Q(building_id__in=of_key, received_at__gte=since))
        for key, (since, of_key) in wanted.items()
    }
    first = min(since for since, _of_key in wanted.values())
    found = Interaction.objects.filter(building_id__in=houses, received_at__gte=first).aggregate(**counts)
    return {key: found[f"of_{key}"] for key in wanted}
