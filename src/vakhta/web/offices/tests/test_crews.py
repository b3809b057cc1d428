"""Crews: made, filled, emptied, dropped; who leads one changes who is in it and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.crews.models import Crew, CrewMember, WorkOrder
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff, User
from vakhta.web.tests.steps import at_most, browser_of, kinds, moved, now_of, ordered

SYSTEM = Scope.system("test")


@pytest.fixture
def admin(cast: Cast) -> Client:
    return browser_of(cast.kim)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def at(name: str, *args: object) -> str:
    return reverse(f"offices:{name}", args=args)


def seen(page: str, action: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page[page.index(f'action="{action}"') :])
    assert found
    return found[1]


def rows() -> tuple[object, ...]:
    with reading(SYSTEM):
        return (
            list(Crew.objects.order_by("pk").values_list()),
            list(CrewMember.objects.order_by("pk").values_list()),
            list(WorkOrder.objects.order_by("pk").values_list()),
            Entry.objects.count(),
        )


def technician(cast: Cast, login: str = "new") -> Staff:
    with reading(SYSTEM):
        user = User.objects.create(email=f"{login}@example.org", name="Новый Пётр", password="!")
        row: Staff = Staff.objects.create(
            company=cast.centre, user=user, role="technician", name="Новый Пётр"
        )
        return row


def second(cast: Cast) -> Crew:
    with reading(SYSTEM):
        row: Crew = Crew.objects.create(company=cast.centre, number=5, name="бригада 5", skills=["plumber"])
        return row


def test_a_crew_is_made_filled_and_gets_work(cast: Cast, admin: Client) -> None:
    said = {"company": str(cast.centre.pk), "number": "", "name": "сантехники, ночь", "skill-plumber": "yes"}
    answer = admin.post(at("new_crew"), said)
    with reading(SYSTEM):
        row = Crew.objects.get(name="сантехники, ночь")
    assert (row.number, row.skills) == (5, ["plumber"]), "the number behind the last one"
    page = text(admin.get(answer["Location"]))
    assert "наряды этой бригады никто не прочтёт" in page
    assert "никого нет" in text(admin.get(at("crews")))
    who = technician(cast)
    assert admin.post(at("put_member", row.pk), {"staff": str(who.pk)}).status_code == 302
    assert "Новый Пётр" in text(admin.get(at("crew", row.pk)))


def test_a_crew_is_corrected_and_the_second_of_two_keeps_the_words(cast: Cast, admin: Client) -> None:
    url, page = at("change_crew", cast.crew4.pk), text(admin.get(at("crew", cast.crew4.pk)))
    said = {"number": "4", "name": "сантехники", "skill-plumber": "yes", "seen": seen(page, url)}
    assert admin.post(url, said).status_code == 302
    before = rows()
    late = admin.post(url, said | {"name": "электрики"})
    shown = text(late)
    assert late.status_code == 409 and 'value="электрики"' in shown and "Сейчас записано: сантехники" in shown
    assert rows() == before


def test_a_crew_that_is_dropped_gives_its_orders_to_another(cast: Cast, admin: Client) -> None:
    ticket, order = ordered(cast)
    other = second(cast)
    before = rows()
    answer = admin.post(at("drop_crew", cast.crew4.pk))
    assert answer.status_code == 422 and "какой бригаде их передать" in text(answer)
    assert rows() == before
    assert admin.post(at("drop_crew", cast.crew4.pk), {"to": str(other.pk)}).status_code == 302
    with reading(SYSTEM):
        new = WorkOrder.objects.get(ticket=ticket, state="offered")
        assert WorkOrder.objects.get(pk=order.pk).state == "withdrawn"
    assert new.crew_id == other.pk and now_of(ticket).state == "assigned"
    assert kinds(ticket)[-3:] == ["WorkWithdrawn", "WorkAssigned", "HandedOver"]
    assert admin.post(at("return_crew", cast.crew4.pk)).status_code == 302
    with reading(SYSTEM):
        assert Crew.objects.get(pk=cast.crew4.pk).is_active


def test_a_crew_at_work_is_not_dropped(cast: Cast, admin: Client) -> None:
    ticket, order = ordered(cast)
    moved(cast, order, "accept", "go")
    other, before = second(cast), rows()
    answer = admin.post(at("drop_crew", cast.crew4.pk), {"to": str(other.pk)})
    assert (
        answer.status_code == 409
        and "уже работает" in text(answer)
        and now_of(ticket).said_number in text(answer)
    )
    with reading(SYSTEM):
        assert Crew.objects.get(pk=cast.crew4.pk).is_active
    assert rows() == before


def test_the_last_one_of_a_crew_with_orders_stays(cast: Cast, admin: Client) -> None:
    ordered(cast)
    url, before = at("drop_member", cast.crew4.pk, cast.kuznetsov.pk), rows()
    answer = admin.post(url)
    assert answer.status_code == 409 and "Сначала добавьте" in text(answer) and rows() == before
    assert admin.post(at("put_member", cast.crew4.pk), {"staff": str(technician(cast).pk)}).status_code == 302
    assert admin.post(url).status_code == 302
    with reading(SYSTEM):
        assert not CrewMember.objects.filter(crew=cast.crew4, staff=cast.kuznetsov).exists()


@pytest.mark.parametrize(
    ("name", "said", "status", "words"),
    [
        ("new_crew", {"company": "0", "number": "1", "name": "б"}, 404, "Организации № 0 нет"),
        ("new_crew", {"number": "4", "name": "б"}, 422, "номером уже есть"),
        ("new_crew", {"number": "x", "name": "б"}, 422, "от 1 до 999"),
        ("new_crew", {"number": "9", "name": ""}, 422, "Название"),
        ("put_member", {"staff": "0"}, 422, "Выберите исполнителя"),
        ("put_member", {"staff": "{ivanova}"}, 422, "Выберите исполнителя"),
    ],
)
def test_what_cannot_stand_is_said_and_nothing_changes(
    cast: Cast, admin: Client, name: str, said: dict[str, str], status: int, words: str
) -> None:
    said = {key: str(cast.ivanova.pk) if value == "{ivanova}" else value for key, value in said.items()}
    said = said if name == "put_member" else {"company": str(cast.centre.pk), **said}
    before = rows()
    answer = admin.post(at(name, *(() if name == "new_crew" else (cast.crew4.pk,))), said)
    assert answer.status_code == status and words in text(answer)
    assert rows() == before


def test_a_foreman_changes_who_is_in_it_and_nothing_else(cast: Cast) -> None:
    foreman, who = browser_of(cast.orlov), technician(cast)
    page = text(foreman.get(at("crew", cast.crew4.pk)))
    assert at("put_member", cast.crew4.pk) in page and at("change_crew", cast.crew4.pk) not in page
    assert foreman.post(at("put_member", cast.crew4.pk), {"staff": str(who.pk)}).status_code == 302
    with reading(SYSTEM):
        theirs = Crew.objects.create(company=cast.north, number=1, name="дворники")
    before = rows()
    assert foreman.get(at("crew", theirs.pk)).status_code == 404, "another company's crew is not his"
    assert foreman.post(at("drop_member", theirs.pk, who.pk)).status_code == 404
    for name in ("change_crew", "drop_crew"):
        assert foreman.post(at(name, cast.crew4.pk), {"number": "4", "name": "x"}).status_code == 403
    assert foreman.post(at("new_crew"), {"name": "x"}).status_code == 403
    assert rows() == before


def test_a_list_of_any_length_asks_the_database_the_same(cast: Cast, admin: Client) -> None:
    with at_most(7):
        admin.get(at("crews"))
    with at_most(9):
        admin.get(at("crew", cast.crew4.pk))
