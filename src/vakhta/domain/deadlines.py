"""Clocks (сроки) are a pure function of the set of facts: nothing else starts, stops or moves one.

`clocks` takes every fact of a subject as known, in any order and however often repeated; `now` only
chooses the moment that the state is told for. Hence with the same facts a later `now` never turns
«breached» back. A moment exactly at the term still meets it.

How facts act, beside starting and stopping:

* `TicketReturned` takes away the stop by `WorkDone` (`InteractionReopened` that by
  `InteractionEnded`): the clock goes on from its start. Not that of a containment: what was contained in time by
  the end of the work was contained, whatever the applicant misses afterwards; nor what the end of the work ended;
* `WorkDone` ends the clock of telling the planned terms («ended», not «met»: nobody told them);
* `TicketVoided`, `TicketMerged`, and for an answer `CallAbandoned`, end a clock: it is «ended»,
  or stays «breached» when its term had passed before;
* `TicketCorrected.norms` replaces the snapshot: new norms count from where the old ones did, norms
  left out end with the correction;
* `ClockPaused` … `ClockResumed` move the term later by the time between them, if the pause began
  before the term passed; where nothing but an agreed time may move a term (354, item 108), the last
  agreed time is the term, if it is later;
* `Undone` cancels the entry that it names, except a written breach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vakhta.domain.calendars import (
    RUSSIA,
    ProductionCalendar,
    Span,
    add_working_days,
    end_of_day,
    overlap,
    spend,
    zone_of,
)
from vakhta.domain.facts import (
    ClockBreached,
    ClockPaused,
    ClockResumed,
    InteractionReceived,
    NormCorrected,
    Recorded,
    TicketCorrected,
    TicketRegistered,
)
from vakhta.domain.histories import FOUNDING, FactsRefused, History, Refusals, histories, in_order, in_utc
from vakhta.domain.norms import (
    AGREED,
    DAMAGE,
    DETECTED,
    PAUSE_REASONS,
    REPORTED,
    Elapsed,
    Norm,
    NormError,
    Norms,
    WorkingDays,
    correction_day,
    effective,
    resolve,
)
from vakhta.domain.regulations import NORMS

__all__ = ["STATES", "Clock", "FactsRefused", "clocks"]

AT_RISK_AFTER = 3, 4
"""A clock is at risk when so much of its time has passed, as a fraction."""

ENDINGS = {"ticket": ("TicketVoided", "TicketMerged"), "interaction": ("CallAbandoned",)}
REOPENINGS = {"TicketReturned": "WorkDone", "InteractionReopened": "InteractionEnded"}
"""Kind of fact → the stop that it takes away."""

STATES = ("running", "at_risk", "paused", "met", "breached", "ended")


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One term of one subject. Moments are in UTC; `zone` is the building's, to show them in."""

    subject: str
    """"ticket/17", "interaction/5"."""
    norm: Norm
    zone: str
    started_at: datetime
    due_at: datetime
    """The last moment that meets the term. While `paused` it moves: it is given as if the clock went
    on at `now`, or, without `now`, at the moment of the pause."""
    at_risk_at: datetime
    stopped_at: datetime | None
    stopped_by: str
    """Kind of the fact that stopped or ended the clock, or ""."""
    stopped_recorded_at: datetime | None
    paused: bool
    """It stands still: at `now`, or, without `now`, by a pause that has no end."""
    paused_for: timedelta
    state: str
    """One of STATES. Without `now`: what the facts alone decide, else "running"."""
    recorded_late: bool
    """Met in time, but recorded after the term («met, recorded late»)."""
    late_by: timedelta
    """How long after the term it was stopped, or has been running; zero when it is not late."""
    breach_written: bool
    """A `ClockBreached` fact is in the journal, whatever was recorded afterwards."""


