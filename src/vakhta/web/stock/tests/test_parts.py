"""Entrances, risers and lifts of a house, and where a dispatcher and a crew meet them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.domain import facts
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.house_facts import house_facts
from vakhta.places.models import Building, Entrance, Lift, Premises, Riser
from vakhta.reports.duty import duty_pdf
from vakhta.web.tests.steps import at_most, browser_of, ordered

SYSTEM = Scope.system("test")
HTMX = {"HX-Request": "true"}
CARD = 12
"""Statements of the card that is opened, signing in and looking included."""
LIFT = {
    "entrance": "2",
    "number": "12-345",
    "kind": "passenger",
    "serviced_by": "Лифт-Сервис",
    "phone": "8 495 000-00-09",
}
RISER = {
    "service": "cold_water",
    "entrance": "2",
    "feeds": "кв. 31–60, ванные",
    "valve": "подвал, под кв. 31",
}


@pytest.fixture
def admin(cast: Cast) -> Client:
    return browser_of(cast.kim)


def at(name: str, *args: object) -> str:
    return reverse(f"stock:{name}", args=args)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def seen(page: str, action: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page[page.index(f'action="{action}"') :])
    assert found
    return found[1]


def all_of(model: Any) -> list[Any]:
    with reading(SYSTEM):
        return list(model.objects.order_by("id"))


def whats(building: int) -> list[str]:
    with reading(SYSTEM):
        records = journal.history(f"building/{building}")
    return [r.fact.what.partition(": ")[2] for r in records if isinstance(r.fact, facts.StockChanged)]


def hidden(cast: Cast, *, entrance: int = 2) -> None:
    """A riser and a lift of an entrance of Ленина, 15."""
    whose = {"company": cast.north, "building": cast.lenina15}
    with reading(SYSTEM):
        Riser.objects.create(
            **whose,
            service="cold_water",
            entrance=entrance,
            feeds="ванные",
            valve=f"подвал, вентиль {entrance}",
        )
        Lift.objects.create(
            **whose,
            entrance=entrance,
            number=f"12-{entrance}",
            serviced_by="Лифт-Сервис",
            phone="+74950000009",
        )


# ── Edited ───────────────────────────────────────────────────────────────────────────────────


def test_a_riser_and_a_lift_come_change_and_go(cast: Cast, admin: Client) -> None:
    house = cast.lenina15.pk
    assert admin.post(at("add_part", house, "riser"), RISER).status_code == 302
    assert admin.post(at("add_part", house, "lift"), LIFT).status_code == 302
    page = text(admin.get(at("house", house)))
    assert "перекрыть: подвал, под кв. 31" in page and "Лифт пассажирский, № 12-345" in page
    assert "Лифт-Сервис · +7 495 000-00-09" in page
    lift, riser = all_of(Lift)[0], all_of(Riser)[0]
    url = at("change_part", house, "lift", lift.pk)
    with reading(SYSTEM):
        Lift.objects.update(stopped_since=clock.now() - timedelta(days=1), stop_reason="нет скорости")
    page = text(admin.get(at("house", house)))
    assert "стоит с" in page and "нет скорости" in page
    assert admin.post(url, {**LIFT, "kind": "freight", "seen": seen(page, url)}).status_code == 302
    assert all_of(Lift)[0].stop_reason == "нет скорости", "the row's form does not start it"
    assert admin.post(at("drop_part", house, "riser", riser.pk)).status_code == 302 and all_of(Riser) == []
    assert whats(house) == [
        f"стояк № {riser.pk} добавлен", f"лифт № {lift.pk} добавлен", f"лифт № {lift.pk} исправлен",
        f"стояк № {riser.pk} удалён",
    ]  # fmt: skip


def test_entrances_are_made_of_the_flats_at_once(cast: Cast, admin: Client) -> None:
    house = cast.lenina15
    with reading(SYSTEM):
        for number, entrance, floor in (("1", 1, 1), ("20", 1, 9), ("60", 2, 9), ("Н-1", 1, 1)):
            Premises.objects.create(
                company=cast.north, building=house, number=number, number_key=number.lower(), entrance=entrance, floor=floor
            )  # fmt: skip
    assert "Завести подъезды по квартирам" in text(admin.get(at("house", house.pk)))
    assert admin.post(at("fill_entrances", house.pk)).status_code == 302
    made = [(row.number, row.first_flat, row.last_flat, row.floors) for row in all_of(Entrance)]
    assert made == [(1, 1, 20, 9), (2, 42, 60, 9), (3, None, None, 9), (4, None, None, 9)]
    assert "Завести подъезды" not in text(admin.get(at("house", house.pk)))
    assert admin.post(at("fill_entrances", house.pk)).status_code == 422, "all are there"


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("entrance", {"number": "9"}, "от 1 до 4"),
        ("entrance", {"number": "1", "first_flat": "5"}, "и первую квартиру, и последнюю"),
        ("entrance", {"number": "1", "first_flat": "9", "last_flat": "5"}, "меньше"),
        ("entrance", {"number": "1", "code": "я" * 41}, "не больше 40"),
        ("riser", {**RISER, "service": "кот"}, "чей это стояк"),
        ("riser", {**RISER, "valve": ""}, "Где перекрыть"),
        ("riser", {**RISER, "entrance": "9"}, "от 1 до 4"),
        ("lift", {**LIFT, "number": ""}, "Регистрационный номер"),
        ("lift", {**LIFT, "kind": "скоростной"}, "пассажирский или грузовой"),
        ("lift", {**LIFT, "entrance": ""}, "от 1 до 4"),
        ("lift", {**LIFT, "phone": "яблоко"}, "не читается"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_said_and_kept(
    cast: Cast, admin: Client, kind: str, said: dict[str, str], words: str
) -> None:
    answer = admin.post(at("add_part", cast.lenina15.pk, kind), said)
    assert answer.status_code == 422 and words in text(answer)
    for value in filter(None, said.values()):
        assert f'value="{value}"' in text(answer) or value in ("кот", "скоростной"), value
    assert [all_of(model) for model in (Entrance, Riser, Lift)] == [[], [], []]


def test_the_same_number_of_a_lift_or_an_entrance_is_refused_by_its_house(cast: Cast, admin: Client) -> None:
    house = cast.lenina15.pk
    admin.post(at("add_part", house, "lift"), LIFT)
    again = admin.post(at("add_part", house, "lift"), LIFT)
    assert again.status_code == 422 and "уже есть: ул. Ленина, 15" in text(again)
    admin.post(at("add_part", house, "entrance"), {"number": "2", "code": "38К"})
    again = admin.post(at("add_part", house, "entrance"), {"number": "2"})
    assert again.status_code == 422 and "Подъезд 2 уже есть" in text(again)


def test_who_saves_second_is_told_and_keeps_the_words(cast: Cast, admin: Client) -> None:
    hidden(cast)
    house, riser = cast.lenina15.pk, all_of(Riser)[0]
    url = at("change_part", house, "riser", riser.pk)
    said = {**RISER, "valve": "колодец", "seen": seen(text(admin.get(at("house", house))), url)}
    assert admin.post(url, said).status_code == 302
    late = admin.post(url, {**said, "valve": "чердак"})
    assert late.status_code == 409 and "изменил кто-то другой" in text(late)
    assert 'value="чердак"' in text(late) and "Сейчас записано: колодец" in text(late)
    assert all_of(Riser)[0].valve == "колодец"
    assert admin.post(url, {**said, "valve": "чердак", "seen": seen(text(late), url)}).status_code == 302
    assert all_of(Riser)[0].valve == "чердак"


def test_another_company_s_parts_are_not_there_and_nobody_s_house_is_crossed(
    cast: Cast, admin: Client
) -> None:
    foreign = cast.foreign_house
    with reading(SYSTEM):
        lift = Lift.objects.create(company=cast.foreign, building=foreign, entrance=1, number="ч-1")
    for url in (
        at("drop_part", foreign.pk, "lift", lift.pk),
        at("drop_part", cast.lenina15.pk, "lift", lift.pk),
        at("add_part", foreign.pk, "riser"),
        at("add_part", cast.lenina15.pk, "chimney"),
    ):
        assert admin.post(url, RISER).status_code == 404
    assert [row.pk for row in all_of(Lift)] == [lift.pk] and all_of(Riser) == []
    with reading(cast.scope(cast.kim)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM places_lift")
        assert cursor.fetchone() == (0,), "not by raw SQL either"
    with pytest.raises(IntegrityError, match="same_company"), reading(SYSTEM), transaction.atomic():
        Riser.objects.create(company=cast.north, building=foreign, service="gas", valve="—")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# ── Where they are met ───────────────────────────────────────────────────────────────────────


def call(cast: Cast, words: str) -> str:
    """Petrova's card with its panel, as Ivanova has it after typing."""
    with acting(Scope.system("api")):
        row, _new = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        contacts.save_draft(row.pk, description=words, classifier="")
    page = browser_of(cast.ivanova).get(reverse("console:contact", args=[row.pk]), headers=HTMX)
    assert page.status_code == 200
    return text(page)


