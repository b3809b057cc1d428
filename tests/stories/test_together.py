"""Fifty at once at one thing, each with an own connection: one wins, the others are told and keep their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.crews.models import Crew, WorkOrder
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff, User
from vakhta.places import edit
from vakhta.places.models import Building
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import RISER

pytestmark = pytest.mark.slow

FIFTY = 50
SYSTEM = Scope.system("test")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def fifty(people: Cast) -> list[Client]:
    """Signed-in seniors of the centre: they may do all that an operator may."""
    with reading(SYSTEM):
        users = User.objects.bulk_create(
            User(email=f"s{n}@example.org", name=name(n), password="!") for n in range(FIFTY)
        )
        Staff.objects.bulk_create(
            Staff(company=people.centre, user=user, role="senior", name=user.name) for user in users
        )
        clients = [Client(raise_request_exception=False) for _user in users]
        for client, user in zip(clients, users, strict=True):
            client.force_login(user)
    return clients


def name(number: int) -> str:
    return f"Старшая{number:02} Вера"


def words(number: int) -> str:
    """What only this one has typed."""
    return f"слова старшей {number:02}"


def at_once(clients: list[Client], ask: Callable[[int, Client], Any]) -> list[Any]:
    """The answers, in the clients' order; all ask in the same moment."""
    gate = Barrier(len(clients))

    def work(number: int, client: Client) -> Any:
        try:
            gate.wait(60)
            return ask(number, client)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        return [done.result() for done in [pool.submit(work, n, each) for n, each in enumerate(clients)]]


def one_won(answers: list[Any], *, has_words: bool = True) -> int:
    """Who. Everybody else has 409 in words; what they typed is on the page that answers, or the answer is a
    line above a page that is left as it is."""
    codes = Counter(answer.status_code for answer in answers)
    assert codes[409] == FIFTY - 1, codes
    for number, answer in enumerate(answers):
        if answer.status_code == 409 and has_words:
            is_left = answer.get("HX-Retarget") == "#alerts"
            assert is_left or words(number) in answer.content.decode(), f"{number} has lost what was typed"
    winner = next(n for n, answer in enumerate(answers) if answer.status_code != 409)
    assert answers[winner].status_code in (200, 302)
    return winner


def told(subject: str) -> Counter[str]:
    """What the journal holds of it."""
    with reading(SYSTEM):
        return Counter(record.fact.kind for record in journal.history(subject))


def test_of_fifty_at_one_contact_one_ticket_one_form_one_wins(people: Cast, fifty: list[Client]) -> None:
    ticket = one_takes_and_registers(people, fifty)
    one_corrects(ticket, fifty)
    one_assigns(people, ticket, fifty)
    one_voids(ticket, fifty)
    with reading(SYSTEM):
        Staff.objects.filter(role="senior").update(role="administrator")
    one_changes_the_house(people, fifty)


def one_takes_and_registers(people: Cast, fifty: list[Client]) -> Ticket:
    with acting(Scope.system("api")):
        message = arrival.Message(channel="phone", phone="8 900 000-15-42")
        pk = arrival.receive(message, centre=people.centre.pk)[0].pk
    take, register = (reverse(f"console:{what}", args=[pk]) for what in ("take", "register"))

    answers = at_once(fifty, lambda _n, client: client.post(take, headers=HTMX))
    winner = one_won(answers, has_words=False)
    assert told(f"interaction/{pk}")["InteractionTaken"] == 1
    with reading(SYSTEM):
        taken_by = Interaction.objects.select_related("taken_by").get(pk=pk).taken_by
    assert taken_by is not None and taken_by.name == name(winner)
    said = next(answer for answer in answers if answer.status_code == 409).content.decode()
    assert f"Старшая{winner:02}" in said, "who has it"

    # The holder's form, sent from fifty tabs: one ticket with one number.
    def registers(number: int, _client: Client) -> Any:
        tab = Client(raise_request_exception=False)
        tab.cookies = fifty[winner].cookies
        return tab.post(register, {"classifier": RISER, "description": words(number)}, headers=HTMX)

    one_won(at_once(fifty, registers))
    with reading(SYSTEM):
        ticket = Ticket.objects.get()
    assert told(f"ticket/{ticket.pk}")["TicketRegistered"] == 1
    return ticket


def one_corrects(ticket: Ticket, fifty: list[Client]) -> None:
    said = {"version": f"{ticket.version}/0", "reason": "уточнение"}
    url = reverse("console:correct", args=[ticket.number])
    winner = one_won(
        at_once(fifty, lambda n, client: client.post(url, {**said, "description": words(n)})),
    )
    with reading(SYSTEM):
        assert Ticket.objects.get().description == words(winner)
    assert told(f"ticket/{ticket.pk}")["TicketCorrected"] == 1


def one_assigns(people: Cast, ticket: Ticket, fifty: list[Client]) -> None:
    with reading(SYSTEM):
        crews = [
            Crew.objects.create(company=people.centre, number=10 + n, name=f"бригада {10 + n}")
            for n in range(FIFTY)
        ]
    url = reverse("console:assign", args=[ticket.number])
    answers = at_once(fifty, lambda n, client: client.post(url, {"crew": crews[n].pk, "version": "0"}))
    winner = one_won(answers, has_words=False)
    with reading(SYSTEM):
        assert WorkOrder.objects.get().crew_id == crews[winner].pk, "nobody's order was withdrawn for another"
    page = next(answer for answer in answers if answer.status_code == 409).content.decode()
    page = page.replace("\u00a0", " ")  # no line breaks «бригада 34»
    assert f"заявку передали: {crews[winner].name}" in page


def one_voids(ticket: Ticket, fifty: list[Client]) -> None:
    url = reverse("console:void", args=[ticket.number])
    one_won(at_once(fifty, lambda n, client: client.post(url, {"reason": words(n)})))
    assert told(f"ticket/{ticket.pk}")["TicketVoided"] == 1


def one_changes_the_house(people: Cast, fifty: list[Client]) -> None:
    house = people.lenina15
    with reading(SYSTEM):
        seen = edit.building_seen(Building.objects.get(pk=house.pk))
    said = {"street": "ул. Ленина", "house": "15", "floors": "9", "entrances": "4", "guid": "", "seen": seen}
    url = reverse("stock:change_house", args=[house.pk])
    winner = one_won(at_once(fifty, lambda n, client: client.post(url, {**said, "city": words(n)})))
    with reading(SYSTEM):
        assert Building.objects.get(pk=house.pk).city == words(winner)
