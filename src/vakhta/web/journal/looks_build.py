"""The page «Кто смотрел» from the register of looks (`kernel.looks`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.contacts.models import Interaction
from vakhta.domain.permissions import may
from vakhta.kernel.models import Look
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import short_name
from vakhta.people.models import Staff
from vakhta.places.models import Person
from vakhta.reports import looks as register
from vakhta.reports.looks import ROLE_TITLES
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.console import office_screens as o
from vakhta.web.lists import parts
from vakhta.web.screens import PageView

SHOWN = 100
NAMES = ("since", "until", "number", "staff", "how", "person")


@dataclass(frozen=True, kw_only=True)
class Asked:
    since: datetime | None
    until: datetime | None
    staff: int | None
    how: str
    subjects: tuple[str, ...] | None
    """Only these; None: all."""
    after: int | None

    def rows(self) -> QuerySet[Look]:
        """The newest first."""
        which = Q()
        if self.since:
            which &= Q(at__gte=self.since)
        if self.until:
            which &= Q(at__lt=self.until)
        if self.staff:
            which &= Q(actor=f"staff/{self.staff}")
        if self.how:
            which &= Q(how=self.how)
        if self.subjects is not None:
            which &= Q(subject__in=self.subjects)
        rows = Look.objects.filter(which)
        last = Look.objects.filter(pk=self.after).values_list("at", flat=True).first() if self.after else None
        if last is not None:
            rows = rows.filter(at__lte=last).exclude(at=last, pk__gte=self.after)
        return rows.order_by("-at", "-pk")


def asked(said: QueryDict, zone: str) -> Asked:
    """Reads the question; what cannot be read is refused with its field and nothing is guessed."""
    since, until = parts.days(said, zone)
    return Asked(
        since=since,
        until=until,
        staff=parts.a_number(said, "staff"),
        how=parts.one_of(said, "how", dict(Look.HOWS)),
        subjects=_subjects(said),
        after=parts.a_number(said, "after"),
    )


def _subjects(said: QueryDict) -> tuple[str, ...] | None:
    """What a look at this ticket or at this resident is a look at. Four queries."""
    number, person = said.get("number", "").strip().lstrip("№ "), parts.a_number(said, "person")
    found: set[str] | None = None
    if number:
        tickets = list(
            Ticket.objects.filter(number=number[:20].replace(" ", "")).values_list("pk", flat=True)
        )
        if not tickets:
            raise Invalid(_("Заявки с таким номером нет. Номер пишут так: 26-204337."), "number")
        contacts = Interaction.objects.filter(ticket__in=tickets).values_list("pk", flat=True)
        found = {f"ticket/{pk}" for pk in tickets} | {f"interaction/{pk}" for pk in contacts}
    if person:
        theirs = _of_person(person)
        found = theirs if found is None else found & theirs
    return None if found is None else tuple(sorted(found))


def _of_person(pk: int) -> set[str]:
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise Invalid(_("Такого жителя среди тех, что вам видны, нет."), "person")
    tickets = Ticket.objects.filter(person=person).values_list("pk", flat=True)
    contacts = Interaction.objects.filter(person=person).values_list("pk", flat=True)
    home = {f"premises/{person.premises_id}"} if person.premises_id else set()
    return home | {f"ticket/{row}" for row in tickets} | {f"interaction/{row}" for row in contacts}


def looks(page: PageView, said: QueryDict) -> o.LooksPage:
    """A dozen queries at most, whatever is asked."""
    found = list(asked(said, page.zone).rows()[: SHOWN + 1])
    shown = found[:SHOWN]
    more = parts.query(said, NAMES, after=shown[-1].pk) if len(found) > SHOWN else ""
    return o.LooksPage(
        **{**frame(page, said), "rows": tuple(map(_row, register.told(shown))), "more_url": more}
    )


def frame(page: PageView, said: QueryDict) -> dict[str, Any]:
    """The form as it was filled, without rows. Two queries."""
    values = {name: said.get(name, "").strip()[:200] for name in NAMES}
    person = Person.objects.filter(pk=int(values["person"])).first() if _is_id(values["person"]) else None
    staff = [
        (str(pk), f"{short_name(name)}, {_(ROLE_TITLES[role]).lower()}")
        for pk, name, role in Staff.objects.order_by("name").values_list("pk", "name", "role")
    ]
    return {
        "page": page,
        "url": reverse("reports:looks"),
        "since": values["since"],
        "until": values["until"],
        "number": values["number"],
        "staff": parts.choices(staff, values["staff"]),
        "hows": parts.choices([(code, _(title)) for code, title in Look.HOWS], values["how"]),
        "person": values["person"],
        "person_name": person.name if person else "",
        "is_filtered": any(values.values()),
        "all_url": reverse("reports:looks"),
        "journal_url": reverse("reports:journal") if may(current_scope().role, "journal.see") else "",
    }


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _row(told: register.Told) -> o.LookRow:
    url = ""
    if told.number:
        url = show.ticket_url(told.number)
    elif told.flat and may(current_scope().role, "stock.edit"):
        url = reverse("stock:flat", args=[told.flat])
    return o.LookRow(
        at=told.at, who=told.who, role=told.role, how=told.how, about=told.about, url=url, note=told.note
    )
