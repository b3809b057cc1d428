"""A move that a phone tells of later happened when it was pressed, within what is possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.crews.moments import LATE_REASON, late_reason, made_at
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Clock
from vakhta.web.tests.steps import everything, moved, ordered

AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
OFFERED = AT - timedelta(minutes=20)


@pytest.mark.parametrize(
    ("ago", "minutes_before"),
    [
        (0, None), (9, None), (-59, None),  # the network's slowness, a clock that was corrected
        (10, 10 / 60), (600, 10), (1200, 20),
        (1230, 20),  # seconds before the order: then with the order
    ],
)  # fmt: skip
def test_when_it_was_made(ago: int, minutes_before: float | None) -> None:
    moment = made_at(timedelta(seconds=ago), at=AT, offered_at=OFFERED)
    assert moment == (None if minutes_before is None else AT - timedelta(minutes=minutes_before))


@pytest.mark.parametrize(
    ("ago", "offered", "words"),
    [(-61, 20, "перевели назад"), (1300, 20, "раньше, чем выдан"), (13 * 3600 + 1, 24 * 60, "13 часов")],
)
def test_what_cannot_be_is_refused_in_words(ago: int, offered: int, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        made_at(timedelta(seconds=ago), at=AT, offered_at=AT - timedelta(minutes=offered))
    assert refused.value.field == "ago"


def test_only_what_comes_late_says_why() -> None:
    assert late_reason(timedelta(seconds=3)) == ""
    assert late_reason(timedelta(seconds=30)) == LATE_REASON


def contained_in_the_basement(cast: Cast, ago: timedelta, after: timedelta) -> int:
    """Handed over, on site; «локализовано» was pressed `ago` before it arrived, `after` from now."""
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    with acting(cast.scope(cast.kuznetsov), at=clock.now() + after, late_reason=late_reason(ago)):
        crews.move(order.pk, "contain", key="k", ago=ago)
    return ticket.pk


def test_a_term_that_was_met_in_the_basement_is_met_and_recorded_late(cast: Cast) -> None:
    """Thirty minutes to contain: pressed at the 20th, heard of at the 40th."""
    ticket = contained_in_the_basement(cast, timedelta(minutes=20), timedelta(minutes=40))
    with reading(Scope.system("test")):
        told = journal.history(f"ticket/{ticket}")[-1]
        term = Clock.objects.get(subject=f"ticket/{ticket}", norm__endswith=".containment")
    assert told.fact.kind == "DamageContained"
    assert told.recorded_at - told.happened_at == timedelta(minutes=20)
    assert told.late_reason == LATE_REASON
    assert term.stopped_at == told.happened_at and term.stopped_at <= term.due_at


def test_a_moment_before_the_order_changes_nothing(cast: Cast) -> None:
    ticket, order = ordered(cast)
    before = everything(ticket)
    ago = timedelta(hours=2)
    with pytest.raises(Invalid), acting(cast.scope(cast.kuznetsov), late_reason=late_reason(ago)):
        crews.move(order.pk, "accept", ago=ago)
    assert everything(ticket) == before


def test_what_is_recorded_already_is_not_asked_for_its_moment(cast: Cast) -> None:
    """The answer was lost; the phone asks again a day later, and hears that it is done."""
    ticket, order = ordered(cast)
    with acting(cast.scope(cast.kuznetsov)):
        crews.move(order.pk, "accept", key="k")
    before = everything(ticket)
    ago = timedelta(days=1)
    with acting(cast.scope(cast.kuznetsov), late_reason=late_reason(ago)):
        crews.move(order.pk, "accept", key="k", ago=ago)
    assert everything(ticket) == before