def clocks(
    events: Iterable[Recorded],
    *,
    now: datetime | None = None,
    norms: Norms = NORMS,
    corrections: Iterable[Recorded] = (),
    calendar: ProductionCalendar = RUSSIA,
    subjects: Collection[str] | None = None,
    strict: bool = False,
) -> tuple[Clock, ...]:
    """Every clock of the facts, ordered by subject, start and code.

    `subjects` keeps to some of them, e.g. {"ticket/17"}: needed when the facts are one subject's
    journal entries, for these name other subjects too. With `now`, subjects whose first fact is
    later are left out. `corrections`: recorded `NormCorrected`, taken as checked; those among `events`
    count as well and are checked. `strict`: facts of a stranger, whose editions must have been in force. Raises
    FactsRefused, with one for each other subject that is refused.
    """
    # Python compares and subtracts two moments of one zone by their wall clocks, an hour wrong at the
    # change of clocks: so everything is reckoned in UTC from here on.
    events = [in_utc(recorded) for recorded in events]
    now = now.astimezone(UTC) if now is not None else None
    law = _Law(norms, calendar, (*map(in_utc, corrections), *events), strict=strict)
    law.check(events)
    found: list[Clock] = []
    refusals = Refusals()
    for history in histories(events, law.matters, subjects, refusals):
        with refusals.gathered():
            made = list(_clocks_of(history, law, now))  # what is wrong is wrong at every `now`
            if now is None or history.founding.happened_at <= now:
                found += made
    refusals.told()
    return tuple(sorted(found, key=lambda c: (c.subject, c.started_at, c.norm.code)))


class _Law:
    """Norms, their corrections and the calendar, prepared once for many subjects."""

    def __init__(
        self, norms: Norms, calendar: ProductionCalendar, recorded: Iterable[Recorded], *, strict: bool
    ) -> None:
        self.strict = strict
        self.norms = norms
        self.calendar = calendar
        self.corrections = [(r, r.fact) for r in recorded if isinstance(r.fact, NormCorrected)]
        timed = [norm for norm in norms.values() if norm.is_clock]
        self.contact_norms = [norm for norm in timed if norm.channels]
        founded = {
            kind for norm in self.contact_norms if norm.trigger in FOUNDING.values() for kind in norm.stops
        }
        self.only_after = {
            norm.trigger: set(norm.stops) - founded
            for norm in self.contact_norms
            if norm.trigger not in FOUNDING.values()
        }
        """Trigger in the middle of a contact → the stops that mean nothing without it (a call back)."""
        ticket_stops = {kind for norm in timed if not norm.channels for kind in (*norm.stops, *norm.lapses)}
        contact_stops = {kind for norm in self.contact_norms for kind in norm.stops}
        self.matters: Mapping[str, Collection[str]] = {
            "ticket": ticket_stops
            | {FOUNDING["ticket"], *ENDINGS["ticket"]}
            | {"TicketReturned", "TicketCorrected", "ClockPaused", "ClockResumed", "ClockBreached"},
            "interaction": contact_stops
            | {FOUNDING["interaction"], *ENDINGS["interaction"]}
            | {"InteractionReopened", "ClockBreached"},
        }

    def known_at(self, moment: datetime) -> list[NormCorrected]:
        """A correction changes what is registered after it was recorded, never what stands."""
        return [fact for recorded, fact in self.corrections if recorded.recorded_at <= moment]

    def check(self, events: Iterable[Recorded]) -> None:
        """Refuses a correction that does not hold on its own date, after those before it."""
        refusals = Refusals()
        for recorded in events:
            if isinstance(recorded.fact, NormCorrected):
                with refusals.gathered():
                    self._check(recorded, recorded.fact)
        refusals.told()

    def _check(self, recorded: Recorded, correction: NormCorrected) -> None:
        field = "since"
        try:
            day = correction_day(correction)
            field = "norm"
            norm = self.norms.on(correction.norm, day)
            field = "limit"
            effective(norm, [fact for _, fact in self.corrections], day)
        except NormError as error:
            raise FactsRefused(str(error), recorded, field) from None


@dataclass(frozen=True)
class _Term:
    """A norm at work on a subject."""

    norm: Norm
    started_at: datetime
    begun_at: datetime
    """When its trigger happened: no stop counts before, though the term may be counted from earlier."""
    dropped: Recorded | None = None
    """The correction of the ticket that left this norm out."""


def _clocks_of(history: History, law: _Law, now: datetime | None) -> Iterator[Clock]:
    fact = history.founding.fact
    assert isinstance(fact, (TicketRegistered, InteractionReceived))
    try:
        zone = zone_of(fact.zone)
    except ValueError:
        reason = f"неизвестный часовой пояс «{fact.zone}»"
        raise FactsRefused(reason, history.founding, "zone") from None
    day = history.founding.happened_at.astimezone(zone).date()
    if isinstance(fact, TicketRegistered):
        terms = list(_ticket_terms(fact, history, law, day))
        _check_pauses(terms, history)
    else:
        terms = list(_contact_terms(fact, history, law, day))
    for term in terms:
        yield _clock(term, history, law, zone, now)


