"""Who opened whose card: what an inspector reads about a resident, and what nobody can rewrite."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg.errors import InsufficientPrivilege
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.looks import ONE_FOR
from vakhta.kernel.models import Entry, Look
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import browser_of, registered


def looks() -> list[tuple[str, str, str]]:
    with reading(Scope.system("test")):
        return list(Look.objects.order_by("pk").values_list("actor", "how", "subject"))


def page(cast: Cast, who: str, question: str = "") -> Any:
    return browser_of(getattr(cast, who)).get(f"/journal/looks/?{question}")


def cells(answer: Any) -> list[str]:
    """What was seen, line by line."""
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub("<[^>]+>", " ", row).strip() for row in body.split("</tr>")[:-1]]


def test_a_card_a_ticket_a_flat_a_print_and_a_file_are_in_the_register(cast: Cast) -> None:
    ticket = registered(cast)
    with acting(Scope.system("api")):
        row, _new = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    desk, admin = browser_of(cast.ivanova), browser_of(cast.kim)
    for url in (f"/console/?contact={row.pk}", f"/console/ticket/{ticket.number}/",
                reverse("console:print", args=[ticket.number]), "/tickets/tickets.csv?state=open&q=89000001542"):  # fmt: skip
        assert desk.get(url).status_code == 200, url
    assert admin.get(f"/stock/flat/{cast.flat42.pk}/").status_code == 200
    assert admin.get(reverse("offices:people_file", args=["csv"])).status_code == 200
    who, kim = f"staff/{cast.ivanova.pk}", f"staff/{cast.kim.pk}"
    assert looks() == [
        (who, "opened", f"interaction/{row.pk}"),
        (who, "opened", f"ticket/{ticket.pk}"),
        (who, "printed", f"ticket/{ticket.pk}"),
        (who, "saved", "list/tickets"),
        (kim, "opened", f"premises/{cast.flat42.pk}"),
        (kim, "saved", "list/people"),
    ]
    told = admin.get("/journal/looks/").content.decode()
    assert "список заявок" in told and "список сотрудников" in told
    with reading(Scope.system("test")):
        assert Look.objects.get(subject="list/tickets").detail == {
            "kind": "csv",
            "rows": 1,
            "asked": "Состояние: открытые",
        }


def test_a_page_that_refreshes_itself_writes_once_and_each_file_counts(cast: Cast) -> None:
    ticket, desk = registered(cast), browser_of(cast.ivanova)
    with time_machine.travel(clock.now(), tick=False) as now:
        for _again in range(3):
            desk.get(f"/console/ticket/{ticket.number}/")
        assert len(looks()) == 1
        browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/")
        assert len(looks()) == 2
        now.shift(ONE_FOR)
        desk.get(f"/console/ticket/{ticket.number}/")
        assert len(looks()) == 3
        for _again in range(2):
            now.shift(timedelta(seconds=1))
            desk.get("/tickets/tickets.csv")
        assert len(looks()) == 5


def test_a_look_is_no_entry_of_the_journal_and_costs_one_query(cast: Cast) -> None:
    ticket, desk = registered(cast), browser_of(cast.ivanova)
    with reading(Scope.system("test")):
        before = Entry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        text = desk.get(f"/console/ticket/{ticket.number}/").content.decode()
    assert len([q for q in queries if '"look"' in q["sql"]]) == 1
    assert "Кто смотрел" not in text
    with reading(Scope.system("test")):
        assert Entry.objects.count() == before


def test_an_inspector_reads_who_looked_at_a_resident(cast: Cast) -> None:
    ticket = registered(cast)
    browser_of(cast.ivanova).get(f"/console/ticket/{ticket.number}/")
    browser_of(cast.kim).get(f"/stock/flat/{cast.flat42.pk}/")
    browser_of(cast.gromova).get("/tickets/contacts/contacts.xlsx")
    about = cells(page(cast, "inspector", f"person={cast.petrova.pk}"))
    assert ["Ким" in row or "Иванова" in row for row in about] == [True, True]
    assert "ул. Ленина, 15, кв. 42" in about[0] and ticket.number.replace("-", "-") in about[1]
    assert len(cells(page(cast, "inspector"))) == 3
    assert len(cells(page(cast, "kim", f"number={ticket.number}"))) == 1
    assert len(cells(page(cast, "kim", f"staff={cast.gromova.pk}"))) == 1
    assert len(cells(page(cast, "kim", "how=saved"))) == 1
    flat = browser_of(cast.kim).get(f"/stock/flat/{cast.flat42.pk}/").content.decode()
    assert f"/journal/looks/?person={cast.petrova.pk}" in flat


@pytest.mark.parametrize("who", ["ivanova", "gromova", "orlov", "client"])
def test_who_looked_is_for_an_inspector_and_an_administrator(cast: Cast, who: str) -> None:
    assert page(cast, who).status_code == 403


@pytest.mark.parametrize(
    ("question", "field"),
    [("number=26-9999", "number"), ("person=0", ""), ("person=999999", "person"), ("since=31.02.2026", "since"),
     ("how=stolen", "how"), ("staff=x", "staff")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_its_field(cast: Cast, question: str, field: str) -> None:
    answer = page(cast, "inspector", question)
    assert answer.status_code == (422 if field else 200)
    assert not field or f'id="k-{field}-about"' in answer.content.decode()


def test_pages_go_on_from_the_last_row(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vakhta.web.journal.looks_build.SHOWN", 2)
    ticket = registered(cast)
    for who in (cast.ivanova, cast.sidorova, cast.gromova):
        browser_of(who).get(f"/console/ticket/{ticket.number}/")
    first = page(cast, "kim")
    more = re.search(r'href="\?([^"]*after=\d+)"', first.content.decode())
    assert more and len(cells(first)) == 2
    assert "Иванова" in cells(page(cast, "kim", more[1].replace("&amp;", "&")))[0]


@pytest.mark.parametrize("sql", ["UPDATE look SET actor = 'x'", "DELETE FROM look", "TRUNCATE look"])
def test_the_application_may_only_add(cast: Cast, sql: str) -> None:
    ticket = registered(cast)
    browser_of(cast.ivanova).get(f"/console/ticket/{ticket.number}/")
    with reading(Scope.system("test")):
        with pytest.raises(ProgrammingError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    assert len(looks()) == 1


def test_another_company_s_looks_are_not_seen(cast: Cast) -> None:
    with reading(Scope.system("test")):
        foreign = Ticket(company=cast.foreign)
        Look.objects.create(
            company_id=cast.foreign.pk,
            actor="staff/1",
            subject="ticket/1",
            how="opened",
            at=clock.now(),
            slot=1,
        )
    assert foreign.company_id != cast.centre.pk and cells(page(cast, "inspector")) == []


def test_nothing_refused_is_a_look(cast: Cast) -> None:
    with acting(Scope.system("api")):
        row, _new = arrival.receive(
            arrival.Message(channel="phone", address="у моста"), centre=cast.centre.pk
        )
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
    assert browser_of(cast.kuznetsov).get(f"/console/contact/{row.pk}/").status_code == 403
    assert browser_of(cast.client).get("/console/ticket/26-1/").status_code == 404
    assert looks() == []
