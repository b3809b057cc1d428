"""Indicators (показатели) of chosen days: contacts and tickets counted by day, company, building, nature, operator or
crew, norms kept and broken with the reasons that were recorded, how long callers waited. Numbers are of the rows
that screens show, so that each can open its list; what happened is proved by the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    F,
    FilteredRelation,
    FloatField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from vakhta.contacts.models import Interaction
from vakhta.crews.models import Crew
from vakhta.domain import facts
from vakhta.domain.norms import PAUSE_REASONS
from vakhta.kernel.journal import recorded
from vakhta.kernel.models import Entry, EntrySubject
from vakhta.people.models import Company, Staff
from vakhta.places.models import Building
from vakhta.tickets.models import Clock, Ticket
from vakhta.tickets.queries import BROKEN, KEPT, RUNNING, broken_of, subject

BY = ("day", "company", "building", "kind", "operator", "crew")
"""What rows may be counted by."""
BROKEN_READ = 2_000
"""Of so many broken clocks, the newest, the recorded reasons are read."""
REASONS = 3
ANSWER = "pp416.13.answer"


class Median(Aggregate):
    """Of lengths of time, in seconds."""

    function = "percentile_cont"
    template = (
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM (%(expressions)s))::double precision)"
    )
    output_field = FloatField()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`since` in, `until` out; days are of `zone`. `by`: one of BY."""

    since: datetime
    until: datetime
    zone: str
    by: str = "day"
    company: int | None = None
    with_old: bool = False
    """Count tickets of old journals too; they have no norms."""


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Of contacts. `answer`: the median of seconds that a phone call waited; None without calls."""

    all: int = 0
    repeats: int = 0
    """Joined to a ticket that there was already."""
    late: int = 0
    """Answered later than the norm, or not at all within it."""
    answer: float | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """Of tickets. `all` is `open` + `done` + `closed` + `gone`."""

    all: int = 0
    emergencies: int = 0
    open: int = 0
    done: int = 0
    """Done and waiting for the applicant's word."""
    closed: int = 0
    gone: int = 0
    """Voided or merged."""
    broken: int = 0
    """A norm of theirs was broken."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """`key`: the day, an id or a code; "" when it is of nothing known (no house, no crew). None: not counted so."""

    key: str
    title: str
    calls: Calls | None = None
    work: Work | None = None


@dataclass(frozen=True, kw_only=True)
class NormRow:
    """A norm's clocks of what came in these days. `late`: the median of seconds by which the broken ones were
    late. `reasons`: words → how many times, the most frequent first."""

    code: str
    kept: int
    broken: int
    running: int
    late: float | None
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def share(self) -> float | None:
        """Of those that are over, the part that was kept; None when none is over."""
        over = self.kept + self.broken
        return self.kept / over if over else None


@dataclass(frozen=True, kw_only=True)
class Report:
    asked: Asked
    rows: tuple[Row, ...]
    total: Row
    norms: tuple[NormRow, ...]
    left_out: int = 0
    """How many rows more there are, less busy than these."""


def report(asked: Asked, now: datetime, most: int | None = None) -> Report:
    """The `most` busiest rows, all of them when it is None; days are never left out. Eight queries at most."""
    calls, work = _calls(asked), _work(asked)
    by_calls = _counted(_calls_by(calls, asked), Calls)
    by_work = _counted(_work_by(work, asked), Work)
    found = sorted({*by_calls, *by_work}, key=lambda key: _weight(key, by_calls, by_work))
    keys = found if asked.by == "day" else found[:most]
    titles = _titles(asked, keys)
    rows = [
        Row(
            key="" if key is None else str(key),
            title=titles.get(key, ""),
            calls=None if asked.by in ("kind", "crew") else by_calls.get(key, Calls()),
            work=None if asked.by == "operator" else by_work.get(key, Work()),
        )
        for key in (sorted(keys) if asked.by == "day" else keys)
    ]
    total = Row(
        key="",
        title="",
        calls=_counted(_sum_calls(calls), Calls)[None],
        work=_counted(_sum_work(work), Work)[None],
    )
    return Report(
        asked=asked,
        rows=tuple(rows),
        total=total,
        norms=_norms(asked, now),
        left_out=len(found) - len(keys),
    )


def _weight(key: Any, calls: Mapping[Any, Calls], work: Mapping[Any, Work]) -> tuple[int, int, str]:
    """The busiest first; contacts decide where nobody counts tickets. Of equals always the same is first."""
    return (-(work[key].all if key in work else 0), -(calls[key].all if key in calls else 0), str(key))


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────


def _calls(asked: Asked) -> QuerySet[Interaction]:
    rows = Interaction.objects.filter(received_at__gte=asked.since, received_at__lt=asked.until)
    return rows.filter(company_id=asked.company) if asked.company else rows


def _work(asked: Asked) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(registered_at__gte=asked.since, registered_at__lt=asked.until)
    rows = rows if asked.with_old else rows.filter(old_journal__isnull=True)
    return rows.filter(company_id=asked.company) if asked.company else rows


def _calls_by(rows: QuerySet[Interaction], asked: Asked) -> Any:
    zone = ZoneInfo(asked.zone)
    keys = {
        "day": TruncDate("received_at", tzinfo=zone),
        "company": F("company_id"),
        "building": F("building_id"),
        "operator": F("taken_by_id"),
    }
    if asked.by not in keys:
        return ()
    return _sum_calls(rows.annotate(group=keys[asked.by]).values("group"))


def _work_by(rows: QuerySet[Ticket], asked: Asked) -> Any:
    zone = ZoneInfo(asked.zone)
    if asked.by == "crew":
        # As the list of a crew: every ticket that it has or had, one of two crews counts for both.
        held = FilteredRelation("work_orders", condition=~Q(work_orders__state__in=("refused", "withdrawn")))
        rows = rows.annotate(held=held).annotate(group=F("held__crew_id"))
        return _sum_work(rows.values("group"))
    keys = {
        "day": TruncDate("registered_at", tzinfo=zone),
        "company": F("company_id"),
        "building": F("building_id"),
        "kind": F("classifier"),
    }
    if asked.by not in keys:
        return ()
    return _sum_work(rows.annotate(group=keys[asked.by]).values("group"))


def _sum_calls(rows: Any) -> Any:
    waited = Cast(F("answered_at") - F("received_at"), DurationField())
    return _grouped(
        rows,
        all=Count("pk"),
        repeats=Count("pk", filter=Q(outcome="addition")),
        late=Count("pk", filter=Q(Exists(broken_of("interaction", ANSWER)))),
        answer=Median(waited, filter=Q(channel="phone", answered_at__isnull=False)),
    )


def _sum_work(rows: Any) -> Any:
    named = {
        "all": Q(),
        "emergencies": Q(severity="emergency"),
        "open": Q(state__in=Ticket.OPEN),
        "done": Q(state="done"),
        "closed": Q(state="closed"),
        "gone": Q(state__in=("merged", "voided")),
        "broken": Q(Exists(broken_of("ticket"))),
    }
    return _grouped(rows, **{name: Count("pk", filter=of, distinct=True) for name, of in named.items()})


def _grouped(rows: Any, **sums: Any) -> Any:
    """The sums of each key, or, of rows that have none, of them all: one row with the key None."""
    is_grouped = "group" in rows.query.annotations
    return rows.order_by().annotate(**sums) if is_grouped else [{"group": None, **rows.aggregate(**sums)}]


def _counted(rows: Any, kind: Any) -> dict[Any, Any]:
    """Key → the sums as Calls or Work, which name them alike."""
    return {row.pop("group"): kind(**row) for row in rows}


def _titles(asked: Asked, keys: list[Any]) -> dict[Any, str]:
    """What the keys of rows are called. One query; days and natures are said by whoever shows them."""
    known = [key for key in keys if key is not None]
    if asked.by == "company":
        return dict(Company.objects.filter(pk__in=known).values_list("pk", "short_name"))
    if asked.by == "building":
        return {row.pk: str(row) for row in Building.objects.filter(pk__in=known)}
    if asked.by == "operator":
        return dict(Staff.objects.filter(pk__in=known).values_list("pk", "name"))
    if asked.by == "crew":
        return dict(Crew.objects.filter(pk__in=known).values_list("pk", "name"))
    return {key: str(key) for key in known}


# ── Norms ────────────────────────────────────────────────────────────────────────────────────


def _norms(asked: Asked, now: datetime) -> tuple[NormRow, ...]:
    """Of the clocks of what came in these days: the norms broken most first."""
    subjects = (
        _work(asked)
        .order_by()
        .values(of=subject("ticket"))
        .union(_calls(asked).order_by().values(of=subject("interaction")), all=True)
    )
    clocks = Clock.objects.filter(subject__one_of=ArraySubquery(subjects))
    over = Coalesce(F("stopped_at"), Value(now))
    found = (
        clocks.order_by()
        .values("norm")
        .annotate(
            kept=Count("pk", filter=KEPT),
            broken=Count("pk", filter=BROKEN),
            running=Count("pk", filter=RUNNING),
            late=Median(
                Cast(over - F("due_at"), DurationField()),
                filter=BROKEN & Q(is_recorded_late=False),
            ),
        )
    )
    rows = sorted(found, key=lambda row: (-row["broken"], -row["kept"], row["norm"]))
    reasons = _reasons(clocks) if any(row["broken"] for row in rows) else {}
    return tuple(
        NormRow(
            code=row["norm"],
            kept=row["kept"],
            broken=row["broken"],
            running=row["running"],
            late=row["late"],
            reasons=tuple(reasons.get(row["norm"], Counter()).most_common(REASONS)),
        )
        for row in rows
    )


def _reasons(clocks: QuerySet[Clock]) -> dict[str, Counter[str]]:
    """Norm → what was recorded about its broken clocks: why a later term was told, why the clock stood still."""
    newest = clocks.filter(BROKEN).order_by("-due_at").values_list("subject", "norm")
    broken = set(newest[:BROKEN_READ])
    subjects = {subject for subject, _norm in broken}
    entries = EntrySubject.objects.filter(subject__in=subjects).values("entry_id")
    told = Entry.objects.filter(id__in=entries, kind__in=("TermsTold", "ClockPaused"))
    found: dict[str, Counter[str]] = {}
    for record in recorded(told):
        fact = record.fact
        if isinstance(fact, facts.TermsTold):
            norm, why = fact.beyond, fact.reason
        elif isinstance(fact, facts.ClockPaused):
            norm, why = fact.norm, PAUSE_REASONS.get(fact.why, fact.why)
        else:
            continue
        if why and (f"ticket/{fact.ticket}", norm) in broken:
            found.setdefault(norm, Counter())[why.strip()] += 1
    return found
