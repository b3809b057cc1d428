"""The journal's page from its entries: which are asked for, what each says, whether the chain is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from vakhta.contacts.models import Interaction
from vakhta.domain.facts import Recorded
from vakhta.kernel.models import Entry, EntrySubject
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify
from vakhta.kernel.words import moment_words
from vakhta.reports import sayings
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.console import office_screens as o
from vakhta.web.lists import parts
from vakhta.web.said import local_day, whole
from vakhta.web.screens import Choice

MOST_OLD = 50
"""Tickets of old journals that may have one number: each year began with 1 again."""
VERIFIED_AT_ONCE = 3_000
"""So many entries are verified with each page; a longer journal when it is asked for."""


@dataclass(frozen=True)
class Asked:
    """What the page was asked for. `number` wins over the days: a ticket's whole history."""

    since: date
    until: date
    company: int | None
    number: str
    before: int | None

    def query(self, **more: object) -> str:
        """The same question as the query of an address."""
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        chosen = {"company": self.company, "number": self.number, **more}
        return "?" + urlencode({**days, **{name: value for name, value in chosen.items() if value}})

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        local = ZoneInfo(zone)
        end = self.until + timedelta(days=1)
        return datetime.combine(self.since, time.min, local), datetime.combine(end, time.min, local)


def asked(said: QueryDict, today: date) -> Asked:
    """Reads the question; what is wrong is refused with its field and nothing is guessed."""
    since, until = (_day(said.get(name, ""), name, today) for name in ("since", "until"))
    if until < since:
        if "until" in said:
            raise Invalid(_("«По» раньше, чем «С»: поменяйте дни местами."), "until")
        until = since
    return Asked(
        since=since,
        until=until,
        company=_whole(said.get("company", ""), "company"),
        number="".join(c for c in said.get("number", "")[:40] if c.isdigit() or c == "-"),
        before=_whole(said.get("before", ""), "before"),
    )


def _day(text: str, name: str, today: date) -> date:
    return local_day(text, name) or today


def _whole(text: str, name: str) -> int | None:
    found = whole(text)
    if text and found is None:
        raise Invalid(_("Нужно целое число."), name)
    return found


def entries(asked: Asked, zone: str) -> QuerySet[Entry]:
    """The entries that were asked for, the newest first."""
    start, end = asked.bounds(zone)
    which = _of_ticket(asked.number) if asked.number else Q(happened_at__gte=start, happened_at__lt=end)
    if asked.company is not None:
        which &= Q(company_id=asked.company)
    if asked.before is not None:
        which &= Q(id__lt=asked.before)
    return Entry.objects.filter(which).order_by("-id")


def _of_ticket(number: str) -> Q:
    found = list(Ticket.objects.filter(number=number).values_list("pk", flat=True))
    found = found or list(Ticket.objects.filter(old_number=number).values_list("pk", flat=True)[:MOST_OLD])
    if not found:
        raise Invalid(_("Заявки с таким номером нет. Номер пишут так: 26-204337."), "number")
    contacts = Interaction.objects.filter(ticket__in=found).values_list("pk", flat=True)
    subjects = [f"ticket/{pk}" for pk in found] + [f"interaction/{pk}" for pk in contacts]
    return Q(id__in=EntrySubject.objects.filter(subject__in=subjects).values("entry_id"))


def companies(chosen: int | None) -> tuple[Choice, ...]:
    """The companies of the scope; empty when there is nothing to choose."""
    known = parts.company_choices(parts.companies())
    return parts.choices(known, "" if chosen is None else str(chosen), _("все организации"))


def verified(is_asked: bool, now: datetime, zone: str) -> tuple[str, str]:
    """(words when the chain is whole, words when it is broken); both empty when it is long and was
    not asked for. Reads the whole journal in the system scope: a part of it has gaps."""
    with reading(Scope.system("verify")):
        head = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        if head > VERIFIED_AT_ONCE and not is_asked:
            return "", ""
        verdict = verify()
    if verdict.is_whole:
        said = _("Цепь цела: записей %(count)s, проверено в %(at)s")
        return said % {
            "count": f"{verdict.checked:,}".replace(",", "\u00a0"),
            "at": moment_words(now, zone, now),
        }, ""
    said = _("Журнал повреждён. Запись %(entry)s: %(problem)s. Сообщите руководителю и сохраните копию базы.")
    return "", said % {"entry": verdict.entry, "problem": verdict.problem}


def rows(records: list[Recorded], now: datetime, zone: str) -> tuple[o.JournalRow, ...]:
    """What each entry says, with its ticket or contact named. Five queries for the page."""
    tickets = {int(pk) for r in records if (pk := getattr(r.fact, "ticket", None)) is not None}
    numbers = {
        t.pk: t
        for t in Ticket.objects.filter(pk__in=tickets).only(
            "pk", "number", "old_number", "address", "company_id"
        )
    }
    contacts = {int(pk) for r in records if (pk := getattr(r.fact, "interaction", None)) is not None}
    places = dict(Interaction.objects.filter(pk__in=contacts).values_list("pk", "address"))
    known = sayings.known(records, zone, now, tickets={pk: t.number for pk, t in numbers.items()})
    rows = []
    for record in records:
        ticket = numbers.get(int(getattr(record.fact, "ticket", None) or 0))
        about = (
            ", ".join(filter(None, (f"№\u00a0{sayings.number_of(ticket)}", ticket.address)))
            if ticket
            else places.get(getattr(record.fact, "interaction", 0), "")
        )
        words = sayings.words(record.fact, known)
        if about in words.split(sayings.BETWEEN):
            about = ""  # the words of an arrival tell the address themselves
        late = sayings.is_late(record)
        rows.append(
            o.JournalRow(
                number=record.entry,
                at=record.happened_at,
                title=sayings.title(record.fact),
                who=sayings.who(record.actor, known),
                what=words,
                about=about,
                url=show.ticket_url(ticket.number) if ticket else "",
                recorded_at=record.recorded_at if late else None,
                late_reason=record.late_reason,
            )
        )
    return tuple(rows)
