"""The duty directory: services and people on call, then valves, keys and codes of houses, found by
their address. Two queries, five with an address."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain.permissions import may
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import DutyContact
from vakhta.places.models import AccessNote
from vakhta.places.search import find_addresses
from vakhta.web.console import office_screens as o
from vakhta.web.screens import PageView, PhoneView

HOUSES = 60
"""So many houses stand on a page that was not asked for one."""


def build_duty(page: PageView, url: str, query: str = "") -> o.Duty:
    """`url` asks for the same page with another `query`, an address as people type it."""
    contacts = list(DutyContact.objects.select_related("company").order_by("place", "name"))
    houses = _houses(query)
    return o.Duty(
        page=page,
        print_url=reverse("reports:duty"),
        blank_url=reverse("reports:blank"),
        edit_url=reverse("stock:duty") if may(current_scope().role, "duty.edit") else "",
        url=url,
        query=query,
        groups=(
            o.DutyGroup(title=_("Службы"), rows=_people(contacts, "service")),
            o.DutyGroup(title=_("Дежурные люди"), rows=_people(contacts, "on_call")),
        ),
        houses=houses[:HOUSES],
        more=len(houses[HOUSES:]),
    )


def _people(contacts: list[DutyContact], kind: str) -> tuple[o.DutyRow, ...]:
    """Of the centre and of the companies that it serves, whose people are named with their company."""
    return tuple(
        o.DutyRow(
            title=c.name, phone=PhoneView(phone=c.phone), note=", ".join(filter(None, (_whose(c), c.note)))
        )
        for c in contacts
        if c.kind == kind
    )


def _whose(contact: DutyContact) -> str:
    return "" if contact.company_id == current_scope().centre else contact.company.short_name


def _houses(query: str) -> tuple[o.DutyHouse, ...]:
    """Houses with something to know about them: all by their addresses, or those that the words may mean,
    best first."""
    notes = AccessNote.objects.select_related("building")
    if query.strip():
        found = [hit.building.pk for hit in find_addresses(query)]
        best = {pk: place for place, pk in enumerate(found)}
        rows = sorted(notes.filter(building__in=found).order_by("title"), key=lambda n: best[n.building_id])
    else:
        rows = list(notes.order_by("building__street_key", "building__house_key", "building_id", "title"))
    return tuple(
        _house(str(building), list(of_house)) for building, of_house in groupby(rows, lambda n: n.building)
    )


def _house(address: str, notes: list[AccessNote]) -> o.DutyHouse:
    groups = (
        o.DutyGroup(title=_("Задвижки"), rows=_rows(n for n in notes if n.kind == "valve")),
        o.DutyGroup(title=_("Ключи и коды"), rows=_rows(n for n in notes if n.kind != "valve")),
    )
    return o.DutyHouse(address=address, groups=tuple(group for group in groups if group.rows))


def _rows(notes: Iterable[AccessNote]) -> tuple[o.DutyRow, ...]:
    return tuple(o.DutyRow(title=note.title, where=note.where) for note in notes)
