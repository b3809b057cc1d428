"""The journal's page and its files, as a senior, a client and a stranger get them."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.models import EntryWords
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.tickets.models import Ticket


class Reader:
    def __init__(self, staff: Staff | None = None) -> None:
        self.client = Client()
        if staff is not None:
            self.client.force_login(staff.user)

    def opens(self, path: str = "", **query: str) -> HttpResponse:
        return self.client.get(f"/journal/{path}", query)  # type: ignore[return-value]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    with acting(Scope.system("api")):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
        return contacts.register(row.pk, classifier="flat.cold.riser", description="течёт <b>стояк</b>")


def words(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_a_senior_reads_what_happened_today_and_that_the_chain_is_whole(cast: Cast, ticket: Ticket) -> None:
    page = words(Reader(cast.gromova).opens())
    assert "Заявка зарегистрирована" in page and "Петрова" in page
    assert "Цепь цела: записей 6" in page
    assert "течёт &lt;b&gt;стояк" in page and "<b>стояк" not in page


def test_a_broken_chain_is_the_loudest_thing(cast: Cast, ticket: Ticket) -> None:
    with reading(Scope.system("test")):
        EntryWords.objects.filter(entry_id__gt=1).delete()
    page = words(Reader(cast.gromova).opens())
    assert "Журнал повреждён. Запись" in page and "слова удалены без акта" in page


def test_a_long_journal_is_verified_when_asked(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vakhta.web.journal.build.VERIFIED_AT_ONCE", 0)
    reader = Reader(cast.gromova)
    page = words(reader.opens())
    assert "Цепь цела" not in page and "Проверить цепь" in page
    assert "Цепь цела" in words(reader.opens(verify="1"))


def test_a_ticket_s_history_by_its_number(cast: Cast, ticket: Ticket) -> None:
    with acting(Scope.system("api")):
        arrival.receive(arrival.Message(channel="web", text="другое дело"), centre=cast.centre.pk)
    reader = Reader(cast.gromova)
    page = words(
        reader.opens(
            number=f"{ticket.number[:3]} {ticket.number[3:]}", since="2001-01-01", until="2001-01-01"
        )
    )
    assert "Заявка зарегистрирована" in page and "Обращение поступило" in page and "другое дело" not in page
    assert reader.opens(number="26-999").status_code == 422


def test_a_company_reads_and_prints_its_own(cast: Cast, ticket: Ticket) -> None:
    with acting(Scope.system("api")):
        arrival.receive(arrival.Message(channel="phone", phone="8 900 000-03-12"), centre=cast.centre.pk)
    reader = Reader(cast.client)
    page = words(reader.opens())
    assert "Петрова" in page and "Козлов" not in page and "Иванова" not in page
    csv = words(reader.opens("journal.csv"))
    assert "Петрова" in csv and "Козлов" not in csv
    assert "Козлов" not in words(reader.opens("journal.csv", company=str(cast.luch.pk)))


def test_one_company_of_several(cast: Cast, ticket: Ticket) -> None:
    reader = Reader(cast.gromova)
    assert "Петрова" not in words(reader.opens(company=str(cast.luch.pk)))
    assert "Петрова" in words(reader.opens(company=str(cast.north.pk)))


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_the_print_outs(cast: Cast, ticket: Ticket, kind: str, begins: bytes) -> None:
    answer = Reader(cast.inspector).opens(f"journal.{kind}")
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert (
        answer["Content-Disposition"].startswith("attachment") and f".{kind}" in answer["Content-Disposition"]
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "words_of_it"),
    [
        ({"since": "вчера"}, "Дата не читается"),
        ({"until": "2026-13-01"}, "Дата не читается"),
        ({"until": "31.11.2026"}, "Дата не читается"),
        ({"since": "9999-12-31"}, "от 2000 до 2100"),
        ({"since": "0001-01-01"}, "от 2000 до 2100"),
        ({"since": "2026-11-25", "until": "2026-11-24"}, "поменяйте дни местами"),
        ({"company": "1; DROP"}, "целое число"),
        ({"company": "9" * 30}, "целое число"),
        ({"before": "²"}, "целое число"),
    ],
)
def test_a_wrong_question_is_refused_in_words(cast: Cast, query: dict[str, str], words_of_it: str) -> None:
    answer = Reader(cast.gromova).opens(**query)
    assert answer.status_code == 422 and words_of_it in answer.content.decode()


def test_what_was_typed_wrong_stands_in_its_field(cast: Cast) -> None:
    answer = Reader(cast.gromova).opens(since="31.11.2026", until="25.11.2026")
    page = answer.content.decode()
    assert 'value="31.11.2026"' in page and 'aria-describedby="j-since-about"' in page
    assert "За эти дни записей нет" not in page


def test_days_are_read_as_people_write_them(cast: Cast, ticket: Ticket) -> None:
    today = f"{clock.today():%d.%m.%Y}"
    page = words(Reader(cast.gromova).opens(since="1.1.26", until=today))
    assert "Заявка зарегистрирована" in page and 'value="01.01.2026"' in page


def test_a_year_at_most_is_printed(cast: Cast) -> None:
    answer = Reader(cast.gromova).opens("journal.pdf", since="2020-01-01", until="2026-01-01")
    assert answer.status_code == 422 and "Больше года" in answer.content.decode()


def test_an_unknown_format_is_told(cast: Cast) -> None:
    assert Reader(cast.gromova).opens("journal.exe").status_code == 404


def test_operators_and_strangers_do_not_get_the_journal(cast: Cast, ticket: Ticket) -> None:
    for path in ("", "journal.csv", "journal.pdf"):
        refused = Reader(cast.kuznetsov).opens(path)
        assert refused.status_code == 403 and "Петрова" not in refused.content.decode()
        assert Reader().opens(path).status_code == 302


def test_the_papers_for_a_blackout(cast: Cast) -> None:
    for path in ("duty.pdf", "blank.pdf"):
        answer = Reader(cast.ivanova).opens(path)
        assert answer.content.startswith(b"%PDF-") and answer["Content-Disposition"].startswith("inline")
        assert Reader(cast.inspector).opens(path).status_code == 403


def test_older_entries_stand_on_the_next_page(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vakhta.web.journal.views.SHOWN", 3)
    reader = Reader(cast.gromova)
    first = words(reader.opens())
    assert "Раньше" in first and "Обращение поступило" not in first
    assert "Обращение поступило" in words(reader.opens(before="3"))


def test_the_page_costs_the_same_however_many_entries(
    cast: Cast, ticket: Ticket, django_assert_max_num_queries: object
) -> None:
    with acting(cast.scope(cast.gromova), at=clock.now()):
        for _ in range(20):
            arrival.receive(arrival.Message(channel="web", text="ещё"), centre=cast.centre.pk)
    reader = Reader(cast.gromova)
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        reader.opens()
