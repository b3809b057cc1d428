"""A kept query is written once and finds what it would find written anew: for its values, in the running scope."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.kernel.kept import Param, kept
from vakhta.kernel.tenancy import Scope, UnscopedQuery, reading
from vakhta.places.models import Building, Premises

WRITTEN: list[str] = []


@kept
def flats() -> QuerySet[Premises]:
    WRITTEN.append("flats")
    rows = Premises.objects.select_related("building").filter(building__street=Param("street"))
    return rows.order_by("pk")


@kept
def numbers() -> QuerySet[Any, Any]:
    known = Premises.objects.filter(pk__among=Param("flats"))
    return known.values_list("pk", "number").union(
        Building.objects.filter(Q(pk=Param("house")) | Q(pk__isnull=True)).values_list("pk", "house"),
        all=True,
    )


@pytest.fixture(autouse=True)
def nothing_written() -> Iterator[None]:
    WRITTEN.clear()
    yield


def only(company: int) -> Scope:
    return Scope(companies=frozenset({company}), actor="test/1", role="client")


def test_it_finds_what_the_same_query_finds(cast: Cast) -> None:
    with reading(Scope.system("test")):
        for street in {row.street for row in Building.objects.all()} | {"нет такой"}:
            found = flats(street=street)
            assert found == list(Premises.objects.filter(building__street=street).order_by("pk"))
            with CaptureQueriesContext(connection) as made:
                assert {row.building.street for row in found} <= {street}
            assert not len(made), "the house came with the flat"


def test_it_sees_the_companies_of_the_running_scope_and_no_other(cast: Cast) -> None:
    streets = {cast.lenina15.street: cast.north.pk, cast.mira3.street: cast.luch.pk}
    for _time in range(3):
        for company in streets.values():
            with reading(only(company)):
                for street, whose in streets.items():
                    assert bool(flats(street=street)) == (whose == company)
        with reading(Scope(companies=frozenset(), actor="test/1")):
            assert not any(flats(street=street) for street in streets)


def test_one_scope_inside_another(cast: Cast) -> None:
    street = cast.lenina15.street
    with reading(only(cast.luch.pk)):
        assert flats(street=street) == []
        with reading(Scope.system("test")):
            assert flats(street=street)
        assert flats(street=street) == []


def test_it_is_written_once_for_a_kind_of_scope(cast: Cast) -> None:
    @kept
    def houses() -> QuerySet[Building]:
        WRITTEN.append("houses")
        return Building.objects.filter(street=Param("street"))

    for company in (cast.north.pk, cast.luch.pk, cast.north.pk):
        with reading(only(company)):
            houses(street="ул. Ленина")
    assert WRITTEN == ["houses"]
    for _time in range(2):
        with reading(Scope.system("test")):
            houses(street="ул. Ленина")
    assert WRITTEN == ["houses", "houses"]


def test_rows_of_values_and_of_a_union(cast: Cast) -> None:
    with reading(Scope.system("test")):
        flat = Premises.objects.order_by("pk").first()
        assert flat is not None
        house = cast.mira3.pk
        assert sorted(numbers(flats=[flat.pk], house=house)) == sorted(
            [(flat.pk, flat.number), (house, cast.mira3.house)]
        )
        assert numbers(flats=[], house=None) == []


def test_a_name_that_is_missing_is_told(cast: Cast) -> None:
    with reading(Scope.system("test")), pytest.raises(KeyError, match="street"):
        flats()


def test_without_a_scope_it_raises(cast: Cast) -> None:
    with pytest.raises(UnscopedQuery):
        flats(street="ул. Ленина")


def test_each_thread_asks_through_its_own_connection(committed: str) -> None:
    """A compiler belongs to a connection: shared, one thread would read another's rows."""
    from tests.cast import make_cast

    cast = make_cast()
    wrong: list[str] = []
    streets = [cast.lenina15.street, cast.mira3.street]
    together = threading.Barrier(4)

    def ask(street: str) -> None:
        try:
            together.wait(20)
            for _time in range(20):
                with reading(Scope.system("test")):
                    if {row.building.street for row in flats(street=street)} - {street}:
                        wrong.append(street)
        except Exception as error:
            wrong.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(streets[n % 2],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == [] and len(WRITTEN) >= 4
