"""Crews by hand: who is in them, what they can, when there are none of them any more. Every verb runs inside
`kernel.journal.acting` and records what was changed, by number and without anybody's name.

The members of a crew are changed by whoever leads it (`crews.lead`): a foreman and a contractor those of their own
company, an administrator all that they see. A crew itself is made, changed and dropped by an administrator."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Max

from vakhta.domain import facts
from vakhta.domain.classifier.entry import SKILLS
from vakhta.domain.permissions import may
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.kernel.seen import check_seen, seen_of
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import Staff
from vakhta.people.rows import held_company

from .actions import move_orders
from .models import Crew, CrewMember, WorkOrder

HIGHEST = 999
MEMBERS = ("technician", "foreman")
"""Roles of those who can be in a crew."""


def led() -> Any:
    """The crews that the one who acts may change the members of, or sees as an administrator."""
    scope = current_scope()
    rows = Crew.objects.select_related("company")
    if scope.is_system or may(scope.role, "offices.manage"):
        return rows
    return rows.filter(company_id__in=Staff.objects.filter(pk=scope.staff).values("company_id"))


def new_crew(company: int, said: Mapping[str, str], skills: Collection[str]) -> Crew:
    """`said`: number, name."""
    require("offices.manage")
    office = held_company(company)
    if office is None:
        raise NotFound("Организации № %(pk)s нет.", "company", pk=company)
    row = Crew(company=office, number=_number(said["number"] or str(next_number(office.pk))))
    _check_number(row, row.number)
    row.name = clean(said["name"], "name", "Название", limit=80, required=True)
    row.skills = _skills(skills)
    row.save()
    _record(row, f"бригада № {row.pk} добавлена")
    return row


def next_number(company: int) -> int:
    last = Crew.objects.filter(company=company).aggregate(last=Max("number"))["last"]
    return min((last or 0) + 1, HIGHEST)


def crew_seen(row: Crew) -> str:
    return seen_of(row, "number", "name", "skills")


def change_crew(crew: int, seen: str, said: Mapping[str, str], skills: Collection[str]) -> Crew:
    """`said`: number, name."""
    require("offices.manage")
    row = the_crew(crew)
    check_seen(seen, crew_seen(row))
    changes = {
        "number": _number(said["number"]),
        "name": clean(said["name"], "name", "Название", limit=80, required=True),
        "skills": _skills(skills),
    }
    _check_number(row, int(str(changes["number"])))
    differs = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in differs:
        setattr(row, name, changes[name])
    if differs:
        row.save(update_fields=differs)
        _record(row, f"бригада № {row.pk} исправлена")
    return row


def put_member(crew: int, staff: int) -> Crew:
    """Somebody of the crew's own company joins it; said again, they are in it once."""
    require("crews.lead")
    row = the_crew(crew)
    who = Staff.objects.filter(pk=staff, company_id=row.company_id, is_active=True, role__in=MEMBERS).first()
    if who is None:
        raise Invalid("Выберите исполнителя этой организации.", "staff")
    if not row.is_active:
        raise Conflict("Этой бригады больше нет: сначала верните её.")
    _member, is_new = CrewMember.objects.get_or_create(company_id=row.company_id, crew=row, staff=who)
    if is_new:
        _record(row, f"бригада № {row.pk}: сотрудник № {who.pk} в составе")
    return row


def drop_member(crew: int, staff: int) -> Crew:
    """Out of the crew. The last one stays while the crew has open orders: nobody would read them."""
    require("crews.lead")
    row = the_crew(crew)
    if not CrewMember.objects.filter(crew=row, staff_id=staff).exists():
        raise NotFound("Этого человека в бригаде нет.")
    _check_read(row, but=staff)
    CrewMember.objects.filter(crew=row, staff_id=staff).delete()
    _record(row, f"бригада № {row.pk}: сотрудник № {staff} не в составе")
    return row


def drop_crew(crew: int, to: int | None) -> Crew:
    """The crew is offered no work any more; its open orders go `to` another one. Its past stays."""
    require("offices.manage")
    row = the_crew(crew)
    if not row.is_active:
        return row
    other = Crew.objects.filter(pk=to, is_active=True).exclude(pk=row.pk).first() if to is not None else None
    if to is not None and other is None:
        raise Invalid("Выберите бригаду из списка.", "to")
    moved = move_orders(row, other)
    row.is_active = False
    row.save(update_fields=["is_active"])
    went = f", нарядов передано бригаде № {other.pk}: {moved}" if other and moved else ""
    _record(row, f"бригада № {row.pk} убрана{went}")
    return row


def return_crew(crew: int) -> Crew:
    require("offices.manage")
    row = the_crew(crew)
    if not row.is_active:
        row.is_active = True
        row.save(update_fields=["is_active"])
        _record(row, f"бригада № {row.pk} снова работает")
    return row


def orders_in_hand(staff: int) -> list[WorkOrder]:
    """Open orders that nobody else would do: given to the person alone, or to a crew without anybody else. Two
    queries."""
    alone = _crews_without_others(staff)
    rows = WorkOrder.objects.select_related("ticket").filter(state__in=WorkOrder.OPEN)
    return list((rows.filter(assignee=staff) | rows.filter(crew__in=alone)).order_by("pk"))


def leave_crews(staff: int) -> int:
    """Somebody who works here no longer is in no crew. Refused while they have orders that nobody else would do."""
    require("offices.manage")
    held = orders_in_hand(staff)
    if held:
        numbers = ", № ".join(order.ticket.said_number for order in held[:10])
        raise Conflict(
            "У сотрудника открытые наряды: № %(numbers)s. Пусть диспетчер передаст их другому.",
            numbers=numbers,
        )
    gone, _each = CrewMember.objects.filter(staff=staff).delete()
    return gone


def _crews_without_others(staff: int) -> list[int]:
    others = CrewMember.objects.filter(staff__is_active=True).exclude(staff=staff).values("crew_id")
    mine = CrewMember.objects.filter(staff=staff).exclude(crew_id__in=others)
    return list(mine.values_list("crew_id", flat=True))


def _check_read(row: Crew, but: int) -> None:
    if CrewMember.objects.filter(crew=row, staff__is_active=True).exclude(staff_id=but).exists():
        return
    count = WorkOrder.objects.filter(crew=row, state__in=WorkOrder.OPEN).count()
    if count:
        raise Conflict(
            "У бригады открытых нарядов: %(count)s. Сначала добавьте в неё кого-нибудь, потом уберите последнего.",
            count=count,
        )


def the_crew(pk: int) -> Crew:
    """A crew that the one who acts leads, locked until commit."""
    row: Crew | None = led().select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound("Такой бригады нет.")
    return row


def _number(said: str) -> int:
    text = said.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= number <= HIGHEST:
        raise Invalid("Нужно число от 1 до 999.", "number")
    return number


def _check_number(row: Crew, number: int) -> None:
    if Crew.objects.filter(company_id=row.company_id, number=number).exclude(pk=row.pk).exists():
        raise Invalid("Бригада с этим номером уже есть: впишите другой номер.", "number")


def _skills(said: Collection[str]) -> list[str]:
    return [skill for skill in SKILLS if skill in said]


def _record(row: Crew, what: str) -> None:
    journal.record(facts.StockChanged(what=what), company=row.company_id)
