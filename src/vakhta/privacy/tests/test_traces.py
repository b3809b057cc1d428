"""A person is found however the name, the phone and the e-mail are written; others are not."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from vakhta.privacy.traces import Traces

PETROVA = Traces("Петрова Анна Сергеевна", ("+79000001542",), ("a.petrova+1@mail.example",))
SURE = (
    "Петрова Анна Сергеевна",
    "звонила петрова анна",
    "с Анной Сергеевной Петровой говорили",
    "передать Петровой А. С.",
    "А.С. Петрова",
    "ПЕТРОВА  АННА",
    "тел. 8 (900) 000-15-42",
    "+7 900 000 15 42",
    "9000001542",
    "A.Petrova+1@MAIL.example",
)
NEAR = ("Петрова дома", "Анне перезвонить", "Сергеевну знаем")
OTHERS = (
    "Жанна Сергеева",
    "Иванова Ольга",
    "8 900 000-15-43",
    "aXpetrova+1@mail.example",
    "Запетровский переулок",
    "сведения удалены",
    "",
)


def by_postgres(pattern: str, text: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text ~ %s::text", [text, pattern])
        return bool(cursor.fetchone()[0])


def test_python_and_postgres_find_the_same(db: None) -> None:
    for text in (*SURE, *NEAR, *OTHERS):
        for pattern in (PETROVA.sure(), PETROVA.near()):
            assert bool(re.search(pattern, text)) == by_postgres(pattern, text), text
    for text in SURE:
        assert by_postgres(PETROVA.sure(), text) and PETROVA.are_in(text), text
    for text in NEAR:
        assert not by_postgres(PETROVA.sure(), text) and PETROVA.are_in(text), text
    for text in OTHERS[2:]:
        assert not PETROVA.are_in(text), text


@pytest.mark.parametrize("text", SURE)
def test_what_is_taken_out_is_found_no_more(text: str) -> None:
    left = PETROVA.taken_out(f"кв. 42, {text}: течёт", "▮")
    assert "▮" in left and left.endswith(": течёт") and left.startswith("кв. 42, ")
    assert not PETROVA.are_in(left)


def test_nothing_is_looked_for_when_nothing_is_known() -> None:
    nobody = Traces("", ("104",), ())
    assert nobody.sure() == "" and not nobody.are_in("104") and nobody.taken_out("104", "▮") == "104"


@pytest.mark.parametrize("name", ["Ан", "О'Нил (Мэри)", "Иванов-Петров [Ян] {2}", "\\d+ .*", "Ёлкина Фёкла"])
def test_a_name_is_never_read_as_a_pattern(name: str, db: None) -> None:
    traces = Traces(name)
    assert traces.are_in(f"звонит {name}") or len(name) < 3
    assert not traces.are_in("течёт 123 стояк") and not (
        traces.near() and by_postgres(traces.near(), "123 течёт")
    )
