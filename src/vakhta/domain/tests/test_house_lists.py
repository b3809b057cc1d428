"""Lists of houses as telephonograms have them, taken apart; and how long a supply may be off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vakhta.domain.house_lists import lines_of, pieces_of
from vakhta.domain.interruptions import OUTAGE_SERVICES, judge


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("ул. Ленина, 15", ["street ул. Ленина", "house 15"]),
        ("Ленина 15, 17 и 19", ["street Ленина 15", "house 17", "house 19"]),
        ("ул. Ленина, 15, корп. 2, 17", ["street ул. Ленина", "house 15 корп. 2", "house 17"]),
        (
            "ул. Мира, 12 к1, 12к2, 12 к 3, 14",
            ["street ул. Мира", "house 12 к1", "house 12к2", "house 12 к 3", "house 14"],
        ),
        (
            "ул. Мира, 12 с3, 12А к2, 8 стр. 2",
            ["street ул. Мира", "house 12 с3", "house 12А к2", "house 8 стр. 2"],
        ),
        (
            "ул. Мира, 12 корп. 2 стр. 3, 15, к2",
            ["street ул. Мира", "house 12 корп. 2 стр. 3", "house 15 к2"],
        ),
        ("ул. Мира, 15A, 15 B", ["street ул. Мира", "house 15А", "house 15 В"]),
        ("ул. Ленина д. 15а, д.17/2", ["street ул. Ленина д. 15а", "house д.17/2"]),
        ("8 Марта, 3", ["street 8 Марта", "house 3"]),
        ("пр-т 50 лет Октября", ["street пр-т 50 лет Октября"]),
        ("вся ул. Мира", ["street ул. Мира"]),
        ("ул. Мира (все дома)", ["street ул. Мира"]),
        ("ул. Ленина, 15-а", ["street ул. Ленина", "house 15а"]),
        ("ул. Ленина, 1-15", ["street ул. Ленина", "range 1-15"]),
        ("ул. Ленина, с 1 по 15", ["street ул. Ленина", "range с 1 по 15"]),
        ("г. Заречье, ул. Ленина, 15", ["street г. Заречье", "street ул. Ленина", "house 15"]),
        ("ул. Ленина, 12 стр. 3", ["street ул. Ленина", "house 12 стр. 3"]),
    ],
)
def test_a_line_is_taken_apart(line: str, pieces: list[str]) -> None:
    assert [f"{piece.kind} {piece.text}" for piece in pieces_of(line)] == pieces


def test_lines_lose_their_bullets_and_are_there_once() -> None:
    text = "1. ул. Ленина, 15\n- ул. Мира\t3\n\n• ул. Ленина, 15; ул. Лесная 1;\n"
    assert lines_of(text) == ["ул. Ленина, 15", "ул. Мира, 3", "ул. Лесная 1"]


@pytest.mark.parametrize(
    ("service", "hours", "planned", "state"),
    [
        ("cold_water", 4, True, "kept"),
        ("cold_water", 4.02, True, "exceeded"),
        ("cold_water", 4, False, "kept"),
        ("cold_water", 300, False, "depends"),
        ("hot_water", 24, False, "depends"),
        ("hot_water", 24, True, "depends"),
        ("hot_water", 25, False, "exceeded"),
        ("hot_water", 14 * 24, True, "depends"),
        ("hot_water", 14 * 24 + 1, True, "exceeded"),
        ("electricity", 2, True, "kept"),
        ("electricity", 24, True, "depends"),
        ("electricity", 25, True, "exceeded"),
        ("gas", 4, False, "kept"),
        ("gas", 5, False, "exceeded"),
        ("heating", 4, False, "kept"),
        ("heating", 16, False, "depends"),
        ("heating", 17, False, "exceeded"),
        ("sewerage", 4, True, "kept"),
        ("waste", 48, True, "depends"),
    ],
)
def test_a_break_is_judged_by_its_length_and_kind(
    service: str, hours: float, planned: bool, state: str
) -> None:
    assert judge(service, timedelta(hours=hours), is_planned=planned).state == state


def test_every_service_of_outages_has_its_row_in_the_act() -> None:
    for service in OUTAGE_SERVICES:
        assert judge(service, timedelta(0), is_planned=True).state == "kept"
    with pytest.raises(ValueError, match="telephone"):
        judge("telephone", timedelta(0), is_planned=True)
