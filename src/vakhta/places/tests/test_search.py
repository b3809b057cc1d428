"""Typed addresses find their house and flat in the stock."""

from __future__ import annotations

import pytest

from vakhta.domain.layouts import fold_key
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company
from vakhta.places.models import Building, Premises
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
            building = Building.objects.create(
                company=company, city="Заречинск", street=street, house=house, street_key=fold_key(street),
                house_key=fold_key(house),
            )  # fmt: skip
            for number in ("1", "42"):
                Premises.objects.create(company=company, building=building, number=number, number_key=number)


@pytest.mark.parametrize(
    ("typed", "title", "rest"),
    [
        ("лен15-42 теч стояк", "ул. Ленина, 15, кв. 42", "теч стояк"),
        ("линина 15 кв 42", "ул. Ленина, 15, кв. 42", ""),
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
    ],
)
def test_the_said_house_is_found_and_certain(typed: str, title: str, rest: str) -> None:
    with reading(SYSTEM):
        best = find_addresses(typed)[0]
        assert (best.title, best.rest, best.is_certain) == (title, rest, True)


def test_a_misspelt_street_is_shown_as_it_was_read() -> None:
    with reading(SYSTEM):
        assert find_addresses("линина 15")[0].forgiven == "линина → ленина"
        assert find_addresses("лен 15")[0].forgiven == ""


@pytest.mark.parametrize("typed", ["ленина", "мира 12", "ленина 2"])
def test_half_an_address_is_offered_and_never_certain(typed: str) -> None:
    with reading(SYSTEM):
        hits = find_addresses(typed)
        assert hits and not any(hit.is_certain for hit in hits)


@pytest.mark.parametrize("typed", ["", "теч стояк", "ленина 99", "неизвестная 5", "79161234567"])
def test_what_is_no_address_of_ours_finds_nothing(typed: str) -> None:
    with reading(SYSTEM):
        assert find_addresses(typed) == []


def test_two_queries(django_assert_num_queries: object) -> None:
    with reading(SYSTEM), django_assert_num_queries(2):  # type: ignore[operator]
        [hit.building.company.short_name for hit in find_addresses("ленина 15 42")]
