"""What screens ask about tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import islice
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    Func,
    Lookup,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.db.models.lookups import IsNull

from vakhta.domain.norms import CONTRACT
from vakhta.domain.regulations import NORMS
from vakhta.kernel.kept import Param, kept
from vakhta.places.phones import normal_phone

from .models import Clock, Ticket

RECENT = timedelta(hours=24)
SEVERAL = 8
"""More clocks than one ticket has running: so many are read for each that a list has room for."""
AROUND = 40
"""Tickets of a building that a card looks at."""


@dataclass(frozen=True)
class Around:
    """The newest tickets of a building (or of a phone), open ones first, with the clocks of those that are open; and the
    clocks of one more subject. All parts of a card ask it instead of the database."""

    tickets: list[Ticket]
    clocks: dict[str, list[Clock]]

    def nearest(self, ticket: Ticket) -> Clock | None:
        return nearest(self.clocks.get(f"ticket/{ticket.pk}", []))


def around(building: int | None, subject: str, phone: str = "") -> Around:
    """What is around a contact or ticket `subject` in its building; while none is known, what was told from its phone.
    Two queries."""
    if building is not None:
        rows = _newest_of(building=building)
    else:
        rows = _newest_from(phone=phone) if phone else []
    rows.sort(key=lambda t: (not t.is_open, -t.registered_at.timestamp()))
    subjects = {subject, *(f"ticket/{row.pk}" for row in rows if row.is_open)}
    clocks: dict[str, list[Clock]] = {}
    for clock in clocks_of_subjects(subjects=list(subjects)):
        clocks.setdefault(clock.subject, []).append(clock)
    return Around(rows, clocks)


@kept
def _newest_of() -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(building=Param("building")).select_related("premises")
    return rows.order_by("-registered_at")[:AROUND]


@kept
def _newest_from() -> QuerySet[Ticket]:
    # That it is none of the empty ones is said for the planner: its index leaves them out.
    rows = Ticket.objects.filter(phone=Param("phone")).exclude(phone="")
    return rows.select_related("premises").order_by("-registered_at")[:AROUND]


@kept
def clocks_of_subjects() -> QuerySet[Clock]:
    """Clock rows of `subjects`, «ticket/17», the nearest term first."""
    return Clock.objects.filter(subject__one_of=Param("subjects")).order_by("due_at")


def alike(
    tickets: list[Ticket], classifier: str, system: set[str], now: datetime, limit: int = 4
) -> list[tuple[Ticket, bool]]:
    """Of these tickets the open ones of the last day: (ticket, True when of the same nature or system).
    `system`: classifier codes of the same system."""
    rows = [row for row in tickets if row.is_open and row.registered_at > now - RECENT]
    found = [(row, row.classifier == classifier or row.classifier in system) for row in rows]
    found.sort(key=lambda pair: (not pair[1], -pair[0].registered_at.timestamp()))
    return found[:limit]


def clocks_of(*tickets: int) -> dict[int, list[Clock]]:
    """Clock rows of tickets, the nearest term first. One query."""
    found: dict[int, list[Clock]] = {ticket: [] for ticket in tickets}
    for clock in clocks_of_subjects(subjects=[f"ticket/{t}" for t in tickets]):
        found[clock.subject_pk].append(clock)
    return found


def listed_clocks(tickets: Iterable[Ticket]) -> dict[int, list[Clock]]:
    """Of the clocks of tickets those that a list tells of: the broken ones and those that run. One query."""
    found: dict[int, list[Clock]] = {ticket.pk: [] for ticket in tickets}
    for clock in _told_clocks(subjects=[f"ticket/{pk}" for pk in found]):
        found[clock.subject_pk].append(clock)
    return found


@kept
def _told_clocks() -> QuerySet[Clock]:
    told = Q(breached_at__isnull=False) | Q(stopped_at__isnull=True, is_ended=False)
    return Clock.objects.filter(told, subject__one_of=Param("subjects")).order_by("due_at")


def nearest(clocks: list[Clock]) -> Clock | None:
    """The running clock that breaches next."""
    running = [c for c in clocks if c.stopped_at is None and not c.is_ended and c.due_at]
    return min(running, key=lambda c: c.due_at, default=None)  # type: ignore[arg-type,return-value]


def work_term(clocks: list[Clock]) -> Clock | None:
    """Of a ticket's clocks the one that the work must end by: the earliest that `WorkDone` stops."""
    ends = [
        c for c in clocks if c.due_at and not c.is_ended and c.stopped_at is None and _ends_by_work(c.norm)
    ]
    return min(ends, key=lambda c: c.due_at, default=None)  # type: ignore[arg-type,return-value]


def _ends_by_work(code: str) -> bool:
    """A containment is stopped by the work's end too, but nobody promises it as the end of the work."""
    norm = NORMS.get(code) or NORMS[f"{CONTRACT}repair"]
    return "WorkDone" in norm.stops and "DamageContained" not in norm.stops


