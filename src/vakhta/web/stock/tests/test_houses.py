"""Houses, flats and residents by hand, as an administrator goes through them."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.domain import facts
from vakhta.domain.layouts import fold_key
from vakhta.kernel import journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Agreement, Company
from vakhta.places.models import AccessNote, Account, Building, Person, Phone, Premises
from vakhta.web.tests.steps import at_most, browser_of

SYSTEM = Scope.system("test")
CODE = "0c5b2444-70a0-4932-980c-b4dc0d3f02b5"
"""Another house's code of ФИАС."""
HOUSE = {"street": "ул. Садовая", "house": "7", "city": "Заречье", "floors": "5", "entrances": "2", "flats": "20",
         "has_gas": "yes"}  # fmt: skip


@pytest.fixture
def admin(cast: Cast) -> Client:
    return browser_of(cast.kim)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def at(name: str, *args: object) -> str:
    return reverse(f"stock:{name}", args=args)


def seen(page: str, action: str) -> str:
    form = page[page.index(f'action="{action}"') :]
    found = re.search(r'name="seen" value="([0-9a-f]+)"', form)
    assert found
    return found[1]


def whats(building: int) -> list[str]:
    with reading(SYSTEM):
        return [
            r.fact.what
            for r in journal.history(f"building/{building}")
            if isinstance(r.fact, facts.StockChanged)
        ]


def counts() -> tuple[int, ...]:
    with reading(SYSTEM):
        return tuple(
            model.objects.count() for model in (Building, Premises, Account, Person, Phone, AccessNote)
        )


def flat42() -> Premises:
    with reading(SYSTEM):
        row: Premises = Premises.objects.select_related("building").get(number="42")
        return row


@pytest.mark.parametrize("kind", ["contractor", "utility_supplier", "dispatch_centre"])
def test_houses_are_of_those_who_manage_houses(cast: Cast, admin: Client, kind: str) -> None:
    """A contractor serves houses and a supplier feeds them: neither stands among whose house, or whose table, it is."""
    with reading(SYSTEM):
        other = Company.objects.create(kind=kind, name="ООО «Мастерок»", short_name="«Мастерок»")
        Agreement.objects.create(centre=cast.centre, company=other, since=date(2025, 1, 1))
    for page in (at("houses"), at("imports")):
        said = text(admin.get(page))
        assert "«Северная»" in said and "Мастерок" not in said
    answer = admin.post(at("houses"), HOUSE | {"company": str(other.pk)})
    assert answer.status_code == 422 and "Выберите организацию" in text(answer)


def test_a_house_is_added_with_its_flats_and_found_by_its_address(cast: Cast, admin: Client) -> None:
    answer = admin.post(at("houses"), HOUSE | {"company": str(cast.north.pk)})
    page = text(admin.get(answer["Location"]))
    assert "ул. Садовая, 7" in page and "Подъезд 2" in page and ">20</a>" in page
    assert "ул. Садовая, 7" in text(admin.get(at("houses"), {"q": "садовая 7"}))
    assert "квартир: 20, этажей: 5, подъездов: 2, газ" in text(
        admin.get(at("houses"), {"company": str(cast.north.pk)})
    )
    with reading(SYSTEM):
        house = Building.objects.get(street_key="ул садовая")
    assert whats(house.pk) == [f"дом № {house.pk} добавлен"]


def test_a_house_is_corrected_and_an_older_page_changes_nothing(cast: Cast, admin: Client) -> None:
    house = flat42().building
    url, page = at("change_house", house.pk), text(admin.get(at("house", house.pk)))
    said = {
        "street": "ул. Ленина",
        "house": "15",
        "city": "Заречье",
        "floors": "12",
        "entrances": "4",
        "guid": "",
    }
    mark = seen(page, url)
    assert admin.post(url, said | {"seen": mark}).status_code == 302
    with reading(SYSTEM):
        row = Building.objects.get(pk=house.pk)
    assert (row.floors, row.has_lift, row.has_gas) == (12, False, False)
    late = admin.post(url, said | {"seen": mark, "floors": "3"})
    page = late.content.decode()
    assert late.status_code == 409 and "изменил кто-то другой" in text(late)
    assert re.search(r'name="floors"[^>]*value="3"', page), "what was typed stays in the form"
    assert "Сейчас записано: 12" in text(late), "beside it stands what is there now"
    assert text(late).count("Сейчас записано") == 1
    assert seen(page, url) != mark, "and is saved, when it is sent again, over what is seen now"
    with reading(SYSTEM):
        assert Building.objects.get(pk=house.pk).floors == 12
    assert whats(house.pk) == [f"дом № {house.pk} исправлен"]


