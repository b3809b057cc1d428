"""The list of tickets: whatever somebody types finds what they mean, filters stay in the address."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.kernel import clock
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.lists.queries import views_of
from vakhta.tickets.changes import void_ticket
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.lists import build, parts
from vakhta.web.lists.ticket_columns import COLUMNS
from vakhta.web.tests.steps import BOOKKEEPING, browser_of
from vakhta.wiring import FOLLOWERS

MOST_QUERIES = 8
"""The issue's ceiling for a list."""


def ticket(
    cast: Cast, code: str, words: str, *, phone: str = "", address: str = "", at: Any = None
) -> Ticket:
    message = arrival.Message(channel="phone", phone=phone, address=address, text=words)
    with acting(Scope.system("api"), at=at):
        row, _new = arrival.receive(message, centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova), at=at):
        contacts.take(row.pk)
        return contacts.register(row.pk, classifier=code, description=words, is_outside=True)


@pytest.fixture
def town(cast: Cast) -> dict[str, Ticket]:
    now = clock.now()
    made = {
        "leak": ticket(cast, "flat.cold.riser", "течёт стояк в ванной", phone="8 900 000-15-42"),
        "old": ticket(cast, "flat.power.none", "нет света", address="ленина 15", at=now - timedelta(days=40)),
        "mira": ticket(cast, "flat.sewer.blockage", "засор на кухне", address="мира 3-12"),
        "bridge": ticket(cast, "yard.cleaning", "гололёд", address="у моста"),
        "gas": ticket(cast, "house.gas.smell", "пахнет газом", address="у школы"),
    }
    with acting(cast.scope(cast.ivanova)):
        crews.assign_ticket(made["leak"].pk, crew=cast.crew4.pk)
    with acting(cast.scope(cast.gromova)):
        void_ticket(made["bridge"].pk, "повтор")
    with reading(Scope.system("test")):
        Clock.objects.filter(subject=f"ticket/{made['old'].pk}").update(breached_at=now)
    for follower in FOLLOWERS:
        while follow(follower):
            pass
    return made


def page(cast: Cast, question: str, who: str = "ivanova") -> Any:
    return browser_of(getattr(cast, who)).get(f"/tickets/?{question}")


def shown(answer: Any, town: dict[str, Ticket]) -> list[str]:
    numbers = re.findall(r"/console/ticket/(\d{2}-\d+)/", answer.content.decode())
    names = {row.number: name for name, row in town.items()}
    return [names[number] for number in dict.fromkeys(numbers)]


@pytest.mark.parametrize(
    "said", ["375291234567", "%2B375 29 123-45-67", "375 (29) 123-45-67", "8 10 375 29 123 45 67"]
)
def test_a_foreign_phone_is_found_without_its_sign_too(cast: Cast, said: str) -> None:
    abroad = ticket(cast, "flat.power.none", "нет света", address="у моста", phone="+375 29 123-45-67")
    assert shown(page(cast, f"q={said}"), {"abroad": abroad}) == ["abroad"]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("", ["gas", "bridge", "mira", "leak", "old"]),
        ("q=стояк", ["leak"]),
        ("q=засор кухня", ["mira"]),
        ("q=петрова", ["leak"]),
        ("q=8 (900) 000-15-42", ["leak"]),
        ("q=ленина 15", ["leak", "old"]),
        ("q=лен15-42", ["leak"]),
        ("q=ktybyf 15", ["leak", "old"]),
        ("q=мира", ["mira"]),
        ("q=чего нет", []),
        ("state=open", ["gas", "mira", "leak", "old"]),
        ("state=unassigned", ["mira", "old"]),
        ("state=work", ["leak"]),
        ("state=gone", ["bridge"]),
        ("severity=emergency", ["gas", "mira", "leak"]),
        ("kind=flat.sewer.blockage", ["mira"]),
        ("channel=lift", []),
        ("crew={crew}", ["leak"]),
        ("crew=none", ["gas", "bridge", "mira", "old"]),
        ("house=none", ["gas", "bridge"]),
        ("house=none&crew=none&state=open", ["gas"]),
        ("company={luch}", ["mira"]),
        ("broken=yes", ["old"]),
        ("since={yesterday}", ["gas", "bridge", "mira", "leak"]),
        ("until={yesterday}", ["old"]),
        ("q=ленина 15&state=work&severity=emergency", ["leak"]),
        ("q=ленина 15&state=gone", []),
        ("order=oldest", ["old", "leak", "mira", "bridge", "gas"]),
        ("order=oldest&q=ленина 15", ["old", "leak"]),
    ],
)
def test_what_is_asked_is_shown_newest_first(
    cast: Cast, town: dict[str, Ticket], question: str, names: list[str]
) -> None:
    yesterday = f"{clock.now().astimezone(ZoneInfo('Europe/Moscow')) - timedelta(days=1):%d.%m.%Y}"
    asked = question.format(crew=cast.crew4.pk, luch=cast.luch.pk, yesterday=yesterday)
    answer = page(cast, asked)
    assert answer.status_code == 200 and shown(answer, town) == names


def test_a_number_is_found_however_it_is_written(cast: Cast, town: dict[str, Ticket]) -> None:
    number = town["mira"].number
    for said in (number, f"№ {number}", number.replace("-", " - "), number.partition("-")[2]):
        assert shown(page(cast, f"q={said}"), town) == ["mira"], said


