"""Which crew could take a ticket, with the reasons; what a technician has to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from vakhta.domain.facts import Recorded
from vakhta.domain.told import refusals
from vakhta.kernel.counts import how_many
from vakhta.kernel.kept import kept
from vakhta.kernel.tenancy import Scope, current_scope
from vakhta.tickets.models import Ticket

from .models import Crew, CrewMember, WorkOrder

ASKED = 20
"""Orders whose crews wait for a word that are told at once."""


@dataclass(frozen=True)
class Candidate:
    crew: Crew
    has_skill: bool
    orders: int
    """Open work orders."""
    lead: str
    """Name of its first member."""
    refusal: str
    """Why it has refused this ticket, the last time."""


def candidates(skill: str, records: Sequence[Recorded] = ()) -> list[Candidate]:
    """Active crews: those with the skill first, of them those that have not refused, by the facts of the ticket; the less
    loaded before the more. Two queries."""
    refused = refusals(records)
    open_ones = WorkOrder.objects.filter(crew=OuterRef("pk"), ended_at__isnull=True)
    crews = list(
        Crew.objects.filter(is_active=True)
        .annotate(open_orders=how_many(open_ones, "crew"))
        .order_by("number")
    )
    leads: dict[int, str] = {}
    for member in CrewMember.objects.select_related("staff").order_by("-id"):
        leads[member.crew_id] = member.staff.name
    found = [
        Candidate(c, skill in c.skills, c.open_orders, leads.get(c.pk, ""), refused.get(c.pk, ""))
        for c in crews
    ]
    return sorted(found, key=lambda c: (not c.has_skill, bool(c.refusal), c.orders, c.crew.number))


def lead_of(order: WorkOrder | None) -> str:
    """Who comes: the order's own technician, or the first of its crew. One query for a crew."""
    return next(iter(_who_may_come(order)), "") if order is not None else ""


def who_comes(order: WorkOrder, promised: str) -> str:
    """The one who was promised when he is of the order's crew, else who leads it. One query for a crew."""
    names = _who_may_come(order)
    return promised if promised in names else next(iter(names), "")


def order_of(ticket: int) -> WorkOrder | None:
    """The ticket's open order with its technician. One query."""
    return WorkOrder.objects.select_related("assignee").filter(ticket=ticket, ended_at__isnull=True).first()


def _who_may_come(order: WorkOrder) -> list[str]:
    """Names, who leads first."""
    if order.assignee is not None:
        return [order.assignee.name]
    members = CrewMember.objects.filter(crew_id=order.crew_id).order_by("id")
    return list(members.values_list("staff__name", flat=True))


def orders_of(staff: int) -> QuerySet[WorkOrder]:
    """Orders of a technician and of the crews that he is in, the newest first; for a contractor's office those of all
    of its people and crews."""
    rows = WorkOrder.objects.select_related("ticket__building", "ticket__premises", "crew", "assignee")
    return rows.filter(whose(current_scope(), staff)).order_by("-offered_at")


def whose(scope: Scope, staff: int) -> Q:
    """Which orders are this person's to do."""
    if scope.role == "contractor":
        return Q(crew__company_id=scope.lent_to) | Q(assignee__company_id=scope.lent_to)
    return Q(assignee_id=staff) | Q(crew_id__in=CrewMember.objects.filter(staff_id=staff).values("crew_id"))


@kept
def waiting_for_word() -> QuerySet[WorkOrder]:
    """Orders after which nothing goes on until the dispatcher speaks: a question without an answer, a door that
    nobody opens, a refusal or a return by the applicant after which nobody has the ticket. Those that wait longest
    first, `ASKED` at most. One query."""
    later = WorkOrder.objects.filter(ticket=OuterRef("ticket"), pk__gt=OuterRef("pk")).exclude(
        state="withdrawn"
    )
    stuck = WorkOrder.objects.filter(~Q(question="") | Q(state="no_access"), state__in=WorkOrder.OPEN)
    nobody_s = WorkOrder.objects.filter(
        ~Exists(later), state__in=("refused", "done"), ticket__state__in=Ticket.FREE
    )
    # Together by their keys: as one condition over both tables it would be asked of every order of all years.
    waiting = stuck.order_by().values("pk").union(nobody_s.order_by().values("pk"), all=True)
    rows = WorkOrder.objects.select_related("ticket__building", "ticket__premises", "crew", "assignee")
    return rows.filter(pk__in=waiting).order_by("pk")[:ASKED]
