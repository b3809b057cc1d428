"""A journal that was kept in Excel becomes tickets: closed, once, and never among our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.domain.facts import ERASED
from vakhta.imports.columns import OLD_TICKETS, Wrong, match
from vakhta.imports.house_cells import read_house
from vakhta.imports.old import OldBook, Source
from vakhta.imports.old_lines import read_line
from vakhta.imports.reading import BATCH, Report, read_sheets
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Counter, Entry, EntryWords
from vakhta.kernel.refusal import Conflict, Forbidden, Refused
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify
from vakhta.notices.models import Delivery
from vakhta.places.models import Building
from vakhta.tickets.actions import comment, tell_number
from vakhta.tickets.models import Clock, OldJournal, Ticket, TicketWord
from vakhta.tickets.old import known_rows, take_back

SYSTEM = Scope.system("test")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
HEADINGS = ["№ п/п", "Дата", "Время", "Адрес", "Кв.", "Заявитель", "Телефон", "Содержание заявки", "Кому передано",
            "Срок", "Дата выполнения", "Отметка"]  # fmt: skip
ROW = ["1547", "12.03.2024", "8:40", "Ленина 15", "42", "Петрова А.С.", "8 916 123-45-67", "Течёт стояк в ванной",
       "сантехник Зуев", "13.03.2024", "12.03.2024", "хомут поставлен"]  # fmt: skip


def changed(row: Sequence[str] = ROW, **cells: str) -> list[str]:
    return [cells.get(f"c{place}", cell) for place, cell in enumerate(row)]


# ── One row ──────────────────────────────────────────────────────────────────────────────────


def line(**said: str) -> Any:
    """A row of a table that has these columns alone."""
    cells = {"Дата": "12.03.2024", "Адрес": "Ленина 15", "Содержание": "течь", **said}
    columns = match(1, [*cells], None, OLD_TICKETS)
    return read_line(2, list(cells.values()), columns, "Europe/Moscow", NOW)


MOMENTS = [
    ({"Дата": "12.03.2024"}, "2024-03-12 00:00", False),
    ({"Дата": "12.3.24 8:40"}, "2024-03-12 08:40", True),
    ({"Дата": "12.03.2024", "Время": "8-40"}, "2024-03-12 08:40", True),
    ({"Дата": "12.03.2024 08:40", "Время": ""}, "2024-03-12 08:40", True),
    ({"Дата": "12.03.2024", "Время": "12.03.2024 8:40"}, "2024-03-12 08:40", True),
    ({"Дата": "12.03.2024", "Время": "9:15 PM"}, "2024-03-12 21:15", True),
    ({"Дата": "12.03.2024 12:30 AM"}, "2024-03-12 00:30", True),
    ({"Дата": "12.03.2024 12:30:00 p.m."}, "2024-03-12 12:30", True),
    ({"Дата": "2024-03-12 08:40:15"}, "2024-03-12 08:40", True),
    ({"Дата": "12 марта 2024 г."}, "2024-03-12 00:00", False),
    ({"Дата": "45363", "Время": "0.361111"}, "2024-03-12 08:40", True),
    ({"Дата": "45363.361111"}, "2024-03-12 08:40", True),
    ({"Дата": "01.01.1990"}, "1990-01-01 00:00", False),
    ({"Дата": "24.11.26"}, "2026-11-24 00:00", False),
    ({"Дата": "5.06.98"}, "1998-06-05 00:00", False),
]


@pytest.mark.parametrize(("said", "moment", "has_time"), MOMENTS)
def test_when_it_came_in(said: dict[str, str], moment: str, has_time: bool) -> None:
    found = line(**said)
    assert (found.registered_at, found.has_time) == (
        datetime.fromisoformat(moment).replace(tzinfo=MOSCOW),
        has_time,
    )


@pytest.mark.parametrize("said", ["", "-", "–", "—", "0", "нет", "Нет"])
def test_a_corpus_or_a_flat_that_is_not_there_is_none(said: str) -> None:
    found = line(Адрес="", Улица="Ленина", Дом="15", Корпус=said, Литера=said, Квартира=said)
    assert (found.address, found.house, found.flat) == ("Ленина, 15", "15", "")


@pytest.mark.parametrize(
    ("said", "house"),
    [({"Корпус": "2"}, "15 к2"), ({"Корпус": "корп. 2"}, "15 корп. 2"), ({"Строение": "3"}, "15 с3"), ({"Корпус": "2", "Строение": "3"}, "15 к2 с3")],
)  # fmt: skip
def test_a_corpus_and_a_structure_of_their_own_columns(said: dict[str, str], house: str) -> None:
    found = line(**{"Адрес": "", "Улица": "Ленина", "Дом": "15", **said})
    assert (found.house, found.address) == (house, f"Ленина, {house}")
    assert read_house(found.house)


WRONG = [
    ({"Дата": ""}, "received"),
    ({"Дата": "вчера"}, "received"),
    ({"Дата": "12.03"}, "received"),
    ({"Дата": "31.02.2024"}, "received"),
    ({"Дата": "12.03.2024 25:10"}, "received"),
    ({"Дата": "31.12.1989"}, "received"),
    ({"Дата": "25.11.2026"}, "received"),
    ({"Дата": "24.11.2026", "Время": "12:01"}, "received"),
    ({"Время": "утром"}, "received_time"),
    ({"Время": "21:15 AM"}, "received_time"),
    ({"Содержание": ""}, "description"),
    ({"Выполнено": "11.03.2024"}, "done"),
    ({"Выполнено": "12.13.2024"}, "done"),
    ({"Дата": "12.03.2024 9:00", "Выполнено": "12.03.2024 8:00"}, "done"),
    ({"Заявитель": "х" * 161}, "applicant"),
    ({"Номер": "9" * 41}, "number"),
]


@pytest.mark.parametrize(("said", "field"), WRONG)
def test_a_cell_that_cannot_be_taken_is_named(said: dict[str, str], field: str) -> None:
    with pytest.raises(Wrong) as caught:
        line(**said)
    assert caught.value.field == field


def test_words_of_a_row_are_kept_as_they_are() -> None:
    found = line(
        **{
            "№ заявки": "№ 15/а",
            "Телефон": "дом. 21548; 8 916 123-45-67",
            "Выполнено": "да",
            "Отметка": "кран заменён",
        }
    )
    assert (found.number, found.phone, found.said_phone) == (
        "15/а",
        "+79161234567",
        "дом. 21548; 8 916 123-45-67",
    )
    assert (found.done_at, found.result) == (None, "кран заменён. да")


@pytest.mark.parametrize("row", [["", "", ""], ["Март 2024", "", ""], ["", "Итого: 25", ""]])
def test_a_row_that_is_no_ticket_is_nothing(row: list[str]) -> None:
    columns = match(1, ["Дата", "Адрес", "Содержание"], None, OLD_TICKETS)
    assert read_line(2, row, columns, "Europe/Moscow", NOW) is None


CALLED = {
    "Моб. тел.": "phone", "Тел. заявителя": "phone", "Ф.И.О. жильца": "applicant", "ФИО собственника": "applicant",
    "ФИО исполнителя": "performer", "Ответственный": "performer", "ФИО диспетчера": "", "Тел. мастера": "",
}  # fmt: skip


@pytest.mark.parametrize(("heading", "field"), CALLED.items(), ids=CALLED)
def test_headings_of_a_journal_are_known(heading: str, field: str) -> None:
    found = match(1, ["Дата", "Адрес", "Содержание", heading], None, OLD_TICKETS)
    assert next((code for code, place in found.places.items() if place == 3), "") == field


# ── The journal ──────────────────────────────────────────────────────────────────────────────

Sheets = Sequence[tuple[str, Sequence[Sequence[str]]]]


def brought(
    cast: Cast, *rows: Sequence[str], sheets: Sheets = (), digest: str = "d", said: dict[str, str] | None = None,
    keeps_unknown: bool = False, scope: Scope | None = None, **more: Any,
) -> Report:  # fmt: skip
    source = Source(
        company=cast.north.pk, name="журнал 2024.xlsx", digest=digest, keeps_unknown=keeps_unknown
    )
    book = OldBook(source, Report(), said)
    tables = sheets or [("", [HEADINGS, *rows])]
    found = ((title, iter(enumerate(table, 1))) for title, table in tables)
    return read_sheets(found, book.sheet, book.report, source.name, scope or only_north(cast), **more)


def only_north(cast: Cast) -> Scope:
    return Scope(companies=frozenset({cast.north.pk}), actor=f"staff/{cast.kim.pk}", role="administrator")


@pytest.fixture
def old(cast: Cast) -> Iterator[Ticket]:
    assert brought(cast, ROW).bad_rows == 0
    with reading(SYSTEM):
        yield Ticket.objects.select_related("old_journal", "building", "premises").get(old_number="1547")


def test_a_row_becomes_a_closed_ticket_of_its_house_with_its_words(old: Ticket, cast: Cast) -> None:
    assert (old.state, old.number, str(old)) == ("closed", f"П-{old.pk}", "№ 1547")
    assert (old.building_id, old.premises_id) == (cast.lenina15.pk, cast.flat42.pk)
    assert (old.company_id, old.centre_id) == (cast.north.pk, cast.centre.pk)
    assert old.registered_at == datetime(2024, 3, 12, 8, 40, tzinfo=MOSCOW)
    assert (old.phone, old.applicant, old.norms) == ("+79161234567", "Петрова А.С.", [])
    fact = journal.history(f"ticket/{old.pk}")[0]
    assert fact.actor == f"staff/{cast.kim.pk}" and fact.fact.kind == "TicketImported"
    assert (fact.fact.journal, fact.fact.row, fact.fact.performer) == (
        "журнал 2024.xlsx",
        2,
        "сантехник Зуев",
    )
    assert fact.fact.result == "хомут поставлен" and fact.fact.term == "13.03.2024"


def test_nothing_of_ours_is_touched(old: Ticket) -> None:
    assert not Clock.objects.exists() and not Counter.objects.exists()
    assert not Interaction.objects.exists() and not Delivery.objects.exists()
    assert verify().is_whole
    assert TicketWord.objects.filter(ticket=old, word="стояк").exists()


def held() -> tuple[int, ...]:
    with reading(SYSTEM):
        return (
            Ticket.objects.count(),
            Entry.objects.count(),
            OldJournal.objects.count(),
            EntryWords.objects.count(),
        )


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    unnumbered = changed(c0="", c2="", c7="нет света")
    brought(cast, ROW, unnumbered)
    before = held()
    report = brought(cast, ROW, unnumbered)
    assert (report.added.total(), report.bad_rows, report.notes["уже перенесены"]) == (0, 0, 2)
    assert held() == before, "not even a fact"


def test_a_mended_file_adds_what_was_missing(cast: Cast) -> None:
    brought(cast, changed(c1="вчера"), changed(c0="1548"))
    report = brought(cast, ROW, changed(c0="1548"), digest="mended")
    assert (report.added["заявки"], report.notes["уже перенесены"]) == (1, 1)


def test_one_number_with_other_words_is_reported_and_stops_no_other(cast: Cast) -> None:
    report = brought(cast, ROW, changed(c7="нет света"), changed(c0="1548"))
    assert report.added["заявки"] == 2
    (bad,) = report.wrong
    assert (bad.row, bad.column) == (3, "№ п/п") and "Течёт стояк" in bad.reason


def test_a_dry_run_tells_the_same_and_leaves_nothing(cast: Cast) -> None:
    rows = (ROW, changed(c0="2", c3="Нетакая 1"), changed(c0="3", c1="99.99.9999"))
    before = held()
    dry = brought(cast, *rows, is_dry=True)
    assert held() == before
    real = brought(cast, *rows)
    assert (dry.added, dry.wrong, dry.notes) == (real.added, real.wrong, real.notes) and real.bad_rows == 2


UNSURE = ("Нетакая 1", "Ленина 99", "Ленина", "у магазина", "г. Дальний, ул. Ленина, 15", "")


@pytest.mark.parametrize("address", UNSURE)
def test_a_house_that_is_not_certain_is_reported_or_kept_as_words(cast: Cast, address: str) -> None:
    report = brought(cast, changed(c3=address, c4=""))
    assert (report.added["заявки"], [bad.column for bad in report.wrong]) == (0, ["Адрес"])
    report = brought(cast, changed(c3=address, c4=""), keeps_unknown=True)
    assert (report.added["заявки"], report.notes["без дома, адрес как написан"]) == (1, 1)
    with reading(SYSTEM):
        found = Ticket.objects.get()
        assert (found.building_id, found.address) == (None, address)


def test_words_that_tell_no_nature_leave_it_empty(cast: Cast) -> None:
    report = brought(cast, changed(c7="позвонить жильцу"))
    assert report.notes["неисправность по словам не узнана"] == 1
    with reading(SYSTEM):
        assert Ticket.objects.get().classifier == ""


def test_a_flat_that_the_house_has_not_is_said_in_the_address(cast: Cast) -> None:
    brought(cast, changed(c4="999"))
    with reading(SYSTEM):
        found = Ticket.objects.get()
        assert (found.building_id, found.premises_id, found.address) == (
            cast.lenina15.pk,
            None,
            "Ленина 15, кв. 999",
        )


def test_a_house_of_two_towns_is_no_certain_one(cast: Cast) -> None:
    with acting(SYSTEM):
        house = Building.objects.get(pk=cast.lenina15.pk)
        Building.objects.create(
            company=cast.north, city="Лесной", street=house.street, house=house.house,
            street_key=house.street_key, house_key=house.house_key,
        )  # fmt: skip
    columns = ["Дата", "Улица", "Дом", "Содержание"]
    report = brought(cast, sheets=[("", [columns, ["12.03.2024", "Ленина", "15", "течь"]])])
    assert (report.bad_rows, report.added["заявки"]) == (1, 0)


def test_a_tenth_corpus_and_a_tenth_flat_are_told_apart_by_the_stock(cast: Cast) -> None:
    with acting(SYSTEM):
        house = Building.objects.get(pk=cast.lenina15.pk)
        corpus = Building.objects.create(
            company=cast.north, city=house.city, street=house.street, house="15 к10",
            street_key=house.street_key, house_key="15 к10",
        )  # fmt: skip
    rows = [changed(c0=str(n), c3=where, c4="") for n, where in enumerate(("Ленина 15 к10", "Ленина 15 кв 42", "Ленина 15 к42", "Ленина 15 к77"))]  # fmt: skip
    assert brought(cast, *rows).bad_rows == 1
    with reading(SYSTEM):
        places = Ticket.objects.order_by("old_number").values_list("building_id", "premises_id")
        flat = (cast.lenina15.pk, cast.flat42.pk)
        assert list(places) == [(corpus.pk, None), flat, flat]


def test_the_houses_of_other_companies_are_not_found(cast: Cast) -> None:
    assert brought(cast, changed(c3="Мира 3", c4="12")).bad_rows == 1


# ── How the trade keeps its books ────────────────────────────────────────────────────────────


def test_sheets_of_months_are_read_one_after_another(cast: Cast) -> None:
    sheets: Sheets = [
        ("Титул", [["Журнал заявок"], ["2024 год"]]),
        ("Март", [["Журнал за март"], HEADINGS, ROW]),
        ("Апрель", [["Дата поступления", "Номер", "Улица", "Дом", "Что случилось"],
                    ["02.04.2024", "1600", "Ленина", "15", "нет света"], ["", "1601", "Ленина", "15", "темно"]]),
    ]  # fmt: skip
    report = brought(cast, sheets=sheets, said={"Отметка": "result"})
    assert report.added["заявки"] == 2
    assert [(bad.sheet, bad.row) for bad in report.wrong] == [("Титул", 0), ("Апрель", 3)]
    with reading(SYSTEM):
        fact = journal.history(f"ticket/{Ticket.objects.get(old_number='1600').pk}")[0].fact
    assert (fact.sheet, fact.row) == ("Апрель", 2)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_read_is_what_was_added_or_was_there_or_is_bad(cast: Cast, seed: int) -> None:
    """However the book is made up: an empty sheet, a title, rows twice, rows that cannot be taken."""
    chance = Random(seed)
    row_of = (
        lambda n: changed(c0=str(n), c4=""),
        lambda n: changed(c0=str(n), c1="вчера"),
        lambda n: changed(c0=str(n), c3="Нетакая 1"),
        lambda n: changed(c0="1", c7=f"другое {n}"),
        lambda n: [""] * len(HEADINGS),
        lambda n: ["Март 2024"],
    )
    pages = (
        lambda: [],
        lambda: [["Журнал заявок"], ["2024 год"]],
        lambda: [HEADINGS],
        lambda: [HEADINGS, *(chance.choice(row_of)(chance.randrange(1, 9)) for _ in range(12))],
    )
    sheets = [(f"Лист{n}", chance.choice(pages)()) for n in range(1, 6)]
    for _ in range(2):
        report = brought(cast, sheets=sheets)
        assert report.rows == report.added["заявки"] + report.notes["уже перенесены"] + report.bad_rows
        assert report.bad_rows == sum(bool(bad.row) for bad in report.wrong)


def test_an_empty_sheet_says_nothing_and_one_without_a_journal_is_no_row(cast: Cast) -> None:
    report = brought(
        cast, sheets=[("Март", [HEADINGS, ROW]), ("Лист2", []), ("Итоги", [["Всего", "1"], ["за год", "1"]])]
    )
    assert (report.rows, report.added["заявки"], report.bad_rows) == (1, 1, 0)
    assert [(bad.sheet, bad.row, bad.column) for bad in report.wrong] == [("Итоги", 0, "")]


def test_a_bad_row_names_a_column_that_the_file_has(cast: Cast) -> None:
    columns = ["Дата", "Улица", "Дом", "Содержание"]
    rows = [["12.03.2024", "Нетакая", "1", "течь"], ["12.03.2024", "", "", "течь"]]
    report = brought(cast, sheets=[("", [columns, *rows])])
    assert [(bad.row, bad.column) for bad in report.wrong] == [(2, "Улица"), (3, "Улица")]


@pytest.mark.parametrize("house", ["15-17", "15 (блок 3)", "15.03.2026", "15:05"])
def test_half_of_a_house_s_cell_is_no_house(cast: Cast, house: str) -> None:
    report = brought(
        cast, sheets=[("", [["Дата", "Улица", "Дом", "Содержание"], ["12.03.2024", "Ленина", house, "течь"]])]
    )
    assert [(bad.row, bad.column) for bad in report.wrong] == [(2, "Улица")]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["№", "Дата поступления", "Адрес", "", "Содержание", "Отметка о выполнении", ""],
         ["№", "Дата поступления", "Улица", "Дом", "Содержание", "дата", "время"]),
        (["№", "Дата поступления", "Адрес", "", "Содержание", "Отметка о выполнении", ""],
         ["", "", "Улица", "Дом", "", "дата", "время"]),
        (["№", "Поступление заявки (дата)", "Адрес", "", "Содержание", "Исполнено", ""],
         ["", "", "Улица", "Дом", "", "Дата", "Время"]),
    ],
)  # fmt: skip
def test_a_heading_over_two_others_is_read_with_them(cast: Cast, above: list[str], below: list[str]) -> None:
    row = ["7", "12.03.2024 8:40", "Ленина", "15", "течь", "13.03.2024", "9:15 PM"]
    report = brought(cast, sheets=[("", [above, below, row])])
    assert (report.added["заявки"], report.bad_rows) == (1, 0)
    with reading(SYSTEM):
        found = Ticket.objects.get(old_number="7")
        fact = journal.history(f"ticket/{found.pk}")[0].fact
    assert found.registered_at == datetime(2024, 3, 12, 8, 40, tzinfo=MOSCOW)
    assert fact.done_at == datetime(2024, 3, 13, 21, 15, tzinfo=MOSCOW)


def test_a_moment_under_another_heading_is_not_the_ticket_s(cast: Cast) -> None:
    above = ["Поступила", "", "Передана", "", "Адрес", "Содержание"]
    below = ["дата", "время", "дата", "время", "", ""]
    report = brought(
        cast, sheets=[("", [above, below, ["12.03.2024", "8:40", "14.03.2024", "9:00", "Ленина 15", "течь"]])]
    )
    assert (report.added["заявки"], report.bad_rows) == (1, 0)
    with reading(SYSTEM):
        assert Ticket.objects.get().registered_at == datetime(2024, 3, 12, 8, 40, tzinfo=MOSCOW)


def test_a_letter_of_a_house_has_a_column(cast: Cast) -> None:
    columns = ["Дата", "Улица", "Дом", "Литера", "Содержание"]
    report = brought(
        cast,
        sheets=[
            (
                "",
                [
                    columns,
                    ["12.03.2024", "Ленина", "15", "Ъ", "течь"],
                    ["12.03.2024", "Ленина", "15", "-", "течь"],
                ],
            )
        ],
    )
    assert (report.added["заявки"], [bad.row for bad in report.wrong]) == (1, [2])


def test_headings_in_two_rows_and_numbered_below(cast: Cast) -> None:
    report = brought(cast, sheets=[("", [
        ["Журнал учёта заявок", "", "", "", ""],
        ["№", "Дата", "Адрес", "", "Содержание"],
        ["№", "Дата", "Улица", "Дом", "Содержание"],
        ["1", "2", "3", "4", "5"],
        ["7", "12.03.2024", "Ленина", "15", "течь"],
    ])])  # fmt: skip
    assert (report.rows, report.added["заявки"], report.bad_rows) == (1, 1, 0)


# ── Who may, a stop, a kill ──────────────────────────────────────────────────────────────────


def test_only_an_administrator_may(cast: Cast) -> None:
    before = held()
    for staff in (cast.gromova, cast.ivanova, cast.client, cast.inspector):
        with pytest.raises(Refused):
            brought(cast, ROW, scope=cast.scope(staff))
    assert held() == before


def many(count: int) -> list[list[str]]:
    return [changed(c0=str(n), c4=str(n)) for n in range(1, count + 1)]


def test_what_was_read_before_a_stop_stands_and_the_rest_follows(cast: Cast) -> None:
    """As after a kill: each thousand is a change of its own."""
    report = brought(cast, *many(1500), progress=lambda _: False)
    assert (report.is_stopped, report.added["заявки"]) == (True, 1000)
    again = brought(cast, *many(1500))
    assert (again.added["заявки"], again.notes["уже перенесены"]) == (500, 1000)
    with reading(SYSTEM):
        assert OldJournal.objects.count() == 1 and Ticket.objects.count() == 1500


def test_queries_do_not_grow_with_the_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(31):
        brought(cast, *many(5))
    with reading(SYSTEM):
        Ticket.objects.all().delete()
    with django_assert_max_num_queries(31):
        brought(cast, *many(900))


# ── Taken back ───────────────────────────────────────────────────────────────────────────────


def test_a_part_of_the_file_is_looked_up_by_its_keys_however_much_is_there(cast: Cast) -> None:
    """Of more than a hundred keys the database does not see for itself that none is empty, leaves their index (of those
    that are not) alone and reads all tickets of the company, for every thousand rows again: a journal of 200,000 rows
    took twice its time. So it is said. (Which plan it takes of a table of five rows tells nothing.)"""
    with reading(SYSTEM), CaptureQueriesContext(connection) as made:
        assert known_rows(cast.north.pk, {f"{n:032}" for n in range(BATCH)}) == {}
    assert """NOT ("tickets_ticket"."old_key" = '')""" in made[-1]["sql"]


def test_a_journal_is_taken_back_whole_and_can_come_again(cast: Cast) -> None:
    brought(cast, *many(3))
    with acting(only_north(cast)):
        assert take_back(OldJournal.objects.get().pk, "не та организация") == 3
    with reading(SYSTEM):
        assert not Ticket.objects.exists() and not OldJournal.objects.exists() and not EntryWords.objects.filter(
            words__has_key="description"
        ).exists()  # fmt: skip
        fact = journal.recorded(Entry.objects.order_by("-id")[:1])[0].fact
        assert (fact.kind, fact.count, fact.reason) == ("OldJournalTakenBack", 3, "не та организация")
        assert verify().is_whole
    assert brought(cast, *many(3)).added["заявки"] == 3


def test_a_journal_that_somebody_worked_with_stays(cast: Cast) -> None:
    brought(cast, *many(3))
    with reading(SYSTEM):
        kept_in, one = OldJournal.objects.get(), Ticket.objects.get(old_number="2")
    with acting(cast.scope(cast.ivanova)):
        comment(one.pk, "звонили снова")
    before = held()
    with pytest.raises(Conflict, match="1, среди них № 2"), acting(only_north(cast)):
        take_back(kept_in.pk, "ошибка")
    for staff in (cast.gromova, cast.ivanova):
        with pytest.raises(Forbidden), acting(cast.scope(staff)):
            take_back(kept_in.pk, "ошибка")
    assert held() == before


def test_its_number_is_not_told_to_anybody(old: Ticket, cast: Cast) -> None:
    with pytest.raises(Conflict), acting(cast.scope(cast.ivanova)):
        tell_number(old.pk)


def test_erased_words_do_not_come_back_with_the_file(old: Ticket, cast: Cast) -> None:
    Ticket.objects.filter(pk=old.pk).update(description=ERASED, applicant=ERASED, phone="")
    report = brought(cast, ROW)
    assert (report.added.total(), report.bad_rows) == (0, 0)
    old.refresh_from_db()
    assert old.description == ERASED