# ── What starts ──────────────────────────────────────────────────────────────────────────────


def _ticket_terms(fact: TicketRegistered, history: History, law: _Law, day: date) -> Iterator[_Term]:
    """Every norm that the ticket's snapshot has or had; a standing rule gives no clock."""
    kept: dict[str, tuple[Mapping[str, Any], Recorded]] = {}
    kept |= {snap["code"]: (snap, history.founding) for snap in _snapshots(fact.norms, history.founding)}
    dropped: dict[str, Recorded] = {}
    damage_at, damage_by = fact.damage_at, history.founding
    for recorded in history.of("TicketCorrected"):
        correction = recorded.fact
        assert isinstance(correction, TicketCorrected)
        if correction.damage_at is not None:
            damage_at, damage_by = correction.damage_at, recorded
        if correction.norms:
            new = {snap["code"]: (snap, recorded) for snap in _snapshots(correction.norms, recorded)}
            dropped = {code: dropped.get(code, recorded) for code in kept if code not in new}
            kept |= new
    registered_at = history.founding.happened_at
    for name, moment, by in (
        ("damage_at", damage_at, damage_by),
        ("detected_at", fact.detected_at, history.founding),
        ("reported_at", fact.reported_at, history.founding),
    ):
        if moment is not None and moment > registered_at:
            raise FactsRefused("позже, чем регистрация заявки", by, name)
    starts = {DAMAGE: damage_at, DETECTED: fact.detected_at or fact.reported_at, REPORTED: fact.reported_at}
    for code, (snap, by) in kept.items():
        try:
            known = law.known_at(by.recorded_at)
            norm = resolve(snap, law.norms, day=day, corrections=known, strict=law.strict)
        except NormError as error:
            raise FactsRefused(str(error), by, "norms") from None
        if norm.channels:
            raise FactsRefused(f"норма «{code}» — для обращений, а не для заявок", by, "norms")
        if norm.is_clock:
            started_at = starts.get(norm.counted_from) or registered_at
            yield _Term(norm, started_at, registered_at, dropped.get(code))


def _snapshots(norms: tuple[dict[str, Any], ...], by: Recorded) -> Iterator[Mapping[str, Any]]:
    """The parts of a snapshot, if each has the right form and none is named twice."""
    named: set[str] = set()
    for snap in norms:
        if not isinstance(snap, Mapping) or not isinstance(snap.get("code"), str):
            raise FactsRefused('нужен объект вида {"code": "pp416.13.containment"}', by, "norms")
        if set(snap) - {"code", "edition", "limit"}:
            raise FactsRefused("у нормы бывают только code, edition, limit", by, "norms")
        if not isinstance(snap.get("edition", ""), str):
            raise FactsRefused("edition — строка", by, "norms")
        if snap["code"] in named:
            raise FactsRefused(f"норма «{snap['code']}» названа дважды", by, "norms")
        named.add(snap["code"])
        yield snap


def _contact_terms(fact: InteractionReceived, history: History, law: _Law, day: date) -> Iterator[_Term]:
    known = law.known_at(history.founding.recorded_at)
    for newest in law.contact_norms:
        if not newest.applies_to(fact.channel):
            continue
        in_force = [norm for norm in law.norms.editions(newest.code) if norm.in_force(day)]
        begun = _first(newest.trigger, history)
        if in_force and begun is not None:
            _check_after(begun, law.only_after.get(newest.trigger, ()), history)
            counted_from = _first(newest.counted_from, history) or begun
            try:
                norm = effective(in_force[-1], known, day)
                yield _Term(norm, counted_from.happened_at, begun.happened_at)
            except NormError as error:
                raise FactsRefused(str(error), history.founding, "happened_at") from None


def _check_after(begun: Recorded, kinds: Collection[str], history: History) -> None:
    """What answers only to `begun` cannot have happened before it."""
    for recorded in history.of(*kinds):
        if recorded.happened_at < begun.happened_at:
            reason = f"«{recorded.fact.TITLE}» раньше, чем «{begun.fact.TITLE}»"
            raise FactsRefused(reason, recorded, "happened_at")


