"""What is over its term of keeping is deleted or made nobody's: in batches, each with its act (152-ФЗ ст. 21 ч. 4).

One batch is one change: rows and words of some hundreds of tickets, contacts and letters of one company, locked where
nobody works with them, and an act with a number of its own. So a kill leaves no batch without its act, and no lock stands
for longer than a batch. Terms: `domain.keeping`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as marked

from vakhta.contacts.models import Interaction
from vakhta.contacts.words import index_contacts
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.facts import ERASED
from vakhta.domain.keeping import over_before
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry, EntrySubject, EntryWords, Look
from vakhta.kernel.numbering import give_number
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.models import Delivery
from vakhta.people.access import centre_of
from vakhta.people.models import Company
from vakhta.tickets.models import Ticket, TicketFile
from vakhta.tickets.words import index_tickets

from .erase import FINISHED, erase_files

TOGETHER = 200
"""Tickets, contacts, letters of a batch."""
LOOKS = 5_000
ENTRIES = 1_000
"""Whose words one fact says to be gone."""
BASIS = "истёк срок хранения"
SERIES = "act"
SYSTEM = Scope.system("erase")
NAMES = (
    marked("заявки"), marked("обращения"), marked("файлы"), marked("письма"), marked("просмотры карточек"),
    marked("слова в записях журнала"), marked("жильцы"), marked("телефоны"), marked("согласия"), marked("таблицы"),
    marked("упоминания в других строках"),
)  # fmt: skip
"""What acts count, of a term and of a person's request; they stand so in the journal and are translated where shown."""


