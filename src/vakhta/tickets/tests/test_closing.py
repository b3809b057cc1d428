"""Who says nothing: a ticket that is done closes by itself after its own company's term, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.kernel import clock
from vakhta.kernel.journal import acting, history
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Ticket
from vakhta.tickets.word import unanswered
from vakhta.web.tests.steps import finished
from vakhta.wiring import close_silent

SYSTEM = Scope.system("test")


def done(ticket: Ticket, ago: timedelta) -> None:
    with reading(SYSTEM):
        Ticket.objects.filter(pk=ticket.pk).update(done_at=clock.now() - ago)


@pytest.mark.parametrize(
    ("ago", "closed"), [(timedelta(days=3, minutes=1), 1), (timedelta(days=3, minutes=-1), 0)]
)
def test_silence_closes_after_the_term_and_as_a_fact_of_its_own(
    cast: Cast, ago: timedelta, closed: int
) -> None:
    ticket = finished(cast)
    with reading(SYSTEM):
        type(cast.north).objects.filter(pk=cast.north.pk).update(auto_close_days=3)
    done(ticket, ago)
    assert close_silent() == closed
    with reading(SYSTEM):
        kinds = [record.fact.kind for record in history(f"ticket/{ticket.pk}")]
        state = Ticket.objects.get(pk=ticket.pk).state
    assert (state, kinds.count("TicketClosedUnanswered")) == (("closed", 1) if closed else ("done", 0))
    assert close_silent() == 0


def test_a_company_that_waits_long_holds_nobody_else_s_back(cast: Cast) -> None:
    """A thousand tickets of a company whose term is sixty days are older than the one that is due."""
    ticket, now = finished(cast), clock.now()
    done(ticket, timedelta(days=5))
    with reading(SYSTEM):
        type(cast.luch).objects.filter(pk=cast.luch.pk).update(auto_close_days=60)
        type(cast.north).objects.filter(pk=cast.north.pk).update(auto_close_days=3)
        Ticket.objects.bulk_create(
            Ticket(company=cast.luch, centre=cast.centre, number=f"26-{number}", state="done", severity="ordinary",
                   classifier="flat.taps", registered_at=now - timedelta(days=21), done_at=now - timedelta(days=20))
            for number in range(5000, 6000)
        )  # fmt: skip
    with acting(SYSTEM):
        assert unanswered() == [ticket.pk]