def _first(kind: str, history: History) -> Recorded | None:
    if history.founding.fact.kind == kind:
        return history.founding
    return next(history.of(kind), None)


# ── What moves and stops ─────────────────────────────────────────────────────────────────────


def _check_pauses(terms: list[_Term], history: History) -> None:
    """A pause only where the norm allows it, with a reason of its list."""
    norms = {term.norm.code: term.norm for term in terms}
    for recorded in history.of("ClockPaused", "ClockResumed"):
        fact = recorded.fact
        assert isinstance(fact, (ClockPaused, ClockResumed))
        norm = norms.get(fact.norm)
        if norm is None:
            raise FactsRefused(f"у заявки нет срока по норме «{fact.norm}»", recorded, "norm")
        if not norm.pausable:
            reason = f"норма «{norm.title}» ({norm.provenance}) не допускает приостановки"
            raise FactsRefused(reason, recorded, "norm")
        if isinstance(fact, ClockPaused) and fact.why not in norm.pausable:
            allowed = ", ".join(f"{why} ({PAUSE_REASONS[why]})" for why in norm.pausable)
            raise FactsRefused(f"причина «{fact.why}» не допускается; бывают: {allowed}", recorded, "why")
        if isinstance(fact, ClockPaused):
            _check_until(fact, recorded)


def _check_until(fact: ClockPaused, recorded: Recorded) -> None:
    if fact.until is None and fact.why == AGREED:
        raise FactsRefused("нужно согласованное время: до него срок и стоит", recorded, "until")
    if fact.until is not None and fact.until <= recorded.happened_at:
        raise FactsRefused("не позже, чем начало паузы", recorded, "until")


def _gaps(code: str, history: History, until: datetime | None) -> tuple[tuple[Span, ...], bool]:
    """(pauses of a clock in order, has the last one no end). Such a pause is taken to end at `until`; one that
    names its end goes on from there by itself, and another one within it takes its place. A cancelled pause is
    followed too, so that its end is not refused."""
    gaps: list[Span] = []
    opened: Recorded | None = None
    before: Recorded | None = None
    cancelled = [r for r in history.undone if isinstance(r.fact, ClockPaused)]
    for recorded in sorted((*history.of("ClockPaused", "ClockResumed"), *cancelled), key=in_order):
        fact = recorded.fact
        assert isinstance(fact, (ClockPaused, ClockResumed))
        if fact.norm != code or recorded == before:  # a repeated line is no second pause
            continue
        before = recorded
        if isinstance(fact, ClockPaused):
            if opened is None or opened in cancelled:
                opened = recorded
            elif recorded not in cancelled and _own_end(opened):
                gaps.append((opened.happened_at, _end(opened, recorded.happened_at)))
                opened = recorded
        elif opened is None:
            raise FactsRefused("срок не был приостановлен", recorded, "norm")
        else:
            if opened not in cancelled:
                gaps.append((opened.happened_at, _end(opened, recorded.happened_at)))
            opened = None
    if opened is None or opened in cancelled:
        return tuple(gaps), False
    own = _own_end(opened)
    end = own or max(opened.happened_at, until or opened.happened_at)
    return (*gaps, (opened.happened_at, end)), own is None


def _agreed_at(norm: Norm, history: History, due_at: datetime) -> datetime | None:
    """The term of a norm that only an agreed time may move: the last time that was agreed before the term had
    passed, but never sooner than it; None for other norms."""
    if norm.pausable != (AGREED,):
        return None
    agreed: list[datetime] = []
    before: Recorded | None = None
    for recorded in sorted(history.of("ClockPaused", "ClockResumed"), key=in_order):
        fact, until = recorded.fact, agreed[-1] if agreed else due_at
        if not isinstance(fact, (ClockPaused, ClockResumed)) or fact.norm != norm.code or recorded == before:
            continue  # a repeated line is no second agreement
        before = recorded
        if isinstance(fact, ClockPaused) and recorded.happened_at <= max(until, due_at):
            agreed.append(_own_end(recorded) or due_at)
        elif isinstance(fact, ClockResumed) and agreed and recorded.happened_at < until:
            agreed.pop()
    return max(due_at, agreed[-1]) if agreed else due_at


