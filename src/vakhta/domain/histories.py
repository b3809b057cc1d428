"""The facts of one subject, put in order: what `deadlines` computes clocks from.

A history is the same for any order, repetition and time zone of the facts it is made of.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from vakhta.domain.codec import encode
from vakhta.domain.facts import (
    FACTS,
    AccessAgreed,
    ClockBreached,
    ClockPaused,
    InteractionEnded,
    InteractionReopened,
    Recorded,
    TicketCorrected,
    TicketMerged,
    Undone,
)

FOUNDING = {"ticket": "TicketRegistered", "interaction": "InteractionReceived"}
"""A subject's first fact, by the field that names the subject."""

_MISSING = {
    "ticket": "заявка {} не зарегистрирована: нет факта TicketRegistered",
    "interaction": "обращение {} не поступало: нет факта InteractionReceived",
}
_TWICE = {
    "ticket": "заявка {} зарегистрирована дважды, и по-разному",
    "interaction": "обращение {} поступило дважды, и по-разному",
}
_ORDER = {kind: place for place, kind in enumerate(FACTS)}


class FactsRefused(ValueError):
    """The facts contradict each other or the law; `reason` is Russian and is shown to a person."""

    def __init__(self, reason: str, recorded: Recorded, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.recorded = recorded
        self.field = field
        self.others: tuple[FactsRefused, ...] = ()
        """What else is wrong with the same facts, whatever becomes of this."""


@dataclass(frozen=True)
class History:
    """What happened to one subject that matters to its clocks; moments are in UTC."""

    kind: str
    """"ticket" or "interaction"."""
    key: str
    founding: Recorded
    facts: tuple[Recorded, ...]
    """In order of happening, the founding one left out."""
    undone: tuple[Recorded, ...]
    """What was cancelled, in order."""

    @property
    def subject(self) -> str:
        return f"{self.kind}/{self.key}"

    def of(self, *kinds: str) -> Iterator[Recorded]:
        return (recorded for recorded in self.facts if recorded.fact.kind in kinds)


class Refusals:
    """What is wrong with facts, gathered: each part of them is looked at by itself, and nothing follows from a wrong one."""

    def __init__(self) -> None:
        self._found: list[FactsRefused] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        try:
            yield
        except FactsRefused as refused:
            self._found.append(refused)

    def told(self) -> None:
        """Raises FactsRefused when there is one."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first


def histories(
    events: Iterable[Recorded],
    matters: Mapping[str, Collection[str]],
    subjects: Collection[str] | None,
    refusals: Refusals,
) -> Iterator[History]:
    """One history for each subject that has its founding fact. The events are `in_utc`.

    `matters`: kinds that move clocks, by kind of subject. Such a fact without the founding one, or
    before it, is refused; a subject that is only mentioned is passed over.
    """
    live, undone = without_undone(events)
    groups = _by_subject(live, matters, subjects)
    cancelled = _by_subject(undone, matters, subjects)
    for (kind, key), facts in groups.items():
        history = None
        with refusals.gathered():
            history = _history(kind, key, facts, cancelled.get((kind, key), []))
        if history is not None:
            yield history


def _history(kind: str, key: str, facts: list[Recorded], cancelled: list[Recorded]) -> History | None:
    founding = _founding(kind, key, facts)
    if founding is None:
        if any(r.fact.kind == FOUNDING[kind] for r in cancelled):
            return None
        raise FactsRefused(_MISSING[kind].format(key), facts[0], kind)
    rest = [recorded for recorded in facts if recorded.fact.kind != FOUNDING[kind]]
    for recorded in rest:
        if recorded.happened_at < founding.happened_at:
            reason = f"«{recorded.fact.TITLE}» раньше, чем «{founding.fact.TITLE}»"
            raise FactsRefused(reason, recorded, "happened_at")
        if isinstance(recorded.fact, TicketMerged) and str(recorded.fact.into) == key:
            raise FactsRefused("заявка объединена сама в себя", recorded, "into")
    return History(kind, key, founding, tuple(rest), tuple(cancelled))


def taken_back(events: Iterable[Recorded]) -> frozenset[int]:
    """Entries that a later one took back, by `Undone` or, an ending, by `InteractionReopened`: the one
    rule of it for clocks, screens and papers. What took back may be taken back itself; then the first
    holds again. With a contact's joining goes its end as an addition: a ticket is not told that it was reopened."""
    events = list(events)
    additions = [
        (r.entry, r.fact.interaction)
        for r in events
        if isinstance(r.fact, InteractionEnded) and r.fact.outcome == "addition"
    ]
    undoing: dict[int, list[int]] = defaultdict(list)
    for recorded in events:
        fact = recorded.fact
        if isinstance(fact, (Undone, InteractionReopened)):
            undoing[fact.undoes].append(recorded.entry)
        if isinstance(fact, Undone) and fact.undone_kind == "ContactAdded":
            for ending, whose in additions:
                if whose == fact.interaction and fact.undoes < ending < recorded.entry:
                    undoing[ending].append(recorded.entry)
    gone: set[int] = set()
    for entry in sorted(undoing, reverse=True):  # an undo is later than what it undoes
        if any(undo not in gone for undo in undoing[entry]):
            gone.add(entry)
    return frozenset(gone - {0})


def agreed_access(events: Iterable[Recorded]) -> AccessAgreed | None:
    """The access that was agreed last, of a ticket's facts in the order of the journal; None when none was, or when
    none is needed any more."""
    last = None
    for recorded in events:
        if isinstance(recorded.fact, AccessAgreed):
            last = recorded.fact
    return last if last and last.needed else None


def without_undone(events: Iterable[Recorded]) -> tuple[list[Recorded], list[Recorded]]:
    """(what holds, what was cancelled). An undo may be undone itself; a written breach never is."""
    events = list(events)
    entries = {recorded.entry: recorded for recorded in events}
    refusals = Refusals()
    for recorded in events:
        if isinstance(recorded.fact, Undone):
            with refusals.gathered():
                _check_undone(recorded, recorded.fact, entries.get(recorded.fact.undoes))
    refusals.told()
    dead = taken_back(events)
    cancelled = [r for r in events if r.entry in dead and not isinstance(r.fact, ClockBreached)]
    gone = {id(recorded) for recorded in cancelled}
    return [recorded for recorded in events if id(recorded) not in gone], cancelled


def _check_undone(recorded: Recorded, undo: Undone, what: Recorded | None) -> None:
    if recorded.entry and undo.undoes >= recorded.entry:
        raise FactsRefused("отменить можно только более раннюю запись", recorded, "undoes")
    if what is None:
        return
    if what.fact.kind in FOUNDING.values():
        # Nothing in the service takes it back: its clocks, and a breach that was written, would be gone with it.
        reason = f"запись {undo.undoes} — «{what.fact.TITLE}»: её не отменяют; заявку аннулирует TicketVoided, обращение завершает InteractionEnded"
        raise FactsRefused(reason, recorded, "undoes")
    if undo.undone_kind not in ("", what.fact.kind):
        reason = f"запись {undo.undoes} — {what.fact.kind}, а не {undo.undone_kind}"
        raise FactsRefused(reason, recorded, "undone_kind")
    if undo.subjects and what.fact.subjects and not set(undo.subjects) & set(what.fact.subjects):
        raise FactsRefused(
            f"запись {undo.undoes} — о другом: {', '.join(what.fact.subjects)}", recorded, "undoes"
        )
    if recorded.happened_at < what.happened_at:
        raise FactsRefused(f"раньше, чем запись {undo.undoes}, которую отменяет", recorded, "happened_at")


def in_utc(recorded: Recorded) -> Recorded:
    """The same fact with its envelope's moments in UTC; equal to the one given."""
    if recorded.happened_at.tzinfo is UTC and recorded.recorded_at.tzinfo is UTC:
        return recorded
    return replace(
        recorded,
        happened_at=recorded.happened_at.astimezone(UTC),
        recorded_at=recorded.recorded_at.astimezone(UTC),
    )


def in_order(recorded: Recorded) -> tuple[Any, ...]:
    """Key of the order of happening; what happened at once follows the order of recording."""
    fact = recorded.fact
    tie = json.dumps(encode(fact), sort_keys=True) if isinstance(fact, (TicketCorrected, ClockPaused)) else ""
    return recorded.happened_at, recorded.recorded_at, recorded.entry, _ORDER[fact.kind], tie


def _by_subject(
    events: Iterable[Recorded], matters: Mapping[str, Collection[str]], subjects: Collection[str] | None
) -> dict[tuple[str, str], list[Recorded]]:
    groups: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
    for recorded in events:
        for kind, kinds in matters.items():
            key = getattr(recorded.fact, kind, None)
            if key is None or recorded.fact.kind not in kinds:
                continue
            if subjects is None or f"{kind}/{key}" in subjects:
                groups[kind, str(key)].append(recorded)
    for group in groups.values():
        group.sort(key=in_order)
    return groups


def _founding(kind: str, key: str, facts: list[Recorded]) -> Recorded | None:
    found = [recorded for recorded in facts if recorded.fact.kind == FOUNDING[kind]]
    for other in found[1:]:
        if (encode(other.fact), other.happened_at) != (encode(found[0].fact), found[0].happened_at):
            raise FactsRefused(_TWICE[kind].format(key), other, kind)
    return found[0] if found else None
