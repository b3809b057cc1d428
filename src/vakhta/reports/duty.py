"""What lies on paper beside the telephone for a blackout: the duty directory and blank journal forms."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from vakhta.kernel import clock
from vakhta.kernel.words import phone_words
from vakhta.people.models import Company, DutyContact
from vakhta.places.models import AccessNote

from .journal import keeper_of
from .paper import COLUMNS, ROWS
from .pdf import compile_pdf

PAGES = 4
"""Sheets of blank forms that one print gives."""


def duty_pdf(*, at: datetime | None = None) -> bytes:
    """The duty directory of the running scope: services, people on call, valves, keys and codes by
    building. Two queries and the keeper's."""
    keeper = keeper_of()
    contacts = list(DutyContact.objects.order_by("place", "name"))
    notes = AccessNote.objects.select_related("building").order_by(
        "building__street_key", "building__house_key", "kind", "title"
    )
    places: dict[str, list[tuple[str, str, str]]] = {}
    for note in notes:
        places.setdefault(str(note.building), []).append((note.get_kind_display(), note.title, note.where))
    return compile_pdf(
        "duty",
        {
            "title": "Справочник дежурного",
            "lines": [keeper.name],
            "groups": [
                [
                    title,
                    [(row.name, phone_words(row.phone), row.note) for row in contacts if row.kind == kind],
                ]
                for kind, title in (("service", "Службы"), ("on_call", "Дежурные люди"))
            ],
            "places": list(places.items()),
            "foot": _printed(keeper, at),
        },
    )


def blank_forms_pdf(*, at: datetime | None = None) -> bytes:
    """Empty sheets of the journal: what is written on them is entered in the morning with its real
    times and its reason."""
    keeper = keeper_of()
    return compile_pdf(
        "blank",
        {
            "title": "Журнал учёта заявок",
            "keeper": keeper.name,
            "columns": [
                {"title": column.title, "labels": list(column.fields.values()), "width": column.width}
                for column in COLUMNS
            ],
            "pages": PAGES,
            "rows": ROWS,
            "foot": "Бумажный бланк. Записи внести в «Вахту» утром с их временем и причиной. "
            + _printed(keeper, at),
        },
    )


def _printed(keeper: Company, at: datetime | None) -> str:
    return f"Напечатано {(at or clock.now()).astimezone(ZoneInfo(keeper.zone)):%d.%m.%Y %H:%M}."
