"""The duty directory edited, as a senior goes through it: what is written here the console and the paper have."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import DutyContact
from vakhta.reports import sayings
from vakhta.web.tests.steps import at_most, browser_of

SYSTEM = Scope.system("test")


@pytest.fixture
def senior(cast: Cast) -> Client:
    return browser_of(cast.gromova)


def at(name: str, *args: object) -> str:
    return reverse(f"stock:{name}", args=args)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def line(name: str) -> DutyContact:
    with reading(SYSTEM):
        found: DutyContact = DutyContact.everything.get(name=name)
        return found


def names(kind: str = "service") -> list[str]:
    with reading(SYSTEM):
        return list(
            DutyContact.objects.filter(kind=kind).order_by("place", "name").values_list("name", flat=True)
        )


def told(row: DutyContact) -> list[str]:
    with reading(SYSTEM):
        return [
            r.fact.what for r in journal.history(f"duty/{row.pk}") if isinstance(r.fact, facts.DutyChanged)
        ]


def seen(page: str, action: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page[page.index(f'action="{action}"') :])
    assert found
    return found[1]


def test_a_new_service_is_told_at_step_five_and_printed(cast: Cast, senior: Client) -> None:
    page = text(senior.get(at("duty")))
    assert "Теплосеть" in page[page.index("Нет телефона") : page.index("не найдёт, куда звонить")]
    said = {
        "code": "heat_supply",
        "name": "Теплосеть, диспетчер",
        "phone": "8 (495) 000-00-41",
        "note": "доб. 2",
    }
    assert senior.post(at("add_duty", "service"), said).status_code == 302
    page = text(senior.get(at("duty")))
    assert "Теплосеть" not in page[page.index("Нет телефона") : page.index("не найдёт, куда звонить")]
    assert names()[-1] == "Теплосеть, диспетчер", "behind the others"
    directory = text(browser_of(cast.ivanova).get(reverse("console:duty_page")))
    assert "Теплосеть, диспетчер" in directory and "+7 495 000-00-41" in directory and "доб. 2" in directory
    assert told(line("Теплосеть, диспетчер")) == ["added"]


def test_a_service_that_no_route_names_is_told_by_its_own_code(cast: Cast, senior: Client) -> None:
    assert (
        senior.post(at("add_duty", "service"), {"code": "", "name": "Горсвет", "phone": "1450"}).status_code
        == 302
    )
    row = line("Горсвет")
    assert row.code == f"own-{row.pk}" and row.phone == "1450" and row.company_id == cast.centre.pk
    url = at("change_duty", row.pk)
    mark = seen(text(senior.get(at("duty"), {"change": row.pk})), url)
    senior.post(url, {"code": "", "name": "Горсвет", "phone": "1451", "seen": mark})
    assert (line("Горсвет").code, line("Горсвет").phone) == (f"own-{row.pk}", "1451")


def test_a_person_of_a_served_company_is_put_on_call(cast: Cast, senior: Client) -> None:
    said = {
        "company": str(cast.north.pk),
        "name": "Ночной Пётр",
        "phone": "8 900 000-07-77",
        "note": "только аварии",
    }
    assert senior.post(at("add_duty", "on_call"), said).status_code == 302
    assert line("Ночной Пётр").company_id == cast.north.pk and line("Ночной Пётр").phone == "+79000000777"
    assert "«Северная» · только аварии" in text(senior.get(at("duty")))


def test_the_order_is_changed_by_keys_and_the_focus_stays(cast: Cast, senior: Client) -> None:
    edds = line("ЕДДС")
    answer = senior.post(at("move_duty", edds.pk, "up"))
    assert names() == ["ЕДДС", "Аварийная газовая служба", "Водоканал"]
    page = text(senior.get(answer["Location"]))
    assert re.search(r'aria-label="Ниже: ЕДДС" autofocus', page), "it cannot go higher"
    senior.post(at("move_duty", edds.pk, "up"))
    assert names()[0] == "ЕДДС" and told(edds) == ["moved"], "the first stays first, and that is no change"


def test_what_was_removed_is_gone_everywhere_and_comes_back_as_it_stood(cast: Cast, senior: Client) -> None:
    row = line("Водоканал")
    answer = senior.post(at("drop_duty", row.pk))
    console = browser_of(cast.ivanova)
    assert "Водоканал" not in text(console.get(reverse("console:duty_page")))
    page = text(senior.get(answer["Location"]))
    assert "Убрано: Водоканал." in page and "Ctrl+Z" in page
    assert senior.post(at("restore_duty", row.pk)).status_code == 302
    assert "Водоканал" in text(console.get(reverse("console:duty_page")))
    assert names()[-1] == "Водоканал", "where it stood"
    assert senior.post(at("restore_duty", row.pk)).status_code == 404, "once"
    assert told(row) == ["removed", "restored"]


def test_a_removed_service_does_not_come_back_beside_its_successor(cast: Cast, senior: Client) -> None:
    row = line("Водоканал")
    senior.post(at("drop_duty", row.pk))
    said = {"code": "water_utility", "name": "Водоканал города", "phone": "+7 495 000-00-02"}
    assert senior.post(at("add_duty", "service"), said).status_code == 302
    answer = senior.post(at("restore_duty", row.pk))
    assert answer.status_code == 422 and "Эта служба уже есть: «Водоканал города»" in text(answer)
    assert names().count("Водоканал") == 0


def test_who_saves_second_is_told_what_stands_there_and_keeps_the_words(cast: Cast, senior: Client) -> None:
    row = line("ЕДДС")
    url = at("change_duty", row.pk)
    mark = seen(text(senior.get(at("duty"), {"change": row.pk})), url)
    said = {"code": "edds", "name": "ЕДДС города", "phone": "112", "note": "", "seen": mark}
    assert senior.post(url, said).status_code == 302
    late = browser_of(cast.kim).post(url, {**said, "name": "Единая служба", "note": "круглосуточно"})
    page = text(late)
    assert late.status_code == 409 and "изменил кто-то другой" in page
    assert "Сейчас записано: ЕДДС города" in page and "Сейчас записано: пусто" in page
    assert 'value="Единая служба"' in page and 'value="круглосуточно"' in page
    assert line("ЕДДС города").note == ""
    again = {**said, "name": "Единая служба", "note": "круглосуточно", "seen": seen(page, url)}
    assert browser_of(cast.kim).post(url, again).status_code == 302
    assert line("Единая служба").note == "круглосуточно" and told(row) == ["changed", "changed"]


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("service", {"code": "fire", "name": "", "phone": "101"}, "Заполните поле «Название»"),
        ("service", {"code": "fire", "name": "Пожарные", "phone": ""}, "Заполните поле «Телефон»"),
        ("service", {"code": "fire", "name": "Пожарные", "phone": "яблоко"}, "не читается"),
        ("service", {"code": "fire", "name": "Пожарные", "phone": "2-15-16-17"}, "с кодом города"),
        ("service", {"code": "fire", "name": "Пожарные", "phone": "1"}, "не читается"),
        ("service", {"code": "edds", "name": "Вторая", "phone": "112"}, "Эта служба уже есть: «ЕДДС»"),
        ("service", {"code": "кот", "name": "Вторая", "phone": "112"}, "Выберите службу"),
        ("service", {"code": "fire", "name": "Пожарные", "phone": "101", "note": "я" * 301}, "не больше 300"),
        ("on_call", {"company": "", "name": "Пётр", "phone": "112"}, "Выберите, чей"),
        ("on_call", {"company": "кот", "name": "Пётр", "phone": "112"}, "Выберите, чей"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_said_beside_its_field(
    cast: Cast, senior: Client, kind: str, said: dict[str, str], words: str
) -> None:
    before = names(), names("on_call")
    answer = senior.post(at("add_duty", kind), said)
    assert answer.status_code == 422 and words in text(answer)
    assert not said.get("name") or f'value="{said["name"]}"' in text(answer), "kept"
    assert (names(), names("on_call")) == before


def test_the_line_of_another_centre_and_a_wrong_kind_are_not_there(cast: Cast, senior: Client) -> None:
    with reading(SYSTEM):
        foreign = DutyContact.objects.create(company=cast.foreign, kind="on_call", name="Чужой", phone="112")
    for url in (at("drop_duty", foreign.pk), at("move_duty", foreign.pk, "up"), at("add_duty", "cat")):
        assert senior.post(url, {"name": "Пётр", "phone": "112"}).status_code == 404
    for company in (0, cast.foreign.pk):
        said = {"company": str(company), "name": "Пётр", "phone": "112"}
        assert senior.post(at("add_duty", "on_call"), said).status_code == 404
    assert line("Чужой").removed_at is None
    assert senior.post(at("move_duty", line("ЕДДС").pk, "aside")).status_code == 404


def test_an_operator_reads_and_does_not_edit(cast: Cast) -> None:
    operator = browser_of(cast.ivanova)
    assert operator.get(at("duty")).status_code == 403
    assert operator.post(at("drop_duty", line("ЕДДС").pk)).status_code == 403
    assert "ЕДДС" in names() and at("duty") not in text(operator.get(reverse("console:duty_page")))
    assert at("duty") in text(browser_of(cast.gromova).get(reverse("console:duty_page")))


def test_of_many_lines_one_has_its_form(cast: Cast, senior: Client) -> None:
    """A form of each of two hundred lines, each with all companies to choose from, was a page of two megabytes."""
    row = line("ЕДДС")
    page = text(senior.get(at("duty")))
    assert at("change_duty", row.pk) not in page and f'href="?change={row.pk}#line-{row.pk}"' in page
    page = text(senior.get(at("duty"), {"change": row.pk}))
    assert at("change_duty", row.pk) in page and at("drop_duty", row.pk) in page
    assert at("change_duty", line("Водоканал").pk) not in page
    assert re.search(r'name="name" value="ЕДДС"[^>]* autofocus', page)


def test_the_journal_says_who_was_put_where(cast: Cast, senior: Client) -> None:
    senior.post(
        at("add_duty", "on_call"), {"company": str(cast.centre.pk), "name": "Пётр", "phone": "89000000777"}
    )
    with reading(cast.scope(cast.gromova)):
        records = journal.history(f"duty/{line('Пётр').pk}")
        said = sayings.words(records[0].fact, sayings.known(records, "Europe/Moscow", records[0].recorded_at))
    assert said.replace("\u00a0", " ") == "Пётр · +7 900 000-07-77 · добавлено"


def test_a_long_directory_asks_the_database_the_same(cast: Cast, senior: Client) -> None:
    with reading(SYSTEM):
        DutyContact.objects.bulk_create(
            DutyContact(company=cast.north, kind="on_call", name=f"Пётр {n}", phone="112", place=n)
            for n in range(60)
        )
    with at_most(8):
        senior.get(at("duty"))
