"""The list of contacts: all that came, how each ended, whose it is; filters stay in the address."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.kernel import clock
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.web.tests.steps import BOOKKEEPING, browser_of, registered
from vakhta.wiring import FOLLOWERS

MOST_QUERIES = 8


@pytest.fixture
def day(cast: Cast) -> dict[str, int]:
    """Five contacts, each ended otherwise or not yet; their words are their names."""
    made: dict[str, int] = {}

    def come(name: str, *, phone: str = "", channel: str = "phone", address: str = "", days: int = 0) -> int:
        message = arrival.Message(channel=channel, phone=phone, address=address, text=name)
        with acting(Scope.system("api"), at=clock.now() - timedelta(days=days)):
            row, _ = arrival.receive(message, centre=cast.centre.pk)
        made[name] = row.pk
        return row.pk

    old = come("старое", phone="8 900 111-22-33", days=40)
    come("ждёт", channel="email", address="мира 3-12")
    held = come("у Ивановой", phone="8 900 000-15-42")
    talk = come("консультация", phone="8 900 222-33-44")
    with acting(cast.scope(cast.gromova)):
        for pk, outcome in ((old, "silence"), (talk, "consultation")):
            contacts.take(pk)
            contacts.end(pk, outcome, note="спросили")
    with acting(cast.scope(cast.ivanova)):
        contacts.take(held)
    return made


def page(cast: Cast, question: str, who: str = "ivanova") -> Any:
    return browser_of(getattr(cast, who)).get(f"/tickets/contacts/?{question}")


def shown(answer: Any, day: dict[str, int]) -> list[str]:
    return [
        word for word in re.findall(r'class="list-words">([^<]+)<', answer.content.decode()) if word in day
    ]


@pytest.mark.parametrize(
    "said", ["375291234567", "%2B375 29 123-45-67", "375 (29) 123-45-67", "8 10 375 29 123 45 67"]
)
def test_a_foreign_phone_is_found_without_its_sign_too(cast: Cast, day: dict[str, int], said: str) -> None:
    message = arrival.Message(channel="phone", phone="+375 29 123-45-67", text="из-за границы")
    with acting(Scope.system("api")):
        row, _ = arrival.receive(message, centre=cast.centre.pk)
    assert shown(page(cast, f"q={said}"), {"из-за границы": row.pk}) == ["из-за границы"]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("", ["консультация", "у Ивановой", "ждёт", "старое"]),
        ("q=8 (900) 111-22-33", ["старое"]),
        ("q=лен15-42", ["у Ивановой"]),
        ("q=мира 3", ["ждёт"]),
        ("q=чего нет", []),
        ("state=waiting", ["ждёт"]),
        ("state=taken", ["у Ивановой"]),
        ("state=ended", ["консультация", "старое"]),
        ("outcome=silence", ["старое"]),
        ("channel=email", ["ждёт"]),
        ("operator={gromova}", ["консультация", "старое"]),
        ("operator=none", ["ждёт"]),
        ("house=none", ["консультация", "старое"]),
        ("company={luch}", ["ждёт"]),
        ("since={yesterday}", ["консультация", "у Ивановой", "ждёт"]),
        ("until={yesterday}", ["старое"]),
    ],
)
def test_what_is_asked_is_shown_newest_first(
    cast: Cast, day: dict[str, int], question: str, names: list[str]
) -> None:
    yesterday = f"{clock.now().astimezone(ZoneInfo('Europe/Moscow')) - timedelta(days=1):%d.%m.%Y}"
    asked = question.format(gromova=cast.gromova.pk, luch=cast.luch.pk, yesterday=yesterday)
    answer = page(cast, asked)
    assert answer.status_code == 200 and shown(answer, day) == names


def test_by_the_name_and_the_words_of_its_ticket(cast: Cast) -> None:
    ticket = registered(cast)
    for follower in FOLLOWERS:
        while follow(follower):
            pass
    for words in ("петрова", "петрова анна", ticket.description.split()[0]):
        text = page(cast, f"q={words}").content.decode()
        assert f"/console/ticket/{ticket.number}/" in text and "по словам" in text
    assert f"/console/ticket/{ticket.number}/" not in page(cast, "q=шлагбаум").content.decode()


def test_by_the_number_of_its_ticket(cast: Cast) -> None:
    ticket = registered(cast)
    text = page(cast, f"q=№ {ticket.number}").content.decode()
    assert f"/console/ticket/{ticket.number}/" in text and "по номеру заявки" in text


@pytest.mark.parametrize(
    ("question", "words"),
    [("state=x", "нет в списке"), ("since=x", "Дата не читается"), ("company=²", "нет в списке"),
     ("since=02.01.2026&until=01.01.2026", "раньше")],
)  # fmt: skip
def test_what_cannot_be_read_is_said(cast: Cast, question: str, words: str) -> None:
    answer = page(cast, question)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_pages_go_on_where_the_last_one_ended(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, day: dict[str, int]
) -> None:
    monkeypatch.setattr("vakhta.web.lists.parts.SHOWN", 3)
    first = page(cast, "")
    more = re.search(r"after=\d+", first.content.decode())
    assert shown(first, day) == ["консультация", "у Ивановой", "ждёт"] and more
    assert shown(page(cast, more[0]), day) == ["старое"]


def test_the_file_has_what_the_page_has(cast: Cast, day: dict[str, int]) -> None:
    answer = browser_of(cast.inspector).get("/tickets/contacts/contacts.csv?state=ended")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Поступило"
    assert [row[5] for row in rows[1:]] == ["консультация", "старое"]


def test_who_may_not_take_has_no_way_to_a_card(cast: Cast, day: dict[str, int]) -> None:
    assert "/console/contact/" in page(cast, "").content.decode()
    assert "/console/contact/" not in page(cast, "", "inspector").content.decode()
    assert page(cast, "", "kuznetsov").status_code == 403


def test_another_company_s_contacts_are_not_there(cast: Cast, day: dict[str, int]) -> None:
    with reading(Scope.system("test")):
        Interaction.objects.filter(pk=day["ждёт"]).update(company=cast.foreign, building=None, premises=None)
    assert "ждёт" not in shown(page(cast, "", "client"), day)


@pytest.mark.parametrize(
    "question",
    ["", "q=8 900 111-22-33", "q=лен15-42", "q=петрова", "q=течёт стояк", "state=ended", "outcome=silence"],
)
def test_a_list_asks_few_questions(cast: Cast, day: dict[str, int], question: str) -> None:
    desk = browser_of(cast.ivanova)
    desk.get("/tickets/contacts/")
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(f"/tickets/contacts/?{question}").status_code == 200
    queries = [query["sql"] for query in asked if not BOOKKEEPING.match(query["sql"])]
    # The session, the rights and the journal's head are every page's; an address costs its search.
    assert len(queries) <= MOST_QUERIES + (5 if "лен" in question else 1), queries
