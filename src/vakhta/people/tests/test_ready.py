"""Ready and on a pause: a fact in the journal, a word on the row; only of oneself."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import Cast

from vakhta.domain.facts import StaffPaused, StaffReady
from vakhta.kernel.journal import acting, history
from vakhta.kernel.refusal import Forbidden, Invalid, NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people import actions as people
from vakhta.people.models import Staff


def told(cast: Cast) -> list[tuple[str, str]]:
    """Kind and reason of every fact about Ivanova's readiness."""
    with reading(cast.scope(cast.ivanova)):
        return [(r.fact.kind, getattr(r.fact, "reason", "")) for r in history(f"staff/{cast.ivanova.pk}")]


def row(cast: Cast) -> tuple[bool, str]:
    with reading(cast.scope(cast.ivanova)):
        kept = Staff.objects.get(pk=cast.ivanova.pk)
        return kept.is_ready, kept.pause_reason


def test_a_pause_has_its_reason_in_the_row_and_in_the_journal(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        people.pause(" обед ")
    assert row(cast) == (False, "обед")
    assert told(cast) == [("StaffPaused", "обед")]


def test_ready_ends_the_pause(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        people.pause("обед")
    with acting(cast.scope(cast.ivanova)):
        people.be_ready()
    assert row(cast) == (True, "")
    assert [kind for kind, _ in told(cast)] == [StaffPaused.__name__, StaffReady.__name__]


def test_what_is_so_already_is_no_second_fact(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        people.be_ready()
        people.pause("обед")
        people.pause("обед")
    assert told(cast) == [("StaffPaused", "обед")]


def test_another_reason_is_another_pause(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        people.pause()
        people.pause("врач")
    assert told(cast) == [("StaffPaused", ""), ("StaffPaused", "врач")]


@pytest.mark.parametrize("who", ["kuznetsov", "client", "inspector", "kim"])
def test_only_who_takes_contacts_may_pause(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden), acting(cast.scope(getattr(cast, who))):
        people.pause("обед")
    assert row(cast) == (True, "")


def test_a_part_of_the_system_has_no_readiness(cast: Cast) -> None:
    with pytest.raises(NotFound), acting(Scope.system("clock")):
        people.pause()


def test_a_reason_is_a_few_words(cast: Cast) -> None:
    with pytest.raises(Invalid), acting(cast.scope(cast.ivanova)):
        people.pause("о" * 121)
    assert row(cast) == (True, "")


def test_the_key_turns_it_over_and_the_line_brings_the_reason(cast: Cast) -> None:
    desk = Client(headers={"HX-Request": "true", "HX-Target": "top"})
    desk.force_login(cast.ivanova.user)
    assert 'data-ready="no"' in desk.post("/console/ready/").content.decode()
    said = desk.post("/console/ready/?set=no&reason=обед", headers={"HX-Target": "work"}).content.decode()
    assert "обед" in said and 'hx-swap-oob="true"' in said
    assert row(cast) == (False, "обед")
    desk.post("/console/ready/?set=yes")
    assert row(cast) == (True, "")


def test_the_senior_reads_in_the_journal_who_was_away_and_why(cast: Cast) -> None:
    with acting(cast.scope(cast.ivanova)):
        people.pause("обед")
    senior = Client()
    senior.force_login(cast.gromova.user)
    page = senior.get("/journal/").content.decode()
    assert "Пауза в работе" in page and "обед" in page and "Иванова" in page