def subject(kind: str, pk: str | OuterRef = "pk") -> Func:
    """«ticket/17» of each row, as the database writes it: what clocks are found by. Not by `Concat`: its COALESCE may
    leak, so under row security no index is entered with it, and each row of a list reads all clocks of a city."""
    parts = (Value(f"{kind}/"), Cast(pk, CharField()))
    return Func(*parts, template="(%(expressions)s)", arg_joiner=" || ", output_field=CharField())


@CharField.register_lookup
class OneOf(Lookup):
    """`column = ANY (ARRAY (SELECT …))`: each key is looked up in the column's index. Of a list whose length it could
    guess the database would rather read the clocks of all years."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        keys, more = self.process_rhs(compiler, connection)
        return f"{column} = ANY ({keys})", (*params, *more)


BROKEN = Q(breached_at__isnull=False)
KEPT = Q(breached_at__isnull=True, stopped_at__isnull=False, is_ended=False)
RUNNING = Q(breached_at__isnull=True, stopped_at__isnull=True, is_ended=False)
NORM_IS = {"broken": BROKEN, "kept": KEPT, "running": RUNNING}
"""How a norm's clock stands → the condition on it: what indicators count and the lists behind their numbers ask."""


def stands_so(kind: str, stands: str, norm: str) -> Q:
    """Outer rows, tickets or interactions, whose clock of the norm stands so. Asked of each row that is looked at, by
    its subject and norm: how it stands is looked at in the answer, for as a condition it would tempt the database to
    go through all clocks of the norm for every row."""
    mine = Clock.objects.filter(subject=subject(kind, OuterRef("pk")), norm=norm).order_by()
    return Q(IsNull(Subquery(mine.values_list(Case(When(NORM_IS[stands], then="pk")))[:1]), False))


def of_norm(kind: str, stands: str, norm: str, few: int) -> tuple[Q, bool]:
    """(the tickets or interactions whose clock of the norm stands so, are they fewer than `few`). `norm`: one of that
    kind; it says so by itself, and with more to ask the database would sort all that kept it first. A few are named, of
    more each row that is looked at is asked. One query."""
    clocks = Clock.objects.filter(NORM_IS[stands], norm=norm).order_by()
    named = list(clocks.values_list("subject", flat=True)[:few])
    if len(named) == few:
        return stands_so(kind, stands, norm), False
    return Q(pk__in=[int(said.partition("/")[2]) for said in named]), True


def broken_of(kind: str, norm: str = "") -> QuerySet[Clock]:
    """The clocks of an outer row, a ticket or an interaction, that were broken; of one norm when it is named."""
    rows: QuerySet[Clock] = Clock.objects.filter(BROKEN, subject=subject(kind, OuterRef("pk")))
    return rows.filter(norm=norm) if norm else rows


def running() -> QuerySet[Clock]:
    """Clocks of open tickets that run now (a paused one stands still), by what breaches next. Of a ticket
    that is done one may run for ever (a fault that nobody was told of): nobody works on it, so it threatens nothing."""
    unfinished = Ticket.objects.filter(state__in=Ticket.OPEN).values(of=subject("ticket"))
    rows: QuerySet[Clock] = Clock.objects.filter(
        stopped_at__isnull=True, is_ended=False, is_paused=False, subject__one_of=ArraySubquery(unfinished)
    )
    return rows.order_by("due_at")


def first_of_each(clocks: Iterable[Clock]) -> dict[int, Clock]:
    """Ticket → the first of its clocks, in the order of the clocks."""
    first: dict[int, Clock] = {}
    for clock in clocks:
        first.setdefault(clock.subject_pk, clock)
    return first


def by_urgency(clocks: Iterable[Clock], now: datetime) -> dict[int, Clock]:
    """Ticket → the clock that it is listed by: what can still be kept first, by what breaches next; then
    what is late, the newest breach first. `clocks` by their terms."""
    known = [(clock, clock.due_at) for clock in clocks if clock.due_at]
    ahead = [clock for clock, due in known if due >= now]
    late = [clock for clock, due in known if due < now]
    return first_of_each((*ahead, *reversed(late)))


@dataclass(frozen=True)
class Urgent:
    clocks: dict[int, Clock]
    """Ticket → the clock that it is listed by, in the order of `by_urgency`; as many as were asked for."""
    total: int
    late: int
    """How many there are in all, and of them those that are late for something."""


@dataclass(frozen=True)
class _Listed:
    """The questions of a list of urgent tickets, each written once: what is `soon`, of how many clocks."""

    read: Callable[..., list[Clock]]
    """Of those ahead and of those late as many as the list has room for, in no order."""
    count: Callable[..., list[tuple[int, int]]]
    """(tickets in all, and of them late)"""


