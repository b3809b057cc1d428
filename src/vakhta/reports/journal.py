"""The journal as an inspector reads it: one line a ticket, and contacts that became none.

Columns of ПП 416 п.16 (no statutory list is known): number, time, channel, applicant, address,
nature, decision, terms, assignee, actions, result.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import translation

from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import zone_words
from vakhta.people.models import Company, Staff

from .lines import NO_NUMBER, Line, contacts, tickets
from .sayings import OUTCOMES


@dataclass(frozen=True)
class Print:
    """A print-out with what its head says."""

    keeper: str
    """Whose journal it is: the centre's, or a company's part of it."""
    zone: str
    """«МСК+2»"""
    since: date
    until: date
    """Inclusive."""
    made_at: datetime
    made_by: str
    """Who has it printed, by the full name."""
    head_entry: int
    head_hash: str
    """The journal's last entry at that moment: with `journal verify --anchor` anybody can check that
    what is printed is what stood there."""
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def tickets(self) -> int:
        return sum(line.number != NO_NUMBER for line in self.lines)

    @property
    def endings(self) -> str:
        """«консультация 21, дополнение к заявке 16, без завершения 2»: contacts that became no ticket."""
        counts = Counter(line.outcome for line in self.lines if line.number == NO_NUMBER)
        told = [f"{OUTCOMES[outcome]} {counts[outcome]}" for outcome in OUTCOMES if counts[outcome]]
        if counts[""]:
            told.append(f"без завершения {counts['']}")
        return ", ".join(told).lower() or "нет"

    @property
    def void(self) -> int:
        return sum(line.is_void for line in self.lines)


def journal_print(
    since: date, until: date, *, at: datetime, company: int | None = None, centre: int | None = None
) -> Print:
    """The journal of the running scope for whole days of the keeper's zone, both inclusive.
    `company` narrows it to one organisation, `centre` to one dispatch centre. `at`: the moment of
    printing. Reads in batches; lines are held in memory."""
    keeper = keeper_of(company, centre)
    zone = ZoneInfo(keeper.zone)
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    chosen = Q(company_id=company) if company is not None else Q()
    if centre is not None:
        chosen &= Q(centre_id=centre)
    head = Entry.objects.order_by("-id").first()
    with translation.override("ru"):  # a document of the law, whatever language its reader's screen has
        within = (start, end, keeper.zone, chosen, at)
        lines = [*tickets(*within), *contacts(*within)]
        called = zone_words(keeper.zone, at)
    return Print(
        keeper=keeper.name,
        zone=called,
        since=since,
        until=until,
        made_at=at.astimezone(zone),
        made_by=_printer(),
        head_entry=head.id if head else 0,
        head_hash=bytes(head.hash).hex() if head else "",
        lines=tuple(sorted(lines, key=lambda line: (line.at, line.number))),
    )


def _printer() -> str:
    """Whoever has it printed; the service itself when it is asked by its command."""
    name = Staff.objects.filter(pk=current_scope().staff).values_list("name", flat=True).first()
    return name or "командой службы"


def keeper_of(company: int | None = None, centre: int | None = None) -> Company:
    """The chosen company or centre, else the scope's centre, else the company that asks."""
    companies = Company.objects.all()
    wanted = company or centre or current_scope().centre
    found = companies.filter(pk=wanted).first() or companies.filter(kind="dispatch_centre").first()
    return found or companies.first() or Company(name="", zone="Europe/Moscow")
