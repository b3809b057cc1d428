"""Which tickets a list shows: filters that all hold at once, words in any writing, pages from the last row.

How a page is found (docs/adr/0006-lists.md): what only few tickets have (a number, a house, a rare word) names
them; otherwise the newest are looked through in the order of an index until the page is full. The database
would rather read all and sort, because it takes the rows that row-level security lets through for few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet

from vakhta.kernel.kept import Param, kept
from vakhta.places.phones import whole_phone
from vakhta.places.queries import NOT_LISTED
from vakhta.places.search import the_address
from vakhta.tickets.classifier import OF_SERVICES
from vakhta.tickets.models import Clock, Ticket, TicketWord
from vakhta.tickets.queries import NORM_IS, of_norm, subject
from vakhta.tickets.words import FEW, NOTHING, Asked, has, looked_through, together, words_of

from .models import WorkOrder

STATES: dict[str, tuple[str, ...]] = {
    "open": tuple(Ticket.OPEN),
    "unassigned": tuple(Ticket.FREE),
    "work": ("assigned", "accepted", "on_the_way", "on_site", "contained"),
    "done": ("done",),
    "closed": ("closed",),
    "gone": ("merged", "voided"),
}
"""What is chosen in a list → states of tickets."""
_NUMBER = re.compile(r"(?:(\d{2})\s?-\s?)?(\d[\d\s]{0,7})")
LONGEST_NUMBER = 40
"""Signs of a number as an old journal writes it."""
ANY = "yes"
YEARS_BACK = 5
"""A number said without its year is looked for in so many years."""


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
    is_without_crew: bool = False
    """Only those that no crew has or had: nobody has them, or a technician alone."""
    is_without_house: bool = False
    """Only those of an address that is not in the stock."""
    since: datetime | None = None
    until: datetime | None = None
    broken: str = ""
    """Only those of which this norm was broken, or, by ANY, whichever."""
    kept: str = ""
    running: str = ""
    """Only those that kept this norm, and those of which it runs."""
    origin: str = ""
    """"own": registered here; "old": carried over from a journal that was kept before."""
    is_oldest_first: bool = False


NOT_SHOWN = ("norms", "merged_into", "wants_letters", "old_key", *NOT_LISTED)
"""What no row shows and each would bring."""


@dataclass(frozen=True)
class Found:
    """The tickets that were asked for, the newest or the oldest first. `read_as`: "number", "phone", "words", the title of
    a house or flat, "" when nothing was said."""

    condition: Q
    words: Q = NOTHING
    """What is asked of each ticket that is looked at."""
    together: Q = NOTHING
    """The same of tickets that are named, where the words are all common."""
    read_as: str = ""
    are_few: bool = False
    is_oldest_first: bool = False

    def page(self, size: int, after: int | None = None) -> list[Ticket]:
        """So many tickets behind the one whose id is `after`, with what a row shows. Two queries, three
        with `after`: each page costs what the first does."""
        pks = self.keys(size, after)
        shown = {row.pk: row for row in _shown(tickets=pks)}
        return [shown[pk] for pk in pks]

    def keys(self, size: int, after: int | None = None) -> list[int]:
        """The ids of so many. One query, one more with `after`, three more for words that are all common and hardly ever
        stand together."""
        rows = _behind(Ticket.objects.filter(self.condition), after, self.is_oldest_first)
        way = "" if self.is_oldest_first else "-"
        if self.are_few:
            rows = rows.filter(self.words)
        else:
            walk = rows.order_by(f"{way}registered_at", f"{way}pk")
            found = looked_through(walk, "registered_at", self.words, size, are_named=bool(self.together))
            if found is not None:
                return found
            rows = rows.filter(self.together)
        # By a sum that no index has: the few are found first and sorted, whatever a kept plan takes them for.
        few = rows.annotate(at=F("registered_at") + timedelta(0)).order_by(f"{way}at", f"{way}pk")
        return list(few.values_list("pk", flat=True)[:size])


@kept
def _shown() -> QuerySet[Ticket]:
    rows = Ticket.objects.select_related("building", "premises", "person", "old_journal")
    return rows.filter(pk__among=Param("tickets")).defer(*NOT_SHOWN)


def _behind(rows: QuerySet[Ticket], last: int | None, is_oldest_first: bool) -> QuerySet[Ticket]:
    at = Ticket.objects.filter(pk=last).values_list("registered_at", flat=True).first() if last else None
    if at is None:
        return rows
    # The first half is what an index is entered by; the second leaves out what was shown of that moment.
    if is_oldest_first:
        return rows.filter(registered_at__gte=at).exclude(registered_at=at, pk__lte=last)
    return rows.filter(registered_at__lte=at).exclude(registered_at=at, pk__gte=last)


def find(asked: Filter, now: datetime) -> Found:
    """What is said costs up to four queries, a crew and each norm one."""
    found = _said(asked.said.strip(), now)
    condition, are_few = found.condition, found.are_few
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
        # The oldest open ones stand anywhere between the closed of years: found by their states and sorted.
        are_few |= asked.is_oldest_first and asked.state in ("open", "unassigned")
    if asked.origin:
        condition &= Q(old_journal__isnull=asked.origin == "own")
    if asked.state == "unassigned":
        condition &= ~Q(classifier__in=OF_SERVICES)
    if asked.crew:
        ours = WorkOrder.objects.filter(crew_id=asked.crew).exclude(state__in=("refused", "withdrawn"))
        few = _few(ours.values_list("ticket_id", flat=True))
        condition &= has(ours.filter(ticket=OuterRef("pk"))) if few is None else Q(pk__in=few)
        are_few |= few is not None
    if asked.is_without_crew:
        held = WorkOrder.objects.filter(ticket=OuterRef("pk")).exclude(state__in=("refused", "withdrawn"))
        condition &= ~has(held) | has(held.filter(crew__isnull=True))
    if asked.is_without_house:
        condition &= Q(building__isnull=True)
    for stands, norm in (("broken", asked.broken), ("kept", asked.kept), ("running", asked.running)):
        if norm:
            theirs, are_named = _of_norm(stands, norm)
            condition &= theirs
            are_few |= are_named
    return replace(found, condition=condition, are_few=are_few, is_oldest_first=asked.is_oldest_first)


def _of_norm(stands: str, norm: str) -> tuple[Q, bool]:
    """`tickets.queries.of_norm`, and of ANY norm. One query."""
    if norm != ANY:
        return of_norm("ticket", stands, norm, FEW)
    clocks = Clock.objects.filter(NORM_IS[stands], subject__startswith="ticket/")
    named = _few(clocks.values_list("subject", flat=True))
    if named is None:
        return has(clocks.filter(subject=subject("ticket", OuterRef("pk")))), False
    return Q(pk__in={int(said.partition("/")[2]) for said in named}), True


def _few(keys: QuerySet[Any, Any]) -> list[Any] | None:
    """All of them, or None when they are too many to be named. One query."""
    found = list(keys.order_by()[:FEW])
    return found if len(found) < FEW else None


def _said(said: str, now: datetime) -> Found:
    if not said:
        return Found(Q())
    if phones := whole_phone(said):
        return Found(Q(phone__in=phones), read_as="phone", are_few=True)
    bare = said.lstrip("№ ")
    number = _NUMBER.fullmatch(bare)
    if number:
        year, digits = number[1], "".join(number[2].split())
        years = [int(year)] if year else [now.year % 100 - back for back in range(YEARS_BACK)]
        old = _old_numbers(bare)
        ours = Q(number__in=[f"{year:02d}-{digits}" for year in years])
        return Found(ours | Q(pk__in=old) if old else ours, read_as="number", are_few=True)
    if best := the_address(said):
        return Found(best.condition, read_as=best.title, are_few=True)
    if old := _old_numbers(bare):
        return Found(Q(pk__in=old), read_as="number", are_few=True)
    return _with_words(said)


def _old_numbers(said: str) -> list[int]:
    """Tickets of old journals that this is the number of, «1547/24», or our own name of them, «П-17». One query, none
    for words without a figure."""
    if not any(sign.isdigit() for sign in said) or len(said) > LONGEST_NUMBER:
        return []
    written = Q(old_number__in=dict.fromkeys((said, said.upper(), said.lower())))
    own = Q(number=said.upper()) if said[:2].upper() == "П-" else None
    found = Ticket.objects.filter(old_journal__isnull=False).filter(own if own is not None else written)
    return list(found.values_list("pk", flat=True)[:FEW])


def _with_words(said: str) -> Found:
    words = words_of(said)
    if not words:
        return Found(Q(pk__in=()), read_as="words", are_few=True)
    rarest, *others = words
    if rarest.count < FEW:
        named = Q(pk__in=TicketWord.objects.filter(rarest.rows).values("ticket_id"))
        return Found(named & _each(others), read_as="words", are_few=True)
    both = Q(pk__in=together(TicketWord.objects.all(), words, "ticket_id")) if others else Q()
    return Found(Q(), words=_each(words), together=both, read_as="words")


def _each(words: Iterable[Asked]) -> Q:
    condition = Q()
    for word in words:
        condition &= has(TicketWord.objects.filter(word.rows, ticket=OuterRef("pk")))
    return condition