def _listed(soon: Q, limit: int) -> _Listed:
    late = Q(due_at__lt=Param("now"))

    @kept
    def read() -> QuerySet[Clock]:
        ahead = running().filter(soon, due_at__gte=Param("now"))[: limit * SEVERAL]
        return ahead.union(running().filter(late).order_by("-due_at")[: limit * SEVERAL], all=True)

    @kept
    def count() -> QuerySet[Clock, tuple[int, int]]:
        one = running().order_by().filter(soon | late).values_list(Value(1))
        every = Count("subject", distinct=True)
        found: QuerySet[Clock, tuple[int, int]] = one.annotate(
            total=every, late=Count("subject", distinct=True, filter=late)
        ).values_list("total", "late")
        return found

    return _Listed(read, count)


_AT_RISK = cache(partial(_listed, Q(at_risk_at__lte=Param("now"))))
_WITHIN = cache(partial(_listed, Q(due_at__lt=Param("soon"))))


def urgent(now: datetime, limit: int, within: timedelta | None = None) -> Urgent:
    """Open tickets that are late, or have a running clock that breaches `within` so much; without it, that is at risk.
    Two queries at most: of the hundreds that a city is late with only as many clocks are read as a list has room for,
    and the rest is counted."""
    asked: dict[str, Any] = {"now": now} if within is None else {"now": now, "soon": now + within}
    listed = _AT_RISK(limit) if within is None else _WITHIN(limit)
    clocks = sorted(listed.read(**asked), key=lambda clock: clock.due_at or now)
    first = by_urgency(clocks, now)
    if len(clocks) < limit * SEVERAL:  # neither half was cut
        passed = {clock.subject_pk for clock in clocks if clock.due_at and clock.due_at < now}
        total, late = len(first), len(passed)
    else:
        total, late = next(iter(listed.count(**asked)), (0, 0))
    return Urgent(dict(islice(first.items(), limit)), total, late)


def threatened(now: datetime, limit: int = 50) -> tuple[list[tuple[Ticket, Clock]], int, int]:
    """Open tickets with a running clock that is at risk or late, in the order of `by_urgency`; how many there
    are in all, and of them late. Three queries at most."""
    found = urgent(now, limit)
    tickets = {t.pk: t for t in open_of(tickets=list(found.clocks))}
    rows = [(tickets[pk], clock) for pk, clock in found.clocks.items() if pk in tickets]
    return rows, found.total, found.late


def next_terms(soon: datetime, limit: int) -> dict[int, Clock]:
    """Ticket → its nearest running clock, of open tickets none of whose clocks breaches before `soon`, by what breaches
    next. One query."""
    return dict(islice(first_of_each(_following(limit)(soon=soon)).items(), limit))


@cache
def _following(limit: int) -> Callable[..., list[Clock]]:
    @kept
    def following() -> QuerySet[Clock]:
        near = running().order_by().filter(due_at__lt=Param("soon")).values("subject")
        return running().exclude(subject__in=near)[: limit * SEVERAL]

    return following


def listed_by(tickets: Iterable[int], now: datetime) -> dict[int, Clock]:
    """Ticket → of its running clocks the one that it is listed by, as in `by_urgency`. One query."""
    found = _listed_by(subjects=[f"ticket/{pk}" for pk in tickets], now=now)
    return {clock.subject_pk: clock for clock in found}


@kept
def _listed_by() -> QuerySet[Clock]:
    now = Param("now", DateTimeField())
    rows = running().filter(subject__one_of=Param("subjects"))
    is_late = Case(When(due_at__lt=now, then=1), default=0)
    away = Case(When(due_at__lt=now, then=now - F("due_at")), default=F("due_at") - now)
    first = rows.annotate(is_late=is_late, away=away).order_by("subject", "is_late", "away")
    return first.distinct("subject")


@kept
def open_of() -> QuerySet[Ticket]:
    """Of `tickets` those that are open, with their houses and flats. One query."""
    return open_tickets().filter(pk__among=Param("tickets"))


def open_tickets() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("building", "premises").filter(state__in=Ticket.OPEN)


def by_number(number: str) -> tuple[Ticket | None, list[Ticket]]:
    """The ticket of a number with what its page shows, and those that were merged into it. Two queries:
    as one, with OR, it read every ticket there is."""
    found = (
        Ticket.objects.select_related("company", "building", "premises", "person", "merged_into")
        .filter(number=number)
        .order_by("-id")
        .first()
    )
    return found, list(found.merged.order_by("-id")) if found is not None else []


def spoken_of(said: str, limit: int = 3) -> list[Ticket]:
    """Tickets that are open or done, which a caller's words mean: the number («26-17», or «17» of this
    journal's newest), the applicant's phone, or the beginning of a name. At most two queries."""
    live = Ticket.objects.filter(state__in=(*Ticket.OPEN, "done")).order_by("-registered_at")
    digits = "".join(sign for sign in said if sign.isascii() and sign.isdigit())
    if not digits:
        named = live.filter(applicant__istartswith=said) if len(said) > 2 else live.none()
        return list(named[:limit])
    if len(digits) >= 10:
        return list(live.filter(phone=normal_phone(said))[:limit])
    number = "".join(sign for sign in said if sign in "0123456789-")
    if "-" in number:
        return list(live.filter(number=number)[:limit])
    return list(live.filter(number__endswith=f"-{digits}")[:limit])
