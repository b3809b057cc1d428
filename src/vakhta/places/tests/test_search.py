"""Typed addresses find their house and flat in the stock."""

from __future__ import annotations

import pytest

from vakhta.domain.layouts import fold_key
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company
from vakhta.places.house_lists import read_house_list
from vakhta.places.models import Building, Premises
from vakhta.places.queries import proper_address
from vakhta.places.search import find_addresses

pytestmark = pytest.mark.django_db

HOUSES = (
    ("ул. Ленина", "15"),
    ("ул. Ленина", "15А"),
    ("ул. Ленина", "23/2"),
    ("ул. Мира", "3"),
    ("ул. Мира", "12 к1"),
    ("ул. Мира", "12 к2"),
    ("ул. 8 Марта", "12"),
    ("ул. Садовая", "8 стр. 2"),
    ("пр-т 50 лет Октября", "3"),
)
SYSTEM = Scope.system("demo")


@pytest.fixture(autouse=True)
def _stock() -> None:
    with acting(SYSTEM):
        company = Company.objects.create(kind="management_company", name="УК «Север»", short_name="Север")
        for street, house in HOUSES:
            _house(company, street, house)


def _house(company: Company, street: str, house: str, city: str = "Заречинск") -> None:
    building = Building.objects.create(
        company=company, city=city, street=street, house=house, street_key=fold_key(street),
        house_key=fold_key(house),
    )  # fmt: skip
    for number in ("1", "42"):
        Premises.objects.create(company=company, building=building, number=number, number_key=number)


@pytest.mark.parametrize(
    ("typed", "title", "rest"),
    [
        ("лен15-42 теч стояк", "ул. Ленина, 15, кв. 42", "теч стояк"),
        ("ktybyf 15 42", "ул. Ленина, 15, кв. 42", ""),
        ("ленина 15", "ул. Ленина, 15", ""),
        ("ленина 15а-1", "ул. Ленина, 15А, кв. 1", ""),
        ("ленина 23/2 кв 1", "ул. Ленина, 23/2, кв. 1", ""),
        ("мира 12 корп 2, 42 засор", "ул. Мира, 12 к2, кв. 42", "засор"),
        ("мира 12к1", "ул. Мира, 12 к1", ""),
        ("8 марта 12-42", "ул. 8 Марта, 12, кв. 42", ""),
        ("садовая 8с2", "ул. Садовая, 8 стр. 2", ""),
        ("50 лет октября 3 2 подъезд темно", "пр-т 50 лет Октября, 3", "2 подъезд темно"),
        ("ленина 15 кв 777", "ул. Ленина, 15", ""),
        ("г. Заречинск, ул. Ленина, д. 15, кв. 42", "ул. Ленина, 15, кв. 42", ""),
        ("заречинск ленина 15", "ул. Ленина, 15", "заречинск"),
        ("ул ленина 15 подъезд 2", "ул. Ленина, 15", "подъезд 2"),
    ],
)
def test_the_said_house_is_found_and_certain(typed: str, title: str, rest: str) -> None:
    with reading(SYSTEM):
        best = find_addresses(typed)[0]
        assert (best.title, best.rest, best.is_certain) == (title, rest, True)


@pytest.mark.parametrize(
    "typed",
    [
        "трасса М-5",  # a road, not Мира, 5
        "трасса М 3",
        "м 3",  # one letter begins too many streets
        "5-й км, мира 3",
        "бейкер-стрит, мира 3",
        "д. Ленина 15",  # a village
        "дер. Ленинка, мира 3",
        "г. Лесной, ул. Ленина, 15",  # another town
        "гаражи напротив ленина 15",  # beside it
        "линина 15 кв 42",  # may be Лунина, of somebody else's town
        "пер. Ленина 15",  # another kind of street, perhaps not ours
        "марта 12",  # 8 Марта is only one of them
    ],
)
def test_what_had_to_be_guessed_is_offered_and_never_certain(typed: str) -> None:
    with acting(SYSTEM):
        _house(Company.objects.get(), "ул. Мира", "5")
    with reading(SYSTEM):
        hits = find_addresses(typed)
        assert not any(hit.is_certain for hit in hits), [hit.title for hit in hits]


@pytest.mark.parametrize("typed", ["мира 12 корп. 10", "мира 12 к10", "мира 12к10", "мира 12 к10 кв 1"])
def test_a_tenth_corpus_is_found_where_there_is_one(typed: str) -> None:
    with acting(SYSTEM):
        _house(Company.objects.get(), "ул. Мира", "12 корп. 10")
        _house(Company.objects.get(), "ул. Мира", "12 стр. 10")
    with reading(SYSTEM):
        best = find_addresses(typed)[0]
        assert (best.building.house, best.is_certain, best.unknown_flat) == ("12 корп. 10", True, "")
        assert (best.premises is None) == ("кв" not in typed)
        assert find_addresses("мира 12 стр 10")[0].building.house == "12 стр. 10"
        assert find_addresses("мира 3 к42")[0].title == "ул. Мира, 3, кв. 42", "no such corpus, so a flat"


@pytest.mark.parametrize(
    "line", ["ул. Мира 12 к10, 12 к1", "Мира 12 корп. 10; Мира 12к1", "ул. Мира: 12 к10 и 12 к1"]
)
def test_a_list_of_houses_names_corpora_and_no_flats(line: str) -> None:
    with acting(SYSTEM):
        _house(Company.objects.get(), "ул. Мира", "12 к10")
    with reading(SYSTEM):
        found = read_house_list(line)
        assert (found.wrong, [house.building.house for house in found.houses]) == ((), ["12 к10", "12 к1"])


