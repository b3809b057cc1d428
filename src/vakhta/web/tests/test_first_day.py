"""An agreement begins with its day by the clock on the wall, not some hours into the night shift."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from tests.cast import Cast

from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope
from vakhta.people.models import Agreement
from vakhta.web.tests.steps import browser_of, registered


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-11-24T20:59:00Z", 404),  # 23:59 in Moscow, the evening before
        ("2026-11-24T21:00:00Z", 200),  # midnight: the first day has begun
        ("2026-11-25T08:00:00Z", 200),
    ],
)
def test_the_centre_sees_a_company_from_midnight_of_the_first_day(
    cast: Cast, moment: str, status: int
) -> None:
    ticket = registered(cast)
    with acting(Scope.system("test")):
        Agreement.objects.filter(company=cast.north).update(since=date(2026, 11, 25))
    with time_machine.travel(moment, tick=False):
        assert browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/").status_code == status


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-11-24T20:59:00Z", 200),  # 23:59 in Moscow, the last evening
        ("2026-11-24T21:00:00Z", 404),  # midnight: it is over
        ("2026-12-25T08:00:00Z", 404),
    ],
)
def test_the_centre_sees_nothing_of_it_from_midnight_of_the_day_that_it_ends(
    cast: Cast, moment: str, status: int
) -> None:
    ticket = registered(cast)
    with acting(Scope.system("test")):
        Agreement.objects.filter(company=cast.north).update(since=date(2020, 1, 1), until=date(2026, 11, 25))
    with time_machine.travel(moment, tick=False):
        assert browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/").status_code == status


def test_today_is_the_day_of_the_service_s_zone() -> None:
    with time_machine.travel("2026-11-24T21:30:00Z", tick=False):
        assert clock.today() == date(2026, 11, 25)
