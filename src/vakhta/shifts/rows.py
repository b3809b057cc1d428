"""Whose rota it is, the people who stand in it, their rows as a plan; how a plan that nobody can work is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from vakhta.domain import rotas
from vakhta.domain.permissions import VERBS
from vakhta.domain.rotas import OFF, Cell, RotaRefused
from vakhta.kernel.refusal import Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import short_name, typed
from vakhta.people.models import Company, Staff

from .models import Handover, Shift

ROLES = sorted(VERBS["interaction.take"] - {"administrator"})
"""Who works in shifts: whoever takes contacts."""
REFUSED = {
    "twice": "%(who)s, %(day)s: две смены в одно время. Выберите другую смену или день.",
    "in_a_row": "%(who)s, %(day)s: смена сразу за другой, это запрещено (ТК РФ, ст. 103). Оставьте отдых между ними.",
    "busy": "%(who)s, %(day)s: в этот день уже есть смена. Меняются на день, когда сменщик свободен.",
    "free": "%(who)s, %(day)s: смены нет, меняться нечем. Выберите день со сменой.",
}


def centre() -> Company:
    """The dispatch centre of the running scope, whose rota it is. One query. Raises `Forbidden`."""
    scope = current_scope()
    found: Company | None = Company.objects.filter(pk=scope.centre).first() if scope.centre else None
    if found is None:
        raise Forbidden("График смен ведёт диспетчерская служба.")
    return found


def with_handed(shifts: QuerySet[Any]) -> QuerySet[Any]:
    """Each knows whether somebody has accepted its sheet (`is_handed`)."""
    accepted = Handover.objects.filter(shift=OuterRef("pk"), state="accepted")
    found: QuerySet[Any] = shifts.annotate(is_handed=Exists(accepted))
    return found


def people(company: Company) -> list[Staff]:
    """Who stands in the rota, by name. One query."""
    return list(Staff.objects.filter(_works(company)).order_by("name", "pk"))


def _works(company: Company) -> Q:
    return Q(company=company, role__in=ROLES, is_active=True)


def held(company: Company, ids: Collection[int], field: str) -> dict[int, Staff]:
    """These people of the rota, locked to the end of the change in the order of their ids, so that two changes of one
    person wait for each other. Raises `NotFound`."""
    rows = Staff.objects.select_for_update(of=("self",)).filter(_works(company), pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    if set(ids) - set(found):
        raise NotFound("Такого человека нет среди тех, кто принимает обращения.", field)
    return found


def plan(ids: Collection[int], since: date, until: date) -> dict[Cell, str]:
    """Their turns of the days from `since` to `until` (exclusive). One query."""
    rows = Shift.objects.filter(staff__in=ids, day__gte=since, day__lt=until)
    return {(row.staff_id, row.day): row.turn for row in rows}


def around(ids: Collection[int], days: Collection[date]) -> dict[Cell, str]:
    """Their turns of these days and of those beside: what a change of the days can collide with. One query."""
    return plan(ids, min(days) - timedelta(days=1), max(days) + timedelta(days=2))


def check(made: dict[Cell, str], known: dict[int, Staff], zone: str, field: str) -> None:
    """Raises `Invalid` about `field`, naming the person and the day, when nobody can work it."""
    try:
        rotas.check(rotas.shifts(made, zone))
    except RotaRefused as refused:
        raise said(refused, known, field) from None


def said(refused: RotaRefused, known: dict[int, Staff], field: str) -> Invalid:
    who = short_name(known[refused.person].name)
    return Invalid(REFUSED[refused.why], field, who=who, day=typed(refused.day))


def write(company: Company, cells: Iterable[tuple[Cell, str]], why: str) -> None:
    """Sets days otherwise than their pattern; what ends there is written before what begins. Two queries a day."""
    for (person, day), turn in sorted(cells, key=lambda cell: cell[1] != OFF):
        each = rotas.shift(person, day, turn, company.zone) if turn else None
        Shift.objects.update_or_create(
            staff_id=person,
            day=day,
            defaults={
                "company": company,
                "turn": turn,
                "since": each.since if each else None,
                "until": each.until if each else None,
                "why": why,
            },
        )