def test_it_says_how_it_understood(cast: Cast, town: dict[str, Ticket]) -> None:
    assert "по адресу: ул. Ленина, 15, кв. 42" in page(cast, "q=лен15-42").content.decode()
    assert "по телефону заявителя" in page(cast, "q=89000001542").content.decode()
    assert "по словам описания" in page(cast, "q=стояк").content.decode()


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("state=broken", "state"),
        ("kept=yes", "kept"),
        ("running=weather", "running"),
        ("severity=1", "severity"),
        ("kind=flat.nothing", "kind"),
        ("company=север", "company"),
        ("crew=-1", "crew"),
        ("since=31.02.2026", "since"),
        ("since=24.11.2026&until=23.11.2026", "until"),
        ("after=last", "after"),
        ("q=" + "ж" * 300, "q"),
        ("order=newest", "order"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(cast: Cast, question: str, field: str) -> None:
    answer = page(cast, question)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="l-{field}-about"' in text or field == "after"
    assert 'class="list-table"' not in text


def test_nobody_sees_another_company_s_tickets(cast: Cast, town: dict[str, Ticket]) -> None:
    assert shown(page(cast, "", "client"), town) == ["leak", "old"]
    assert shown(page(cast, f"company={cast.luch.pk}", "client"), town) == []
    assert shown(page(cast, "q=засор", "client"), town) == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("order=", [["gas", "bridge"], ["mira", "leak"], ["old"]]),
        ("order=oldest", [["old", "leak"], ["mira", "bridge"], ["gas"]]),
    ],
)
def test_pages_go_on_from_the_last_row(
    cast: Cast,
    town: dict[str, Ticket],
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    expected: list[list[str]],
) -> None:
    monkeypatch.setattr(parts, "SHOWN", 2)
    seen, question = [], order
    while True:
        answer = page(cast, question)
        seen.append(shown(answer, town))
        more = re.search(r'href="\?([^"]*after=\d+)"', answer.content.decode())
        if not more:
            break
        question = more[1].replace("&amp;", "&")
    assert seen == expected


@pytest.mark.parametrize("part", [1, 2, 500])
def test_a_file_has_the_same_rows_and_nothing_is_reckoned(
    cast: Cast, town: dict[str, Ticket], monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(parts, "PART", part)
    with reading(Scope.system("test")):
        Ticket.objects.filter(pk=town["mira"].pk).update(description='=HYPERLINK("x")')
    desk = browser_of(cast.ivanova)
    text = desk.get("/tickets/tickets.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == [column.title for column in COLUMNS.plain]
    assert [row[0] for row in rows[1:]] == [town[n].number for n in ("gas", "bridge", "mira", "leak", "old")]
    assert rows[3][4] == '\'=HYPERLINK("x")'
    book = load_workbook(io.BytesIO(desk.get("/tickets/tickets.xlsx?state=work").content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["Номер", town["leak"].number]
    by_head = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    dates = {head for head, cell in by_head.items() if cell.data_type == "d"}
    assert dates == {"Принята", "Срок по норме"}, "a table sorts and subtracts moments; all the rest is text"
    assert {cell.data_type for head, cell in by_head.items() if cell.value and head not in dates} == {"s"}
    taken = by_head["Принята"]
    assert taken.number_format == "dd.mm.yyyy hh:mm"
    moments: list[Any] = [by_head[head].value for head in ("Принята", "Срок по норме")]
    assert moments == sorted(moments) and "локализац" in str(by_head["Норма"].value)
    line = next(row for row in rows if row[0] == town["leak"].number)
    assert f"{taken.value:%d.%m.%Y %H:%M}" == line[1], "the moment of the house's clock, as the CSV says it"
    every = load_workbook(io.BytesIO(desk.get("/tickets/tickets.xlsx").content)).worksheets[0]
    formula = next(cell for row in every.iter_rows() for cell in row if str(cell.value).startswith("=HYP"))
    assert formula.data_type == "s", "what a stranger wrote is never reckoned"


def test_a_file_that_is_too_long_says_what_to_do(
    cast: Cast, town: dict[str, Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vakhta.web.lists.views.MOST_ROWS", 3)
    answer = browser_of(cast.ivanova).get("/tickets/tickets.csv")
    assert answer.status_code == 422 and "сузьте отбор" in answer.content.decode()


@pytest.mark.parametrize(
    "question",
    [
        "",
        "q=стояк",
        "q=ленина 15",
        "q=26-1",
        "state=open",
        "broken=yes",
        "crew={crew}",
        "severity=urgent&state=work",
        "order=oldest",
        f"columns={','.join(column.code for column in COLUMNS.plain)}",
    ],
)
def test_queries_of_a_list_are_few_and_do_not_grow(
    cast: Cast, town: dict[str, Ticket], question: str
) -> None:
    asked = QueryDict(question.format(crew=cast.crew4.pk))
    scope = cast.scope(cast.ivanova)
    with reading(scope):
        from vakhta.web.screens import PageView

        view = PageView(title="", now=clock.now())
        with CaptureQueriesContext(connection) as queries:
            build.tickets(view, asked, views_of("tickets"))
    counted = [q["sql"] for q in queries if not BOOKKEEPING.match(q["sql"])]
    assert len(counted) <= MOST_QUERIES + 2 * ("q=ленина" in question), "\n".join(
        sql[:150] for sql in counted
    )


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert "встаёт сюда сама" in page(cast, "").content.decode()
    assert "Снимите часть отборов" in page(cast, "state=done").content.decode()


def test_a_day_begins_at_midnight_of_the_service(cast: Cast) -> None:
    asked = build.asked(QueryDict("since=24.11.2026&until=24.11.2026"), "Asia/Yekaterinburg")
    zone = ZoneInfo("Asia/Yekaterinburg")
    assert asked.since == datetime(2026, 11, 24, tzinfo=zone) and asked.until == datetime(
        2026, 11, 25, tzinfo=zone
    )
