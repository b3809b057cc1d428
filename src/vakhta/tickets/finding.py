"""Which tickets a list shows: filters that all hold at once, words in any writing, pages from the last row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from vakhta.places.phones import normal_phone
from vakhta.places.search import find_addresses

from .classifier import OF_SERVICES
from .models import Clock, Ticket
from .words import with_words

STATES: dict[str, tuple[str, ...]] = {
    "open": Ticket.OPEN,
    "unassigned": ("registered",),
    "work": ("assigned", "accepted", "on_the_way", "on_site", "contained"),
    "done": ("done",),
    "closed": ("closed",),
    "gone": ("merged", "voided"),
}
"""What is chosen in a list → states of tickets."""
_NUMBER = re.compile(r"(?:(\d{2})\s?-\s?)?(\d[\d\s]{0,7})")
YEARS_BACK = 5
"""A number said without its year is looked for in so many years."""
PHONE = 10
"""So many figures are a phone and no number of a ticket."""
NEAR = 0.5
"""From this cost of an address on (a slip costs 1) what was typed is words, not a house."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Empty and None: anything. Days are moments of their beginnings: `since` in, `until` out."""

    said: str = ""
    """A number, a phone, an address or words, as somebody types it."""
    state: str = ""
    severity: str = ""
    kind: str = ""
    channel: str = ""
    company: int | None = None
    crew: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_broken: bool = False
    """Only those of which a norm was broken."""
    after: int | None = None
    """The last ticket of the page before."""


@dataclass(frozen=True)
class Found:
    """`read_as`: «номер», «телефон», «адрес: ул. Ленина, 15» or «слова», "" when nothing was said."""

    tickets: QuerySet[Ticket]
    read_as: str = ""


def find(asked: Filter, now: datetime) -> Found:
    """The tickets that are asked for, the newest first. What is said costs up to four queries more."""
    condition, read_as = _said(asked.said.strip(), now)
    plain = {
        "severity": asked.severity,
        "classifier": asked.kind,
        "channel": asked.channel,
        "company_id": asked.company,
        "registered_at__gte": asked.since,
        "registered_at__lt": asked.until,
    }
    condition &= Q(**{name: value for name, value in plain.items() if value})
    if asked.state:
        condition &= Q(state__in=STATES[asked.state])
    if asked.state == "unassigned":
        condition &= ~Q(classifier__in=OF_SERVICES)
    if asked.crew:
        condition &= Q(work_orders__crew_id=asked.crew) & ~Q(work_orders__state__in=("refused", "withdrawn"))
    if asked.is_broken:
        subject = Concat(Value("ticket/"), Cast(OuterRef("pk"), CharField()))
        condition &= Q(Exists(Clock.objects.filter(subject=subject, breached_at__isnull=False)))
    rows = Ticket.objects.select_related("building", "premises", "company", "person").filter(condition)
    rows = rows.distinct() if asked.crew else rows
    return Found(_after(rows, asked.after).order_by("-registered_at", "-pk"), read_as)


def _after(rows: QuerySet[Ticket], last: int | None) -> QuerySet[Ticket]:
    """Pages go on from the last row and not by counting: each costs what the first does."""
    at = Ticket.objects.filter(pk=last).values_list("registered_at", flat=True).first() if last else None
    if at is None:
        return rows
    return rows.filter(Q(registered_at__lt=at) | Q(registered_at=at, pk__lt=last))


def _said(said: str, now: datetime) -> tuple[Q, str]:
    if not said:
        return Q(), ""
    if sum(sign.isdigit() for sign in said) >= PHONE and (phone := normal_phone(said)):
        return Q(phone=phone), "phone"
    number = _NUMBER.fullmatch(said.lstrip("№ "))
    if number:
        year, digits = number[1], "".join(number[2].split())
        years = [int(year)] if year else [now.year % 100 - back for back in range(YEARS_BACK)]
        return Q(number__in=[f"{year:02d}-{digits}" for year in years]), "number"
    best = next(iter(find_addresses(said, limit=2)), None)
    if best and best.cost < NEAR and not (best.unread or best.rest or best.unknown_house):
        if best.premises:
            return Q(premises=best.premises), best.title
        return Q(building=best.building), best.title
    return with_words(said), "words"
