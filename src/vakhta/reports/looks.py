"""The register of looks (`kernel.looks`) in words: who saw what, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.domain.permissions import ROLES
from vakhta.kernel.models import Look
from vakhta.kernel.words import counted_words, grouped, number_words
from vakhta.people.models import Staff
from vakhta.places.models import Premises
from vakhta.places.queries import proper_address
from vakhta.tickets.models import Ticket

LISTS = {
    "list/tickets": marked("список заявок"),
    "list/contacts": marked("список обращений"),
    "list/journal": marked("журнал"),
    "list/people": marked("список сотрудников"),
}
ROLE_TITLES = {role.code: role.title for role in ROLES}
COLUMNS = (
    marked("Когда"),
    marked("Кто"),
    marked("Роль"),
    marked("Что сделано"),
    marked("Что"),
    marked("Файл"),
)
PART = 500
"""Rows that are told at once."""


@dataclass(frozen=True, kw_only=True)
class Told:
    at: datetime
    who: str
    role: str
    how: str
    about: str
    note: str = ""
    """Of a file: «CSV, 240 строк · Состояние: открытые»."""
    number: str = ""
    """Of the ticket that was seen."""
    flat: int | None = None


@dataclass(frozen=True)
class _Named:
    """What the subjects of some looks are called."""

    tickets: Mapping[int, Ticket] = field(default_factory=dict)
    contacts: Mapping[int, Interaction] = field(default_factory=dict)
    flats: Mapping[int, Premises] = field(default_factory=dict)

    def of(self, subject: str) -> dict[str, Any]:
        kind, _slash, key = subject.partition("/")
        if subject in LISTS:
            return {"about": _(LISTS[subject])}
        pk = int(key) if key.isdigit() else 0
        if kind == "ticket" and (ticket := self.tickets.get(pk)):
            said = (_("заявка № %s") % number_words(ticket.number), _where(ticket))
            return {"about": ", ".join(filter(None, said)), "number": ticket.number}
        if kind == "interaction" and (contact := self.contacts.get(pk)):
            return {"about": ", ".join(filter(None, (_("карточка обращения"), _where(contact))))}
        if kind == "premises" and (flat := self.flats.get(pk)):
            words = {"house": flat.building, "flat": flat.number}
            return {"about": _("жители: %(house)s, кв. %(flat)s") % words, "flat": pk}
        return {"about": _("того, что смотрели, больше нет")}


def _where(row: Ticket | Interaction) -> str:
    return proper_address(row.building, row.premises, row.address)


def told(rows: Sequence[Look]) -> list[Told]:
    """Four queries at most."""
    keys: dict[str, set[int]] = {"ticket": set(), "interaction": set(), "premises": set(), "staff": set()}
    for row in rows:
        for said in (row.subject, row.actor):
            kind, _slash, key = said.partition("/")
            if kind in keys:
                keys[kind].add(int(key))
    whole = ("building", "premises")
    named = _Named(
        tickets=Ticket.objects.select_related(*whole).in_bulk(keys["ticket"]),
        contacts=Interaction.objects.select_related(*whole).in_bulk(keys["interaction"]),
        flats=Premises.objects.select_related("building").in_bulk(keys["premises"]),
    )
    staff = {f"staff/{pk}": row for pk, row in Staff.objects.in_bulk(keys["staff"]).items()}
    hows = dict(Look.HOWS)
    return [
        Told(
            at=row.at,
            who=staff[row.actor].name if row.actor in staff else _("сотрудник службы"),
            role=_(ROLE_TITLES[staff[row.actor].role]).lower() if row.actor in staff else "",
            how=_(hows[row.how]),
            note=_note(row.detail),
            **named.of(row.subject),
        )
        for row in rows
    ]


def _note(detail: Mapping[str, Any]) -> str:
    if not detail:
        return ""
    rows = int(detail.get("rows", 0))
    words = counted_words(rows, "%s строка", "%s строки", "%s строк") % grouped(rows)
    kind = str(detail.get("kind", "")).upper()
    return " · ".join(filter(None, (f"{kind}, {words}", str(detail.get("asked", "")))))


def cells(since: datetime, until: datetime) -> Iterator[tuple[str, ...]]:
    """The looks of a time as rows of a file, the oldest first; moments with their zone's offset."""
    rows = Look.objects.filter(at__gte=since, at__lt=until).order_by("at", "pk").iterator(PART)
    while part := list(islice(rows, PART)):
        yield from map(_cells, told(part))


def _cells(told: Told) -> tuple[str, ...]:
    return told.at.isoformat(timespec="seconds"), told.who, told.role, told.how, told.about, told.note
