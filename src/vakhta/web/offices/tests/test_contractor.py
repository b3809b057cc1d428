"""A contractor's people see the tickets whose orders their company has, and nothing else: by the database too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from tests.cast import DAY, Cast

from vakhta.crews import actions as crews
from vakhta.crews.models import Crew, CrewMember, WorkOrder
from vakhta.domain import facts
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading, scoped_models
from vakhta.people.access import LENT_FOR, scope_of_user
from vakhta.people.models import Agreement, Company, Staff, User
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import PNG, at_most, browser_of, everything, kinds, now_of, photo, registered

SYSTEM = Scope.system("test")
LENT = {"crews_workorder", "tickets_ticket", "tickets_clock", "tickets_ticketfile", "people_company", "places_building",
        "places_premises", "places_accessnote", "places_person", "journal_entry", "journal_subject", "journal_words"}  # fmt: skip


@dataclass
class Lifts:
    """«Лифтсервис» works for the centre: its office, its technician, its crew, and a ticket that the crew has."""

    company: Company
    office: Staff
    technician: Staff
    crew: Crew
    ticket: Ticket
    order: WorkOrder


@pytest.fixture
def lifts(cast: Cast) -> Lifts:
    with reading(SYSTEM):
        company = Company.objects.create(
            kind="contractor", name="ООО «Лифтсервис»", short_name="«Лифтсервис»"
        )
        Agreement.objects.create(centre=cast.centre, company=company, since=date(2025, 1, 1))
        people = []
        for role, name in (("contractor", "Подрядова Инна"), ("technician", "Лифтов Егор")):
            user = User.objects.create(email=f"{role}@lift.example.org", name=name, password="!")
            people.append(Staff.objects.create(company=company, user=user, role=role, name=name))
        crew = Crew.objects.create(company=company, number=1, name="лифтёры", skills=["plumber"])
        CrewMember.objects.create(company=company, crew=crew, staff=people[1])
    ticket = registered(cast)
    with acting(cast.scope(cast.ivanova)):
        order = crews.assign_ticket(ticket.pk, crew=crew.pk)
    return Lifts(company, people[0], people[1], crew, ticket, order)


def scope_of(staff: Staff, on: date = DAY) -> Scope:
    found = scope_of_user(staff.user_id, on)
    assert found is not None
    return found[0]


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


@pytest.mark.parametrize("who", ["office", "technician"])
def test_the_work_is_done_from_the_job_s_page_to_its_end(cast: Cast, lifts: Lifts, who: str) -> None:
    client = browser_of(getattr(lifts, who))
    listed = text(client.get("/field/"))
    assert "ул. Ленина, 15" in listed and ("лифтёры" in listed) == (who == "office")
    assert 'hx-trigger="every 30s"' in listed, "the live stream tells of companies, and it is lent none"
    url = f"/field/{lifts.order.pk}/"
    page = text(client.get(url))
    assert "Петрова" in page and "+7 900 000-15-42" in page and "ввод ХВС" in page
    for move, said in (
        ("accept", {}),
        ("go", {}),
        ("arrive", {}),
        ("contain", {}),
        ("done", {"note": "смена тяги", "photo": photo()}),
    ):
        assert client.post(f"{url}{move}/", said).status_code == 302, move
    assert now_of(lifts.ticket).state == "done"
    assert kinds(lifts.ticket)[-3:] == ["DamageContained", "WorkDone", "FileAttached"]
    file = _file(lifts.ticket)
    answer = client.get(f"/console/file/{file}/")
    assert b"".join(answer) == PNG
    for close in answer._resource_closers:  # the answer's own end would close the test's connection too
        close()
    assert "смена тяги" in text(client.get(url)), "seen after its end too"


def _file(ticket: Ticket) -> int:
    with reading(SYSTEM):
        return int(ticket.files.get().pk)


def test_another_ticket_is_not_there(cast: Cast, lifts: Lifts) -> None:
    other = registered(cast)
    with acting(cast.scope(cast.ivanova)):
        theirs = crews.assign_ticket(other.pk, crew=cast.crew4.pk)
    for who in (lifts.office, lifts.technician):
        client, before = browser_of(who), everything(other)
        assert client.get(f"/field/{theirs.pk}/").status_code == 404
        assert client.post(f"/field/{theirs.pk}/accept/").status_code == 404
        assert client.get(f"/console/ticket/{other.number}/").status_code in (403, 404)
        for page in ("/tickets/", "/console/", "/board/", "/journal/", "/offices/", "/stock/", "/duty/"):
            assert client.get(page).status_code in (403, 404), page
        assert everything(other) == before


def test_by_the_database_too_nothing_else_is_seen(cast: Cast, lifts: Lifts) -> None:
    """Raw SQL in a contractor's scope: of other companies only what belongs to the lent ticket."""
    other = registered(cast)
    tables = {model._meta.db_table: model.scope_field for model in scoped_models()}
    seen: dict[str, int] = {}
    with reading(scope_of(lifts.office)), connection.cursor() as cursor:
        for table, column in tables.items():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} <> %s", [lifts.company.pk])
            seen[table] = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM tickets_ticket")
        assert cursor.fetchall() == [(lifts.ticket.pk,)]
        cursor.execute("SELECT DISTINCT subject FROM journal_subject WHERE subject LIKE 'ticket/%'")
        assert cursor.fetchall() == [(f"ticket/{lifts.ticket.pk}",)]
        cursor.execute("SELECT name FROM places_person")
        assert cursor.fetchall() == [(cast.petrova.name,)]
        cursor.execute("UPDATE tickets_ticket SET description = 'x' WHERE id = %s", [other.pk])
        assert cursor.rowcount == 0
        cursor.execute("UPDATE places_person SET name = 'x'")
        assert cursor.rowcount == 0, "lent to be read"
    assert {table for table, rows in seen.items() if rows} <= LENT
    assert seen["tickets_clock"] and seen["places_accessnote"] == 1
    with reading(cast.scope(cast.gromova)), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('vakhta.lent', true)")
        assert cursor.fetchone() == ("",), "nothing of it stays behind"


