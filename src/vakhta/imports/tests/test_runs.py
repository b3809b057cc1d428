"""A table that an administrator brings: matched, looked at, loaded, stopped, taken up again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from openpyxl import Workbook
from tests.cast import Cast, make_cast

from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.imports import runs
from vakhta.imports.homes import Stock
from vakhta.imports.models import ImportRun
from vakhta.imports.reading import Report, headings_of, read
from vakhta.kernel import files
from vakhta.kernel.claims import Owner
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.models import Account, Building, Person
from vakhta.tickets.actions import comment
from vakhta.tickets.models import Ticket

TABLE = """Улица;Дом;Кв.;Лиц. счёт;ФИО;Тел.
Садовая;1;1;100;Белова Анна;
Садовая;1;2;101;Гусев Пётр;
Садовая;1;3;102;Орлов Иван;яблоко
"""
SYSTEM = Scope.system("test")


@pytest.fixture
def cast(committed: str) -> Cast:
    """Committed for real: how far a reading is, is told beside its transaction."""
    return make_cast()


@pytest.fixture
def owner(committed: str) -> Iterator[Owner]:
    made = Owner()
    yield made
    made.leave()


def table(text: str = TABLE, name: str = "жильцы.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def brought(cast: Cast, text: str = TABLE, name: str = "жильцы.csv") -> ImportRun:
    with acting(cast.scope(cast.kim)):
        return runs.bring(cast.north.pk, table(text, name), "Заречье")


def does(cast: Cast, verb: Callable[..., Any], *args: Any, **more: Any) -> None:
    with acting(cast.scope(cast.kim)):
        verb(*args, **more)


def now(run: ImportRun) -> ImportRun:
    with reading(SYSTEM):
        return ImportRun.objects.get(pk=run.pk)


def works(owner: Owner, has_to_end: Callable[[], bool] = lambda: False) -> None:
    while runs.work(owner, has_to_end):
        if has_to_end():
            return


def stock() -> tuple[int, ...]:
    with reading(SYSTEM):
        return tuple(model.objects.count() for model in (Building, Account, Person))


def test_a_broken_table_is_read_but_for_its_broken_rows(cast: Cast, owner: Owner) -> None:
    content = (
        TABLE.replace("яблоко", "").encode("cp1251") + "Садовая;1;4;103;Щ".encode("cp1251") + b"\x98;\r\n"
    )
    with acting(cast.scope(cast.kim)):
        run = runs.bring(cast.north.pk, SimpleUploadedFile("жильцы.csv", content), "Заречье")
    does(cast, runs.look, run.pk, {}, "Заречье")
    works(owner)
    looked = now(run)
    assert (looked.state, looked.rows, looked.bad_rows, looked.added["жильцы"]) == ("looked", 4, 1, 3)
    assert [line[:2] for line in looked.wrong] == [[5, "ФИО"]]


def test_a_table_is_looked_at_and_changes_nothing_then_it_is_loaded(cast: Cast, owner: Owner) -> None:
    run, before = brought(cast), stock()
    assert (run.state, run.headings, run.samples[0][:3]) == (
        "match", ["Улица", "Дом", "Кв.", "Лиц. счёт", "ФИО", "Тел."], ["Садовая", "1", "1"],
    )  # fmt: skip
    does(cast, runs.look, run.pk, {"Лиц. счёт": "account"}, "Заречье")
    works(owner)
    looked = now(run)
    assert (looked.state, looked.rows, looked.bad_rows, looked.total) == ("looked", 3, 1, 3)
    assert looked.added == {"дома": 1, "помещения": 2, "лицевые счета": 2, "жильцы": 2}
    assert looked.wrong[0][:2] == [4, "Тел."]
    assert stock() == before
    does(cast, runs.load, run.pk)
    works(owner)
    assert now(run).state == "done"
    assert [after - was for was, after in zip(before, stock(), strict=True)] == [1, 2, 2]
    with reading(SYSTEM):
        entry = Entry.objects.order_by("-id").first()
    assert entry is not None and (entry.kind, entry.actor) == ("StockChanged", f"staff/{cast.kim.pk}")


def test_again_it_changes_nothing(cast: Cast, owner: Owner) -> None:
    run = brought(cast)
    does(cast, runs.look, run.pk, {"Лиц. счёт": "account"}, "Заречье")
    works(owner)
    for _time in range(2):
        does(cast, runs.load, run.pk)
        works(owner)
    assert (now(run).added, now(run).changed) == ({}, {})


def many(count: int) -> str:
    rows = "".join(f"Садовая;{n // 100 + 1};{n % 100 + 1};{n + 1000};Житель {n}\n" for n in range(count))
    return f"Улица;Дом;Квартира;ЛС;ФИО\n{rows}"


def test_a_stop_keeps_what_is_read_and_the_next_start_ends_it(cast: Cast, owner: Owner) -> None:
    run = brought(cast, many(2500))
    does(cast, runs.look, run.pk, {}, "Заречье")
    works(owner)
    assert now(run).total == 2500
    before = stock()[1]
    does(cast, runs.load, run.pk)
    with reading(SYSTEM):
        ImportRun.objects.filter(pk=run.pk).update(wants_stop=True)
    works(owner)
    stopped = now(run)
    assert (stopped.state, stopped.rows, stock()[1] - before) == ("stopped", 1000, 1000)
    does(cast, runs.load, run.pk)
    works(owner)
    assert (now(run).state, stock()[1] - before) == ("done", 2500)


def test_a_worker_that_has_to_end_leaves_the_table_to_the_next(cast: Cast, owner: Owner) -> None:
    run = brought(cast, many(1500))
    does(cast, runs.look, run.pk, {}, "Заречье")
    works(owner, has_to_end=lambda: True)
    assert now(run).state == "queued"
    works(owner)
    assert now(run).state == "looked"


def test_a_killed_worker_s_table_is_taken_over_and_a_living_one_s_is_not(cast: Cast, owner: Owner) -> None:
    run, dead, living = brought(cast), Owner(), Owner()
    does(cast, runs.look, run.pk, {"Лиц. счёт": "account"}, "Заречье")
    for who, taken in ((living, 0), (dead, 1)):
        with reading(SYSTEM):
            ImportRun.objects.filter(pk=run.pk).update(state="running", owner=who.stand())
        if who is dead:
            dead.leave()
        assert runs.work(owner, lambda: False) == taken
    living.leave()
    assert now(run).state == "looked"


@pytest.mark.parametrize(
    ("text", "name", "field"),
    [("", "пусто.csv", "file"), ("а\0б", "x.csv", "file"), ("PK\x03\x04not a book", "x.xlsx", "file")],
)
def test_what_is_no_table_is_refused_at_once(cast: Cast, text: str, name: str, field: str) -> None:
    with pytest.raises(Invalid) as refused, acting(cast.scope(cast.kim)):
        runs.bring(cast.north.pk, table(text, name))
    assert refused.value.field == field
    with reading(SYSTEM):
        assert not ImportRun.objects.exists()


def test_every_sheet_of_a_book_comes_and_one_with_other_headings_is_named(cast: Cast, owner: Owner) -> None:
    book, content = Workbook(), BytesIO()
    for title, rows in (("Титул", [["Фонд"]]), ("Дом 1", [["Улица", "Дом", "Кв."], ["Садовая", "1", "7"]]),
                        ("Дом 2", [["Улица", "Дом", "Кв."], ["Садовая", "2", "7"]]), ("Прочее", [["Примечание", "Улица"], ["а", "б"]])):  # fmt: skip
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(content)
    with acting(cast.scope(cast.kim)):
        run = runs.bring(cast.north.pk, SimpleUploadedFile("фонд.xlsx", content.getvalue()), "Заречье")
    assert run.headings == ["Улица", "Дом", "Кв."]
    does(cast, runs.look, run.pk, {"Кв.": "flat"}, "Заречье")
    works(owner)
    looked = now(run)
    assert (looked.added, looked.bad_rows) == ({"дома": 2, "помещения": 2}, 0)
    assert [(line[0], line[3]) for line in looked.wrong] == [(0, "Титул"), (0, "Прочее")]


def test_foreign_headings_are_matched_by_hand(cast: Cast, owner: Owner) -> None:
    run = brought(cast, "А;Б;В\nСадовая;1;7\n")
    assert run.headings == ["А", "Б", "В"]
    with pytest.raises(Invalid) as refused:
        does(cast, runs.look, run.pk, {"А": "street"}, "Заречье")
    assert refused.value.field == "match"
    does(cast, runs.look, run.pk, {"А": "street", "Б": "house", "В": "flat"}, "Заречье")
    works(owner)
    assert now(run).added == {"дома": 1, "помещения": 1}


def test_nobody_loads_what_was_not_looked_at(cast: Cast) -> None:
    run = brought(cast)
    with pytest.raises(Conflict):
        does(cast, runs.load, run.pk)
    with pytest.raises(Conflict):
        does(cast, runs.stop, run.pk)


def test_only_an_administrator_brings_tables_and_only_for_a_company_of_theirs(cast: Cast) -> None:
    for staff in (cast.ivanova, cast.gromova, cast.client, cast.inspector):
        with pytest.raises(Forbidden), acting(cast.scope(staff)):
            runs.bring(cast.north.pk, table())
    for company in (cast.foreign.pk, cast.centre.pk, 0):
        with pytest.raises(Invalid) as refused, acting(cast.scope(cast.kim)):
            runs.bring(company, table())
        assert refused.value.field == "company"


def test_a_week_later_no_word_of_the_residents_is_left_of_it(cast: Cast, owner: Owner) -> None:
    run = brought(cast)
    does(cast, runs.look, run.pk, {"Лиц. счёт": "account"}, "Заречье")
    works(owner)
    digest = now(run).digest
    assert files.path_of(digest).exists()
    for days, left in ((6, True), (8, False)):
        with acting(SYSTEM) as unit:
            pass
        with acting(SYSTEM, at=unit.at + timedelta(days=days)):
            runs.tidy()
        assert bool(now(run).digest) == left
    kept = now(run)
    assert (kept.samples, kept.examples, kept.wrong) == ([], [], [])
    with pytest.raises(Conflict, match="прошла неделя"):
        does(cast, runs.load, run.pk)


# ── An old journal ───────────────────────────────────────────────────────────────────────────

OLD = """№;Дата;Адрес;Кв.;Суть;Отметка
1;12.03.2024 8:40;Ленина 15;42;течёт стояк;сделано
2;13.03.2024;Нетакая 1;;нет света;
3;вчера;Ленина 15;;засор;
"""
COLUMNS = {"Суть": "description"}


def old_tickets() -> list[str]:
    with reading(SYSTEM):
        return list(
            Ticket.objects.filter(old_journal__isnull=False)
            .order_by("old_number")
            .values_list("old_number", flat=True)
        )


@pytest.fixture
def carried(cast: Cast, owner: Owner) -> ImportRun:
    """Looked at and carried over."""
    with acting(cast.scope(cast.kim)):
        run = runs.bring(cast.north.pk, table(OLD, "журнал.csv"), kind="tickets")
    does(cast, runs.look, run.pk, COLUMNS, keeps_unknown=True)
    works(owner)
    assert (now(run).state, old_tickets()) == ("looked", [])
    does(cast, runs.load, run.pk)
    works(owner)
    return now(run)


def test_an_old_journal_comes_the_same_way(carried: ImportRun) -> None:
    assert (carried.state, carried.added, carried.bad_rows) == ("done", {"заявки": 2}, 1)
    assert carried.notes["без дома, адрес как написан"] == 1 and carried.wrong[0][:2] == [4, "Дата"]
    assert old_tickets() == ["1", "2"] and carried.old_journal_id is not None


def test_it_is_taken_back_by_the_worker_and_can_come_again(
    cast: Cast, owner: Owner, carried: ImportRun
) -> None:
    does(cast, runs.take_back, carried.pk, "не та организация")
    works(owner)
    gone = now(carried)
    assert (gone.state, gone.changed, gone.old_journal_id) == ("back", {"заявки": 2}, None)
    assert (old_tickets(), gone.back_reason) == ([], "")
    with reading(SYSTEM):
        last = Entry.objects.order_by("-id").first()
    assert last is not None and (last.kind, last.actor) == ("OldJournalTakenBack", f"staff/{cast.kim.pk}")
    does(cast, runs.look, carried.pk, COLUMNS)
    works(owner)
    does(cast, runs.load, carried.pk)
    works(owner)
    assert (now(carried).added, old_tickets()) == ({"заявки": 1}, ["1"])


def test_what_somebody_worked_with_is_refused_at_once(cast: Cast, carried: ImportRun) -> None:
    with reading(SYSTEM):
        one = Ticket.objects.get(old_number="1")
    with acting(cast.scope(cast.ivanova)):
        comment(one.pk, "звонили снова")
    with pytest.raises(Conflict, match="уже работали: 1"):
        does(cast, runs.take_back, carried.pk, "ошибка")
    assert now(carried).state == "done" and old_tickets() == ["1", "2"]


def test_a_run_whose_tickets_stand_stays_in_the_list(cast: Cast, carried: ImportRun) -> None:
    with pytest.raises(Conflict, match="остаётся в списке"):
        does(cast, runs.drop, carried.pk)
    with pytest.raises(Invalid, match="Почему"):
        does(cast, runs.take_back, carried.pk, " ")
    with acting(SYSTEM):
        runs.forget({cast.north.pk})
    assert now(carried).digest == ""
    does(cast, runs.take_back, carried.pk, "файл не нужен для отмены")
    assert now(carried).state == "queued"


def test_a_run_of_the_stock_has_nothing_to_take_back(cast: Cast) -> None:
    with pytest.raises(Conflict, match="отменять нечего"):
        does(cast, runs.take_back, brought(cast).pk, "ошибка")


def test_a_book_without_a_sheet_that_is_a_journal_waits_for_its_columns(cast: Cast) -> None:
    with acting(cast.scope(cast.kim)):
        run = runs.bring(cast.north.pk, table("А;Б;В\n12.03.2024;Ленина 15;течь\n"), kind="tickets")
    assert (run.headings, run.state) == (["А", "Б", "В"], "match")
    with pytest.raises(Invalid, match="Дата поступления"):
        does(cast, runs.look, run.pk, {"А": "address"})
    with pytest.raises(Invalid, match="Выберите, что в таблице"), acting(cast.scope(cast.kim)):
        runs.bring(cast.north.pk, table(), kind="чайник")


# ── Beside the intake ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_dry", [True, False])
def test_calls_are_taken_while_a_table_is_read(cast: Cast, is_dry: bool) -> None:
    """A table is read for a minute. Its company's residents call meanwhile, and those of others, and nobody waits."""
    rows = "".join(f"Садовая;{n // 100 + 1};{n % 100 + 1};{n};;\n" for n in range(1500))
    taken: list[int] = []

    def meanwhile(_report: Report) -> bool:
        if not taken:
            taken.extend(beside(lambda: [called(cast, cast.lenina15), called(cast, cast.mira3)]))
        return True

    scope = Scope(companies=frozenset({cast.north.pk}), actor=f"staff/{cast.kim.pk}", role="administrator")
    found, said = headings_of(
        iter(enumerate(csv.reader(StringIO(TABLE.splitlines()[0] + "\n" + rows), delimiter=";"), 1))
    )
    read(
        said,
        Stock(cast.north.pk, found, Report(), "Заречье"),
        "жильцы.csv",
        scope,
        is_dry=is_dry,
        progress=meanwhile,
    )
    with reading(SYSTEM):
        assert Interaction.objects.filter(pk__in=taken).count() == 2
        assert Account.objects.filter(number="7").exists() is not is_dry


def called(cast: Cast, house: Building) -> int:
    """Within two seconds: who waits for a lock longer is refused by the database."""
    with acting(Scope.system("api")):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        said = arrival.Message(channel="phone", phone="8 900 000-15-42", address=str(house))
        row, _ = arrival.receive(said, centre=cast.centre.pk)
        assert row.building_id == house.pk
    return row.pk


def beside(act: Callable[[], list[int]]) -> list[int]:
    """What `act` gives over a connection of its own."""
    with ThreadPoolExecutor(1) as one:
        made = one.submit(act).result()
        one.submit(connections.close_all).result()
    return made
