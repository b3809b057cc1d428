"""Layouts, folded keys and forgiven letters."""

from __future__ import annotations

import pytest

from vakhta.domain.layouts import as_russian, fold_key, has_latin, to_latin, to_russian
from vakhta.domain.typos import allowed_typos, distance, prefix_distance


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ktybyf", "ленина"),
        ("ktybyf 15 42", "ленина 15 42"),
        ("k'y", "лэн"),
        ("cj,frf", "собака"),
        ("`krf", "ёлка"),
        ("[jkjlyj", "холодно"),
        ("ktybyf, 15", "ленина, 15"),
        ("ljv15/2", "дом15/2"),
        ("GTNHJDF", "ПЕТРОВА"),
        ("ленина 15", "ленина 15"),
        ("15-42", "15-42"),
        ("", ""),
        ("ул. ktybyf", "ул. ленина"),
        ("ленина 15A", "ленина 15А"),
        ("15a", "15а"),
        ("ленина, 15B, кв. 42", "ленина, 15В, кв. 42"),
        ("ленина 15/2 A", "ленина 15/2 А"),
        ("мира 12k2-7", "мира 12к2-7"),
        ("ktybyf 15f", "ленина 15а"),
        ("ktybyf 15a", "ленина 15ф"),
        ("ktybyf15a", "ленина15ф"),
        ("ленина 15 ntx", "ленина 15 теч"),
        ("ленина 15 rdfhnbhf", "ленина 15 квартира"),
    ],
)
def test_wrong_layout_is_put_right(typed: str, meant: str) -> None:
    assert as_russian(typed) == meant
    assert has_latin(typed) == (typed != meant)


def test_layouts_convert_both_ways() -> None:
    letters = "ёйцукенгшщзхъфывапролджэячсмитьбю"
    assert to_russian(to_latin(letters)) == letters
    assert to_latin("шмфтщм") == "ivanov"
    assert to_russian("Z") == "Я"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ул. Артёма-Зуева,  д.5", "ул артема зуева д 5"),
        ("  ЁЛКИ ", "елки"),
        ("15/2", "15 2"),
        ("„Уют“", "уют"),
        ("a_b", "a b"),
        ("", ""),
    ],
)
def test_fold_key(text: str, key: str) -> None:
    assert fold_key(text) == key
    assert fold_key(key) == key


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [
        ("ленина", "ленина", 0),
        ("линина", "ленина", 1),
        ("леинна", "ленина", 1),
        ("леннина", "ленина", 1),
        ("ленна", "ленина", 1),
        ("ленин", "лунена", 3),
        ("мира", "лесная", 3),
        ("", "аб", 2),
    ],
)
def test_distance_is_bounded(left: str, right: str, slips: int) -> None:
    assert distance(left, right, 2) == min(slips, 3)
    assert distance(right, left, 2) == min(slips, 3)


def test_beginning_of_a_word_costs_nothing() -> None:
    assert prefix_distance("стро", "строителей", 1) == 0
    assert prefix_distance("стрио", "строителей", 1) == 1
    assert prefix_distance("зуева", "мира", 1) == 2


@pytest.mark.parametrize(("letters", "slips"), [(1, 0), (3, 0), (4, 1), (6, 1), (7, 2), (20, 2)])
def test_short_words_forgive_nothing(letters: int, slips: int) -> None:
    assert allowed_typos(letters) == slips
