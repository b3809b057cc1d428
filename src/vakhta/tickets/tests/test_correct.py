"""A ticket's own words are put right: where, who, by which phone. Old and new stand in the journal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.cast import Cast

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.models import Building
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.tests.steps import browser_of, everything, now_of, registered


def form_of(cast: Cast, ticket: Ticket) -> dict[str, str]:
    """The form of correction as the page draws it."""
    text = browser_of(cast.ivanova).get(f"/console/ticket/{ticket.number}/").content.decode()
    version = re.search(r'name="version" value="(\d+/\d+)"', text)
    assert version is not None
    row = now_of(ticket)
    said = {"description": row.description, "address": row.address, "applicant": row.applicant}
    said |= {name: _value(text, f"correct-{name}") for name in ("phone", "email")}
    return {**said, **{f"was_{name}": was for name, was in said.items()}, "version": version[1]}


def _value(text: str, pk: str) -> str:
    found = re.search(rf'id="{pk}"[^>]*? value="([^"]*)"', text)
    assert found is not None
    return found[1]


def correct(cast: Cast, ticket: Ticket, form: dict[str, str], who: str = "ivanova", **more: str) -> Any:
    said = {**form, "reason": "ослышалась", **more}
    return browser_of(getattr(cast, who)).post(f"/console/ticket/{ticket.number}/correct/", said)


def corrections(ticket: Ticket) -> list[facts.TicketCorrected]:
    with reading(Scope.system("test")):
        found = [r.fact for r in journal.history(f"ticket/{ticket.pk}")]
    return [fact for fact in found if isinstance(fact, facts.TicketCorrected)]


@pytest.mark.parametrize(
    ("said", "address", "flat"),
    [
        ({"address": "ленина 15"}, "ул. Ленина, 15", None),
        ({"address": "ленина 15, подвал"}, "ул. Ленина, 15, подвал", None),
        ({"address": "у моста", "outside": "yes"}, "у моста", None),
    ],
)
def test_the_address_is_put_right(cast: Cast, said: dict[str, str], address: str, flat: str | None) -> None:
    ticket = registered(cast)
    clocks = _clocks(ticket)
    assert correct(cast, ticket, form_of(cast, ticket), **said).status_code == 302
    row = now_of(ticket)
    assert (row.number, row.address, row.premises_id) == (ticket.number, address, flat)
    assert row.person_id is None, "whoever lives in the one flat is not the applicant of another"
    assert row.applicant == "Петрова Анна Сергеевна"
    [fact] = corrections(ticket)
    assert (fact.address_before, fact.address_after) == ("ул. Ленина, 15, кв. 42", address)
    assert _clocks(ticket) == clocks


def test_the_flat_is_chosen_from_the_list(cast: Cast) -> None:
    ticket = registered(cast)
    correct(
        cast, ticket, form_of(cast, ticket), address="ленина 15", premises=f"building/{ticket.building_id}"
    )
    assert now_of(ticket).premises_id is None
    correct(cast, ticket, form_of(cast, ticket), premises=str(cast.flat42.pk))
    assert (now_of(ticket).premises_id, now_of(ticket).address) == (cast.flat42.pk, "ул. Ленина, 15, кв. 42")


def test_the_applicant_and_the_phone_are_put_right_and_told(cast: Cast) -> None:
    ticket = registered(cast)
    correct(cast, ticket, form_of(cast, ticket), applicant="Козлов Д. И.", phone="8 900 111-22-33")
    row = now_of(ticket)
    assert (row.applicant, row.phone, row.person_id) == ("Козлов Д. И.", "+79001112233", None)
    text = browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/").content.decode()
    assert "заявитель: было «Петрова Анна Сергеевна», стало «Козлов Д. И.»" in text
    assert "+7 900 111-22-33" in text.replace("\u00a0", " ") and "ослышалась" in text


def test_the_address_of_letters_is_put_right_and_taken_back(cast: Cast) -> None:
    """A letter goes into a stranger's hands with the way to the ticket's page."""
    ticket = registered(cast)
    assert ticket.email == "resident@example.org"
    correct(cast, ticket, form_of(cast, ticket), email="anna@example.org")
    row = now_of(ticket)
    assert (row.email, row.applicant, row.phone) == ("anna@example.org", ticket.applicant, ticket.phone)
    desk = browser_of(cast.ivanova)
    text = desk.get(f"/console/ticket/{ticket.number}/").content.decode()
    assert "почта: было «resident@example.org», стало «anna@example.org»" in text
    undo = re.search(r'action="([^"]+/uncorrect/\d+/)"', text)
    assert undo and desk.post(undo[1]).status_code == 302
    assert now_of(ticket).email == "resident@example.org"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"address": "мира 3-12"}, "обслуживает"),
        ({"address": "Лондон, Бейкер-стрит"}, "Дом не найден"),
        ({"address": "", "outside": "yes"}, "Без адреса заявки нет"),
        ({"phone": "нет"}, "Телефон не читается"),
        ({"phone": "12"}, "Телефон не читается"),
        ({"email": "петрова собака почта"}, "Почта не читается"),
        ({"description": ""}, "Заполните поле «Что случилось»"),
        ({"description": " \n "}, "Заполните поле «Что случилось»"),
        ({}, "Ничего не изменено"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(cast: Cast, said: dict[str, str], says: str) -> None:
    ticket = registered(cast)
    form, before = form_of(cast, ticket), everything(ticket)
    answer = correct(cast, ticket, form, **said)
    assert answer.status_code == 422 and says in answer.content.decode() and everything(ticket) == before


def test_a_house_of_another_zone_is_refused(cast: Cast) -> None:
    ticket = registered(cast)
    form = form_of(cast, ticket)
    with reading(Scope.system("test")):
        Building.objects.filter(pk=ticket.building_id).update(zone="Asia/Omsk")
    answer = correct(cast, ticket, form, address="ленина 15")
    assert answer.status_code == 422 and "часовом поясе" in answer.content.decode()


def test_two_people_lose_neither_s_words(cast: Cast) -> None:
    """Sidorova corrects phone and name while Ivanova corrects the phone on the form that she had open: she is told,
    her words stay in the field, the name is Sidorova's; sent again it is as she wants it."""
    ticket = registered(cast)
    hers = form_of(cast, ticket)
    correct(cast, ticket, hers, who="sidorova", phone="8 900 111-22-33", applicant="Петров")
    told = correct(cast, ticket, hers, phone="8 900 444-55-66")
    text = told.content.decode()
    assert told.status_code == 409 and 'value="8 900 444-55-66"' in text and "Сидорова" in text
    assert _value(text, "correct-applicant") == "Петров"
    assert now_of(ticket).phone == "+79001112233"
    assert correct(cast, ticket, form_of(cast, ticket), phone="8 900 444-55-66").status_code == 302
    row = now_of(ticket)
    assert (row.applicant, row.phone) == ("Петров", "+79004445566")


