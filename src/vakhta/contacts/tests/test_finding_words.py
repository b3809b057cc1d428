"""Contacts are found by the caller's name and by what was said, whether a ticket came of it or not."""

from __future__ import annotations

import pytest
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts import finding as finding_module
from vakhta.contacts.finding import Filter, find
from vakhta.contacts.models import ContactWord, Interaction
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets import words as words_module
from vakhta.wiring import FOLLOWERS


def read_all() -> None:
    for follower in FOLLOWERS:
        while follow(follower):
            pass


@pytest.fixture
def day(cast: Cast) -> dict[str, int]:
    """A call that became a ticket, a letter that waits, a question that was answered."""
    with acting(cast.scope(cast.ivanova)):
        call = contacts.type_call(phone="8 900 000-15-42")
        contacts.register(call.pk, classifier="flat.cold.riser", description="Течёт стояк в ванной")
    letter = arrival.Message(
        channel="email", caller="Щукин Лев Ильич", email="a@example.org", text="Во дворе не горит фонарь"
    )
    with acting(Scope.system("api")):
        waiting, _ = arrival.receive(letter, centre=cast.centre.pk)
    with acting(cast.scope(cast.gromova)):
        asked = contacts.type_call(phone="8 900 222-33-44")
        contacts.save_draft(asked.pk, description="спрашивает про фонарь и перерасчёт", classifier="")
        contacts.end(asked.pk, "consultation", note="объяснили")
    read_all()
    return {"call": call.pk, "letter": waiting.pk, "asked": asked.pk}


def found(cast: Cast, said: str, **more: object) -> list[int]:
    with reading(cast.scope(cast.ivanova)):
        return [row.pk for row in find(Filter(said=said, **more)).page(10)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("петрова", ["call"]),
        ("петр", ["call"]),
        ("анна", ["call"]),
        ("сергеев", ["call"]),
        ("течёт", ["call"]),
        ("ТЕЧЕТ СТОЯК", ["call"]),
        ("стояк петрова", ["call"]),
        ("щукин", ["letter"]),
        ("лев ильич", ["letter"]),
        ("фонари", ["asked", "letter"]),
        ("фонарь щукин", ["letter"]),
        ("перерасч", ["asked"]),
        ("фонарь стояк", []),
        ("лифт", []),
        ("'; drop", []),
        ("!", []),
        ("к" * 200, []),
    ],
)
@pytest.mark.parametrize(("few", "looked"), [(2_000, 9), (1, 9), (1, 1), (1, 0)])
def test_words_find_contacts_newest_first(
    cast: Cast,
    day: dict[str, int],
    said: str,
    names: list[str],
    few: int,
    looked: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many have the words: a few are named, of many the newest are looked through, and where those have not
    filled the page, what has all of the words is named."""
    monkeypatch.setattr(words_module, "FEW", few)
    monkeypatch.setattr(finding_module, "FEW", few)
    monkeypatch.setattr(words_module, "LOOKED", looked)
    assert found(cast, said) == [day[name] for name in names]
    assert found(cast, said, is_oldest_first=True) == [day[name] for name in reversed(names)]


@pytest.mark.parametrize(("few", "looked"), [(2_000, 9), (1, 9), (1, 1), (1, 0)])
def test_an_addition_is_found_by_its_own_words_and_those_of_its_ticket(
    cast: Cast, day: dict[str, int], few: int, looked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(cast.scope(cast.ivanova)):
        ticket = Interaction.objects.get(pk=day["call"]).ticket_id
        neighbour = contacts.type_call(phone="8 900 777-88-99")
        assert ticket is not None
        contacts.save_draft(neighbour.pk, description="уже капает с люстры", classifier="")
        contacts.join_ticket(neighbour.pk, ticket)
    read_all()
    monkeypatch.setattr(words_module, "FEW", few)
    monkeypatch.setattr(finding_module, "FEW", few)
    monkeypatch.setattr(words_module, "LOOKED", looked)
    assert found(cast, "стояк люстр") == found(cast, "люстра") == [neighbour.pk]
    assert found(cast, "стояк течёт") == [neighbour.pk, day["call"]]


def test_words_and_filters_hold_together(cast: Cast, day: dict[str, int]) -> None:
    assert found(cast, "фонарь", state="waiting") == [day["letter"]]
    assert found(cast, "фонарь", outcome="consultation") == [day["asked"]]


@pytest.mark.parametrize(("few", "looked"), [(2_000, 9), (1, 9), (1, 0)])
def test_the_next_page_goes_on(
    cast: Cast, day: dict[str, int], few: int, looked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words_module, "FEW", few)
    monkeypatch.setattr(finding_module, "FEW", few)
    monkeypatch.setattr(words_module, "LOOKED", looked)
    with reading(cast.scope(cast.ivanova)):
        first = find(Filter(said="фонарь")).page(1)
        second = find(Filter(said="фонарь")).page(1, after=first[0].pk)
    assert [first[0].pk, second[0].pk] == [day["asked"], day["letter"]]


def test_a_contact_with_its_ticket_keeps_no_words_of_its_own(cast: Cast, day: dict[str, int]) -> None:
    with reading(cast.scope(cast.ivanova)):
        assert not ContactWord.objects.filter(interaction=day["call"]).exists()
        words = list(ContactWord.objects.filter(interaction=day["letter"]).values_list("word", flat=True))
    assert len(words) == len(set(words)) > 3


def test_another_company_s_contacts_are_not_found_by_words(cast: Cast, day: dict[str, int]) -> None:
    with reading(Scope(companies=frozenset({cast.foreign.pk}), actor="staff/1")):
        assert not ContactWord.objects.exists()
        assert find(Filter(said="фонарь")).page(1) == []


def test_words_do_not_show_a_contact_that_has_become_another_company_s(
    cast: Cast, day: dict[str, int]
) -> None:
    with reading(Scope.system("test")):
        Interaction.objects.filter(pk=day["letter"]).update(company=cast.foreign)
    assert found(cast, "щукин") == []