def test_flats_are_added_by_their_numbers_and_none_twice(cast: Cast, admin: Client) -> None:
    house = flat42().building
    said = {"first": "41", "last": "44", "entrance": "2", "floor": "3"}
    before = counts()[1]
    assert admin.post(at("add_flats", house.pk), said).status_code == 302
    assert counts()[1] - before == 3, "42 was there"
    assert admin.post(at("add_flats", house.pk), {**said, "first": "Н-1", "last": ""}).status_code == 302
    assert "Н-1" in text(admin.get(at("house", house.pk)))


def test_a_resident_with_phones_comes_is_corrected_and_goes(cast: Cast, admin: Client) -> None:
    flat = flat42()
    said = {
        "name": "Новикова Дарья",
        "relation": "tenant",
        "phones": "8 916 111-22-33, +7 495 000 11 22",
        "email": "",
    }
    assert admin.post(at("add_person", flat.pk), said).status_code == 302
    page = text(admin.get(at("flat", flat.pk)))
    assert "Новикова Дарья" in page and "+7 916 111-22-33" in page.replace("\u00a0", " ")
    with reading(SYSTEM):
        person = Person.objects.get(name="Новикова Дарья")
    url = at("change_person", flat.pk, person.pk)
    new = {**said, "seen": seen(page, url), "phones": "8 916 111-22-33", "relation": "owner"}
    assert admin.post(url, new).status_code == 302
    with reading(SYSTEM):
        assert [phone.number for phone in Phone.objects.filter(person=person)] == ["+79161112233"]
    assert admin.post(at("drop_person", flat.pk, person.pk)).status_code == 302
    with reading(SYSTEM):
        assert not Person.objects.filter(pk=person.pk).exists()
    told = whats(flat.building_id)
    assert [what.rpartition(" ")[2] for what in told] == ["добавлен", "исправлен", "выбыл"]
    assert not [what for what in told if "Новикова" in what], "the journal names nobody here"


def test_a_consent_is_given_and_taken_back_on_the_page_of_the_flat(cast: Cast, admin: Client) -> None:
    flat, who = flat42(), cast.petrova
    url, page = at("give_consent", flat.pk, who.pk), text(admin.get(at("flat", flat.pk)))
    assert "Заявке и письмам о ней согласие не нужно" in page, "an empty list teaches"
    said = {"purpose": "mass", "document": "бланк 3, ред. 01.01.2026", "given_on": "15.02.2026"}
    assert admin.post(url, said).status_code == 302
    page = text(admin.get(at("flat", flat.pk)))
    assert "массовые звонки и сообщения" in page and "дано 15.02.2026 · бланк 3, ред. 01.01.2026" in page
    twice = admin.post(url, {**said, "document": "бланк 4"})
    assert twice.status_code == 422 and "Такое согласие уже действует" in text(twice)
    assert '<details class="stock-person" open>' in text(twice) and 'value="бланк 4"' in text(twice)
    back = re.search(r"/stock/flat/\d+/consents/\d+/withdraw/", page)
    assert back and admin.post(back[0], {"withdrawn_on": "14.02.2026"}).status_code == 422
    assert admin.post(back[0], {"withdrawn_on": "01.03.2026"}).status_code == 302
    page = text(admin.get(at("flat", flat.pk)))
    assert "дано 15.02.2026, отозвано 01.03.2026" in page and "/withdraw/" not in page
    assert [what.rpartition(" ")[2] for what in whats(flat.building_id)] == ["дано", "отозвано"]
    assert admin.post(back[0], {"withdrawn_on": "02.03.2026"}).status_code == 409


def test_an_account_and_a_valve_come_and_go(cast: Cast, admin: Client) -> None:
    flat, before = flat42(), counts()
    assert admin.post(at("add_account", flat.pk), {"number": "77", "holder": "Петрова"}).status_code == 302
    note = {"kind": "code", "title": "дверь", "where": "38К"}
    assert admin.post(at("add_note", flat.building_id), note).status_code == 302
    with reading(SYSTEM):
        account, code = Account.objects.get(number="77"), AccessNote.objects.get(kind="code")
    assert "38К" in text(admin.get(at("house", flat.building_id)))
    assert admin.post(at("drop_account", account.pk))["Location"] == at("flat", flat.pk)
    assert admin.post(at("drop_note", flat.building_id, code.pk)).status_code == 302
    assert counts() == before


