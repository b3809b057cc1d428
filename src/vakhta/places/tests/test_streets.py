"""The streets of a scope are read once and remembered until its stock changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from tests.cast import Cast, make_cast

from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places import edit, streets
from vakhta.places.models import Building
from vakhta.places.search import find_addresses
from vakhta.places.stock import House
from vakhta.places.streets import distinct_streets

Counted = Callable[[int], AbstractContextManager[object]]
THEIRS = ("ул. Ленина", "ул. Мира")


@pytest.fixture
def cast(committed: str) -> Cast:
    return make_cast()


def _adds(cast: Cast, street: str) -> None:
    edit.new_building(cast.north.pk, House(company="", city="Заречье", street=street, house="1"))


def _seen(scope: Scope) -> list[str]:
    with reading(scope):
        return sorted(distinct_streets())


def test_what_is_known_is_not_read_again(cast: Cast, django_assert_num_queries: Counted) -> None:
    operator = cast.scope(cast.ivanova)
    with reading(operator):
        with django_assert_num_queries(1):
            first = distinct_streets()
        with django_assert_num_queries(1):
            assert distinct_streets() is first
        with django_assert_num_queries(4):
            assert find_addresses("ленина 15 кв 42")[0].title == "ул. Ленина, 15, кв. 42"
    with reading(cast.scope(cast.sidorova)):
        assert distinct_streets() is first, "the colleague sees the same companies"
    assert sorted(first) == [*THEIRS]


def test_a_house_that_was_put_into_the_stock_is_found_at_once(cast: Cast) -> None:
    operator = cast.scope(cast.ivanova)
    assert _seen(operator) == [*THEIRS]
    with acting(cast.scope(cast.kim)):
        _adds(cast, "ул. Новая")
    assert _seen(operator) == [*THEIRS, "ул. Новая"]
    with acting(cast.scope(cast.kim)):
        row = Building.objects.get(street="ул. Новая")
        named = {name: getattr(row, name) for name in ("house", "city", "floors", "entrances", "has_lift")}
        edit.change_building(row.pk, edit.building_seen(row), {**named, "street": "ул. Новейшая"})
    assert _seen(operator) == [*THEIRS, "ул. Новейшая"]


def test_what_did_not_come_to_be_is_not_remembered(cast: Cast) -> None:
    """A table that is only tried is read like a real one, and nothing of it stays."""
    administrator = cast.scope(cast.kim)

    class Tried(Exception):
        pass

    with pytest.raises(Tried), acting(administrator):
        _adds(cast, "ул. Пробная")
        assert sorted(distinct_streets()) == [*THEIRS, "ул. Пробная"]
        raise Tried
    assert _seen(administrator) == [*THEIRS]


def test_each_sees_its_own_streets(cast: Cast) -> None:
    assert _seen(cast.scope(cast.ivanova)) == [*THEIRS]
    assert _seen(cast.scope(cast.client)) == ["ул. Ленина"]
    assert _seen(Scope.system("test")) == [*THEIRS, "ул. Чужая"]
    nobody = Scope(companies=frozenset(), actor="staff/1")
    assert _seen(nobody) == []


def test_old_knowledge_is_read_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restored database may give a fact's number to another one."""
    operator = cast.scope(cast.ivanova)
    assert _seen(operator) == [*THEIRS]
    with reading(Scope.system("test")):
        Building.objects.filter(street="ул. Мира").update(street="ул. Мирная")
    assert _seen(operator) == [*THEIRS]
    monkeypatch.setattr(streets, "SECONDS", -1.0)
    assert _seen(operator) == ["ул. Ленина", "ул. Мирная"]
