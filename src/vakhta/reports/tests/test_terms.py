"""The column «Сроки»: what an inspector reads of each clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vakhta.domain import deadlines, facts
from vakhta.domain.facts import Fact, Recorded
from vakhta.reports.sayings import Known
from vakhta.reports.terms import term_words

CONTAIN = "pp416.13.containment"


def at(minutes: int) -> datetime:
    """So many minutes after the registration at 18:00 in Moscow."""
    return datetime(2026, 11, 28, 15, tzinfo=UTC) + timedelta(minutes=minutes)


def happened(fact: Fact, minutes: int, recorded: int | None = None, entry: int = 1) -> Recorded:
    return Recorded(fact, at(minutes), at(minutes if recorded is None else recorded), entry=entry)


def ticket(**snapshot: object) -> Recorded:
    norms = ({"code": CONTAIN, **snapshot},)
    return happened(facts.TicketRegistered(ticket=1, classifier="flat.cold.riser", norms=norms), 0)


@pytest.mark.parametrize(
    ("later", "printed", "words"),
    [
        ([], 10, "до 18:30"),
        ([], 31, "до 18:30, нарушен"),
        ([happened(facts.DamageContained(ticket=1), 20)], 40, "до 18:30, соблюдён: 18:20"),
        ([happened(facts.DamageContained(ticket=1), 20, 327)], 400, "до 18:30, соблюдён: 18:20, внесено 23:27"),
        ([happened(facts.DamageContained(ticket=1), 41)], 60, "до 18:30, нарушен: 18:41"),
        ([happened(facts.TicketVoided(ticket=1, reason="повтор"), 20)], 60, "до 18:30, снят"),
        ([happened(facts.TicketVoided(ticket=1, reason="повтор"), 323)], 400, "до 18:30, нарушен, снят 23:23"),
        ([happened(facts.TicketMerged(ticket=1, into=2), 323)], 400, "до 18:30, нарушен, снят 23:23"),
    ],
)  # fmt: skip
def test_a_term_says_what_became_of_it(later: list[Recorded], printed: int, words: str) -> None:
    (clock,) = deadlines.clocks([ticket(), *later], now=at(printed), subjects={"ticket/1"})
    said = term_words(clock, Known(zone="Europe/Moscow", now=at(0), brief=True))
    assert said == f"локализация {words} (ПП 416, п. 13)"


def test_a_stricter_term_is_not_called_the_law_s() -> None:
    (clock,) = deadlines.clocks([ticket(limit=20 * 60)], now=at(1), subjects={"ticket/1"})
    said = term_words(clock, Known(zone="Europe/Moscow", now=at(0), brief=True))
    assert said == "локализация до 18:20 (свой срок: 20 минут; ПП 416, п. 13: 30 минут)"
