"""What lies on paper beside the telephone for a blackout: the duty directory and blank journal forms."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from vakhta.domain.layouts import fold_key
from vakhta.kernel import clock
from vakhta.kernel.words import phone_words
from vakhta.people.models import Company, DutyContact
from vakhta.places.house_facts import HouseFact, house_facts, told_once
from vakhta.places.models import AccessNote, Building, Lift, Riser

from .journal import keeper_of
from .paper import COLUMNS, ROWS
from .pdf import compile_pdf

PAGES = 4
"""Sheets of blank forms that one print gives."""


def duty_pdf(buildings: Collection[int] | None = None, *, at: datetime | None = None) -> bytes:
    """The duty directory of the running scope: services, people on call, and by building its valves, keys, codes,
    risers and lifts; of these `buildings`, None: of all. Three queries and the keeper's."""
    keeper = keeper_of()
    contacts = list(DutyContact.objects.order_by("place", "name"))
    known: dict[int, list[HouseFact]] = {}
    for fact in house_facts(buildings):
        known.setdefault(fact.building, []).append(fact)
    houses = Building.objects.filter(pk__in=known).order_by("street_key", "house_key", "id")
    places = [(str(house), _house(known[house.pk])) for house in houses]
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
            "places": [(house, lines) for house, lines in places if lines],
            "foot": _printed(keeper, at),
        },
    )


def _house(facts: list[HouseFact]) -> list[tuple[str, str, str]]:
    """Its lines: what is shut first stands first."""
    return [line for fact in sorted(told_once(facts), key=_urgency) if (line := _line(fact))]


def _urgency(fact: HouseFact) -> int:
    """Valves before all, of them those at the inlet, water before gas; the rest as it comes."""
    if fact.kind != "valve":
        return 3
    title = fold_key(fact.title)
    return (1 if "газ" in title else 0) if re.search(r"\bввод", title) else 2


def _line(fact: HouseFact) -> tuple[str, str, str] | None:
    """What, its name, where; None for an entrance without a code."""
    entrance = f"подъезд {fact.entrance}" if fact.entrance else ""
    if fact.what == "note":
        return dict(AccessNote.KINDS)[fact.kind], fact.title, fact.where
    if fact.what == "riser":
        service = dict(Riser.SERVICES)[fact.kind]
        return "Стояк", ", ".join(filter(None, (service, entrance, fact.title))), fact.where
    if fact.what == "lift":
        kind = dict(Lift.KINDS)[fact.kind]
        service = ", ".join(
            filter(None, (fact.where, phone_words(fact.phone), "стоит" if fact.since else ""))
        )
        return "Лифт", f"{kind}, {entrance}, № {fact.title}", service
    return ("Код двери", entrance, fact.where) if fact.where else None


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