def test_the_journal_takes_no_word_of_theirs_about_another_ticket(cast: Cast, lifts: Lifts) -> None:
    other = registered(cast)
    before = everything(other)
    fact = facts.CrewOnTheWay(ticket=other.pk, work_order=lifts.order.pk)
    with (
        pytest.raises(Error, match="outside the scope"),
        transaction.atomic(),
        acting(scope_of(lifts.office)),
    ):
        journal.record(fact, company=cast.north.pk)
    assert everything(other) == before


def test_what_is_taken_back_or_long_over_is_seen_no_more(cast: Cast, lifts: Lifts) -> None:
    def sees(on: date) -> bool:
        with reading(scope_of(lifts.office, on)):
            return Ticket.objects.filter(pk=lifts.ticket.pk).exists()

    today = clock.today()
    assert sees(today + LENT_FOR + timedelta(days=2)), "an open order is theirs as long as it is open"
    with acting(cast.scope(cast.ivanova)):
        crews.take_back(lifts.ticket.pk)
    assert sees(today) and not sees(today + LENT_FOR + timedelta(days=2))


def test_when_the_agreement_is_over_the_centre_gives_it_no_work(cast: Cast, lifts: Lifts) -> None:
    with acting(SYSTEM):
        Agreement.objects.filter(company=lifts.company).update(until=DAY)
    other = registered(cast)
    with pytest.raises(Exception, match="Такой бригады нет"), acting(cast.scope(cast.ivanova)):
        crews.assign_ticket(other.pk, crew=lifts.crew.pk)


def test_the_contractor_changes_its_own_crew_and_no_other(cast: Cast, lifts: Lifts) -> None:
    client = browser_of(lifts.office)
    assert "/offices/crews/" in text(client.get("/field/"))
    page = text(client.get("/offices/crews/"))
    assert "лифтёры" in page and "бригада 4" not in page and "Новая бригада" not in page
    with reading(SYSTEM):
        user = User.objects.create(email="third@lift.example.org", name="Тросов Олег", password="!")
        third = Staff.objects.create(company=lifts.company, user=user, role="technician", name=user.name)
    assert (
        client.post(f"/offices/crews/{lifts.crew.pk}/members/", {"staff": str(third.pk)}).status_code == 302
    )
    full = text(client.get(f"/offices/crews/{lifts.crew.pk}/"))
    assert "попросите его" in full and "«Люди»" not in full, "a page that it cannot open is no advice"
    assert client.get(f"/offices/crews/{cast.crew4.pk}/").status_code == 404
    assert client.post(f"/offices/crews/{cast.crew4.pk}/members/{cast.kuznetsov.pk}/drop/").status_code == 404
    assert client.post(f"/offices/crews/{lifts.crew.pk}/drop/").status_code == 403
    with reading(SYSTEM):
        assert CrewMember.objects.filter(crew=lifts.crew).count() == 2
        assert CrewMember.objects.filter(crew=cast.crew4).count() == 1


def test_its_pages_ask_the_database_no_more_than_a_technician_s(cast: Cast, lifts: Lifts) -> None:
    client = browser_of(lifts.office)
    with at_most(6):  # what is open, what is done, what was taken away
        client.get("/field/")
    with at_most(13):
        client.get(f"/field/{lifts.order.pk}/")
