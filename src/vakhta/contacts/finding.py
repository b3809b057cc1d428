"""Contacts that somebody looks for: by phone, address, ticket or words, by how they came and how they ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, QuerySet

from vakhta.kernel.kept import Param, kept
from vakhta.places.phones import whole_phone
from vakhta.places.queries import NOT_LISTED
from vakhta.places.search import the_address
from vakhta.tickets.models import Ticket, TicketWord
from vakhta.tickets.queries import of_norm
from vakhta.tickets.words import FEW, NOTHING, Asked, has, looked_through, together, words_of

from .models import ContactWord, Interaction

STATES = {
    "waiting": Q(state="queued"),
    "taken": Q(state="taken"),
    "ended": Q(state="ended"),
}
_NUMBER = re.compile(r"№?\s*\d{2}\s?-\s?\d[\d\s]{0,7}")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Empty and None: anything. Days are moments of their beginnings: `since` in, `until` out."""

    said: str = ""
    """A phone, an address, a ticket's number or words, as somebody types it."""
    state: str = ""
    channel: str = ""
    outcome: str = ""
    company: int | None = None
    operator: int | None = None
    is_without_operator: bool = False
    """Only those that nobody has taken."""
    is_without_house: bool = False
    """Only those of an address that is not in the stock."""
    broken: str = ""
    kept: str = ""
    running: str = ""
    """Only those of which this norm was broken, was kept, or runs."""
    since: datetime | None = None
    until: datetime | None = None
    is_oldest_first: bool = False


NOT_SHOWN = (
    *("steps", "typed", "key", "key_digest", "wants_letters", "classifier"),
    *NOT_LISTED,
    *(f"ticket__{field}" for field in ("norms", "description", "address", "applicant", "phone", "email")),
)
"""What no row shows and each would bring."""


@dataclass(frozen=True)
class Found:
    """The newest or the oldest first. `read_as`: "phone", "number", "words", the title of a house or flat, "" when nothing
    was said."""

    condition: Q
    read_as: str = ""
    named: tuple[Q, ...] = ()
    """Any of these, each of which only few meet: they are found first and sorted."""
    words: Q = NOTHING
    """Words that are all common, asked of each contact that is looked at: the newest are looked through, and what is
    `named` only if they have not filled the page."""
    is_oldest_first: bool = False

    def page(self, size: int, after: int | None = None) -> list[Interaction]:
        """So many behind the one whose id is `after`, with what a row shows. Two queries, three with `after`, three
        more for words that are all common and hardly ever stand together."""
        rows = _behind(Interaction.objects.filter(self.condition), after, self.is_oldest_first)
        pks = self._keys(rows, size)
        shown = {row.pk: row for row in _shown(contacts=pks)}
        return [shown[pk] for pk in pks]

    def _keys(self, rows: QuerySet[Interaction], size: int) -> list[int]:
        order = ("received_at", "pk") if self.is_oldest_first else ("-received_at", "-pk")
        walk = rows.order_by(*order)
        if self.words:
            found = looked_through(walk, "received_at", self.words, size, are_named=bool(self.named))
            if found is not None:
                return found
        if not self.named:
            return list(walk.values_list("pk", flat=True)[:size])
        first, *others = (rows.filter(few).order_by().values_list("pk", "received_at") for few in self.named)
        return [pk for pk, _at in first.union(*others).order_by(*order)[:size]]


@kept
def _shown() -> QuerySet[Interaction]:
    rows = Interaction.objects.select_related("building", "premises", "person", "taken_by", "ticket")
    return rows.filter(pk__among=Param("contacts")).defer(*NOT_SHOWN)


def _behind(rows: QuerySet[Interaction], last: int | None, is_oldest_first: bool) -> QuerySet[Interaction]:
    at = Interaction.objects.filter(pk=last).values_list("received_at", flat=True).first() if last else None
    if at is None:
        return rows
    if is_oldest_first:
        return rows.filter(received_at__gte=at).exclude(received_at=at, pk__lte=last)
    return rows.filter(received_at__lte=at).exclude(received_at=at, pk__gte=last)


def find(asked: Filter) -> Found:
    """An address costs the queries of its search; words, a ticket's number and each norm one."""
    found = _said(asked.said.strip())
    condition = found.condition
    plain = {
        "channel": asked.channel,
        "outcome": asked.outcome,
        "company_id": asked.company,
        "taken_by_id": asked.operator,
        "received_at__gte": asked.since,
        "received_at__lt": asked.until,
    }
    condition &= Q(**{name: value for name, value in plain.items() if value})
    if asked.state:
        condition &= STATES[asked.state]
    if asked.is_without_operator:
        condition &= Q(taken_by__isnull=True)
    if asked.is_without_house:
        condition &= Q(building__isnull=True)
    for stands, norm in (("broken", asked.broken), ("kept", asked.kept), ("running", asked.running)):
        if norm:
            condition &= of_norm("interaction", stands, norm, FEW)[0]
    return replace(found, condition=condition, is_oldest_first=asked.is_oldest_first)


def _said(said: str) -> Found:
    if not said:
        return Found(Q())
    if phones := whole_phone(said):
        return Found(Q(phone__in=phones), "phone")
    if _NUMBER.fullmatch(said):
        number = re.sub(r"[№\s]", "", said)
        named = list(Ticket.objects.filter(number=number).values_list("pk", flat=True))
        return Found(Q(ticket__in=named), "number")
    if best := the_address(said):
        return Found(best.condition, best.title)
    return _with_words(said)


def _with_words(said: str) -> Found:
    """Of contacts that have a ticket its words are asked, of the others their own. One query."""
    words = words_of(said, ("tickets_ticketword", "contacts_contactword"))
    if not words:
        return Found(Q(pk__in=()), "words")
    rarest, *others = words
    if rarest.count < FEW:
        return Found(_each(others), "words", _named([rarest]))
    return Found(Q(), "words", _named(words) if others else (), words=_each(words))


def _named(words: Sequence[Asked]) -> tuple[Q, ...]:
    """Contacts that have all of the words, by their ticket or by themselves; or, as an addition has words of its own beside
    those of its ticket, some of them by each."""
    tickets = together(TicketWord.objects.all(), words, "ticket_id")
    contacts = together(ContactWord.objects.all(), words, "interaction_id")
    ways = [Q(ticket__in=tickets), Q(pk__in=contacts)]
    if len(words) > 1:
        some = ContactWord.objects.filter(
            reduce(or_, (word.rows for word in words)), interaction__ticket__isnull=False
        )
        ways.append(Q(pk__in=some.order_by().values("interaction_id")) & _each(words))
    return tuple(ways)


def _each(words: Iterable[Asked]) -> Q:
    condition = Q()
    for word in words:
        theirs = TicketWord.objects.filter(word.rows, ticket=OuterRef("ticket_id"))
        own = ContactWord.objects.filter(word.rows, interaction=OuterRef("pk"))
        condition &= has(theirs) | has(own)
    return condition