def part(page: str, begin: str, end: str = "</section>") -> str:
    start = page.index(begin)
    return page[start : page.index(end, start)]


def test_the_valve_stands_beside_what_is_to_be_said(cast: Cast) -> None:
    hidden(cast)
    hidden(cast, entrance=3)
    at_hand = part(call(cast, "течёт стояк холодной воды в ванной"), 'class="at-hand"')
    assert "Стояк: ХВС, подъезд 2:</b> перекрыть: подвал, вентиль 2" in at_hand
    assert "вентиль 3" not in at_hand and "Лифт" not in at_hand, "of her entrance, of this fault"


def risers_by_flats(cast: Cast) -> None:
    with reading(SYSTEM):
        for feeds, valve in (("кв. 38, 42, 46", "свой"), ("кв. 37, 41, 45", "соседний"), ("ванные", "общий")):
            Riser.objects.create(
                company=cast.north,
                building=cast.lenina15,
                service="cold_water",
                entrance=2,
                feeds=feeds,
                valve=valve,
            )


def test_the_riser_that_names_the_flat_stands_alone(cast: Cast) -> None:
    risers_by_flats(cast)
    at_hand = part(call(cast, "течёт стояк холодной воды в ванной"), 'class="at-hand"')
    assert "свой" in at_hand and "общий" in at_hand and "соседний" not in at_hand


