"""Handing work over, and a technician's moves. Every move is checked here, on the server."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, clean, require
from vakhta.people.models import Staff
from vakhta.tickets import actions as tickets

from .models import Crew, CrewMember, WorkOrder

MOVES: dict[str, tuple[frozenset[str], str, type[facts.Fact], str]] = {
    "accept": (frozenset({"offered"}), "accepted", facts.WorkAccepted, "accepted"),
    "go": (frozenset({"accepted", "no_access"}), "on_the_way", facts.CrewOnTheWay, "on_the_way"),
    "arrive": (frozenset({"accepted", "on_the_way", "no_access"}), "on_site", facts.CrewOnSite, "on_site"),
    "contain": (frozenset({"on_site"}), "contained", facts.DamageContained, "contained"),
    "no_access": (frozenset({"on_site", "on_the_way"}), "no_access", facts.NoAccess, "accepted"),
    "done": (frozenset({"on_site", "contained"}), "done", facts.WorkDone, "done"),
    "refuse": (frozenset({"offered", "accepted", "no_access"}), "refused", facts.WorkRefused, "registered"),
}
"""Move → (states it starts from, state of the order after it, its fact, state of the ticket)."""

MOVE_TITLES = {
    "accept": "Принять",
    "go": "Выехал",
    "arrive": "На месте",
    "contain": "Локализовано",
    "no_access": "Нет доступа",
    "done": "Выполнено",
    "refuse": "Отказаться",
}


def assign_ticket(
    ticket: int, *, crew: int | None = None, assignee: int | None = None, interaction: int | None = None
) -> WorkOrder:
    """Step 8: hands the ticket to a crew or a technician. An order that nobody has begun is
    withdrawn; a begun one is refused."""
    require("work.assign")
    row = tickets.open_ticket(ticket)
    if (crew is None) == (assignee is None):
        raise Invalid("Выберите бригаду или исполнителя.", "crew")
    if crew is not None and not Crew.objects.filter(pk=crew, is_active=True).exists():
        raise NotFound("Такой бригады нет.", "crew")
    if assignee is not None and not Staff.objects.filter(pk=assignee, role="technician", is_active=True).exists():
        raise NotFound("Такого исполнителя нет.", "assignee")
    _withdraw_offered(row.pk)
    order = WorkOrder.objects.create(
        company_id=row.company_id, ticket=row, crew_id=crew, assignee_id=assignee, offered_at=_moment()
    )
    tickets.advance_ticket(row, "assigned")
    for kind in (facts.WorkAssigned, facts.HandedOver):
        named: dict[str, Any] = {"interaction": interaction} if kind is facts.HandedOver else {}
        fact = kind(ticket=row.pk, work_order=order.pk, crew=crew, assignee=assignee, **named)
        journal.record(fact, company=row.company_id, centre=row.centre_id)
    return order


def _withdraw_offered(ticket: int) -> None:
    order = WorkOrder.objects.select_for_update().filter(ticket_id=ticket, state__in=WorkOrder.OPEN).first()
    if order is None:
        return
    if order.state not in ("offered", "no_access"):
        raise Conflict(f"Наряд уже {order.get_state_display()}: сначала исполнитель должен от него отказаться.")
    order.state, order.ended_at = "withdrawn", _moment()
    order.save(update_fields=["state", "ended_at"])


def move(order: int, name: str, *, note: str = "", place: str = "") -> WorkOrder:
    """One move of the technician: accept, go, arrive, contain, no_access, done, refuse. A repeated
    move that has already happened changes nothing (a phone on a bad network sends twice)."""
    row = my_order(order)
    if name not in MOVES:
        raise Invalid("Неизвестное действие.", "move")
    starts, state, kind, ticket_state = MOVES[name]
    if row.state == state:
        return row
    if row.state not in starts:
        raise Conflict(f"Наряд {row.get_state_display()}: действие «{MOVE_TITLES[name]}» сейчас невозможно.")
    ticket = tickets.open_ticket(row.ticket_id)
    note = clean(note, "note", "Комментарий", limit=2000, required=name in ("refuse", "done"))
    place = clean(place, "place", "Место", limit=60)
    row.state, row.version = state, row.version + 1
    if state in ("done", "refused"):
        row.ended_at = _moment()
    row.save(update_fields=["state", "version", "ended_at"])
    tickets.advance_ticket(ticket, ticket_state)
    said: dict[str, Any] = {
        facts.WorkRefused: {"reason": note},
        facts.NoAccess: {"note": note},
        facts.WorkDone: {"note": note, "place": place},
        facts.CrewOnSite: {"place": place},
    }.get(kind, {})
    journal.record(
        kind(ticket=ticket.pk, work_order=row.pk, **said), company=row.company_id, centre=ticket.centre_id
    )
    return row


def ask(order: int, text: str) -> WorkOrder:
    """The technician asks the operator for clarification; the order stays where it is."""
    row = my_order(order)
    if row.state not in WorkOrder.OPEN:
        raise Conflict("Наряд закрыт: вопрос задать нельзя.")
    row.question = clean(text, "text", "Вопрос", limit=1000, required=True)
    row.save(update_fields=["question"])
    fact = facts.QuestionAsked(ticket=row.ticket_id, work_order=row.pk, text=row.question)
    journal.record(fact, company=row.company_id, centre=row.ticket.centre_id)
    return row


def my_order(order: int) -> WorkOrder:
    """The order, locked until commit, if it is the acting technician's or of that one's crew."""
    scope = require("work.do")
    row: WorkOrder | None = (
        WorkOrder.objects.select_for_update(of=("self",)).select_related("ticket").filter(pk=order).first()
    )
    if row is None:
        raise NotFound("Такого наряда нет.")
    if not scope.is_system and row.assignee_id != scope.staff and not _in_crew(row.crew_id, scope.staff):
        raise Forbidden("Этот наряд выдан другой бригаде.")
    return row


def _in_crew(crew: int | None, staff: int | None) -> bool:
    return CrewMember.objects.filter(crew_id=crew, staff_id=staff).exists() if crew and staff else False


def _moment() -> datetime:
    unit = journal.current_unit()
    return unit.happened_at or unit.at
