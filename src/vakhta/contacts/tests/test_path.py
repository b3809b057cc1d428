"""The operator's way with a contact, through the actions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Conflict, Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Clock, Ticket

RISER = "flat.cold.riser"


def call(cast: Cast, phone: str = "8 900 000-15-42", **more: object) -> Interaction:
    with acting(Scope.system("api")):
        row, _ = arrival.receive(arrival.Message(channel="phone", phone=phone, **more), centre=cast.centre.pk)  # type: ignore[arg-type]
    return row


def test_a_known_phone_brings_its_card(cast: Cast) -> None:
    row = call(cast)
    assert (row.person_id, row.premises_id, row.company_id) == (
        cast.petrova.pk,
        cast.flat42.pk,
        cast.north.pk,
    )
    assert row.address == "ул. Ленина, 15, кв. 42"


@pytest.mark.parametrize(
    ("said", "place", "person"),
    [
        ("", "ул. Ленина, 15, кв. 42", True),
        ("ленина 15 кв 42", "ул. Ленина, 15, кв. 42", True),
        ("ленина 15", "ул. Ленина, 15, кв. 42", True),
        ("мира 3-12", "ул. Мира, 3, кв. 12", False),
        ("Ракетная 77", "", False),
    ],
)
def test_who_names_another_house_is_not_sent_home(cast: Cast, said: str, place: str, person: bool) -> None:
    """Petrova calls; the crew goes where she says, and she is still known by her phone."""
    row = call(cast, address=said)
    assert str(row.building or "") == place.partition(", кв.")[0]
    assert str(row.premises or "") == (f"кв.{place.partition(', кв.')[2]}" if place else "")
    assert (row.person_id == cast.petrova.pk) is person
    assert (row.caller, row.email) == ("Петрова Анна Сергеевна", "resident@example.org")
    assert row.address == (place or said), "screens say it as the stock writes it"
    with reading(cast.scope(cast.ivanova)):
        [arrived, *_] = journal.history(f"interaction/{row.pk}")
    assert arrived.fact.address == (said or place), "the journal keeps the words"  # type: ignore[attr-defined]


def test_an_unknown_caller_waits_at_the_centre(cast: Cast) -> None:
    row = call(cast, "8 495 999-99-99")
    assert (row.person_id, row.company_id) == (None, cast.centre.pk)


def test_two_operators_reach_for_one_contact(cast: Cast) -> None:
    row = call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
    with pytest.raises(Conflict, match="Иванова"), acting(cast.scope(cast.sidorova)):
        contacts.take(row.pk)
    with reading(cast.scope(cast.ivanova)):
        assert Interaction.objects.get(pk=row.pk).taken_by == cast.ivanova


def test_registration_gives_a_number_and_starts_the_clocks_of_the_law(cast: Cast) -> None:
    row = call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        ticket = contacts.register(row.pk, classifier=RISER, description="течёт стояк")
    assert ticket.number.endswith("-1")
    with reading(cast.scope(cast.ivanova)):
        norms = set(Clock.objects.filter(subject=f"ticket/{ticket.pk}").values_list("norm", flat=True))
        kinds = [r.fact.kind for r in journal.history(f"ticket/{ticket.pk}")]
    assert norms == {"pp416.13.terms", "pp416.13.containment", "pp416.13.elimination"}
    assert kinds[0] == "TicketRegistered"


def test_quality_is_checked_within_two_hours_of_the_call_and_not_of_the_number(cast: Cast) -> None:
    """ПП 354, item 108: the call waited, and was long; the applicant's two hours ran from its first word."""
    row = call(cast)
    later = row.received_at + timedelta(minutes=12)
    with acting(cast.scope(cast.ivanova), at=later):
        contacts.take(row.pk)
        ticket = contacts.register(row.pk, classifier="house.cold.supply", description="нет воды")
    with reading(cast.scope(cast.ivanova)):
        clock = Clock.objects.get(subject=f"ticket/{ticket.pk}", norm="pp354.108.check")
        terms = Clock.objects.get(subject=f"ticket/{ticket.pk}", norm="pp416.13.terms")
    assert (clock.started_at, clock.due_at) == (row.received_at, row.received_at + timedelta(hours=2))
    assert terms.started_at == ticket.registered_at == later


def test_the_answer_clock_stops_when_the_call_is_taken(cast: Cast) -> None:
    row = call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
    with reading(cast.scope(cast.ivanova)):
        clock = Clock.objects.get(subject=f"interaction/{row.pk}")
    assert clock.stopped_at is not None and clock.fire_at is None


def test_an_intake_with_an_open_step_does_not_end(cast: Cast) -> None:
    row = call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        contacts.register(row.pk, classifier=RISER, description="течёт стояк")
    with pytest.raises(Conflict, match="4 план"), acting(cast.scope(cast.ivanova)):
        contacts.finish_intake(row.pk)
    with reading(cast.scope(cast.ivanova)):
        assert Interaction.objects.get(pk=row.pk).state == "taken"
        assert not [r for r in journal.history(f"interaction/{row.pk}") if r.fact.kind == "IntakeCompleted"]


def test_a_repeated_key_is_the_same_contact(cast: Cast) -> None:
    first, again = call(cast, key="k-1"), call(cast, key="k-1")
    assert first.pk == again.pk
    with pytest.raises(Conflict):
        call(cast, "8 900 000-03-12", key="k-1")
    with reading(cast.scope(cast.ivanova)):
        assert Ticket.objects.count() == 0 and Interaction.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("email", "not an email"),
        ("email", "a@b"),
    ],
)
def test_a_mail_that_cannot_be_one_is_refused_and_nothing_is_kept(cast: Cast, field: str, said: str) -> None:
    with pytest.raises(Invalid) as refused, acting(Scope.system("api")):
        arrival.receive(arrival.Message(channel="web", **{field: said}), centre=cast.centre.pk)
    assert refused.value.field == field
    with reading(cast.scope(cast.ivanova)):
        assert Interaction.objects.count() == 0


@pytest.mark.parametrize("said", ["abc", "5", "12", "+7 900 000 00 00 00 00 00 00"])
def test_an_operator_writes_no_number_that_nobody_has_and_what_came_may_stay(cast: Cast, said: str) -> None:
    row = call(cast)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
    with pytest.raises(Invalid) as refused, acting(cast.scope(cast.ivanova)):
        contacts.note_applicant(row.pk, caller="Козлов", phone=said)
    assert refused.value.field == "phone"
    with reading(cast.scope(cast.ivanova)):
        now = Interaction.objects.get(pk=row.pk)
    assert (now.caller, now.phone) == (row.caller, row.phone)


def test_who_calls_from_an_inner_number_keeps_it_while_the_name_is_written(cast: Cast) -> None:
    row = call(cast, "12")
    assert row.phone == "12"
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        contacts.note_applicant(row.pk, caller="Охранник", phone="12")
    with reading(cast.scope(cast.ivanova)):
        now = Interaction.objects.get(pk=row.pk)
    assert (now.caller, now.phone) == ("Охранник", "12")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Алло! В подъезде пахнет газом", True),
        ("Сколько стоит замена смесителя?", False),
        ("Застряли в лифте вдвоём", True),
        ("Как оплатить без комиссии?", False),
        ("капает кран на кухне", False),
    ],
)
def test_a_message_that_speaks_of_gas_does_not_wait_in_its_turn(cast: Cast, text: str, first: bool) -> None:
    with acting(Scope.system("api")):
        row, _ = arrival.receive(arrival.Message(channel="web", text=text), centre=cast.centre.pk)
    assert row.is_emergency is first
