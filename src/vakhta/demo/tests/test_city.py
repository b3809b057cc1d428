"""The demo town: whole, consistent, the same for a seed, and nobody real in it."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

import vakhta.demo
from vakhta.demo import City, city
from vakhta.demo.people import MAIL
from vakhta.demo.stock import LONG_STREET
from vakhta.domain.classifier import ENTRIES, SERVICES, SKILLS
from vakhta.domain.norms import stricter
from vakhta.domain.permissions import ROLES
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import ROUTES


@pytest.fixture(scope="module")
def town() -> City:
    return city(1)


def test_it_has_the_size_of_a_small_town(town: City) -> None:
    assert 55 <= len(town.buildings) <= 65
    assert 3200 <= sum(1 for _ in town.flats()) <= 3900
    assert 13 <= len({building.street for building in town.buildings}) <= 16
    assert len(LONG_STREET) >= 55


def test_same_seed_same_town_other_seed_other_people(town: City) -> None:
    city.cache_clear()
    assert city(1) == town
    other = city(2)
    assert [b.key for b in other.buildings] == [b.key for b in town.buildings]
    assert other.buildings != town.buildings


def test_every_role_sits_somewhere(town: City) -> None:
    roles = Counter(person.role for person in town.staff)
    assert set(roles) == {role.code for role in ROLES}
    assert 3 <= roles["operator"] <= 5
    assert roles["client"] == len(town.companies)


def test_every_skill_that_the_classifier_names_has_a_crew(town: City) -> None:
    able = {skill for crew in town.crews for skill in crew.skills}
    assert able <= set(SKILLS)
    for entry in ENTRIES.values():
        assert entry.skill in able or not ROUTES[entry.route].own_crew, entry.code
    members = [member for crew in town.crews for member in crew.members]
    assert len(town.crews) == 8 and len(members) == len(set(members))
    assert {p.key for p in town.staff if p.role == "technician"} == set(members)


def test_every_house_is_served(town: City) -> None:
    served = {agreement.company for agreement in town.agreements} - {c.key for c in town.contractors}
    assert {building.company for building in town.buildings} == served == {c.key for c in town.companies}
    assert len({company.kind for company in town.companies}) >= 3


def test_every_service_that_the_classifier_names_has_a_number(town: City) -> None:
    services = [line for line in town.duty if line.kind == "service"]
    assert {line.code for line in services} == set(SERVICES)
    assert [line.phone for line in services[:4]] == ["101", "112", "103", "104"]
    assert any(line.kind == "on_call" for line in town.duty)


def test_flats_of_a_house_have_their_own_numbers_and_stand_above_each_other(town: City) -> None:
    for building in town.buildings:
        numbers = [premises.number for premises in building.premises]
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)], building.key
        places = {(p.entrance, p.floor, p.riser) for p in building.premises}
        assert len(places) == len(numbers)
        assert {p.floor for p in building.premises} == set(range(1, building.floors + 1))
        assert {p.entrance for p in building.premises} == set(range(1, building.entrances + 1))


def test_accounts_and_phones_are_nobody_elses(town: City) -> None:
    accounts = [premises.account for _, premises in town.flats()]
    phones = [person.phone for _, premises in town.flats() for person in premises.people if person.phone]
    assert len(accounts) == len(set(accounts))
    assert len(phones) == len(set(phones))


def test_nobody_real_can_be_reached(town: City) -> None:
    people = [person for _, premises in town.flats() for person in premises.people]
    mails = (
        [p.email for p in people if p.email]
        + [p.email for p in town.staff]
        + [c.email for c in town.companies]
    )
    phones = [p.phone for p in people if p.phone] + [p.phone for p in town.staff]
    assert all(mail.endswith(f"@{MAIL}") and mail.isascii() for mail in mails)
    assert all(phone.startswith("+7948") and len(phone) == 12 for phone in phones)
    assert len(set(mails)) == len(mails)


def test_names_agree_in_gender(town: City) -> None:
    for _, premises in town.flats():
        for person in premises.people:
            last, _, father = person.name.split()
            assert father.endswith(("вна", "вич")), person.name
            if father.endswith("вна"):
                assert last.endswith(("а", "ая", "о", "х", "к", "их")), person.name
            else:
                assert not last.endswith(("ова", "ева", "ёва", "ина", "ая")), person.name


def test_some_flats_are_unknown_and_some_phones_too(town: City) -> None:
    """A card must also be shown for a flat of which nothing is known."""
    flats = [premises for _, premises in town.flats()]
    unknown = sum(1 for premises in flats if not premises.people)
    assert 0.03 < unknown / len(flats) < 0.12
    people = [person for premises in flats for person in premises.people]
    assert 0.25 < sum(1 for person in people if person.email) / len(people) < 0.55
    assert any(not person.phone for person in people)


def test_every_house_tells_where_to_shut_off_and_how_to_get_in(town: City) -> None:
    for building in town.buildings:
        kinds = Counter(access.kind for access in building.access)
        assert kinds["valve"] >= 3 and kinds["key"] >= 2 and kinds["code"] == building.entrances


def test_outages_are_now_and_tomorrow(town: City) -> None:
    zero = timedelta(0)
    keys = {building.key for building in town.buildings}
    assert any(outage.starts < zero < outage.ends for outage in town.outages)
    assert any(outage.starts > zero for outage in town.outages)
    for outage in town.outages:
        assert outage.buildings and set(outage.buildings) <= keys and outage.starts < outage.ends
        assert {town.building(key).company for key in outage.buildings} == {outage.company}


def test_history_can_be_walked(town: City) -> None:
    assert 35 <= len(town.history) <= 60
    crews = {crew.number: crew for crew in town.crews}
    for past in town.history:
        building = town.building(past.building)
        assert past.premises in {premises.number for premises in building.premises}
        assert ENTRIES[past.classifier].skill in crews[past.crew].skills
        assert past.took < past.ago
        assert (past.rating is not None) == (past.outcome in ("confirmed", "returned"))
        assert building.has_lift or not past.classifier.startswith("lift")
    assert [p.ago for p in town.history] == sorted((p.ago for p in town.history), reverse=True)
    assert {past.outcome for past in town.history} >= {"confirmed", "unanswered"}


def test_somebody_s_word_is_awaited_so_the_demo_has_a_resident_at_once(town: City) -> None:
    (past,) = (past for past in town.history if past.outcome == "unheard")
    flat = next(f for f in town.building(past.building).premises if f.number == past.premises)
    assert flat.people[0].email
    assert past.ago < timedelta(days=3), "or the clock closes it before anybody looks"


def test_stricter_norms_of_companies_are_stricter(town: City) -> None:
    for company in town.companies:
        for code, seconds in company.stricter_norms.items():
            assert stricter(NORMS[code], timedelta(seconds=seconds))


def test_it_is_plain_data() -> None:
    """No Django, no clock, no files in the generators."""
    for file in Path(vakhta.demo.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert name.split(".")[0] not in ("django", "time", "os", "pathlib", "httpx"), (
                    file.name,
                    name,
                )
