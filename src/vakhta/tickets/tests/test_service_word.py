"""A ticket that no own crew may end is ended by the word of the service that did the work."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import Cast

from vakhta.crews import actions as crews
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Refused
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets import actions as tickets
from vakhta.tickets.models import Ticket
from vakhta.tickets.word import confirm_ticket
from vakhta.web.tests.steps import browser_of, everything, now_of, registered
from vakhta.wiring import CREW_REACTIONS

GAS = "house.gas.smell"


def word(cast: Cast, ticket: Ticket, at: datetime | None, **more: str) -> Ticket:
    said = {"service": "gas_service", "who": "мастер Петров", "note": "утечка устранена", **more}
    with acting(cast.scope(cast.ivanova), at=ticket.registered_at + timedelta(hours=1)):
        return tickets.accept_service_word(ticket.pk, at=at, **said)


def test_the_ticket_is_done_at_the_time_that_was_told(cast: Cast) -> None:
    ticket = registered(cast, GAS)
    told = ticket.registered_at + timedelta(minutes=40)
    word(cast, ticket, told)
    row = now_of(ticket)
    assert (row.state, row.done_at) == ("done", told)
    with reading(Scope.system("test")):
        last = journal.history(f"ticket/{ticket.pk}")[-1]
    assert (last.fact.kind, last.happened_at) == ("WorkDone", told)
    assert last.fact.service == "gas_service" and last.fact.who == "мастер Петров"  # type: ignore[attr-defined]
    text = browser_of(cast.gromova).get(f"/console/ticket/{row.number}/").content.decode()
    assert "Аварийная газовая служба · сказал: мастер Петров · утечка устранена" in text
    with acting(Scope.system("cabinet")):
        confirm_ticket(ticket.pk, rating=5)
    assert now_of(ticket).state == "closed"


def test_the_minute_of_registration_is_not_before_it(cast: Cast) -> None:
    ticket = registered(cast, GAS)
    word(cast, ticket, ticket.registered_at.replace(second=0, microsecond=0))
    assert now_of(ticket).done_at == ticket.registered_at


@pytest.mark.parametrize(
    ("code", "minutes", "more", "field"),
    [
        (GAS, 61, {}, "at"),
        (GAS, -2, {}, "at"),
        (GAS, None, {}, "at"),
        (GAS, 10, {"who": " "}, "who"),
        (GAS, 10, {"note": ""}, "note"),
        (GAS, 10, {"service": ""}, "service"),
        (GAS, 10, {"service": "no_such"}, "service"),
        ("flat.cold.riser", 10, {}, ""),
    ],
)
def test_what_is_not_so_is_refused_and_nothing_changes(
    cast: Cast, code: str, minutes: int | None, more: dict[str, str], field: str
) -> None:
    ticket = registered(cast, code)
    before = everything(ticket)
    at = None if minutes is None else ticket.registered_at + timedelta(minutes=minutes)
    with pytest.raises(Refused) as refused:
        word(cast, ticket, at, **more)
    assert refused.value.field == field and everything(ticket) == before


def test_a_crew_with_an_order_is_called_back(cast: Cast) -> None:
    ticket = registered(cast, GAS)
    with acting(cast.scope(cast.ivanova)):
        order = crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)
    word(cast, ticket, ticket.registered_at + timedelta(minutes=5))
    with reading(Scope.system("test")):
        recorded = journal.history(f"ticket/{ticket.pk}")[-1]
    with acting(Scope.system("crews")):
        CREW_REACTIONS[type(recorded.fact)](recorded, recorded.fact)
    with reading(Scope.system("test")):
        order.refresh_from_db()
    assert order.state == "withdrawn"


def test_the_page_offers_it_only_where_no_own_crew_may(cast: Cast) -> None:
    gas, riser = registered(cast, GAS), registered(cast)
    client = browser_of(cast.ivanova)
    pages = [client.get(f"/console/ticket/{row.number}/").content.decode() for row in (gas, riser)]
    assert ['id="form-service_word"' in page for page in pages] == [True, False]
    said = {"choice": "gas_service", "who": "Петров", "at": "", "note": "устранено"}
    refused = client.post(f"/console/ticket/{gas.number}/service-word/", said)
    assert refused.status_code == 422 and "когда служба закончила" in refused.content.decode()