def test_a_misspelt_street_is_shown_as_it_was_read() -> None:
    with reading(SYSTEM):
        assert find_addresses("линина 15")[0].forgiven == "линина → ленина"
        assert find_addresses("лен 15")[0].forgiven == ""


@pytest.mark.parametrize("typed", ["ленина", "мира 12", "ленина 2"])
def test_half_an_address_is_offered_and_never_certain(typed: str) -> None:
    with reading(SYSTEM):
        hits = find_addresses(typed)
        assert hits and not any(hit.is_certain for hit in hits)


@pytest.mark.parametrize("typed", ["", "теч стояк", "неизвестная 5", "79161234567", "нет света 2 подъезд"])
def test_what_is_no_address_of_ours_finds_nothing(typed: str) -> None:
    with reading(SYSTEM):
        assert find_addresses(typed) == []


@pytest.mark.parametrize(
    ("typed", "absent", "offered"),
    [
        ("ленина 14", "14", ["ул. Ленина, 15", "ул. Ленина, 15А", "ул. Ленина, 23/2"]),
        ("ленина 99", "99", ["ул. Ленина, 23/2", "ул. Ленина, 15", "ул. Ленина, 15А"]),
        ("линина 22 кв 1", "22", ["ул. Ленина, 23/2, кв. 1", "ул. Ленина, 15, кв. 1", "ул. Ленина, 15А, кв. 1"]),
        ("ленина 2", "2", ["ул. Ленина, 23/2", "ул. Ленина, 15", "ул. Ленина, 15А"]),
        ("садовая 8", "8", ["ул. Садовая, 8 стр. 2"]),
    ],
)  # fmt: skip
def test_a_house_that_is_not_there_is_said_and_the_nearest_offered(
    typed: str, absent: str, offered: list[str]
) -> None:
    with reading(SYSTEM):
        hits = find_addresses(typed)
        assert [hit.title for hit in hits] == offered
        assert {hit.unknown_house for hit in hits} == {absent}
        assert not any(hit.is_certain for hit in hits)


def test_a_flat_that_is_not_there_is_said_and_the_house_offered() -> None:
    with reading(SYSTEM):
        best = find_addresses("ленина 15 кв 999")[0]
        assert (best.title, best.unknown_flat, best.unknown_house) == ("ул. Ленина, 15", "999", "")
        assert find_addresses("ленина 15 кв 42")[0].unknown_flat == ""
        assert find_addresses("ленина 15")[0].unknown_flat == ""


def test_a_stroke_may_stand_for_the_corpus() -> None:
    with reading(SYSTEM):
        assert find_addresses("мира 12/2 кв 1")[0].title == "ул. Мира, 12 к2, кв. 1"
        assert find_addresses("ленина 23 к 2")[0].title == "ул. Ленина, 23/2"


def test_another_street_with_that_number_is_no_certain_answer() -> None:
    with acting(SYSTEM):
        company = Company.objects.get()
        _house(company, "ул. Ленинская", "14")
    with reading(SYSTEM):
        hits = find_addresses("ленина 14")
        assert hits[0].title == "ул. Ленина, 15"
        assert not any(hit.is_certain for hit in hits)
        assert find_addresses("ленинская 14")[0].is_certain


def test_the_same_address_of_two_towns_is_not_certain() -> None:
    with acting(SYSTEM):
        _house(Company.objects.get(), "ул. Ленина", "15", city="Лесной")
    with reading(SYSTEM):
        hits = find_addresses("ленина 15")
        assert [hit.building.city for hit in hits[:2] if hit.title == "ул. Ленина, 15"] != []
        assert not any(hit.is_certain for hit in hits)


def test_only_the_houses_of_the_scope_are_found() -> None:
    with acting(SYSTEM):
        other = Company.objects.create(kind="management_company", name="УК «Юг»", short_name="Юг")
        _house(other, "ул. Ленина", "15")
        _house(other, "ул. Южная", "1")
    with reading(Scope(companies=frozenset({other.pk}), actor="staff/1")):
        assert [hit.building.company_id for hit in find_addresses("ленина 15")] == [other.pk]
        assert find_addresses("мира 3") == []
        assert find_addresses("южная 1")[0].is_certain


def test_four_queries_at_most_and_none_without_a_street(django_assert_num_queries: object) -> None:
    with reading(SYSTEM), django_assert_num_queries(4):  # type: ignore[operator]
        [hit.building.company.short_name for hit in find_addresses("ленина 15 42")]
    with reading(SYSTEM), django_assert_num_queries(0):  # type: ignore[operator]
        assert find_addresses("+7 916 123-45-67") == []


@pytest.mark.parametrize(
    ("flat", "said", "proper"),
    [
        ("42", "лен15-42", "ул. Ленина, 15, кв. 42"),
        ("42", "ленина 15-42 вход со двора", "ул. Ленина, 15, кв. 42, вход со двора"),
        ("", "ленина 15 подвал", "ул. Ленина, 15, подвал"),
        ("", "ленина 15 кв 777", "ул. Ленина, 15, кв. 777"),
        ("", "", "ул. Ленина, 15"),
    ],
)
def test_an_address_is_said_as_the_stock_writes_it_with_what_the_stock_does_not_have(
    flat: str, said: str, proper: str
) -> None:
    with reading(SYSTEM):
        house = Building.objects.get(street="ул. Ленина", house="15")
        premises = Premises.objects.get(building=house, number=flat) if flat else None
    assert proper_address(house, premises, said) == proper
    assert proper_address(house, premises, proper) == proper, "said again it stays"
    assert proper_address(None, None, said) == said
