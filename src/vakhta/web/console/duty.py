"""The duty directory: services, people on call, valves, keys and codes. Two queries."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.kernel.tenancy import current_scope
from vakhta.people.models import DutyContact
from vakhta.places.models import AccessNote
from vakhta.web.console import office_screens as o
from vakhta.web.screens import PageView, PhoneView


def build_duty(page: PageView) -> o.Duty:
    contacts = list(DutyContact.objects.filter(company_id=current_scope().centre))
    notes = list(
        AccessNote.objects.select_related("building").order_by(
            "building__street_key", "building__house_key", "title"
        )
    )
    valves = tuple(_note(note) for note in notes if note.kind == "valve")
    keys = tuple(_note(note) for note in notes if note.kind != "valve")
    return o.Duty(
        page=page,
        print_url=reverse("reports:duty"),
        blank_url=reverse("reports:blank"),
        groups=(
            o.DutyGroup(title=_("Службы"), rows=_people(contacts, "service")),
            o.DutyGroup(title=_("Дежурные люди"), rows=_people(contacts, "on_call")),
            o.DutyGroup(title=_("Задвижки"), rows=valves),
            o.DutyGroup(title=_("Ключи и коды"), rows=keys),
        ),
    )


def _people(contacts: list[DutyContact], kind: str) -> tuple[o.DutyRow, ...]:
    return tuple(
        o.DutyRow(title=c.name, phone=PhoneView(phone=c.phone), note=c.note)
        for c in contacts
        if c.kind == kind
    )


def _note(note: AccessNote) -> o.DutyRow:
    return o.DutyRow(title=f"{note.building}: {note.title}", where=note.where)