def _own_end(pause: Recorded) -> datetime | None:
    """When the pause ends by itself, in UTC; None when only a fact ends it."""
    assert isinstance(pause.fact, ClockPaused)
    return pause.fact.until.astimezone(UTC) if pause.fact.until else None


def _end(pause: Recorded, at: datetime) -> datetime:
    """The end of a pause that was ended `at`, or by itself before that."""
    return min(_own_end(pause) or at, at)


def _stop(term: _Term, history: History) -> Recorded | None:
    """The fact that stopped or ended the clock and was not taken back."""
    norm = term.norm
    ends = {*norm.stops, *norm.lapses, *ENDINGS[history.kind]} - {norm.trigger}
    stop: Recorded | None = None
    is_dropped, is_final = False, "DamageContained" in norm.stops or bool(norm.lapses)
    for recorded in history.facts:
        kind = recorded.fact.kind
        is_dropped |= recorded is term.dropped
        if stop is None:
            if (kind in ends and recorded.happened_at >= term.begun_at) or is_dropped:
                stop = recorded
        elif REOPENINGS.get(kind) == stop.fact.kind and not is_dropped and not is_final:
            stop = None  # a norm that was left out meanwhile does not come back with the ticket
    return stop


# ── The clock ────────────────────────────────────────────────────────────────────────────────


def _clock(term: _Term, history: History, law: _Law, zone: ZoneInfo, now: datetime | None) -> Clock:
    norm, started_at = term.norm, term.started_at.astimezone(UTC)
    stop = _stop(term, history)
    stopped_at = stop.happened_at if stop else None
    gaps, is_open = _gaps(norm.code, history, stopped_at or now) if norm.pausable else ((), False)
    need = _need(norm, started_at, zone, law.calendar)
    agreed_at = _agreed_at(norm, history, spend(started_at, need, zone, norm.window, ()))
    if agreed_at is not None:
        need, gaps, is_open = agreed_at - started_at, (), False
    due_at = spend(started_at, need, zone, norm.window, gaps)
    part, whole = AT_RISK_AFTER
    at_risk_at = spend(started_at, need * part / whole, zone, norm.window, gaps)
    reached = stopped_at if stopped_at and (now is None or stopped_at <= now) else now
    is_stopped = stopped_at is not None and reached == stopped_at
    paused = not is_stopped and _stands_still(gaps, is_open, due_at, now)
    if reached is not None and reached > due_at and (stopped_at is None or stopped_at > due_at):
        state = "breached"
    elif stop is not None and is_stopped:
        state = "met" if stop.fact.kind in norm.stops else "ended"
    elif paused:
        state = "paused"
    else:
        state = "at_risk" if now is not None and now >= at_risk_at else "running"
    return Clock(
        subject=history.subject,
        norm=norm,
        zone=zone.key,
        started_at=started_at,
        due_at=due_at,
        at_risk_at=at_risk_at,
        stopped_at=stopped_at,
        stopped_by=stop.fact.kind if stop else "",
        stopped_recorded_at=stop.recorded_at if stop else None,
        paused=paused,
        paused_for=overlap(gaps, started_at, min(due_at, reached or due_at)),
        state=state,
        recorded_late=bool(state == "met" and stop and stop.recorded_at > due_at),
        late_by=reached - due_at if state == "breached" and reached else timedelta(0),
        breach_written=_breach_written(norm.code, history),
    )


def _breach_written(code: str, history: History) -> bool:
    return any(isinstance(r.fact, ClockBreached) and r.fact.norm == code for r in history.facts)


def _need(norm: Norm, started_at: datetime, zone: ZoneInfo, calendar: ProductionCalendar) -> timedelta:
    """The time that must pass without pauses."""
    limit = norm.limit
    assert limit is not None, norm.code
    if isinstance(limit, Elapsed):
        return limit.length
    day = started_at.astimezone(zone).date()
    if isinstance(limit, WorkingDays):
        last = add_working_days(day, limit.days, calendar)
    else:
        last = day + timedelta(days=limit.days)
    return end_of_day(last, zone) - started_at


def _stands_still(gaps: tuple[Span, ...], is_open: bool, due_at: datetime, now: datetime | None) -> bool:
    """A pause that began after the term had passed does not count."""
    if is_open and gaps[-1][0] < due_at and (now is None or gaps[-1][0] <= now):
        return True
    return now is not None and any(begin <= now < end and begin < due_at for begin, end in gaps)