def in_order(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    """What an act counts, as people tell it: the journal keeps no order."""
    return sorted(rows.items(), key=lambda row: NAMES.index(row[0]) if row[0] in NAMES else len(NAMES))


@dataclass(frozen=True)
class Over:
    """What of one company is over its term. Inside the system's scope."""

    company: int
    before: Mapping[str, datetime]

    def tickets(self) -> QuerySet[Ticket]:
        """But for those that somebody has asked about since. `description` says of a row that its words are gone, whether it
        had any or not."""
        since = Interaction.objects.filter(ticket=OuterRef("pk")).exclude(
            state="ended", ended_at__lt=self.before["contacts"]
        )
        return self._ended(self.before["tickets"]).exclude(description=ERASED).filter(~Exists(since))

    def contacts(self) -> QuerySet[Interaction]:
        """But for those of a ticket that is not over: the journal has them in one entry."""
        kept = Ticket.objects.filter(company_id=self.company).exclude(
            pk__in=self._ended(self.before["tickets"]).values("pk")
        )
        rows = Interaction.objects.filter(
            company_id=self.company, state="ended", ended_at__lt=self.before["contacts"]
        )
        return rows.exclude(description=ERASED).exclude(
            pk__in=rows.filter(ticket__in=kept.values("pk")).values("pk")
        )

    def files(self) -> QuerySet[TicketFile]:
        return TicketFile.objects.filter(
            company_id=self.company, ticket__in=self._ended(self.before["files"]).values("pk")
        )

    def letters(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.filter(company_id=self.company, queued_at__lt=self.before["letters"])
        return rows.exclude(state__in=("queued", "sending")).exclude(to=ERASED)

    def looks(self) -> QuerySet[Look]:
        return Look.objects.filter(company_id=self.company, at__lt=self.before["looks"])

    def _ended(self, before: datetime) -> QuerySet[Ticket]:
        rows: QuerySet[Ticket] = Ticket.objects.filter(
            company_id=self.company, registered_at__lt=before, state__in=FINISHED
        )
        ended = rows.annotate(ended_at=Coalesce("closed_at", "done_at", "registered_at"))
        return ended.filter(ended_at__lt=before)


def overdue(at: datetime) -> Counter[str]:
    """What is over its term in all companies, in Russian → how many. Five queries for each company."""
    counts = Counter[str]()
    with reading(SYSTEM):
        for over in _all(at):
            counts["заявки"] += over.tickets().count()
            counts["обращения"] += over.contacts().count()
            counts["файлы"] += over.files().count()
            counts["письма"] += over.letters().count()
            counts["просмотры карточек"] += over.looks().count()
    return +counts


def erase_overdue(at: datetime) -> list[facts.OverdueErased]:
    """Deletes all that is over its term; the acts. Several processes may do it."""
    return list(batches(at))


def batches(at: datetime) -> Iterator[facts.OverdueErased]:
    """The same, a batch of a company after another, so that whoever does it can stop between two."""
    with reading(SYSTEM):
        known = _all(at)
    for over in known:
        while act := erase_batch(over):
            yield act


def _all(at: datetime) -> list[Over]:
    before = over_before(settings.KEEP_DAYS, at)
    return [Over(pk, before) for pk in Company.objects.order_by("pk").values_list("pk", flat=True)]


def erase_batch(over: Over) -> facts.OverdueErased | None:
    """One change: at most TOGETHER of each kind, and their act; None when nothing is over. Rows that somebody holds are
    left for the next time."""
    with acting(SYSTEM) as unit:
        rows = +Counter(
            {
                **_contacts(over),
                **_tickets(over),
                "файлы": _files(over),
                "письма": _letters(over),
                "просмотры карточек": _looks(over),
            }
        )
        if not rows:
            return None
        rows += Counter({"слова в записях журнала": _words_gone()})
        zone = Company.objects.only("zone").get(pk=over.company).zone
        centre = centre_of(over.company, unit.at.date())
        said = facts.OverdueErased(
            before={code: moment.date().isoformat() for code, moment in over.before.items()}, rows=dict(rows)
        )
        pending = journal.record(said, company=over.company, centre=centre)

        def numbered(number: str) -> None:
            pending.fact = replace(said, act=number)

        give_number(SERIES, centre=centre, at=unit.at, zone=zone, then=numbered)
    fact = pending.fact
    assert isinstance(fact, facts.OverdueErased)
    return fact


def _words_gone() -> int:
    """Of the running change."""
    said = (pending.fact for pending in journal.current_unit().pending)
    return sum(len(fact.entries) for fact in said if isinstance(fact, facts.WordsErased))


def _erase_words(company: int, subjects: Sequence[str]) -> None:
    """All words of all entries about them: of whoever they speak, three years on nobody can tell."""
    of_them = EntrySubject.objects.filter(company_id=company, subject__in=subjects).values("entry_id")
    entries = list(
        EntryWords.objects.filter(company_id=company, entry_id__in=of_them)
        .order_by("entry_id")
        .values_list("entry_id", flat=True)
    )
    for start in range(0, len(entries), ENTRIES):
        journal.erase_words(entries[start : start + ENTRIES], basis=BASIS, company=company)


def _held(rows: QuerySet[Any]) -> list[int]:
    locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    return list(locked.values_list("pk", flat=True)[:TOGETHER])


def _mark(*names: str) -> dict[str, Any]:
    """Columns that say that their words are gone, where they had any."""
    return {name: Case(When(**{name: ""}, then=Value("")), default=Value(ERASED)) for name in names}


def _tickets(over: Over) -> dict[str, int]:
    keys = _held(over.tickets())
    if not keys:
        return {}
    _erase_words(over.company, [f"ticket/{pk}" for pk in keys])
    Ticket.objects.filter(pk__in=keys).update(
        **_mark("applicant"), description=ERASED, phone="", email="", person=None
    )
    WorkOrder.objects.filter(ticket__in=keys).exclude(question="").update(question=ERASED)
    index_tickets(keys)
    return {"заявки": len(keys)}


def _contacts(over: Over) -> dict[str, int]:
    keys = _held(over.contacts())
    if not keys:
        return {}
    _erase_words(over.company, [f"interaction/{pk}" for pk in keys])
    Interaction.objects.filter(pk__in=keys).update(
        **_mark("caller", "text"),
        description=ERASED,
        phone="",
        email="",
        key=None,
        key_digest="",
        person=None,
    )
    index_contacts(keys)
    return {"обращения": len(keys)}


def _files(over: Over) -> int:
    return erase_files(TicketFile.objects.filter(pk__in=_held(over.files())))


def _letters(over: Over) -> int:
    keys = _held(over.letters())
    if keys:
        _erase_words(over.company, [f"delivery/{pk}" for pk in keys])
        Delivery.objects.filter(pk__in=keys).update(to=ERASED, body=ERASED, error="")
    return len(keys)


def _looks(over: Over) -> int:
    if not over.looks()[:1]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT looks_forget(%s, %s, %s)", [over.company, over.before["looks"], LOOKS])
        count: int = cursor.fetchone()[0]
    return count


def acts(most: int, after: int | None = None) -> list[Entry]:
    """Entries of the acts that the scope sees, the newest first: by term, and by a person's request. One query."""
    rows = Entry.objects.filter(kind__in=("OverdueErased", "PersonErased"))
    return list((rows.filter(id__lt=after) if after else rows).order_by("-id")[:most])
