"""The column «Сроки» of the printed journal: each clock as its facts give it at the moment of printing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vakhta.domain import deadlines
from vakhta.domain.deadlines import Clock, FactsRefused
from vakhta.domain.facts import Recorded
from vakhta.domain.norms import NormError, length
from vakhta.domain.regulations import NORMS
from vakhta.tickets.clocks import corrections

from .sayings import Known, law, norm_title


def terms_of(records: Sequence[Recorded], owners: dict[str, int], at: datetime) -> dict[int, list[Clock]]:
    """Ticket or contact → its clocks as the facts give them `at`, the nearest term first; of a ticket also that of
    the answer to its first contact (`owners`: subject → whose line it stands in)."""
    try:
        clocks = deadlines.clocks(records, now=at, corrections=corrections(), subjects=set(owners))
    except FactsRefused:
        clocks = tuple(clock for subject in owners for clock in _alone(records, subject, at))
    found: dict[int, list[Clock]] = {}
    for clock in sorted(clocks, key=lambda clock: clock.due_at):
        found.setdefault(owners[clock.subject], []).append(clock)
    return found


def _alone(records: Sequence[Recorded], subject: str, at: datetime) -> tuple[Clock, ...]:
    """Facts that today's rules refuse cost one subject its terms, not everybody the print-out."""
    try:
        return deadlines.clocks(records, now=at, subjects={subject})
    except FactsRefused:
        return ()


def term_words(clock: Clock, known: Known) -> str:
    """«Локализация до 18:30, нарушен: 18:41 (ПП 416, п. 13)». What was taken off the ticket after its term had
    passed is broken all the same."""
    due = "приостановлен" if clock.state == "paused" else f"до {known.at(clock.due_at)}"
    basis = _basis(clock)
    return f"{norm_title(clock.norm.code)} {due}{_state(clock, known)}{f' ({basis})' if basis else ''}"


def _state(clock: Clock, known: Known) -> str:
    at = known.at(clock.stopped_at) if clock.stopped_at else ""
    is_ended = bool(clock.stopped_by) and clock.stopped_by not in clock.norm.stops
    if clock.state == "breached":
        return f", нарушен{f', снят {at}' if is_ended else f': {at}' if at else ''}"
    if clock.state == "met":
        late = clock.recorded_late and clock.stopped_recorded_at
        return f", соблюдён: {at}{f', внесено {known.at(clock.stopped_recorded_at)}' if late else ''}"
    return ", снят" if clock.state == "ended" else ""


def _basis(clock: Clock) -> str:
    """The act and item; where the company or the contract counts less than the law, both."""
    said, norm = law(clock.norm.code), NORMS.get(clock.norm.code)
    try:
        is_own = norm is not None and length(clock.norm) < length(norm)
    except NormError:
        return said
    if not is_own or norm is None:
        return said
    return f"свой срок: {clock.norm.limit_text}; {said}: {norm.limit_text}"
