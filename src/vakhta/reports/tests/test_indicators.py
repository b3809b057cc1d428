"""The day of the cast in numbers: what is counted, by what, and that a company sees its own only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.reports.indicators import BY, Asked, Report, report
from vakhta.reports.tests.conftest import Day, at
from vakhta.tickets import actions as tickets
from vakhta.tickets import changes
from vakhta.tickets.clocks import fire_due

MOST_QUERIES = 8
NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
"""The beginning of the 24th in Moscow."""


def counted(cast: Cast, by: str = "day", who: Staff | None = None, **more: object) -> Report:
    asked = Asked(since=NIGHT, until=NIGHT + timedelta(days=1), zone="Europe/Moscow", by=by, **more)  # type: ignore[arg-type]
    with reading(cast.scope(who or cast.gromova)):
        return report(asked, at(20))


def called(cast: Cast, moment: datetime, *, answered: datetime) -> int:
    """Somebody calls about Petrova's riser again; Sidorova answers and joins it to the ticket there is."""
    with acting(Scope.system("api"), at=moment):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    with acting(cast.scope(cast.sidorova), at=answered):
        contacts.take(row.pk)
    return row.pk


def test_a_day_in_numbers(day: Day) -> None:
    made = counted(day.cast)
    (row,) = made.rows
    assert row.key == "2026-11-24" and row.calls and row.work
    assert (row.calls.all, row.calls.repeats, row.calls.late) == (4, 0, 0)
    assert (row.work.all, row.work.open, row.work.gone) == (3, 2, 1)
    assert row.work.all == row.work.open + row.work.done + row.work.closed + row.work.gone
    assert (made.total.calls, made.total.work) == (row.calls, row.work)


def test_who_waited_and_who_called_again(day: Day) -> None:
    cast = day.cast
    with reading(cast.scope(cast.ivanova)):
        ticket = tickets.Ticket.objects.get(number=day.done)
    row = called(cast, at(13), answered=at(13, 2))
    with acting(cast.scope(cast.sidorova), at=at(13, 3)):
        contacts.join_ticket(row, ticket.pk, "где бригада?")
    called(cast, at(14), answered=at(14, 9))
    fire_due()
    by = {row.title: row.calls for row in counted(cast, "operator").rows}
    sidorova = by[cast.sidorova.name]
    assert sidorova and (sidorova.all, sidorova.repeats, sidorova.late) == (2, 1, 1)
    assert sidorova.answer == (2 * 60 + 9 * 60) / 2, "the median of two and nine minutes"
    assert all(row.work is None for row in counted(cast, "operator").rows), "tickets are nobody's of these"


def test_a_broken_norm_has_the_reason_that_was_recorded(day: Day) -> None:
    cast = day.cast
    with reading(cast.scope(cast.ivanova)):
        ticket = tickets.Ticket.objects.get(number=day.done)
    term = at(9) + timedelta(days=4)
    with acting(cast.scope(cast.ivanova), at=at(9, 20)):
        tickets.tell_terms(ticket.pk, term, reason="нет трубы на складе")
    fire_due()
    norms = {row.code: row for row in counted(cast).norms}
    containment = norms["pp416.13.containment"]
    assert containment.broken >= 1 and containment.kept == 0
    assert containment.share == 0 and containment.late and containment.late > 0
    (told,) = [row for row in norms.values() if row.reasons]
    assert told.broken >= 1 and told.reasons == (("нет трубы на складе", 1),)


def test_rows_of_every_kind_sum_up_to_the_total(day: Day) -> None:
    cast = day.cast
    with reading(cast.scope(cast.ivanova)):
        ticket = tickets.Ticket.objects.get(number=day.done)
    with acting(cast.scope(cast.ivanova), at=at(9, 4)):
        crews.assign_ticket(ticket.pk, crew=cast.crew4.pk)
    for by in BY:
        made = counted(cast, by)
        if by != "operator":
            assert sum(row.work.all for row in made.rows if row.work) == 3, by
        if by not in ("kind", "crew"):
            assert sum(row.calls.all for row in made.rows if row.calls) == 4, by
    titles = {row.title for row in counted(cast, "crew").rows}
    assert cast.crew4.name in titles and "" in titles, "what no crew has is counted too"
    assert {row.key for row in counted(cast, "building").rows} == {
        "",
        str(cast.lenina15.pk),
        str(cast.mira3.pk),
    }


def test_a_company_counts_only_its_own(day: Day) -> None:
    cast = day.cast
    own = counted(cast, "company", cast.client)
    assert {row.title for row in own.rows} == {cast.north.short_name}
    assert (
        counted(cast, "company", company=cast.luch.pk).total.work
        == counted(cast, "company", cast.gromova, company=cast.luch.pk).total.work
    )
    assert own.total.work and own.total.work.all == sum(row.work.all for row in own.rows if row.work)


def test_days_are_those_of_the_wall_and_the_last_one_is_whole(day: Day) -> None:
    """23:30 of the 24th is of the 24th in Moscow, though not in Greenwich."""
    cast = day.cast
    with acting(Scope.system("api"), at=at(23, 30)):
        arrival.receive(arrival.Message(channel="web", text="темно в подъезде"), centre=cast.centre.pk)
    (row,) = counted(cast).rows
    assert row.key == "2026-11-24" and row.calls and row.calls.all == 5


def test_an_empty_day_is_no_mistake(cast: Cast) -> None:
    made = counted(cast)
    assert made.rows == () and made.norms == ()
    assert (
        made.total.work and made.total.work.all == 0 and made.total.calls and made.total.calls.answer is None
    )


@pytest.mark.parametrize("by", BY)
def test_a_report_costs_a_known_number_of_queries(day: Day, by: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        counted(day.cast, by)
    selects = [
        q for q in asked.captured_queries if q["sql"].startswith("SELECT") and "set_config" not in q["sql"]
    ]
    assert len(selects) <= MOST_QUERIES


def test_a_void_ticket_is_counted_as_gone_and_breaks_nothing_after_it(day: Day) -> None:
    cast = day.cast
    with reading(cast.scope(cast.gromova)):
        ticket = tickets.Ticket.objects.get(number=day.done)
    with acting(cast.scope(cast.gromova), at=at(9, 5)):
        changes.void_ticket(ticket.pk, "проверка")
    fire_due()
    (row,) = counted(cast).rows
    assert row.work and row.work.gone == 2