def test_a_lift_has_its_number_and_its_service_and_says_that_it_stands(cast: Cast) -> None:
    hidden(cast)
    with reading(SYSTEM):
        Lift.objects.update(stopped_since=clock.now() - timedelta(days=1), stop_reason="трос")
    page = call(cast, "не работает лифт")
    at_hand = part(page, 'class="at-hand"')
    assert "№ 12-2" in at_hand and "Лифт-Сервис" in at_hand and "+7 495 000-00-09" in at_hand
    assert "стоит с" in at_hand and "трос" in at_hand and "вентиль" not in at_hand
    tab = part(page, 'id="tabpanel-access"', "</dl>")
    assert "ввод ХВС" in tab and "вентиль 2" in tab and "№ 12-2" in tab


def test_the_card_asks_no_more_for_all_of_it(cast: Cast) -> None:
    desk = browser_of(cast.ivanova)
    call(cast, "течёт стояк холодной воды")
    with reading(SYSTEM):
        url = reverse("console:contact", args=[Interaction.objects.get().pk])
    for entrance in (1, 2, 3, 4):
        hidden(cast, entrance=entrance)
    with at_most(CARD):
        page = desk.get(url, headers=HTMX)
    assert "at-hand" in text(page) and "вентиль 4" in text(page)


def test_the_crew_has_the_valve_of_its_work_and_no_other_entrance(cast: Cast) -> None:
    hidden(cast)
    hidden(cast, entrance=3)
    _ticket, order = ordered(cast)
    page = text(browser_of(cast.kuznetsov).get(reverse("field:order", args=[order.pk])))
    assert "вентиль 2" in page and "вентиль 3" not in page and "12-2" not in page


def test_the_crew_has_the_riser_that_names_the_flat_alone(cast: Cast) -> None:
    risers_by_flats(cast)
    _ticket, order = ordered(cast)
    page = text(browser_of(cast.kuznetsov).get(reverse("field:order", args=[order.pk])))
    assert "свой" in page and "общий" in page and "соседний" not in page


def test_the_directory_and_its_print_have_them(cast: Cast) -> None:
    hidden(cast)
    with reading(SYSTEM):
        Entrance.objects.create(company=cast.north, building=cast.lenina15, number=2, code="38К2417")
        Building.objects.filter(pk=cast.mira3.pk).update(has_lift=False)
    page = text(browser_of(cast.ivanova).get(reverse("console:duty_page"), {"q": "лен15"}))
    assert "вентиль 2" in page and "№ 12-2" in page and "код 38К2417" in page and "ввод ХВС" in page
    with reading(cast.scope(cast.gromova)):
        known = {(fact.what, fact.title) for fact in house_facts(None)}
        assert known == {("note", "ввод ХВС"), ("riser", "ванные"), ("lift", "12-2"), ("entrance", "")}
        assert duty_pdf().startswith(b"%PDF")
