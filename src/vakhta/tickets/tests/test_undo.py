"""A voiding or a merging is taken back by a compensating fact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.domain.deadlines import clocks
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Forbidden
from vakhta.kernel.tenancy import reading
from vakhta.tickets import actions as tickets
from vakhta.tickets.models import Clock, Ticket


def voided(cast: Cast) -> tuple[Ticket, int]:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="8 900 000-15-42")
        ticket = contacts.register(row.pk, classifier="flat.cold.riser", description="течёт")
    with acting(cast.scope(cast.gromova)) as unit:
        tickets.void_ticket(ticket.pk, "зарегистрирована дважды")
    return ticket, unit.last_entry


def test_a_voided_ticket_is_open_again_and_its_clocks_run_from_where_they_did(cast: Cast) -> None:
    ticket, entry = voided(cast)
    with reading(cast.scope(cast.ivanova)):
        assert Clock.objects.filter(subject=f"ticket/{ticket.pk}", is_ended=True).count() == 3
    with acting(cast.scope(cast.gromova)):
        tickets.undo_end(ticket.pk, entry)
    with reading(cast.scope(cast.ivanova)):
        row = Ticket.objects.get(pk=ticket.pk)
        assert (row.state, row.closed_at, row.number) == ("registered", None, ticket.number)
        assert (
            Clock.objects.filter(subject=f"ticket/{ticket.pk}", is_ended=False, fire_at__isnull=False).count()
            == 3
        )
        history = journal.history(f"ticket/{ticket.pk}")
        assert history[-1].fact.kind == "Undone"
        found = clocks(history, now=clock.now(), subjects={f"ticket/{ticket.pk}"})
        assert {c.state for c in found} == {"running"}


def test_an_operator_may_not_take_back_what_the_senior_voided(cast: Cast) -> None:
    ticket, entry = voided(cast)
    with pytest.raises(Forbidden), acting(cast.scope(cast.ivanova)):
        tickets.undo_end(ticket.pk, entry)
    with reading(cast.scope(cast.ivanova)):
        assert Ticket.objects.get(pk=ticket.pk).state == "voided"
        assert journal.history(f"ticket/{ticket.pk}")[-1].fact.kind == "TicketVoided"


def test_after_ten_minutes_nothing_is_taken_back(cast: Cast) -> None:
    ticket, entry = voided(cast)
    later = clock.now() + timedelta(minutes=11)
    with pytest.raises(Conflict, match="десяти минут"), acting(cast.scope(cast.gromova), at=later):
        tickets.undo_end(ticket.pk, entry)


def test_another_entry_is_not_what_ended_it(cast: Cast) -> None:
    ticket, entry = voided(cast)
    with pytest.raises(Conflict), acting(cast.scope(cast.gromova)):
        tickets.undo_end(ticket.pk, entry - 1)