def test_words_of_a_correction_lie_beside_the_chain(cast: Cast) -> None:
    """So that 152-ФЗ can take them: `privacy` empties the words of every entry of a person's ticket but
    those of the service's own work, and a correction is none of these."""
    from vakhta.privacy.erase import OWN_WORDS

    assert "TicketCorrected" not in OWN_WORDS
    personal = set(facts.TicketCorrected.personal_fields())
    assert personal >= {f"{n}_{s}" for n in ("address", "applicant", "phone") for s in ("before", "after")}


def _clocks(ticket: Ticket) -> list[tuple[object, ...]]:
    with reading(Scope.system("test")):
        rows = Clock.objects.filter(subject=f"ticket/{ticket.pk}").order_by("norm")
        return list(rows.values_list("norm", "started_at", "due_at"))


def test_the_natures_follow_the_words_that_are_typed(cast: Cast) -> None:
    ticket = registered(cast)
    desk, url = browser_of(cast.ivanova), f"/console/ticket/{ticket.number}/natures/"
    said = desk.post(url, {"description": "засор канализации", "choice": ticket.classifier}).content.decode()
    kinds = re.findall(r'name="choice" value="([^"]+)"( checked)?', said)
    assert kinds[0] == (ticket.classifier, " checked"), "what it is stays chosen"
    assert kinds[1] == ("flat.sewer.blockage", "")
    other = desk.post(url, {"description": "", "choice": "flat.power.none"}).content.decode()
    assert re.findall(r'value="([^"]+)" checked', other) == ["flat.power.none"]


def test_a_place_in_the_house_is_seen_on_the_page(cast: Cast) -> None:
    ticket = registered(cast)
    correct(cast, ticket, form_of(cast, ticket), address="ленина 15, подвал")
    text = browser_of(cast.ivanova).get(f"/console/ticket/{ticket.number}/").content.decode()
    head = text[text.index('class="ticket-where"') :]
    assert "подвал" in head[: head.index("</p>")]
