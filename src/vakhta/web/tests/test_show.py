"""How rows are said: the limit that a clock counts, a crew by its number, an access note."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vakhta.crews.models import Crew
from vakhta.places.models import AccessNote
from vakhta.tickets.models import Clock
from vakhta.web.show import access_title, clock_view, crew_name

START = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("norm", "counted", "said"),
    [
        ("pp416.13.containment", timedelta(minutes=30), "30 минут"),
        ("pp416.13.containment", timedelta(minutes=20), "20 минут, строже закона (30 минут)"),
        ("pp416.13.elimination", timedelta(days=3), "3 суток"),
        ("pp416.13.elimination", timedelta(days=2), "2 суток, строже закона (3 суток)"),
    ],
)
def test_the_limit_of_this_clock(norm: str, counted: timedelta, said: str) -> None:
    row = Clock(norm=norm, started_at=START, due_at=START + counted, at_risk_at=START)
    assert clock_view(row, START).norm_text.endswith(f"— {said}")


@pytest.mark.parametrize(
    ("kind", "title", "said"),
    [
        ("valve", "Задвижка ХВС на вводе", "Задвижка ХВС на вводе"),
        ("valve", "Задвижки отопления", "Задвижки отопления"),
        ("valve", "ввод ХВС", "Задвижка: ввод ХВС"),
        ("code", "Код подъезда 1", "Код подъезда 1"),
        ("key", "чердак", "Ключ: чердак"),
    ],
)
def test_the_kind_of_an_access_note_is_said_once(kind: str, title: str, said: str) -> None:
    assert access_title(AccessNote(kind=kind, title=title)) == said


@pytest.mark.parametrize(
    ("number", "name", "said"),
    [
        (2, "Сантехники, юг", "бр. 2 · Сантехники, юг"),
        (4, "бригада 4", "бригада 4"),
        (4, "бригада 14", "бр. 4 · бригада 14"),
        (0, "Лифтёры", "Лифтёры"),
    ],
)
def test_a_crew_is_named_with_its_number(number: int, name: str, said: str) -> None:
    assert crew_name(Crew(number=number, name=name)) == said
