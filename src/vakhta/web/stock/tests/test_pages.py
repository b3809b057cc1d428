"""The pages of a table on its way into the stock, as an administrator goes through them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.imports.models import ImportRun
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import OldJournal, Ticket
from vakhta.web.tests.steps import at_most, browser_of

LIST = "/stock/import/"
TABLE = "Улица;Дом;Кв;Лиц. сч.;ФИО\nСадовая;1;1;100;Белова Анна\n"


@pytest.fixture
def admin(cast: Cast) -> Client:
    return browser_of(cast.kim)


def bring(admin: Client, cast: Cast, text: str = TABLE, **said: Any) -> Any:
    form = {
        "company": str(cast.north.pk),
        "city": "Заречье",
        "file": SimpleUploadedFile("жильцы.csv", text.encode()),
    }
    return admin.post(LIST, {name: value for name, value in (form | said).items() if value is not None})


def run_of(**changes: Any) -> ImportRun:
    with reading(Scope.system("test")):
        row = ImportRun.objects.get()
        if changes:
            ImportRun.objects.filter(pk=row.pk).update(**changes)
            row.refresh_from_db()
        return row


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_empty_list_teaches(cast: Cast, admin: Client) -> None:
    page = text(admin.get(LIST))
    assert "Таблиц ещё не приносили" in page and "«Северная»" in page and "АДС «Заречье»</option>" not in page
    sample = text(admin.get("/stock/import/sample.csv"))
    assert sample.lstrip("\ufeff").startswith("Улица;Дом;Квартира")


def test_a_table_is_brought_matched_and_started(cast: Cast, admin: Client) -> None:
    answer = bring(admin, cast)
    run = run_of()
    assert answer["Location"] == reverse("stock:run", args=[run.pk])
    page = text(admin.get(answer["Location"]))
    assert "Белова Анна" in page and "Лиц. сч." in page
    assert '<option value="street" selected>' in page and '<option value="name" selected>' in page
    said = {"c0": "street", "c1": "house", "c2": "flat", "c3": "account", "c4": "", "city": "Заречье"}
    assert admin.post(reverse("stock:look", args=[run.pk]), said).status_code == 302
    run = run_of()
    assert (run.state, run.is_dry) == ("queued", True)
    assert run.said == {"Улица": "street", "Дом": "house", "Кв": "flat", "Лиц. сч.": "account", "ФИО": ""}
    page = text(admin.get(answer["Location"]))
    assert 'hx-trigger="every 1s"' in page and "Остановить" in page and "Столбцы" not in page


def test_a_report_says_what_would_change_and_lets_it_be_loaded(cast: Cast, admin: Client) -> None:
    bring(admin, cast)
    run = run_of(
        state="looked", rows=24180, total=24180, bad_rows=1, added={"дома": 2, "лицевые счета": 24000},
        changed={"помещения": 3}, examples=["ул. Садовая, 1, кв. 7: этаж 1 → 2"], wrong=[[17, "Тел.", "не читается"]],
    )  # fmt: skip
    page = text(admin.get(reverse("stock:run", args=[run.pk])))
    for words in (
        "дома: 2, лицевые счета: 24\u00a0000",
        "помещения: 3",
        "этаж 1 → 2",
        "не читается",
        "Загрузить",
    ):
        assert words in page
    assert "не читается" in text(admin.get(reverse("stock:wrong", args=[run.pk])))
    assert "строк: 24\u00a0180, добавится: 24\u00a0002, изменится: 3, негодных: 1" in text(admin.get(LIST))
    assert admin.post(reverse("stock:load", args=[run.pk])).status_code == 302
    assert (run_of().state, run_of().is_dry) == ("queued", False)
    assert admin.post(reverse("stock:stop", args=[run.pk])).status_code == 302
    assert run_of().state == "stopped"


HEAD = "Улица;Дом;Кв;ФИО\r\n"
BROKEN = [
    HEAD.encode("cp1251") + "Садовая;1;1;Б".encode("cp1251") + b"\x98\r\n",
    HEAD.encode() + "Садовая;1;1;Белова\r\n".encode() + "Садовая;1;2;Гусев\r\n".encode("cp1251"),
    HEAD.encode() + b"x" * 70_000 + b";1;\0;\0\0\r\n",
    HEAD.encode() + b'"' + b"x" * 140_000,
]


@pytest.mark.parametrize("content", BROKEN)
def test_a_file_with_something_broken_in_it_is_brought_all_the_same(
    cast: Cast, admin: Client, content: bytes
) -> None:
    """Its rows are told by the check."""
    answer = bring(admin, cast, file=SimpleUploadedFile("жильцы.csv", content))
    assert answer.status_code == 302
    page = admin.get(answer["Location"])
    assert page.status_code == 200 and '<option value="street" selected>' in text(page)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"file": None}, "Выберите таблицу"),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "пуст"),
        ({"file": SimpleUploadedFile("x.xls", b"\xd0\xcf\x11\xe0" + b"0" * 100)}, "старая книга Excel"),
        ({"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04" + b"0" * 100)}, "не читается"),
        ({"company": "0"}, "Выберите организацию"),
        ({"company": "яблоко"}, "Выберите организацию"),
        ({"city": "г" * 61}, "Город"),
        ({"kind": "чайник"}, "Выберите, что в таблице"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    cast: Cast, admin: Client, said: dict[str, Any], words: str
) -> None:
    answer = bring(admin, cast, **said)
    assert answer.status_code == 422 and words in text(answer)
    with reading(Scope.system("test")):
        assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"c0": "", "c1": "house"}, "Улица"),
        ({"c0": "street", "c1": "street"}, "два столбца"),
        ({"c0": "street", "c1": "чайник"}, "Поля «чайник» нет"),
    ],
)
def test_columns_that_tell_no_place_are_refused_and_stand_as_chosen(
    cast: Cast, admin: Client, said: dict[str, str], words: str
) -> None:
    bring(admin, cast)
    answer = admin.post(reverse("stock:look", args=[run_of().pk]), said | {"city": "Тверь"})
    assert answer.status_code == 422 and words in text(answer) and 'value="Тверь"' in text(answer)
    assert (run_of().state, run_of().said, run_of().city) == ("match", {}, "Заречье")


def test_a_run_of_another_company_is_not_seen(cast: Cast, admin: Client) -> None:
    bring(admin, cast)
    run = run_of(company_id=cast.foreign.pk)
    for name in ("run", "wrong"):
        assert admin.get(reverse(f"stock:{name}", args=[run.pk])).status_code == 404
    for name in ("look", "load", "stop", "drop", "take_back"):
        assert admin.post(reverse(f"stock:{name}", args=[run.pk])).status_code == 404
    assert run_of().state == "match"
    assert "жильцы.csv" not in text(admin.get(LIST))


def test_a_dropped_run_is_gone(cast: Cast, admin: Client) -> None:
    bring(admin, cast)
    assert admin.post(reverse("stock:drop", args=[run_of().pk]))["Location"] == LIST
    with reading(Scope.system("test")):
        assert not ImportRun.objects.exists()


def test_the_list_asks_the_database_the_same_for_any_number_of_runs(cast: Cast, admin: Client) -> None:
    for _time in range(6):
        bring(admin, cast)
    with at_most(7):
        admin.get(LIST)


# ── An old journal ───────────────────────────────────────────────────────────────────────────

OLD = "№;Дата;Адрес;Содержание\n1547;12.03.2024;Ленина 15;течёт стояк\n"


def test_an_old_journal_is_brought_and_matched_with_its_own_fields(cast: Cast, admin: Client) -> None:
    assert (
        text(admin.get("/stock/import/sample-tickets.csv")).lstrip("\ufeff").startswith("№;Дата;Время;Адрес")
    )
    bring(admin, cast, OLD, kind="tickets")
    run = run_of()
    page = text(admin.get(reverse("stock:run", args=[run.pk])))
    assert '<option value="received" selected>' in page and '<option value="description" selected>' in page
    assert "прежний журнал" in page and "Дом не найден" in page and "Лицевой счёт" not in page
    said = {"c0": "number", "c1": "received", "c2": "address", "c3": "description", "keeps_unknown": "yes"}
    assert admin.post(reverse("stock:look", args=[run.pk]), said).status_code == 302
    run = run_of()
    assert (run.state, run.kind, run.keeps_unknown) == ("queued", "tickets", True)


def test_a_carried_journal_says_how_many_and_is_taken_back_with_a_reason(cast: Cast, admin: Client) -> None:
    bring(admin, cast, OLD, kind="tickets")
    with acting(cast.scope(cast.kim)):
        kept_in = OldJournal.objects.create(
            company=cast.north, name="журнал.csv", digest=run_of().digest, brought_at=run_of().made_at
        )
        Ticket.objects.create(
            company=cast.north, centre=cast.centre, number="П-1", state="closed", old_journal=kept_in,
            old_number="1547", old_key="k", registered_at=run_of().made_at,
        )  # fmt: skip
    run = run_of(
        state="done", total=3, rows=3, added={"заявки": 1}, notes={"без времени поступления": 1}, old_journal=kept_in,
        bad_rows=1, wrong=[[4, "Дата", "не читается", "Март"], [0, "", "нет столбцов", "Титул"]],
    )  # fmt: skip
    page = text(admin.get(reverse("stock:run", args=[run.pk])))
    for words in (
        "заявок: 1",
        "без времени поступления: 1",
        "Март",
        "Отменить перенос целиком",
        "origin=old",
    ):
        assert words in page
    assert "Убрать из списка" not in page and "Изменено" not in page
    back = reverse("stock:take_back", args=[run.pk])
    refused = admin.post(back, {"reason": ""})
    assert refused.status_code == 422 and "Заполните поле «Почему»" in text(refused)
    assert run_of().state == "done"
    assert admin.post(back, {"reason": "не та организация"}).status_code == 302
    assert (run_of().state, run_of().back_reason) == ("queued", "не та организация")
    page = text(admin.get(reverse("stock:run", args=[run.pk])))
    assert "перенос отменяется" in page and "Остановить" not in page
    run_of(state="back", changed={"заявки": 1}, added={}, back_reason="", rows=0, total=0, old_journal=None)
    assert "Перенос отменён: заявок 1" in text(admin.get(reverse("stock:run", args=[run.pk])))
    assert "отменено заявок: 1" in text(admin.get(LIST))
