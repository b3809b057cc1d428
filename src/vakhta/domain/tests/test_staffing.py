"""Erlang's formula against the tables of the textbooks, and the article's «from three operators»."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vakhta.domain.staffing import CURVE, HANDLING, LEVEL, answered, day, needed, of_accounts, people, waiting


@pytest.mark.parametrize(
    ("load", "operators", "share"),
    [
        (1.0, 2, 1 / 3),
        (2.0, 3, 4 / 9),
        (0.5, 1, 0.5),
        (5.0, 8, 0.167),
        (10.0, 14, 0.174),
        (20.0, 24, 0.298),
    ],
)
def test_erlang_c_is_that_of_the_tables(load: float, operators: int, share: float) -> None:
    assert waiting(load, operators) == pytest.approx(share, abs=0.001)


def test_who_cannot_keep_up_keeps_nobody_waiting_in_time() -> None:
    assert waiting(3.0, 3) == 1.0 and answered(3.0, 3, HANDLING) == 0.0
    assert waiting(0.0, 1) == 0.0 and answered(0.0, 1, HANDLING) == 1.0


def test_an_average_company_needs_three_as_the_article_says() -> None:
    """«В средней УК может работать от 3 операторов»: ten thousand accounts, in their busiest hour."""
    hours = day(of_accounts(10_000))
    assert max(hour.operators for hour in hours) == 3
    assert min(hour.operators for hour in hours) == 1, "somebody is there at night"


def test_a_city_needs_ten_to_fifty_as_the_article_says() -> None:
    """«В общегородской диспетчерской 10–50 человек»."""
    assert 10 <= max(hour.operators for hour in day(of_accounts(100_000))) <= 50
    assert 10 <= max(hour.operators for hour in day(of_accounts(200_000))) <= 50


def test_a_day_is_the_sum_of_its_hours() -> None:
    assert len(CURVE) == 24 and sum(of_accounts(30_400)) == pytest.approx(30_400 * 0.4 / 30.4)


def test_one_desk_round_the_clock_is_nearly_five_people() -> None:
    assert people(day([0.0] * 24)) == pytest.approx(168 / 35.2, abs=0.01)


loads = st.floats(min_value=0, max_value=60)
seconds = st.floats(min_value=20, max_value=1800)


@given(load=loads, handling=seconds)
def test_one_fewer_would_not_do(load: float, handling: float) -> None:
    operators = needed(load, handling)
    assert answered(load, operators, handling) >= LEVEL
    assert operators == 1 or answered(load, operators - 1, handling) < LEVEL


@given(load=loads, handling=seconds, more=st.integers(1, 5))
def test_more_people_never_answer_fewer(load: float, handling: float, more: int) -> None:
    operators = needed(load, handling)
    assert answered(load, operators + more, handling) >= answered(load, operators, handling) - 1e-12


def test_what_no_room_could_hold_is_said() -> None:
    with pytest.raises(ValueError, match="more than"):
        needed(500.0, HANDLING)
