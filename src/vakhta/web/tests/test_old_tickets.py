"""Where a ticket of an old journal is seen, and where it must not count."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast

from vakhta.imports.old import OldBook, Source
from vakhta.imports.reading import Report, read_sheets
from vakhta.kernel import clock
from vakhta.kernel.tenancy import Scope, reading
from vakhta.reports.ticket import ticket_pdf
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import browser_of, registered

HEADINGS = [
    "№",
    "Дата",
    "Адрес",
    "Кв.",
    "Заявитель",
    "Содержание",
    "Исполнитель",
    "Срок",
    "Выполнено",
    "Отметка",
]
MIDNIGHT = re.compile(r"(?<![+T:\d])00:00")
YESTERDAY = clock.now() - timedelta(days=1)


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def old(cast: Cast) -> Ticket:
    """Two of an old journal, one with the day alone; and one of ours."""
    rows = [
        ["1547/24", f"{YESTERDAY:%d.%m.%Y} 8:40", "Ленина 15", "42", "Петрова А. С.", "течёт стояк", "слесарь Зуев", "сутки",
         f"{YESTERDAY:%d.%m.%Y}", "хомут"],
        ["26", f"{YESTERDAY:%d.%m.%Y}", "Ленина 15", "", "", "позвонить жильцу", "", "", "", ""],
    ]  # fmt: skip
    scope = Scope(companies=frozenset({cast.north.pk}), actor=f"staff/{cast.kim.pk}", role="administrator")
    book = OldBook(Source(company=cast.north.pk, name="журнал 2024.xlsx", digest="d"), Report())
    table = iter(enumerate([HEADINGS, *rows], 1))
    report = read_sheets([("Март", table)], book.sheet, book.report, "журнал 2024.xlsx", scope)
    assert (report.added["заявки"], report.bad_rows) == (2, 0)
    registered(cast)
    with reading(Scope.system("test")):
        return Ticket.objects.get(old_number="1547/24")  # type: ignore[no-any-return]


def test_its_page_says_where_it_is_from_and_offers_no_work(old: Ticket, cast: Cast) -> None:
    page = text(browser_of(cast.ivanova).get(reverse("console:ticket", args=[old.number])))
    for words in ("1547/24", "журнал «журнал 2024.xlsx», лист «Март», строка 2", "(по словам)", "слесарь Зуев", "сутки",
                  "хомут", "Заявка перенесена из прежнего журнала", "ул. Ленина, 15", "поступила"):  # fmt: skip
        assert words in page, words
    assert "Номер назван" not in page and 'data-opens="form-' not in page
    assert "t-clocks" not in page and not MIDNIGHT.search(page)


def test_a_day_without_a_time_is_told_as_a_day(old: Ticket, cast: Cast) -> None:
    with reading(Scope.system("test")):
        bare = Ticket.objects.get(old_number="26")
    assert (old.has_time, bare.has_time) == (True, False)
    page = text(browser_of(cast.ivanova).get(reverse("console:ticket", args=[bare.number])))
    assert "Времени поступления в журнале нет" in page and not MIDNIGHT.search(page)
    assert "Неисправность не определена" in page


def test_a_comment_may_be_written_to_it(old: Ticket, cast: Cast) -> None:
    said = {"text": "жилец вспомнил об этой течи"}
    assert (
        browser_of(cast.ivanova).post(reverse("console:comment", args=[old.number]), said).status_code == 302
    )
    assert "вспомнил" in text(browser_of(cast.ivanova).get(reverse("console:ticket", args=[old.number])))


@pytest.mark.parametrize(
    ("question", "own", "carried"),
    [
        ("", 1, 2),
        ("origin=old", 0, 2),
        ("origin=own", 1, 0),
        ("q=1547/24", 0, 1),
        ("q=№ 1547/24", 0, 1),
        ("q=26", 0, 1),
        ("q=стояк", 0, 1),
        ("q=ленина 15", 1, 2),
        ("origin=old&state=open", 0, 0),
    ],
)
def test_lists_find_it_by_its_number_its_words_and_its_house(
    old: Ticket, cast: Cast, question: str, own: int, carried: int
) -> None:
    page = text(browser_of(cast.ivanova).get(f"/tickets/?{question}"))
    rows = re.search(r"<tbody data-list>(.*?)</tbody>", page, re.S)
    body = rows[1] if rows else ""
    assert (body.count("<tr>") - body.count("number-old"), body.count("number-old")) == (own, carried)


def test_its_own_name_finds_it_too(old: Ticket, cast: Cast) -> None:
    page = text(browser_of(cast.ivanova).get("/tickets/", {"q": old.number}))
    assert page.count("number-old") == 1


def test_a_file_of_the_list_says_the_journal(old: Ticket, cast: Cast) -> None:
    answer = browser_of(cast.ivanova).get("/tickets/tickets.csv?origin=old")
    lines = text(answer).splitlines()
    assert lines[0].endswith("Прежний журнал") and all(
        line.endswith("журнал 2024.xlsx") for line in lines[1:]
    )
    assert (
        f"1547/24;{YESTERDAY:%d.%m.%Y} 08:40;" in lines[2]
        or f"1547/24;{YESTERDAY:%d.%m.%Y} 08:40;" in lines[1]
    )
    assert any(f"26;{YESTERDAY:%d.%m.%Y};" in line for line in lines)


def test_the_line_finds_it_by_its_number(old: Ticket, cast: Cast) -> None:
    page = text(browser_of(cast.ivanova).get("/console/line/", {"q": "№26"}))
    assert "number-old" in page


def test_it_counts_in_indicators_only_when_it_is_asked_for(old: Ticket, cast: Cast) -> None:
    senior = browser_of(cast.gromova)
    asked = {"since": (YESTERDAY - timedelta(days=2)).date().isoformat(), "by": "company"}
    page = text(senior.get(reverse("indicators:indicators"), asked))
    (total,) = re.findall(r"<tfoot>.*?</tfoot>", page, re.S)
    assert "origin=own" in page and ">1</a>" in total and ">3</a>" not in total
    page = text(senior.get(reverse("indicators:indicators"), {**asked, "old": "yes"}))
    (total,) = re.findall(r"<tfoot>.*?</tfoot>", page, re.S)
    assert "origin=own" not in page and ">3</a>" in total


def test_the_board_and_the_queue_do_not_know_it(old: Ticket, cast: Cast) -> None:
    assert "1547/24" not in text(browser_of(cast.gromova).get(reverse("board:board")))
    assert "1547/24" not in text(browser_of(cast.ivanova).get(reverse("console:threatened")))


def test_its_paper_says_the_journal(old: Ticket, cast: Cast) -> None:
    with reading(cast.scope(cast.ivanova)):
        assert ticket_pdf(old.pk, at=datetime(2026, 11, 24, 9, tzinfo=UTC)).startswith(b"%PDF")


def test_the_journal_shows_its_history_by_the_old_number(old: Ticket, cast: Cast) -> None:
    page = text(browser_of(cast.gromova).get(reverse("reports:journal"), {"number": "26"}))
    assert "Заявка перенесена из прежнего журнала" in page and "позвонить жильцу" in page


def test_past_tickets_of_the_house_on_the_card(old: Ticket, cast: Cast) -> None:
    from vakhta.contacts import actions as contacts
    from vakhta.kernel.journal import acting

    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="+79000001542")
    page = text(browser_of(cast.ivanova).get(f"/console/?contact={row.pk}"))
    assert "1547/24" in page and "(по словам)" in page
