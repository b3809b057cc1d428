"""What stands between a company and the end of its agreement: work that nobody would see from that day on."""

from __future__ import annotations

from datetime import date

from vakhta.kernel import clock
from vakhta.kernel.refusal import Conflict, require
from vakhta.tickets.models import Ticket

from .models import Interaction


def check_left(company: int, until: date | None) -> None:
    """Before its agreement ends at once: raises Conflict with how many tickets and contacts are open. Whoever ends it
    all the same does not ask. An end that is still to come is warned of on the page of the company."""
    require("offices.manage")
    if until is None or until > clock.today():
        return
    tickets = Ticket.objects.filter(company=company, state__in=Ticket.OPEN).count()
    contacts = Interaction.objects.filter(company=company, state__in=("queued", "taken")).count()
    if tickets or contacts:
        raise Conflict(
            "С этого дня диспетчерская и бригады не увидят её работу, а не закончено: заявок — %(tickets)s, обращений — %(contacts)s. "
            "Доведите их до конца или передайте новой диспетчерской.",
            "until",
            tickets=tickets,
            contacts=contacts,
        )
