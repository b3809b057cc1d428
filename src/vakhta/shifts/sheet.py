"""Лист сдачи смены: what is open at a moment, as it is signed and kept.

It holds numbers, codes, moments and addresses of the stock, which the law on personal data lets stay, and no words
of a resident: a place that is not in the stock is read from its ticket when the sheet is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from vakhta.contacts.models import Interaction
from vakhta.crews.models import WorkOrder
from vakhta.crews.queries import waiting_for_word
from vakhta.domain.facts import AccessAgreed
from vakhta.kernel.journal import recorded
from vakhta.kernel.models import Entry, EntrySubject
from vakhta.kernel.words import short_name
from vakhta.notices.models import Delivery
from vakhta.people.models import Company
from vakhta.places.queries import address_text
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.queries import by_urgency, open_tickets, running

SHOWN = 200
"""Tickets and contacts of a sheet, the most urgent; the rest is counted."""
SILENT = timedelta(minutes=5)
"""So long a crew may read its order before it counts as without an answer."""


@dataclass(frozen=True, kw_only=True)
class OpenTicket:
    """`norm` and `due`: the term that is broken next, or was broken last; empty without one."""

    ticket: int
    number: str
    severity: str
    nature: str
    state: str
    address: str = ""
    norm: str = ""
    due: str = ""
    """ISO moment"""
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenContact:
    interaction: int
    channel: str
    since: str
    operator: str = ""
    """Who has it; empty while it waits."""


@dataclass(frozen=True, kw_only=True)
class OpenOrder:
    """An order that waits: `what` is offered (no answer yet), question, no_access, refused, done (returned)."""

    ticket: int
    number: str
    who: str
    what: str
    since: str


@dataclass(frozen=True, kw_only=True)
class Visit:
    """An agreed access that is still to come or goes on."""

    ticket: int
    number: str
    address: str
    since: str
    until: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter of an open ticket that did not go."""

    ticket: int
    number: str
    template: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    at: str
    tickets: tuple[OpenTicket, ...] = ()
    tickets_total: int = 0
    contacts: tuple[OpenContact, ...] = ()
    contacts_total: int = 0
    orders: tuple[OpenOrder, ...] = ()
    visits: tuple[Visit, ...] = ()
    letters: tuple[Letter, ...] = field(default=())

    def kept(self) -> dict[str, Any]:
        """As a row keeps it."""
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        parts = {
            "tickets": OpenTicket,
            "contacts": OpenContact,
            "orders": OpenOrder,
            "visits": Visit,
            "letters": Letter,
        }
        rows = {name: tuple(part(**row) for row in kept[name]) for name, part in parts.items()}
        return cls(**{**kept, **rows})


def digest_of(kept: dict[str, Any]) -> str:
    """SHA-256 of the one spelling of a kept sheet: JSON, keys in the order of their letters."""
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sheet_of(company: Company, now: datetime) -> Sheet:
    """What is open in the centre now. Twelve queries at most, however much it is."""
    clocks = by_urgency(running(), now)
    tickets = _tickets(company, clocks)
    orders = {
        order.ticket_id: order
        for order in WorkOrder.objects.select_related("crew", "assignee").filter(
            ticket__in=[row.pk for row in tickets], ended_at__isnull=True
        )
    }
    rows = Interaction.objects.filter(centre=company, state__in=("queued", "taken"))
    contacts = rows.select_related("taken_by").order_by("-is_emergency", "received_at")[:SHOWN]
    return Sheet(
        at=now.isoformat(),
        tickets=tuple(_ticket(row, clocks.get(row.pk), orders.get(row.pk)) for row in tickets),
        tickets_total=Ticket.objects.filter(centre=company, state__in=Ticket.OPEN).count(),
        contacts=tuple(_contact(row) for row in contacts),
        contacts_total=rows.count(),
        orders=(*_silent(company, now), *_asking(company)),
        visits=_visits(tickets, now),
        letters=_letters(tickets),
    )


def _tickets(company: Company, clocks: dict[int, Clock]) -> list[Ticket]:
    """Those with a term first, by what is broken next; then the others, the oldest first. Two queries."""
    found = {row.pk: row for row in open_tickets().filter(centre=company, pk__in=list(clocks)[:SHOWN])}
    listed = [found[pk] for pk in clocks if pk in found]
    rest = open_tickets().filter(centre=company).exclude(pk__in=list(clocks)).order_by("registered_at")
    return [*listed, *rest[: SHOWN - len(listed)]]


def _ticket(row: Ticket, clock: Clock | None, order: WorkOrder | None) -> OpenTicket:
    return OpenTicket(
        ticket=row.pk,
        number=row.number,
        severity=row.severity,
        nature=row.classifier,
        state=row.state,
        address=address_text(row.building, row.premises),
        norm=clock.norm if clock else "",
        due=clock.due_at.isoformat() if clock and clock.due_at else "",
        who=_who(order) if order else "",
    )


def _who(order: WorkOrder) -> str:
    if order.crew is not None:
        return str(order.crew.name)
    return short_name(order.assignee.name) if order.assignee else ""


def _contact(row: Interaction) -> OpenContact:
    return OpenContact(
        interaction=row.pk,
        channel=row.channel,
        since=row.received_at.isoformat(),
        operator=short_name(row.taken_by.name) if row.taken_by else "",
    )


def _silent(company: Company, now: datetime) -> list[OpenOrder]:
    """Orders that no crew has answered. One query."""
    rows = WorkOrder.objects.select_related("ticket", "crew", "assignee").filter(
        ticket__centre=company,
        state="offered",
        question="",
        ended_at__isnull=True,
        offered_at__lt=now - SILENT,
    )
    return [_order(row, "offered") for row in rows.order_by("offered_at")[:SHOWN]]


def _asking(company: Company) -> list[OpenOrder]:
    """Crews and applicants who wait for a word. One query."""
    return [
        _order(row, "question" if row.question and row.state in WorkOrder.OPEN else row.state)
        for row in waiting_for_word()
        if row.ticket.centre_id == company.pk
    ]


def _order(row: WorkOrder, what: str) -> OpenOrder:
    return OpenOrder(
        ticket=row.ticket_id, number=row.ticket.number, who=_who(row), what=what, since=row.offered_at.isoformat()
    )  # fmt: skip


def _visits(tickets: Sequence[Ticket], now: datetime) -> tuple[Visit, ...]:
    """The last agreed access of each ticket, where it is not over. Two queries."""
    known = {row.pk: row for row in tickets}
    about = EntrySubject.objects.filter(subject__in=[f"ticket/{pk}" for pk in known]).values("entry_id")
    entries = Entry.objects.filter(kind=AccessAgreed.__name__, id__in=about).order_by("id")
    last = {
        int(record.fact.ticket): record.fact
        for record in recorded(entries)
        if isinstance(record.fact, AccessAgreed)
    }
    coming = [
        (fact.since, fact.until, known[pk])
        for pk, fact in last.items()
        if fact.needed and fact.since and fact.until and fact.until > now
    ]
    return tuple(
        Visit(
            ticket=row.pk,
            number=row.number,
            address=address_text(row.building, row.premises),
            since=since.isoformat(),
            until=until.isoformat(),
        )
        for since, until, row in sorted(coming, key=lambda visit: visit[0])
    )


def _letters(tickets: Sequence[Ticket]) -> tuple[Letter, ...]:
    """One query."""
    known = {row.pk: row.number for row in tickets}
    rows = Delivery.objects.filter(state="failed", ticket_id__in=known).order_by("pk")
    return tuple(
        Letter(ticket=row.ticket_id, number=known[row.ticket_id], template=row.template) for row in rows
    )
