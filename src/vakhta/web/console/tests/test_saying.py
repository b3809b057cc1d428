"""What is read aloud at step 6, when the work is ours and when it is another service's."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.kernel import words
from vakhta.kernel.tenancy import reading
from vakhta.web.console import panels
from vakhta.web.saying import Saying
from vakhta.web.tests.steps import registered

GAS = "Заявка 26-1: работу выполняет другая служба — Аварийная газовая служба, 104."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, GAS),
        ({"until_day": "24.11.2099"}, f"{GAS[:-1]}; закончат 24 ноября 2099, вт."),
        ({"until_day": "24.11.2099", "until_time": "18:00"}, f"{GAS[:-1]}; закончат 24 ноября 2099, вт, до 18:00."),
    ],
)  # fmt: skip
def test_without_a_norm_of_the_work_no_term_is_promised_that_nobody_named(
    cast: Cast, values: dict[str, str], said: str
) -> None:
    ticket = registered(cast, "house.gas.smell")
    with reading(cast.scope(cast.ivanova)):
        row = Interaction.objects.get(ticket=ticket)
        panel = panels.terms(row, ticket, ticket.registered_at, {})
    assert panel.say is not None
    assert dataclasses.replace(panel.say, values=values).text.replace("\u00a0", " ") == said.replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("27.11", "27 ноября, пт."),
        ("27.11.", "27 ноября, пт."),
        ("24.11.", "Сегодня."),
        ("25.11", "Завтра."),
        ("5.01.", "5 января 2027, вт."),
        ("32.13.", "Когда скажут."),
        ("31.11.2026", "Когда скажут."),
    ],
)
def test_a_day_without_its_year_is_said_and_an_impossible_one_is_not(typed: str, said: str) -> None:
    today = date(2026, 11, 24) if typed != "5.01." else date(2026, 12, 24)
    saying = Saying(pattern="{day until|когда скажут}.", values={"until": typed}, today=today)
    assert saying.text.replace("\u00a0", " ") == said


def test_days_of_the_week_are_written_as_each_language_does() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    day = datetime(2026, 11, 24, 9, tzinfo=UTC)
    with translation.override("ru"):
        assert words.day_words(day, "UTC", now) == "24\u00a0ноября, вт"
    with translation.override("en"):
        assert words.day_words(day, "UTC", now) == "24\u00a0November, Tue"
