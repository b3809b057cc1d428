"""The number of a night on paper is announced in the morning, and that is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.reports.paper import enter_sheet
from vakhta.reports.tests.test_paper import REASON, line
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import browser_of, everything


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A line of last night's paper: done by the morning, its number not announced."""
    now = clock.now()
    with acting(cast.scope(cast.ivanova), at=now, late_reason=REASON):
        [row] = enter_sheet([line(now - timedelta(hours=9))])
    with reading(Scope.system("test")):
        ticket = Ticket.objects.get(pk=row.pk)
    assert ticket.state == "done"
    return ticket


def page(cast: Cast, ticket: Ticket, who: str = "ivanova") -> str:
    return browser_of(getattr(cast, who)).get(f"/console/ticket/{ticket.number}/").content.decode()


def told(cast: Cast, ticket: Ticket, at: str) -> Any:
    return browser_of(cast.ivanova).post(f"/console/ticket/{ticket.number}/told/", {"at": at})


def words(ticket: Ticket, **ago: float) -> str:
    return f"{(clock.now() - timedelta(**ago)).astimezone(ZoneInfo(ticket.zone)):%d.%m.%Y %H:%M}"


def test_it_is_marked_with_its_time_and_stands_at_step_3(cast: Cast, ticket: Ticket) -> None:
    assert 'data-key="Alt+K"' in page(cast, ticket)
    assert told(cast, ticket, words(ticket, minutes=20)).status_code == 302
    with reading(Scope.system("test")):
        last = journal.history(f"ticket/{ticket.pk}")[-1]
        contact = Interaction.objects.get(ticket=ticket)
    assert last.fact.kind == "NumberTold"
    assert timedelta(minutes=19) < last.recorded_at - last.happened_at < timedelta(minutes=22)
    assert "3" in contact.steps
    assert 'data-key="Alt+K"' not in page(cast, ticket), "once"


@pytest.mark.parametrize(
    ("ago", "says"),
    [
        ({"hours": -1}, "не мог быть назван в будущем"),
        ({"days": 2}, "раньше, чем заявку приняли"),
    ],
)
def test_a_wrong_time_is_said_beside_its_field(
    cast: Cast, ticket: Ticket, ago: dict[str, float], says: str
) -> None:
    before = everything(ticket)
    answer = told(cast, ticket, words(ticket, **ago))
    assert answer.status_code == 422 and says in answer.content.decode()
    assert 'id="told-at-about"' in answer.content.decode() and everything(ticket) == before


def test_without_a_time_or_of_a_void_ticket_nothing_is_marked(cast: Cast, ticket: Ticket) -> None:
    before = everything(ticket)
    assert told(cast, ticket, "").status_code == 422 and everything(ticket) == before
    with reading(Scope.system("test")):
        Ticket.objects.filter(pk=ticket.pk).update(state="registered")
    with acting(cast.scope(cast.gromova)):
        void_ticket(ticket.pk, "повтор")
    assert 'data-key="Alt+K"' not in page(cast, ticket)
    before = everything(ticket)
    assert told(cast, ticket, words(ticket, minutes=1)).status_code == 409 and everything(ticket) == before
