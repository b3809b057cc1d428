"""What the steps propose is right at every minute of a night shift: Ctrl+Enter takes it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import reading
from vakhta.web.said import hours
from vakhta.web.tests.steps import browser_of, registered

FIELD = re.compile(r'name="(day|since|until|reason|worker)" value="([^"]*)"')


@pytest.mark.parametrize("code", ["flat.cold.riser", "flat.taps"])
@pytest.mark.parametrize("at", ["19:41", "19:55", "20:12", "20:29", "20:50", "20:58", "21:03"])  # Moscow: +3
def test_the_proposed_hour_of_access_is_taken_around_midnight(cast: Cast, code: str, at: str) -> None:
    with time_machine.travel(f"2026-11-28T{at}:00Z", tick=False):
        ticket = registered(cast, code)
        with reading(cast.scope(cast.ivanova)):
            contact = Interaction.objects.get(ticket=ticket)
        desk, step = browser_of(cast.ivanova), reverse("console:step", args=[contact.pk, 7])
        page = desk.get(step, headers={"HX-Request": "true"}).content.decode()
        drawn = dict(reversed(FIELD.findall(page)))  # the first of each: skipping has a reason too
        assert {"day", "since", "until"} <= set(drawn)
        said = {"needed": "yes", **drawn, "worker": "Кузнецов И. А."}
        answer = desk.post(step, said, headers={"HX-Request": "true"})
        assert answer.status_code == 200, re.findall(r"field-error.*?</p>", answer.content.decode(), re.S)
    with reading(cast.scope(cast.ivanova)):
        agreed = next(
            r.fact for r in journal.history(f"ticket/{ticket.pk}") if isinstance(r.fact, facts.AccessAgreed)
        )
    assert agreed.since is not None and agreed.until is not None
    assert timedelta(0) < agreed.until - agreed.since <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("since", "until", "ends"),
    [
        ("23:35", "00:35", "2026-11-29 00:35"),
        ("22:00", "06:00", "2026-11-29 06:00"),
        ("14:00", "16:00", "2026-11-28 16:00"),
        ("14:00", "13:00", None),
        ("14:00", "14:00", None),
        ("14:00", "", ""),
    ],
)
def test_a_visit_goes_past_midnight_and_a_slip_is_told(since: str, until: str, ends: str | None) -> None:
    if ends is None:
        with pytest.raises(Invalid, match="позже начала") as refused:
            hours("28.11.2026", since, until, "Europe/Moscow")
        assert refused.value.field == "until"
        return
    _start, end = hours("28.11.2026", since, until, "Europe/Moscow")
    assert (f"{end:%Y-%m-%d %H:%M}" if end else "") == ends


@pytest.mark.parametrize("until", ["06:00", "11:00", ""])
def test_when_a_visit_begins_is_never_guessed(until: str) -> None:
    with pytest.raises(Invalid, match="с какого времени") as refused:
        hours("28.11.2026", "", until, "Europe/Moscow")
    assert refused.value.field == "since"


def test_an_hour_of_a_day_when_the_clocks_go_back_is_an_hour() -> None:
    start, end = hours("24.10.2026", "23:30", "00:30", "Europe/Berlin")
    assert start == datetime.fromisoformat("2026-10-24T23:30+02:00")
    assert end == datetime.fromisoformat("2026-10-25T00:30+02:00")
