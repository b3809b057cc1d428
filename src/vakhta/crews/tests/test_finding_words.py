"""Tickets are found by the words of what was said, where and by whom."""

from __future__ import annotations

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.crews import finding as finding_module
from vakhta.crews.finding import Filter, find
from vakhta.kernel import clock
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets import words as words_module
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


TALES = ("лифт стоит", "течёт стояк", "лифт стучит", "течёт кран", "течёт лифт", "стояк стучит", "лифт течёт")
"""Of two words, each of which many have."""


@pytest.mark.parametrize("said", ["лифт течёт", "стояк течёт", "стоит кран", "лифт", "стучит лиф"])
@pytest.mark.parametrize("way", [False, True])
def test_common_words_find_the_same_however_many_are_looked_through(
    cast: Cast, said: str, way: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for tale in TALES:
        with acting(cast.scope(cast.ivanova)):
            row = contacts.type_call(phone="8 900 000-15-42")
            made.append(contacts.register(row.pk, classifier="flat.cold.riser", description=tale).pk)
    read_all()
    meant = [pk for pk, tale in zip(made, TALES, strict=True) if all(word in tale for word in said.split())]
    meant = meant if way else meant[::-1]
    for few, looked in ((2_000, 9), (1, 9), (1, 3), (1, 1), (1, 0)):
        monkeypatch.setattr(words_module, "FEW", few)
        monkeypatch.setattr(finding_module, "FEW", few)
        monkeypatch.setattr(words_module, "LOOKED", looked)
        for size in (1, 2, 10):
            seen: list[int] = []
            with reading(cast.scope(cast.ivanova)):
                asked = find(Filter(said=said, is_oldest_first=way), clock.now())
                while page := asked.page(size, after=seen[-1] if seen else None):
                    seen += [row.pk for row in page]
            assert seen == meant, (few, looked, size)
        with reading(cast.scope(cast.ivanova)):
            assert find(Filter(said=said, state="closed"), clock.now()).keys(10) == []


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
