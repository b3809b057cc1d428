"""Clock rows follow the journal: `domain.deadlines` decides, rows mirror, `vakhta clock` fires."""

from __future__ import annotations

from datetime import datetime

from vakhta.domain import facts
from vakhta.domain.deadlines import Clock as Term
from vakhta.domain.deadlines import FactsRefused, clocks
from vakhta.domain.facts import Recorded
from vakhta.domain.regulations import NORMS
from vakhta.kernel import journal
from vakhta.kernel.journal import Unit, acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope

from .models import Clock, NormCorrection

BATCH = 500

_MATTERS = (
    {kind for norm in NORMS.values() for kind in (norm.trigger, *norm.stops, *norm.lapses)}
    | {"TicketReturned", "TicketCorrected", "TicketVoided", "TicketMerged", "ClockPaused", "ClockResumed"}
    | {"CallAbandoned", "InteractionReopened", "Undone"}
) - {""}
_FOUNDING = {"TicketRegistered": "ticket", "InteractionReceived": "interaction"}


def project_clocks(unit: Unit) -> None:
    """Brings the clock rows of every subject that the unit speaks of in line with its facts."""
    wanted: dict[str, tuple[int, bool]] = {}
    for pending in unit.pending:
        if pending.fact.kind not in _MATTERS:
            continue
        for subject in pending.fact.subjects:
            if subject.startswith(("ticket/", "interaction/")):
                founded = subject.startswith(f"{_FOUNDING.get(pending.fact.kind, '-')}/")
                wanted[subject] = (pending.company, founded or wanted.get(subject, (0, False))[1])
    if wanted:
        _project(unit, wanted)


def _project(unit: Unit, wanted: dict[str, tuple[int, bool]]) -> None:
    fresh = [pending.recorded for pending in unit.pending]
    old = [subject for subject, (_, founded) in wanted.items() if not founded]
    known = journal.history(*old) if old else []
    try:
        terms = clocks([*known, *fresh], corrections=corrections(), subjects=set(wanted))
    except FactsRefused as error:
        raise Invalid(str(error)) from error
    # Locked, and so as `vakhta clock` has left them: one that it is just firing is waited for and not fired again.
    held = Clock.objects.select_for_update(of=("self",)).filter(subject__in=old).order_by("pk") if old else ()
    rows = {(row.subject, row.norm): row for row in held}
    new = []
    for term in terms:
        row = rows.pop((term.subject, term.norm.code), None)
        if row is None:
            row = Clock(subject=term.subject, norm=term.norm.code, company_id=wanted[term.subject][0])
            new.append(row)
            _mirror(row, term)
        elif _mirror(row, term):
            row.save()
    for row in rows.values():
        _forget(row)
    Clock.objects.bulk_create(new)
    unit.projected.extend(new)


def _forget(row: Clock) -> None:
    """A clock of a nature that was never so: its correction was taken back. A written breach stays."""
    if row.breached_at is None:
        row.delete()
    elif not row.is_ended:
        row.is_ended, row.fire_at = True, None
        row.save()


def _mirror(row: Clock, term: Term) -> bool:
    """Sets the row as the term is; True when anything changed."""
    before = _told(row)
    row.started_at, row.due_at, row.at_risk_at = term.started_at, term.due_at, term.at_risk_at
    row.is_ended = term.stopped_at is not None and not _is_stop(term)
    row.stopped_at = None if row.is_ended else term.stopped_at
    row.is_paused, row.is_recorded_late = term.paused, term.recorded_late
    row.fire_at = _next_firing(row)
    if row.is_ended and row.breached_at is None and term.state == "breached":
        row.fire_at = row.due_at  # it had passed before the end, and nobody has written that yet
    return before != _told(row)


def _told(row: Clock) -> tuple[object, ...]:
    moments = (row.started_at, row.due_at, row.at_risk_at, row.stopped_at)
    return (*moments, row.is_paused, row.is_ended, row.is_recorded_late)


def _is_stop(term: Term) -> bool:
    return term.stopped_by in term.norm.stops


def _next_firing(row: Clock) -> datetime | None:
    if row.is_ended or row.is_paused or row.due_at is None or row.breached_at is not None:
        return None
    if row.stopped_at is not None and row.stopped_at <= row.due_at:
        return None
    if row.stopped_at is None and row.warned_at is None:
        return row.at_risk_at
    return row.due_at


def corrections() -> list[Recorded]:
    """The administrator's corrections of norms as recorded facts; usually none. One query a change."""
    return journal.once("corrections", _corrections)


def _corrections() -> list[Recorded]:
    return [
        Recorded(
            facts.NormCorrected(
                norm=row.norm,
                since=row.since.isoformat(),
                limit=row.limit,
                edition=row.edition,
                item=row.item,
                verified=row.verified,
                reason=row.reason,
            ),
            happened_at=row.recorded_at,
            recorded_at=row.recorded_at,
            actor=row.actor,
        )
        for row in NormCorrection.objects.all()
    ]


# ── Firing ───────────────────────────────────────────────────────────────────────────────────


def fire_due() -> int:
    """Fires the clocks whose moment has come, each once; returns how many. One transaction: facts
    and rows together, so kill -9 fires neither or both. Several processes share the rows."""
    with acting(Scope.system("clock")) as unit:
        rows = list(
            Clock.objects.select_for_update(skip_locked=True)
            .filter(fire_at__lte=unit.at)
            .order_by("fire_at")[:BATCH]
        )
        for row in rows:
            _fire(row, unit.at)
        Clock.objects.bulk_update(rows, ["warned_at", "breached_at", "fire_at"])
    return len(rows)


def _fire(row: Clock, at: datetime) -> None:
    assert row.due_at is not None
    kind: type[facts.ClockBreached] | type[facts.ClockAtRisk]
    if row.due_at <= at:
        kind, row.breached_at = facts.ClockBreached, at
    else:
        kind, row.warned_at = facts.ClockAtRisk, at
    row.fire_at = _next_firing(row)
    name, _, number = row.subject.partition("/")
    fact = kind(norm=row.norm, due_at=row.due_at, **{name: int(number)})
    journal.record(fact, company=row.company_id)
