"""The print-out is what the journal says: rows that somebody has changed by hand do not get into it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews.models import WorkOrder
from vakhta.domain.facts import ERASED
from vakhta.domain.told import contact_told, ticket_told
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Refused
from vakhta.kernel.tenancy import Scope, reading
from vakhta.privacy.erase import Whom, erase_person
from vakhta.reports.journal import journal_print
from vakhta.reports.lines import Line
from vakhta.tickets.changes import correct_ticket, merge_ticket, undo_end, void_ticket
from vakhta.tickets.models import Ticket
from vakhta.tickets.word import close_unanswered, confirm_ticket, return_ticket

from .conftest import DAY, Day, at

SYSTEM = Scope.system("test")


def lines(since: date = DAY, until: date = DAY) -> tuple[Line, ...]:
    with reading(SYSTEM):
        return journal_print(since, until, at=at(23)).lines


FORGED = {
    "the time of a ticket": "UPDATE tickets_ticket SET registered_at = registered_at - interval '40 days'",
    "its words": "UPDATE tickets_ticket SET applicant = 'Подделкин', phone = '', description = 'не было', "
    "channel = 'email', address = 'нет', classifier = 'lift.stopped', number = '27-' || id",
    "its place": "UPDATE tickets_ticket SET building_id = NULL, premises_id = NULL",
    "its state": "UPDATE tickets_ticket SET state = 'closed'",
    "terms": "UPDATE tickets_clock SET due_at = due_at + interval '30 days', stopped_at = started_at, "
    "breached_at = NULL",
    "no terms at all": "DELETE FROM tickets_clock",
    "orders": "DELETE FROM crews_workorder",
    "the words of a contact": "UPDATE contacts_interaction SET caller = 'Подделкин', text = 'x', channel = 'lift'",
    "its end": "UPDATE contacts_interaction SET outcome = 'silence', state = 'queued', ended_at = NULL, "
    "taken_by_id = NULL",
    "its time": "UPDATE contacts_interaction SET received_at = received_at - interval '40 days'",
    "a contact that is gone": "DELETE FROM contacts_interaction WHERE ticket_id IS NULL",
}


@pytest.mark.parametrize("sql", FORGED.values(), ids=FORGED)
def test_rows_changed_by_hand_do_not_reach_the_print(day: Day, sql: str) -> None:
    with acting(day.cast.scope(day.cast.ivanova), at=at(9, 10)):
        crews.assign_ticket(Ticket.objects.get(number=day.done).pk, crew=day.cast.crew4.pk)
    before = lines()
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0
    assert lines() == before


def test_a_row_moved_into_another_day_is_not_printed_there(day: Day) -> None:
    other = DAY + timedelta(days=3)
    assert not lines(other, other)
    with acting(SYSTEM):
        Interaction.objects.update(received_at=at(12) + timedelta(days=3))
        Ticket.objects.update(registered_at=at(12) + timedelta(days=3))
    assert not lines(other, other)


def test_words_deleted_by_law_leave_the_house_and_say_so(day: Day) -> None:
    with acting(day.cast.scope(day.cast.ivanova), at=at(12)):
        ticket = Ticket.objects.get(number=day.done)
        contact = Interaction.objects.get(ticket=ticket)
        for step in range(4, 9):
            contacts.skip_step(contact.pk, step, "проверка")
    with acting(day.cast.scope(day.cast.ivanova), at=at(12, 1)):
        contacts.finish_intake(contact.pk)
    with acting(SYSTEM, at=at(13)):
        void_ticket(ticket.pk, "повтор")
        erase_person(Whom(person=ticket.person_id), basis="заявление от 24.11.2026")
    found = next(line for line in lines() if line.number == day.done)
    assert ERASED in found.applicant
    assert found.address == "ул. Ленина, 15"


def test_the_facts_tell_the_state_that_the_row_has(day: Day) -> None:
    """Thirty walks of whatever may be done to a ticket: what is refused changes neither."""
    for seed in range(30):
        random = Random(seed)
        other, ticket = _new(day, seed), _new(day, seed)
        moment = at(12) + timedelta(minutes=seed)
        for step in range(12):
            moment += timedelta(seconds=5)
            verb = random.choice(VERBS)
            try:
                with acting(SYSTEM, at=moment):
                    verb(day, ticket, other)
            except Refused:
                continue
            with reading(SYSTEM):
                row = Ticket.objects.get(pk=ticket)
                told = ticket_told(journal.history(f"ticket/{ticket}"))
            assert told.state == row.state, (seed, step, verb)
            assert (told.number, told.text, told.applicant) == (row.number, row.description, row.applicant)


def test_a_ticket_that_others_went_into_is_not_voided(day: Day) -> None:
    """Theirs would be lost with it."""
    other, ticket = _new(day, 1), _new(day, 1)
    with acting(SYSTEM, at=at(12, 1)):
        merge_ticket(ticket, other, "о том же")
    with pytest.raises(Refused, match="присоединены № 26"), acting(SYSTEM, at=at(12, 2)):
        void_ticket(other, "повтор")
    with reading(SYSTEM):
        assert Ticket.objects.get(pk=other).state == "registered"


def _new(day: Day, seed: int) -> int:
    with acting(Scope.system("api"), at=at(12)):
        message = arrival.Message(channel="phone", phone="8 900 000-15-42", text=f"{seed}")
        row, _ = arrival.receive(message, centre=day.cast.centre.pk)
    with acting(day.cast.scope(day.cast.ivanova), at=at(12)):
        contacts.take(row.pk)
        return contacts.register(row.pk, classifier="flat.cold.riser", description="течёт").pk


def _order(ticket: int, move: str) -> None:
    order = WorkOrder.objects.filter(ticket_id=ticket, ended_at=None).first()
    if order is not None:
        crews.move(order.pk, move, note="сделано")


def _undo(ticket: int) -> None:
    ended = [
        r for r in journal.history(f"ticket/{ticket}") if r.fact.kind in ("TicketVoided", "TicketMerged")
    ]
    if ended:
        undo_end(ticket, ended[-1].entry)


def _take_back(ticket: int) -> None:
    handed = [r for r in journal.history(f"ticket/{ticket}") if r.fact.kind == "HandedOver"]
    if handed:
        crews.undo_assignment(ticket, handed[-1].entry)


def _correct(ticket: int) -> None:
    row = Ticket.objects.get(pk=ticket)
    correct_ticket(
        ticket, version=row.version, reason="ослышалась", description="капает", applicant="Козлов Д. И."
    )


Verb = Callable[[Day, int, int], object]
VERBS: tuple[Verb, ...] = (
    lambda day, ticket, other: crews.assign_ticket(ticket, crew=day.cast.crew4.pk),
    lambda day, ticket, other: crews.assign_ticket(ticket, crew=day.cast.crew4.pk),
    lambda day, ticket, other: _order(ticket, "accept"),
    lambda day, ticket, other: _order(ticket, "refuse"),
    lambda day, ticket, other: _order(ticket, "go"),
    lambda day, ticket, other: _order(ticket, "arrive"),
    lambda day, ticket, other: _order(ticket, "no_access"),
    lambda day, ticket, other: _order(ticket, "contain"),
    lambda day, ticket, other: _order(ticket, "done"),
    lambda day, ticket, other: void_ticket(ticket, "повтор"),
    lambda day, ticket, other: merge_ticket(ticket, other, "о том же"),
    lambda day, ticket, other: _undo(ticket),
    lambda day, ticket, other: _take_back(ticket),
    lambda day, ticket, other: _correct(ticket),
    lambda day, ticket, other: confirm_ticket(ticket, rating=5, review=""),
    lambda day, ticket, other: return_ticket(ticket, review="течёт опять"),
    lambda day, ticket, other: close_unanswered(ticket),
)


def test_a_contact_s_row_says_what_its_facts_say(day: Day) -> None:
    with reading(SYSTEM):
        for row in Interaction.objects.all():
            told = contact_told(journal.history(f"interaction/{row.pk}"))
            assert (told.at, told.channel, told.state, told.ended_at) == (
                row.received_at, row.channel, row.state, row.ended_at,
            )  # fmt: skip
            assert (told.outcome, told.operator, told.applicant) == (row.outcome, row.taken_by_id, row.caller)
