"""Every fact is said to people, the same on screens and on paper; a paper is only shorter."""

from __future__ import annotations

import dataclasses
import re
import typing
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from vakhta.domain import facts
from vakhta.domain.facts import FACTS, Fact, Recorded
from vakhta.domain.histories import taken_back
from vakhta.kernel.tenancy import Scope, reading
from vakhta.reports import sayings
from vakhta.reports.sayings import SAID, Known

AT = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
SCREEN = Known(zone="Europe/Moscow", now=AT)
PAPER = Known(zone="Europe/Moscow", now=AT, brief=True)


def example(kind: type[Fact]) -> Fact:
    """A fact of the kind with every field filled."""
    said: dict[str, object] = {}
    for field in dataclasses.fields(kind):
        hint = typing.get_type_hints(kind)[field.name]
        options = typing.get_args(hint) or (hint,)
        if field.name in ("before", "after") and kind is facts.TicketCorrected:
            said[field.name] = {"classifier": "flat.cold.riser"}
        elif datetime in options:
            said[field.name] = AT
        elif bool in options:
            said[field.name] = True
        elif int in options:
            said[field.name] = 3
        elif str in options:
            said[field.name] = "слова"
    for name in ("services", "buildings", "entries", "norms", "rows", "tickets", "interactions"):
        said.pop(name, None)
    if "entries" in kind.__dataclass_fields__:
        said["entries"] = (1, 2)
    return kind(**said)


EVERY = [kind for kind in FACTS.values() if kind.__module__ == facts.__name__]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("known", [SCREEN, PAPER], ids=["screen", "paper"])
def test_every_fact_says_all_that_a_person_said_in_it(kind: type[Fact], known: Known) -> None:
    assert kind in SAID, "a new fact needs its saying"
    fact = example(kind)
    said = sayings.words(fact, known)
    assert re.search("[А-Яа-я]", sayings.title(fact))
    personal = set(kind.personal_fields())
    if personal - {"place", "applicant", "phone", "address"}:
        assert "слова" in said, f"{kind.__name__} keeps its words to itself"
    assert "None" not in said and "<" not in said


def test_nothing_is_said_of_what_is_no_fact() -> None:
    assert set(SAID) == set(EVERY)


@pytest.mark.parametrize(
    ("fact", "screen", "paper"),
    [
        (
            facts.TermsTold(ticket=1, until=AT + timedelta(days=1), how="chat"),
            "до 14:05, 25\u00a0ноября, ср · в чате",
            "до 25.11 14:05, в чате",
        ),
        (
            facts.ClockBreached(ticket=1, norm="pp416.13.containment", due_at=AT),
            "локализация, ПП 416, п. 13 · срок 14:05",
            "локализация, срок 14:05",
        ),
        (facts.WorkDone(ticket=1, note="заменён кран", place="55.7,37.6±9"), "заменён кран · место: 55.7,37.6±9", "заменён кран"),
        (facts.TicketConfirmed(ticket=1, rating=5, review="спасибо"), "оценка 5 из 5 · спасибо", "оценка 5 из 5, спасибо"),
        (facts.StepSkipped(ticket=1, step=4, reason="ясно"), "4, план действий · причина: ясно", "4, план действий, причина: ясно"),
        (facts.NoticeFailed(delivery=1, why="ChannelError"), *["почтовый сервер не принял письмо"] * 2),
        (facts.OutageAnnounced(outage=1, services=("cold_water",), supplier="Водоканал"), "ХВС · Водоканал", "ХВС, Водоканал"),
    ],
)  # fmt: skip
def test_paper_says_the_same_in_less_room(fact: Fact, screen: str, paper: str) -> None:
    assert (sayings.words(fact, SCREEN), sayings.words(fact, PAPER)) == (screen, paper)


@pytest.mark.parametrize(
    ("now", "said"),
    [(AT, "14:05"), (AT + timedelta(days=1), "24.11 14:05"), (AT + timedelta(days=40), "24.11.2026 14:05"), (None, "24.11 14:05")],
)  # fmt: skip
def test_a_moment_on_paper_has_its_day_when_it_is_another(now: datetime | None, said: str) -> None:
    assert Known(zone="Europe/Moscow", now=now, brief=True).at(AT) == said


def test_an_english_screen_is_told_in_english() -> None:
    with translation.override("en"):
        assert sayings.title(facts.WorkDone(ticket=1)) != "Работы выполнены"


def entry(number: int, fact: Fact) -> Recorded:
    return Recorded(fact, AT, AT, entry=number)


@pytest.mark.django_db
def test_a_letter_that_was_sent_is_told_by_what_it_is_about() -> None:
    """Of three letters of a ticket each line of its timeline says which one."""
    records = [
        entry(number, facts.NoticeQueued(delivery=number, ticket=1, template=template, to="a@example.org"))
        for number, template in ((1, "registered"), (2, "done"))
    ]
    with reading(Scope.system("test")):
        known = sayings.known(records, "Europe/Moscow", AT)
    assert sayings.words(facts.NoticeSent(delivery=2, ticket=1), known) == "письмо о выполнении"
    assert sayings.words(facts.NoticeSent(delivery=9, ticket=1), known) == ""
    failed = sayings.words(facts.NoticeFailed(delivery=1, ticket=1, why="ChannelError"), known)
    assert failed == "письмо о регистрации · почтовый сервер не принял письмо"


VOIDED = facts.TicketVoided(ticket=1)


@pytest.mark.parametrize(
    ("records", "gone"),
    [
        ([entry(5, VOIDED)], set()),
        ([entry(5, VOIDED), entry(6, facts.Undone(undoes=5, ticket=1))], {5}),
        ([entry(5, VOIDED), entry(6, facts.Undone(undoes=5, ticket=1)), entry(7, facts.Undone(undoes=6, ticket=1))], {6}),
        (
            [
                entry(5, facts.InteractionEnded(interaction=1, outcome="silence")),
                entry(6, facts.InteractionReopened(interaction=1, undoes=5)),
            ],
            {5},
        ),
        ([entry(6, facts.InteractionReopened(interaction=1))], set()),
    ],
)  # fmt: skip
def test_one_rule_of_what_was_taken_back(records: list[Recorded], gone: set[int]) -> None:
    assert taken_back(records) == taken_back(records[::-1]) == gone
