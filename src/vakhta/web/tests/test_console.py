"""The console over HTTP: what is typed beside the description comes along; the card by phone is cheap."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts.models import Interaction
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import reading
from vakhta.tickets.models import Ticket

RISER = "flat.cold.riser"
MOST_QUERIES = 15
"""Of the card by phone, as the issue names it; the transaction's own words do not count."""


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(cast.ivanova.user)
    return client


def typed_call(cast: Cast, phone: str = "8 900 000-15-42") -> Interaction:
    with acting(cast.scope(cast.ivanova)):
        return contacts.type_call(phone=phone)


def test_answers_to_the_questions_stand_under_the_description(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    answer = desk.post(
        f"/console/contact/{row.pk}/register/",
        {"classifier": RISER, "description": "течёт стояк", "ask-2": "да, кв. 38"},
    )
    assert answer.status_code == 200
    with reading(cast.scope(cast.ivanova)):
        words = Ticket.objects.get(interactions=row.pk).description.split("\n")
    assert words[0] == "течёт стояк"
    assert words[1].endswith("? да, кв. 38") and len(words) == 2


def test_an_applicant_who_was_typed_and_not_saved_is_on_the_ticket(cast: Cast, desk: Client) -> None:
    row = typed_call(cast, "")
    desk.post(
        f"/console/contact/{row.pk}/register/",
        {
            "classifier": RISER,
            "description": "течёт",
            "name": "Козлов Д. И.",
            "phone": "8 900 111-22-33",
            "email": "",
            "address": "мира 3-12",
            "premises": "",
        },
    )
    with reading(cast.scope(cast.ivanova)):
        ticket = Ticket.objects.get(interactions=row.pk)
        assert (ticket.applicant, ticket.phone) == ("Козлов Д. И.", "+79001112233")
        assert (ticket.company_id, ticket.address) == (cast.luch.pk, "ул. Мира, 3, кв. 12")


def test_the_card_by_phone(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    with CaptureQueriesContext(connection) as made:
        answer = desk.get(f"/console/contact/{row.pk}/")
    assert "Петрова" in answer.content.decode()
    asked = [q["sql"] for q in made if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(asked) <= MOST_QUERIES, "\n".join(sql[:120] for sql in asked)


def test_the_wrong_crew_is_undone_in_the_foot(cast: Cast, desk: Client) -> None:
    row = typed_call(cast)
    with acting(cast.scope(cast.ivanova)):
        ticket = contacts.register(row.pk, classifier="flat.cold.riser", description="течёт")
    step = reverse("console:step", args=[row.pk, 8])
    said = desk.post(step, {"crew": cast.crew4.pk}, headers={"HX-Request": "true"}).content.decode()
    assert "передана: бригада 4" in said
    link = re.search(r'hx-post="([^"]+/take-back/\d+/)"', said)
    assert link, "the foot offers Ctrl+Z"
    answer = desk.post(link[1], headers={"HX-Request": "true"}).content.decode()
    assert "Отменено" in answer
    with reading(cast.scope(cast.ivanova)):
        assert Ticket.objects.get(pk=ticket.pk).state == "registered"
    again = desk.post(link[1], headers={"HX-Request": "true"})
    assert again.status_code == 409 and "нечего" in again.content.decode()
