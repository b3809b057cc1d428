"""The duty directory: services and people on call, then valves, keys and codes of houses, found by
their address. Four queries, five with an address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain.permissions import may
from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import DutyContact
from vakhta.places.house_facts import HouseFact, house_facts, told_once
from vakhta.places.models import AccessNote, Building
from vakhta.places.search import find_addresses
from vakhta.web import show
from vakhta.web.console import office_screens as o
from vakhta.web.screens import PageView, PhoneView

HOUSES = 60
"""So many houses stand on a page that was not asked for one."""


def build_duty(page: PageView, url: str, query: str = "") -> o.Duty:
    """`url` asks for the same page with another `query`, an address as people type it."""
    contacts = list(DutyContact.objects.select_related("company").order_by("place", "name"))
    houses, more = _found(query, page.now) if query.strip() else _first()
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
        houses=houses,
        chosen="\n".join(house.address for house in houses) if query.strip() else "",
        more=more,
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


def _first() -> tuple[tuple[o.DutyHouse, ...], int]:
    """The first houses that have something to know about them, by their addresses, and how many more there are. Three
    queries, of which none reads the notes of a whole city."""
    told = Building.objects.filter(Exists(AccessNote.objects.filter(building=OuterRef("pk"))))
    shown = list(told.order_by("street_key", "house_key", "pk")[:HOUSES])
    notes: dict[int, list[AccessNote]] = {house.pk: [] for house in shown}
    for note in AccessNote.objects.filter(building__in=shown).order_by("title"):
        notes[note.building_id].append(note)
    return tuple(_house(str(house), notes[house.pk]) for house in shown), told.count() - len(shown)


def _found(query: str, now: datetime) -> tuple[tuple[o.DutyHouse, ...], int]:
    """Those that the words may mean, best first, as many as a page has room for; and how many more."""
    houses = list(dict.fromkeys(hit.building for hit in find_addresses(query)))
    known = house_facts([house.pk for house in houses])
    made = (_whole(house, [fact for fact in known if fact.building == house.pk], now) for house in houses)
    told = [house for house in made if house.groups]
    return tuple(told[:HOUSES]), len(told[HOUSES:])


def _house(address: str, notes: list[AccessNote]) -> o.DutyHouse:
    groups = (
        o.DutyGroup(title=_("Задвижки"), rows=_rows(n for n in notes if n.kind == "valve")),
        o.DutyGroup(title=_("Ключи и коды"), rows=_rows(n for n in notes if n.kind != "valve")),
    )
    return o.DutyHouse(address=address, groups=tuple(group for group in groups if group.rows))


def _whole(house: Building, facts: list[HouseFact], now: datetime) -> o.DutyHouse:
    """A house that was asked for: its risers, lifts and entrances too."""
    facts = told_once(facts)

    def rows(*kinds: str) -> tuple[o.DutyRow, ...]:
        said = (
            show.house_fact(fact, house.zone, now)
            for fact in facts
            if (fact.kind if fact.what == "note" else fact.what) in kinds
        )
        return tuple(o.DutyRow(title=each.label, where=each.value, note=each.detail) for each in said)

    notes = [AccessNote(kind=f.kind, title=f.title, where=f.where) for f in facts if f.what == "note"]
    plain = _house(str(house), sorted(notes, key=lambda note: note.title))
    more = (
        o.DutyGroup(title=_("Стояки"), rows=rows("riser")),
        o.DutyGroup(title=_("Лифты"), rows=rows("lift")),
        o.DutyGroup(title=_("Подъезды"), rows=rows("entrance")),
    )
    return replace(plain, groups=(*plain.groups, *(group for group in more if group.rows)))


def _rows(notes: Iterable[AccessNote]) -> tuple[o.DutyRow, ...]:
    return tuple(o.DutyRow(title=note.title, where=note.where) for note in notes)
