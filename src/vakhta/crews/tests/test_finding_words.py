"""Tickets are found by the words of what was said, where and by whom."""

from __future__ import annotations

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.crews.finding import Filter, find
from vakhta.kernel import clock
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.changes import correct_ticket, undo_correction
from vakhta.tickets.models import Ticket, TicketWord
from vakhta.wiring import FOLLOWERS

SAID = "Тётя Маша говорит: течёт стояк в ванной, капли на потолке"


def read_all() -> None:
    for follower in FOLLOWERS:
        while follow(follower):
            pass


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="8 900 000-15-42")
        made = contacts.register(row.pk, classifier="flat.cold.riser", description=SAID)
    read_all()
    return made


def found(cast: Cast, said: str) -> list[int]:
    with reading(cast.scope(cast.ivanova)):
        return [row.pk for row in find(Filter(said=said), clock.now()).page(10)]


@pytest.mark.parametrize(
    "said",
    [
        "стояк",
        "стояки",  # another form of the word
        "стоя",  # while it is being typed
        "течет",  # ё
        "ТЕЧЁТ СТОЯК",
        "стояк и потолки",  # «и» says nothing
        "капли потол",
        "петрова",  # the applicant
        "ленина ванная",  # the place
        "",
    ],
)
def test_words_find_it(cast: Cast, ticket: Ticket, said: str) -> None:
    assert found(cast, said) == [ticket.pk]


@pytest.mark.parametrize("said", ["лифт", "стояк лифт", "тояк", "стояк%", "'; drop", "к" * 500])
def test_other_words_do_not(cast: Cast, ticket: Ticket, said: str) -> None:
    assert found(cast, said) == ([ticket.pk] if said == "стояк%" else [])


def test_a_correction_and_its_undoing_change_what_finds_it(cast: Cast, ticket: Ticket) -> None:
    with reading(cast.scope(cast.ivanova)):
        version = Ticket.objects.get(pk=ticket.pk).version
    with acting(cast.scope(cast.ivanova)) as unit:
        correct_ticket(ticket.pk, version=version, reason="ослышалась", description="засор")
    read_all()
    assert (found(cast, "стояк"), found(cast, "засор")) == ([], [ticket.pk])
    with acting(cast.scope(cast.ivanova)):
        undo_correction(ticket.pk, unit.last_entry)
    read_all()
    assert (found(cast, "стояк"), found(cast, "засор")) == ([ticket.pk], [])


def test_another_company_s_words_are_not_seen(cast: Cast, ticket: Ticket) -> None:
    with reading(Scope(companies=frozenset({cast.foreign.pk}), actor="staff/1")):
        assert not TicketWord.objects.exists()
        assert not find(Filter(said="стояк"), clock.now()).page(1)


def test_words_are_read_once_however_often_the_follower_comes(cast: Cast, ticket: Ticket) -> None:
    read_all()
    with reading(cast.scope(cast.ivanova)):
        words = list(TicketWord.objects.filter(ticket=ticket).values_list("word", flat=True))
    assert len(words) == len(set(words)) > 5
