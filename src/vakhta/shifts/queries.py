"""What screens ask of the rota: who is on, who is next, what is short, what nobody took over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from vakhta.domain import rotas
from vakhta.domain.rotas import Gap
from vakhta.people.models import Company, Staff

from .models import Handover, Rota, Shift, Swap
from .rows import with_handed

GRACE = timedelta(minutes=15)
"""So long after its end a shift may still be handed over before anybody is told."""
TOLD_FOR = timedelta(hours=24)
"""So long a shift that nobody took over is told."""
AHEAD = timedelta(days=2)
"""So far ahead who comes next is looked for."""
AROUND = (timedelta(hours=1), timedelta(hours=4))
"""A sheet without a shift stands for the end that it was signed about: not earlier and not later."""


@dataclass(frozen=True)
class Duty:
    """A person works from `since` (inclusive) to `until` (exclusive). `is_handed`: somebody has accepted its sheet."""

    staff: Staff
    since: datetime
    until: datetime
    is_handed: bool = False


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Who works now, and who begins next; `next_at` is None when the rota says nothing of it."""

    on: tuple[Duty, ...]
    next: tuple[Duty, ...]
    next_at: datetime | None
    left: frozenset[int]
    """Whose shift runs and is handed over."""

    def of(self, staff: int) -> Duty | None:
        return next((row for row in self.on if row.staff.pk == staff), None)


def near(company: int, now: datetime) -> list[Duty]:
    """Shifts of the last day and the next two, with their people: what `watch` and `missed` are told from. One query."""
    rows = Shift.objects.select_related("staff").filter(
        ~Q(turn=""), company=company, staff__is_active=True, until__gt=now - TOLD_FOR, since__lt=now + AHEAD
    )
    found = [Duty(row.staff, row.since, row.until, row.is_handed) for row in with_handed(rows)]
    return sorted(found, key=lambda duty: (duty.since, duty.staff.name))


def watch(shifts: Sequence[Duty], now: datetime) -> Watch:
    """Of the shifts `near` now: as the rota has it, until one is handed over; then who accepted is on, with the shift that
    they come to or for the rest of the one that was left. No query, one when a shift that still runs was handed over."""
    rota = [row for row in shifts if row.since <= now < row.until]
    on = _as_handed(rota, shifts, now) if any(row.is_handed for row in rota) else rota
    ahead = [row for row in shifts if row.since > now and row not in on]
    next_at = ahead[0].since if ahead else None
    return Watch(
        on=tuple(on),
        next=tuple(row for row in ahead if row.since == next_at),
        next_at=next_at,
        left=frozenset(row.staff.pk for row in rota if row.is_handed and row not in on),
    )


def _as_handed(on: Sequence[Duty], shifts: Sequence[Duty], now: datetime) -> list[Duty]:
    """Who is on when what was signed and accepted is heeded, in the order in which it was. One query."""
    here = {row.staff.pk: row for row in on}
    given = Handover.objects.select_related("staff", "taker", "shift").defer("sheet")
    given = given.filter(
        company=on[0].staff.company_id, state="accepted", accepted_at__gt=now - TOLD_FOR, accepted_at__lte=now
    )
    for sheet in given.order_by("accepted_at", "pk"):
        held = here.get(sheet.staff_id)
        if held is None or sheet.taker is None or not held.since <= sheet.accepted_at:
            continue  # about a shift that is over
        if sheet.shift is not None and sheet.shift.until != held.until:
            continue
        del here[sheet.staff_id]
        if sheet.taker_id in here:
            continue
        theirs = [row for row in shifts if row.staff.pk == sheet.taker_id and now < row.until]
        comes = next((row for row in theirs if row.since <= held.until), None)
        here[sheet.taker_id] = comes or Duty(sheet.taker, sheet.accepted_at, held.until)
    return sorted(here.values(), key=lambda duty: (duty.since, duty.staff.name))


def month_of(people: Sequence[Staff], since: date, until: date) -> dict[rotas.Cell, Shift]:
    """One query."""
    rows = Shift.objects.filter(staff__in=[row.pk for row in people], day__gte=since, day__lt=until)
    return {(row.staff_id, row.day): row for row in rows}


def gaps(company: Company, since: date, until: date, need: Sequence[int]) -> list[Gap]:
    """Where of these days fewer work than `need` says for the hour. One query."""
    start, end = rotas.moment(since, time(0), company.zone), rotas.moment(until, time(0), company.zone)
    rows = Shift.objects.filter(
        ~Q(turn=""), company=company, until__gt=start, since__lt=end, staff__is_active=True
    )
    made = [rotas.Shift(row.staff_id, row.day, row.turn, row.since, row.until) for row in rows]
    return rotas.gaps(made, need, since, until, company.zone)


def last_rotas(people: Collection[int], until: date) -> dict[int, Rota]:
    """The last planned month of each before `until`: the next one goes on from it. One query."""
    rows = (
        Rota.objects.filter(staff__in=people, month__lt=until).order_by("staff", "-month").distinct("staff")
    )
    return {row.staff_id: row for row in rows}


def open_swaps(company: int) -> list[Swap]:
    """One query."""
    rows = Swap.objects.select_related("staff", "other").filter(company=company, state__in=Swap.OPEN)
    return list(rows.order_by("asked_at", "pk"))


def to_accept(company: int) -> list[Handover]:
    """Sheets that wait for who comes, the newest first, without what is in them. One query."""
    rows = (
        Handover.objects.select_related("staff", "taker", "shift")
        .defer("sheet")
        .filter(company=company, state="signed")
    )
    return list(rows.order_by("-signed_at"))


def sheets(company: int, before: datetime | None, limit: int) -> list[Handover]:
    """Signed sheets, the newest first, without what is in them. One query."""
    rows = Handover.objects.select_related("staff", "taker", "shift").defer("sheet").filter(company=company)
    if before is not None:
        rows = rows.filter(signed_at__lt=before)
    return list(rows.order_by("-signed_at", "-pk")[:limit])


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Shifts that ended at one moment, of which nobody has taken over. `signed`: the sheet waits for a taker."""

    until: datetime
    people: tuple[Staff, ...]
    signed: bool


def missed(company: int, shifts: Sequence[Duty], now: datetime) -> list[Missed]:
    """Of the shifts `near` now, the newest first. An end in the middle of somebody else's shift leaves nobody to take over
    from. One query, none when no shift has ended."""
    ended: dict[datetime, list[Staff]] = {}
    for row in sorted(shifts, key=lambda row: row.until, reverse=True):
        if row.until <= now - GRACE and not any(other.since < row.until < other.until for other in shifts):
            ended.setdefault(row.until, []).append(row.staff)
    if not ended:
        return []
    signed = Handover.objects.filter(
        company=company, signed_at__gt=min(ended) - timedelta(days=1), state__in=("signed", "accepted")
    ).values_list("state", "signed_at", "shift__until")
    found = []
    for until, people in ended.items():
        states = {state for state, at, end in signed if _is_about(until, at, end)}
        if "accepted" not in states:
            found.append(Missed(until=until, people=tuple(people), signed="signed" in states))
    return found


def _is_about(until: datetime, signed_at: datetime, end: datetime | None) -> bool:
    early, late = AROUND
    return end == until if end is not None else until - early <= signed_at <= until + late
