"""Columns of a list: chosen in the address, kept in their order, the same in a file."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.http import QueryDict
from tests.cast import Cast

from vakhta.kernel.refusal import Invalid
from vakhta.tickets.models import Ticket
from vakhta.web.lists import contact_columns, ticket_columns
from vakhta.web.tests.steps import browser_of, ordered


@pytest.fixture
def leak(cast: Cast) -> Ticket:
    return ordered(cast)[0]


def heads(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return re.findall(r'<th data-column="[a-z]+">([^<]+)</th>', answer.content.decode())


def row(answer: Any) -> list[str]:
    cells = re.findall(r'<td data-column="[a-z]+">(.*?)</td>', answer.content.decode(), re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells]


def table(answer: Any) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig").replace("\xa0", " ")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_nobody_chose_so_the_usual_ones_are_shown(cast: Cast, leak: Ticket) -> None:
    answer = browser_of(cast.ivanova).get("/tickets/")
    assert heads(answer) == ["Заявка", "Что случилось", "Где и кто", "Стоит", "Срок", "Организация"]


@pytest.mark.parametrize(
    "asked", ["columns=phone,flat,ticket,crew", "columns=phone&columns=flat&columns=ticket&columns=crew"]
)
def test_the_chosen_ones_stand_in_their_order(cast: Cast, leak: Ticket, asked: str) -> None:
    answer = browser_of(cast.ivanova).get(f"/tickets/?{asked}")
    assert heads(answer) == ["Телефон", "Квартира", "Заявка", "Исполнитель"]
    shown = row(answer)
    assert shown[:2] == ["+7 900 000-15-42", "42"] and shown[3] == "бригада 4"


def test_every_column_of_both_lists_can_be_shown_and_none_is_empty_for_want_of_words(
    cast: Cast, leak: Ticket
) -> None:
    desk = browser_of(cast.ivanova)
    for address, columns in (("", ticket_columns.COLUMNS), ("contacts/", contact_columns.COLUMNS)):
        for column in (*columns.wide, *columns.plain):
            assert heads(desk.get(f"/tickets/{address}?columns={column.code}")) == [column.title]
    known = dict(zip((c.code for c in ticket_columns.COLUMNS.plain),
                     row(desk.get(f"/tickets/?columns={','.join(c.code for c in ticket_columns.COLUMNS.plain)}")), strict=True))  # fmt: skip
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", known["due"]), "the moment and nothing beside it"
    empty = {code for code, text in known.items() if not text}
    assert empty == {"broken", "done", "rating", "damaged", "closed", "journal"}
    assert (
        "локализац" in known["norm"] and known["entrance"] == "2" and known["email"] == "resident@example.org"
    )


def test_a_file_has_the_chosen_columns_or_all(cast: Cast, leak: Ticket) -> None:
    desk = browser_of(cast.ivanova)
    page = desk.get("/tickets/?columns=where,crew").content.decode()
    links = re.findall(r'href="(/tickets/tickets\.csv[^"]*)"', page)
    chosen, every = (table(desk.get(link.replace("&amp;", "&"))) for link in links)
    assert chosen[0] == ["Адрес", "Заявитель", "Телефон", "Исполнитель"]
    assert chosen[1][2:] == ["+7 900 000-15-42", "бригада 4"]
    assert every[0] == [column.title for column in ticket_columns.COLUMNS.plain]
    assert "Столбцы как на экране" in page and "Все столбцы" in page
    contacts = table(desk.get("/tickets/contacts/contacts.csv?columns=result,who"))
    assert contacts[0] == ["Итог", "Заявка", "Адрес", "Заявитель", "Телефон"]


def test_a_column_that_is_none_is_refused(cast: Cast, leak: Ticket) -> None:
    desk = browser_of(cast.ivanova)
    for address in ("", "tickets.csv", "contacts/", "contacts/contacts.csv"):
        answer = desk.get(f"/tickets/{address}?columns=ticket,debt")
        assert answer.status_code == 422 and "Столбца «debt» нет" in answer.content.decode()


def test_filters_and_columns_keep_each_other(cast: Cast, leak: Ticket) -> None:
    text = browser_of(cast.ivanova).get("/tickets/?columns=phone&state=open&order=oldest").content.decode()
    assert '<input type="hidden" name="columns" value="phone">' in text
    assert '<input type="hidden" name="state" value="open">' in text
    assert '<input type="hidden" name="order" value="oldest">' in text


def test_chosen_twice_is_chosen_once() -> None:
    assert ticket_columns.COLUMNS.chosen(QueryDict("columns=phone,,flat,phone")) == ("phone", "flat")
    assert [c.code for c in ticket_columns.COLUMNS.of_file(("where", "phone", "ticket"))] == [
        "address", "applicant", "phone", "number", "registered",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        ticket_columns.COLUMNS.chosen(QueryDict("columns=phone,x"))
