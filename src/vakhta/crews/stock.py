"""What a company needs to begin, loaded in one change: houses, residents, crews, the duty directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vakhta.domain import facts
from vakhta.domain.classifier import SERVICES
from vakhta.domain.classifier.entry import SKILLS
from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid, NotFound, Refused, clean, require
from vakhta.people.models import Company, DutyContact, Staff
from vakhta.places.phones import office_phone
from vakhta.places.stock import House, Resident, add_building, add_resident

from .models import Crew, CrewMember


@dataclass(frozen=True, kw_only=True)
class CrewSaid:
    """`members`: addresses by which they sign in; `skills`: keys of the classifier's SKILLS."""

    company: str
    number: int
    name: str
    skills: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DutySaid:
    """A line of the duty directory. `code`: a key of SERVICES for a service, empty for a person."""

    company: str
    name: str
    phone: str
    code: str = ""
    note: str = ""


def add_crew(said: CrewSaid, company: Company) -> int:
    """Rows that were added: the crew and its members."""
    unknown = [skill for skill in said.skills if skill not in SKILLS]
    if unknown:
        raise Invalid(
            "Нет навыка «%(unknown)s». Есть: %(known)s.",
            "skills",
            unknown=unknown[0][:30],
            known=", ".join(SKILLS),
        )
    if not 1 <= said.number <= 999:
        raise Invalid("Нужно число от 1 до 999.", "number")
    crew, is_new = Crew.objects.get_or_create(
        company=company,
        number=said.number,
        defaults={
            "name": clean(said.name, "name", "Название", limit=80, required=True),
            "skills": list(said.skills),
        },
    )
    added = int(is_new)
    for email in said.members:
        staff = Staff.objects.filter(company=company, user__email__iexact=email).order_by("id").first()
        if staff is None:
            raise NotFound(
                "Сотрудника %(email)s у «%(company)s» нет: сначала vakhta staff add.",
                "members",
                email=email[:80],
                company=company,
            )
        added += CrewMember.objects.get_or_create(company=company, crew=crew, staff=staff)[1]
    return added


def add_duty(said: DutySaid, company: Company) -> int:
    """1 when the line was added; it stands after those that are there."""
    if said.code and said.code not in SERVICES:
        raise Invalid(
            "Нет службы «%(code)s». Есть: %(known)s.", "code", code=said.code[:30], known=", ".join(SERVICES)
        )
    row, is_new = DutyContact.objects.get_or_create(
        company=company,
        name=clean(said.name, "name", "Название", limit=160, required=True),
        phone=office_phone(said.phone, required=True),
        defaults={
            "kind": "service" if said.code else "on_call",
            "code": said.code,
            "note": clean(said.note, "note", "Пояснение", limit=300),
            "place": DutyContact.objects.filter(company=company).count(),
        },
    )
    del row
    return int(is_new)


TABLES: dict[str, tuple[type[Any], Callable[[Any, Company], int]]] = {
    "building": (House, add_building),
    "person": (Resident, add_resident),
    "crew": (CrewSaid, add_crew),
    "duty": (DutySaid, add_duty),
}
"""Name of a table in the file → what a row says, and who adds it; in the order of loading."""


def load(tables: dict[str, list[Any]]) -> dict[str, int]:
    """All rows or none: table → rows that were added. A fact for each company with their number."""
    require("stock.load")
    added: Counter[str] = Counter()
    of_company: Counter[int] = Counter()
    for name, (_kind, add) in TABLES.items():
        for place, said in enumerate(tables.get(name, []), 1):
            try:
                company = _company(said.company)
                rows = add(said, company)
            except Refused as error:
                raise Invalid(f"[[{name}]] № {place}, {error.field}: {error.message}") from error
            added[name] += rows
            of_company[company.pk] += rows
    for pk, rows in of_company.items():
        if rows:
            journal.record(facts.StockChanged(what="загрузка из файла", rows=rows), company=pk)
    return dict(added)


def _company(said: str) -> Company:
    found = [row for row in Company.objects.all() if said in (row.name, row.short_name, str(row.pk))]
    if len(found) != 1:
        raise NotFound(
            "Организации «%(said)s» нет: назовите её номер из vakhta company list.", "company", said=said[:80]
        )
    company: Company = found[0]
    return company
