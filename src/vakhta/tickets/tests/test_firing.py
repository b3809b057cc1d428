"""`vakhta clock` was down for a while: what was broken meanwhile is written, whatever became of the ticket."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import psycopg
import pytest
from tests.cast import Cast, make_cast

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.sessions import address
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.changes import merge_ticket, void_ticket
from vakhta.tickets.clocks import fire_due
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.tests.steps import registered

CONTAIN = "pp416.13.containment"
SYSTEM = Scope.system("test")


def void(cast: Cast, ticket: Ticket) -> None:
    void_ticket(ticket.pk, "повтор")


def merge(cast: Cast, ticket: Ticket) -> None:
    earlier = Ticket.objects.exclude(pk=ticket.pk).get()
    merge_ticket(ticket.pk, earlier.pk, "о том же")


def breaches(ticket: Ticket) -> list[tuple[str, datetime]]:
    with reading(SYSTEM):
        return [
            (r.fact.norm, r.fact.due_at)
            for r in journal.history(f"ticket/{ticket.pk}")
            if isinstance(r.fact, facts.ClockBreached)
        ]


def fires(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr("vakhta.kernel.clock.now", lambda: at)
    while fire_due():
        pass


@pytest.mark.parametrize("end", [void, merge])
@pytest.mark.parametrize(("after", "expected"), [(31, [CONTAIN, "pp416.13.terms"]), (29, [])])
def test_a_term_that_passed_before_the_end_is_written_once_and_no_other(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Cast, Ticket], None],
    after: int,
    expected: list[str],
) -> None:
    _earlier, ticket = registered(cast), registered(cast)
    start = ticket.registered_at
    with acting(cast.scope(cast.gromova), at=start + timedelta(minutes=after)):
        end(cast, ticket)
    for _time in range(2):
        fires(monkeypatch, start + timedelta(hours=5))
        assert sorted(norm for norm, _due in breaches(ticket)) == expected
    with reading(SYSTEM):
        rows = Clock.objects.filter(subject=f"ticket/{ticket.pk}")
        assert {row.norm for row in rows if row.breached_at} == set(expected)
        assert not [row for row in rows if row.fire_at]


def test_a_change_waits_for_the_clock_that_is_just_firing(committed: str) -> None:
    """`vakhta clock` has marked the breach and waits for the journal; the ticket is voided meanwhile."""
    cast = make_cast()
    ticket = registered(cast)
    is_marked, subject = Event(), f"ticket/{ticket.pk}"

    def fires_slowly() -> None:
        with psycopg.connect(**address()) as session, psycopg.connect(**address(), autocommit=True) as looks:
            session.execute("SELECT set_config('vakhta.scope', '*', true)")
            session.execute(
                "UPDATE tickets_clock SET breached_at = now(), fire_at = NULL WHERE subject = %s", [subject]
            )
            is_marked.set()
            for _look in range(500):
                waits = looks.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
                if waits and waits[0]:
                    break
                is_marked.wait(0.01)

    with ThreadPoolExecutor(1) as pool:
        firing = pool.submit(fires_slowly)
        is_marked.wait(10)
        with acting(cast.scope(cast.gromova), at=ticket.registered_at + timedelta(hours=1)):
            void_ticket(ticket.pk, "повтор")
        firing.result()
    with reading(SYSTEM):
        rows = list(Clock.objects.filter(subject=subject))
    assert rows and all(row.breached_at is not None and row.fire_at is None for row in rows)
