"""A ticket's row as every verb needs it: found and locked, changed if it is what was seen, its facts recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from vakhta.domain import facts
from vakhta.domain.told import ticket_told
from vakhta.kernel import journal
from vakhta.kernel.kept import Param, kept
from vakhta.kernel.refusal import Conflict, Invalid, NotFound

from .models import Ticket

UNDO_FOR = timedelta(minutes=10)
"""So long a change can be taken back."""
DAMAGE_BACK = timedelta(days=366)


@kept
def _locked() -> QuerySet[Ticket]:
    return Ticket.objects.select_for_update(of=("self",)).filter(pk=Param("ticket"))


def check_damage(at: datetime | None, registered_at: datetime) -> None:
    """When it broke: not after the registration, and within the year before it. An older one is a slip of the pen, whose
    terms would be broken, and written as broken, at once. Raises Invalid (field "damage_at")."""
    if at is None:
        return
    if at > registered_at:
        raise Invalid("Время повреждения не может быть позже регистрации.", "damage_at")
    if registered_at - at > DAMAGE_BACK:
        raise Invalid("Повреждение больше чем за год до заявки: проверьте дату.", "damage_at")


def the_ticket(ticket: int) -> Ticket:
    """The ticket, locked until commit."""
    for row in _locked(ticket=ticket):
        return row
    raise NotFound("Такой заявки нет.")


def said_of(row: Ticket) -> dict[str, str]:
    """What a refusal says of a ticket: its number and how it stands."""
    return {"number": row.said_number, "state": gettext(row.get_state_display())}


def open_ticket(ticket: int) -> Ticket:
    """The ticket, locked until commit; refused when it is done, closed, merged or void."""
    return still_open(the_ticket(ticket))


def still_open(row: Ticket) -> Ticket:
    """A locked row, if it is open."""
    if not row.is_open:
        raise Conflict(
            "Заявка № %(number)s %(state)s: её уже нельзя изменить.",
            **said_of(row),
        )
    return row


def advance_ticket(row: Ticket, state: str) -> None:
    """Follows the work order: sets the ticket's state; `done` also sets `done_at`, `registered` is for one that
    nobody has any more."""
    state = free_state(row) if state == "registered" else state
    move_ticket(row, state, done_at=journal.moment() if state == "done" else None)


def free_state(row: Ticket) -> str:
    """What the ticket is while nobody has it: registered, or returned if its applicant has ever returned it. Two
    queries."""
    return ticket_told(journal.history(f"ticket/{row.pk}")).free


def move_ticket(row: Ticket, state: str, **changes: Any) -> None:
    change_ticket(row, row.version, state=state, **changes)


def change_ticket(row: Ticket, version: int, **changes: Any) -> None:
    """Changes a locked row if it still has `version`."""
    changed = Ticket.objects.filter(pk=row.pk, version=version).update(version=version + 1, **changes)
    if not changed:
        raise Conflict(
            "Пока вы правили, заявку изменил кто-то другой. Ваш текст сохранён в форме: сверьте и отправьте ещё раз.",
            "version",
        )
    row.version = version + 1
    for name, value in changes.items():
        setattr(row, name, value)


def record(row: Ticket, fact: facts.Fact, *, at: datetime | None = None) -> journal.Pending:
    return journal.record(fact, company=row.company_id, centre=row.centre_id, happened_at=at)
