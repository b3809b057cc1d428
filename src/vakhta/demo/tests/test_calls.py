"""The script of a day: shares, order, truth, and words that the classifier understands."""

from __future__ import annotations

from collections import Counter

import pytest

from vakhta.demo import city, phrases
from vakhta.demo.calls import DAYS, ScriptedContact, calls
from vakhta.domain.addresses import normal_house, read_address
from vakhta.domain.classifier import ENTRIES, SERVICES, suggest

N = 3000


@pytest.fixture(scope="module", params=DAYS)
def day(request: pytest.FixtureRequest) -> list[ScriptedContact]:
    return list(calls(7, request.param, N))


@pytest.fixture(scope="module")
def ordinary() -> list[ScriptedContact]:
    return list(calls(7, "ordinary", N))


@pytest.fixture(scope="module")
def storm() -> list[ScriptedContact]:
    return list(calls(7, "storm", N))


def test_it_is_as_long_as_asked_and_in_the_order_of_time(day: list[ScriptedContact]) -> None:
    assert len(day) == N
    offsets = [contact.offset for contact in day]
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0 and offsets[-1] < 86400
    assert len({contact.key for contact in day}) == N


@pytest.mark.parametrize("contacts", [0, 1, 2, 13])
def test_any_number_of_contacts(contacts: int) -> None:
    assert len(list(calls(1, "storm", contacts))) == contacts


def test_same_seed_same_day() -> None:
    assert list(calls(3, "ordinary", 100)) == list(calls(3, "ordinary", 100))
    assert list(calls(3, "ordinary", 100)) != list(calls(4, "ordinary", 100))


def test_unknown_day_is_refused() -> None:
    with pytest.raises(ValueError, match="неизвестный день"):
        list(calls(1, "flood", 1))


def test_the_night_is_quiet_and_the_peaks_are_peaks(ordinary: list[ScriptedContact]) -> None:
    hours = Counter(int(contact.offset // 3600) for contact in ordinary)
    night = sum(hours[h] for h in range(1, 5)) / 4
    assert hours[9] > 6 * night and hours[19] > 6 * night
    assert hours[9] > hours[14] < hours[19]


def test_shares_of_an_ordinary_day(ordinary: list[ScriptedContact]) -> None:
    outcomes = Counter(contact.outcome for contact in ordinary)
    tickets = [contact for contact in ordinary if contact.outcome == "ticket"]
    grave = sum(1 for contact in tickets if ENTRIES[contact.classifier].severity == "emergency")
    assert 1.05 <= outcomes["consultation"] / outcomes["ticket"] <= 1.4
    assert 0.33 <= grave / len(tickets) <= 0.46
    assert 0.04 <= outcomes["addition"] / N <= 0.16
    assert set(outcomes) == {"ticket", "addition", "consultation", "redirected", "not_ours", "silence"}


def test_all_kinds_come(ordinary: list[ScriptedContact]) -> None:
    assert {contact.classifier for contact in ordinary if contact.outcome == "ticket"} == set(ENTRIES)


def test_a_storm_is_clusters(storm: list[ScriptedContact], ordinary: list[ScriptedContact]) -> None:
    def in_clusters(day: list[ScriptedContact]) -> int:
        return sum(1 for contact in day if contact.group)

    assert in_clusters(storm) > 0.35 * N > 3 * in_clusters(ordinary)
    assert max(Counter(contact.group for contact in storm if contact.group).values()) > 12


def test_additions_follow_the_contact_that_they_are_about(day: list[ScriptedContact]) -> None:
    by_key = {contact.key: contact for contact in day}
    for contact in day:
        if contact.outcome == "addition":
            first = by_key[contact.repeat_of]
            assert first.outcome == "ticket" and first.offset <= contact.offset
            assert first.classifier == contact.classifier and first.building == contact.building
            assert first.group == contact.group


def test_where_and_what_are_possible(day: list[ScriptedContact]) -> None:
    town = {building.key: building for building in city().buildings}
    for contact in day:
        if contact.outcome in ("ticket", "addition"):
            building = town[contact.building]
            assert contact.premises in {premises.number for premises in building.premises}
            assert building.has_lift or not contact.classifier.startswith("lift")
            assert building.has_gas or contact.classifier != "house.gas.smell"
        if contact.outcome == "redirected":
            assert contact.service in SERVICES


def test_a_contact_can_be_found_by_phone_or_by_address(ordinary: list[ScriptedContact]) -> None:
    known = {person.phone for _, premises in city().flats() for person in premises.people if person.phone}
    streets = {building.street for building in city().buildings}
    houses = {building.key: building for building in city().buildings}
    for contact in ordinary:
        if contact.outcome != "ticket" or not contact.address or contact.channel == "lift":
            if contact.outcome == "ticket" and not contact.address:
                digits = "".join(c for c in contact.phone if c.isdigit())
                assert f"+7{digits[-10:]}" in known
            continue
        best = read_address(contact.address, streets)[0]
        building = houses[contact.building]
        assert (best.street, best.address.house, best.address.flat) == (
            building.street,
            normal_house(building.house),
            contact.premises,
        ), contact.address


def test_some_callers_are_unknown(ordinary: list[ScriptedContact]) -> None:
    assert any(not contact.phone for contact in ordinary)
    assert any(not contact.caller for contact in ordinary)
    assert {contact.channel for contact in ordinary} >= {"phone", "web", "chat", "messenger", "email", "lift"}
    assert any(contact.is_emergency for contact in ordinary)


def test_words_hardly_repeat(ordinary: list[ScriptedContact]) -> None:
    tickets = [contact.text for contact in ordinary if contact.outcome == "ticket"][:100]
    assert max(Counter(tickets).values()) <= 3
    assert len(set(tickets)) > 85


def test_every_entry_has_its_words_and_the_classifier_understands_them() -> None:
    assert set(phrases.SAYS) == set(ENTRIES)
    said = [(code, text) for code, texts in phrases.SAYS.items() for text in texts]
    wrong = [(code, text) for code, text in said if suggest(text)[0].entry.code != code]
    assert len(wrong) <= 0.06 * len(said), wrong
    assert all(code in [match.entry.code for match in suggest(text, 3)] for code, text in said)
