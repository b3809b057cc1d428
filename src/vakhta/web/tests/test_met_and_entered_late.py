"""A term that was kept in truth and written down after it had passed says both, wherever it is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.reports import indicators
from vakhta.reports.sayings import known
from vakhta.reports.ticket import _clock
from vakhta.tickets.clocks import fire_due
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.lists.build import COLUMNS
from vakhta.web.lists.ticket_columns import lines
from vakhta.web.tests.steps import browser_of, moved, now_of, ordered

SAID = "в срок, внесено позже"
SYSTEM = Scope.system("test")


def contained(cast: Cast, monkeypatch: pytest.MonkeyPatch, *, fires: bool) -> Ticket:
    """Contained at the 20th of thirty minutes, told at the 40th; `fires`: the breach was written meanwhile."""
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive")
    later = ticket.registered_at + timedelta(minutes=40)
    if fires:
        with monkeypatch.context() as patch:
            patch.setattr("vakhta.kernel.clock.now", lambda: later - timedelta(minutes=1))
            while fire_due():
                pass
    with acting(cast.scope(cast.kuznetsov), at=later, late_reason="не было связи"):
        crews.move(order.pk, "contain", ago=timedelta(minutes=20))
    return now_of(ticket)


def term_of(ticket: Ticket) -> Clock:
    with reading(SYSTEM):
        return Clock.objects.get(subject=f"ticket/{ticket.pk}", norm__endswith=".containment")


@pytest.mark.parametrize("fires", [False, True], ids=["nobody had written it", "a breach was written"])
def test_the_ticket_page_and_its_paper_say_both(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fires: bool
) -> None:
    ticket = contained(cast, monkeypatch, fires=fires)
    term = term_of(ticket)
    assert (term.is_recorded_late, term.breached_at is not None) == (True, fires)
    text = browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/").content.decode()
    assert SAID in text
    with reading(SYSTEM):
        state = _clock(term, known([], ticket.zone))["state"]
    assert state.startswith("соблюдён") and state.endswith("внесено позже")


def test_what_was_told_in_time_is_not_late(cast: Cast) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go", "arrive", "contain")
    assert not term_of(ticket).is_recorded_late
    assert (
        SAID not in browser_of(cast.gromova).get(f"/console/ticket/{now_of(ticket).number}/").content.decode()
    )


def test_the_list_does_not_call_it_broken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays among the tickets with a written breach; beside it stands what is true."""
    ticket = contained(cast, monkeypatch, fires=True)
    with reading(SYSTEM):
        (line,) = lines([ticket])
        assert (line.broken, line.kept_late) == ("сообщить сроки", "локализация")
        (column,) = (c for c in COLUMNS.plain if c.code == "broken")
        assert column.text(line) == "сообщить сроки, локализация (в срок, внесено позже)"
    text = browser_of(cast.gromova).get("/tickets/?broken=pp416.13.containment").content.decode()
    assert "в срок, внесено позже: локализация" in " ".join(text.split())


def test_it_does_not_make_the_others_less_late(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """How late a broken norm was is the median of those that were late: the written breach is counted, its
    time before the term is not."""
    ticket = contained(cast, monkeypatch, fires=True)
    start = ticket.registered_at
    with reading(SYSTEM):
        made = indicators.report(
            indicators.Asked(
                since=start - timedelta(days=1), until=start + timedelta(days=1), zone=ticket.zone
            ),
            start + timedelta(hours=1),
        )
        row = next(r for r in made.norms if r.code == "pp416.13.containment")
    assert (row.broken, row.late) == (1, None)