def test_an_account_is_corrected_and_the_second_of_two_keeps_the_words(cast: Cast, admin: Client) -> None:
    flat = flat42()
    with reading(SYSTEM):
        account = Account.objects.get(premises=flat)
    url, page = at("change_account", flat.pk, account.pk), text(admin.get(at("flat", flat.pk)))
    said = {"number": "40-42/1", "holder": "Новикова Дарья", "seen": seen(page, url)}
    assert admin.post(url, said).status_code == 302
    assert (
        admin.post(url, {**said, "seen": seen(text(admin.get(at("flat", flat.pk))), url)}).status_code == 302
    )
    assert whats(flat.building_id) == [f"помещение № {flat.pk}: лицевой счёт № {account.pk} исправлен"]
    late = admin.post(url, said | {"holder": "Зуев Олег"})
    assert late.status_code == 409 and "изменил кто-то другой" in text(late)
    assert 'value="Зуев Олег"' in text(late) and "Сейчас записано: Новикова Дарья" in text(late)
    with reading(SYSTEM):
        account.refresh_from_db()
        other = Account.objects.exclude(pk=account.pk).filter(company=cast.north).first()
        theirs = Account.objects.create(
            company=cast.foreign, premises=Premises.objects.get(company=cast.foreign), number="1"
        )
    assert (account.number, account.holder) == ("40-42/1", "Новикова Дарья")
    if other is None:
        assert admin.post(at("add_account", flat.pk), {"number": "77", "holder": ""}).status_code == 302
    mark = seen(text(admin.get(at("flat", flat.pk))), url)
    taken = {"number": other.number if other else "77", "holder": "", "seen": mark}
    before = whats(flat.building_id)
    for wrong, words in ((taken, "уже есть"), (taken | {"number": ""}, "Лицевой счёт")):
        refused = admin.post(url, wrong)
        assert refused.status_code == 422 and words in text(refused)
    assert admin.post(at("change_account", flat.pk, theirs.pk), taken).status_code == 404
    with reading(SYSTEM):
        account.refresh_from_db()
    assert (account.number, whats(flat.building_id)) == ("40-42/1", before)


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("houses", {**HOUSE, "company": "0"}, "Выберите организацию"),
        ("houses", {**HOUSE, "street": ""}, "Улица"),
        ("houses", {**HOUSE, "floors": "0"}, "от 1 до 200"),
        ("houses", {**HOUSE, "flats": "яблоко"}, "от 0 до 3000"),
        ("houses", {**HOUSE, "street": "ул. Ленина", "house": "15"}, "уже есть"),
        ("change_house", {"street": "ул. Ленина", "house": "15", "city": "", "floors": "9", "entrances": "4"}, "Город"),
        ("change_house", {"street": "ул. Ленина", "house": "15", "city": "З", "floors": "9", "entrances": "4", "guid": "x"}, "Код дома"),
        ("change_house", {"street": "ул. Ленина", "house": "15", "city": "З", "floors": "9", "entrances": "4", "guid": CODE}, "у каждого дома свой"),
        ("add_flats", {"first": "", "last": "", "entrance": "1", "floor": "1"}, "Номер"),
        ("add_flats", {"first": "9", "last": "1", "entrance": "1", "floor": "1"}, "меньше"),
        ("add_flats", {"first": "1", "last": "99999", "entrance": "1", "floor": "1"}, "не больше 3000"),
        ("add_flats", {"first": "42", "last": "", "entrance": "1", "floor": "1"}, "уже есть"),
        ("add_flats", {"first": "1", "last": "", "entrance": "9", "floor": "1"}, "от 1 до 4"),
        ("add_note", {"kind": "x", "title": "т", "where": "г"}, "задвижка, ключ"),
        ("add_note", {"kind": "key", "title": "", "where": "г"}, "Что это"),
        ("change_flat", {"number": "", "entrance": "1", "floor": "1"}, "Номер"),
        ("add_account", {"number": "40-42", "holder": ""}, "уже есть"),
        ("add_person", {"name": "", "relation": "owner", "phones": "", "email": ""}, "Имя"),
        ("add_person", {"name": "Ким", "relation": "кот", "phones": "", "email": ""}, "кто он"),
        ("add_person", {"name": "Ким", "relation": "owner", "phones": "яблоко", "email": ""}, "не читается"),
        ("add_person", {"name": "Ким", "relation": "owner", "phones": "", "email": "x"}, "Почта не читается"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_said_and_nothing_changes(
    cast: Cast, admin: Client, name: str, said: dict[str, str], words: str
) -> None:
    flat = flat42()
    args = (
        ()
        if name == "houses"
        else (flat.pk,)
        if name in ("change_flat", "add_account", "add_person")
        else (flat.building_id,)
    )
    page = text(
        admin.get(at("flat", flat.pk))
        if "flat" in name and "flats" not in name
        else admin.get(at("house", flat.building_id))
    )
    with reading(SYSTEM):
        Building.objects.create(
            company=cast.north, city="З", street="ул. Иная", house="1", street_key="ул иная", house_key="1", guid=CODE
        )  # fmt: skip
    before = counts()
    marks = {"seen": seen(page, at(name, *args))} if name.startswith("change") else {}
    company = {"company": str(cast.north.pk)} if name == "houses" else {}
    answer = admin.post(at(name, *args), company | said | marks)
    assert answer.status_code == 422 and words in text(answer)
    assert counts() == before


def test_another_company_s_house_and_flat_are_not_there(cast: Cast, admin: Client) -> None:
    with reading(SYSTEM):
        flat = Premises.objects.get(company=cast.foreign)
    for url in (at("house", flat.building_id), at("flat", flat.pk)):
        assert admin.get(url).status_code == 404
    assert "Чужая, 1" not in text(admin.get(at("houses"), {"q": "чужая 1"}))


def test_a_list_of_any_length_asks_the_database_the_same(cast: Cast, admin: Client) -> None:
    with at_most(7):
        admin.get(at("houses"))
    with at_most(12):
        admin.get(at("house", flat42().building_id))
    with at_most(10):
        admin.get(at("flat", flat42().pk))


def test_a_house_is_found_by_an_account_of_its_and_by_its_code(cast: Cast, admin: Client) -> None:
    with reading(SYSTEM):
        Account.objects.filter(premises=cast.flat42).update(number="900001")
        Building.objects.filter(pk=cast.lenina15.pk).update(guid=CODE)
    flat = text(admin.get(at("houses"), {"q": "900001"}))
    assert "ул. Ленина, 15, кв. 42" in flat and at("flat", cast.flat42.pk) in flat
    assert at("flat", cast.flat42.pk) in text(admin.get(at("houses"), {"q": "90 00 01"})), "with spaces too"
    for typed in (CODE, CODE.upper(), CODE.replace("-", "")):
        assert at("house", cast.lenina15.pk) in text(admin.get(at("houses"), {"q": typed}))
    for typed in ("90000", CODE[:-1] + "6"):
        page = text(admin.get(at("houses"), {"q": typed}))
        assert at("house", cast.lenina15.pk) not in page and at("flat", cast.flat42.pk) not in page


def test_all_that_a_search_finds_can_be_reached(cast: Cast, admin: Client) -> None:
    """A long street said without a house: fifty at a time, and how many there are."""
    with reading(SYSTEM):
        Building.objects.bulk_create(
            Building(
                company=cast.north, city="Заречье", street="ул. Садовая", house=str(number),
                street_key=fold_key("ул. Садовая"), house_key=fold_key(str(number)), floors=5, entrances=2,
            )
            for number in range(1, 121)
        )  # fmt: skip
    seen: list[str] = []
    address = at("houses") + "?q=садовая"
    for rows in (50, 50, 20):
        page = admin.get(address).content.decode()
        assert "Нашлось домов: 120." in page
        found = re.findall(r'<td><a href="[^"]+">(ул\. Садовая, \d+)</a>', page)
        assert len(found) == rows
        seen += found
        more = re.search(r'<a class="button" href="(\?[^"]+)">Дальше', page)
        address = at("houses") + (html.unescape(more[1]) if more else "")
    assert len(set(seen)) == 120 and more is None
    assert "Нашлось" not in text(admin.get(at("houses"), {"q": "садовая 7"}))
    of_another = text(admin.get(at("houses"), {"q": "садовая", "company": str(cast.luch.pk)}))
    assert "Садовая, 1" not in of_another, "a chosen organisation is heeded"


def test_a_foreign_account_or_code_finds_nothing(cast: Cast, admin: Client) -> None:
    with reading(SYSTEM):
        Account.objects.filter(company=cast.foreign).update(number="900002")
        Building.objects.filter(company=cast.foreign).update(guid=CODE)
    for typed in ("900002", CODE):
        assert "Чуж" not in text(admin.get(at("houses"), {"q": typed}))
