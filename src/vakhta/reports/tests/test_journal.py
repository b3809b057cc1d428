"""The journal as an inspector gets it: every column filled, nothing hidden, nothing that bites."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company, Staff
from vakhta.reports.files import to_csv, to_pdf, to_xlsx
from vakhta.reports.journal import COLUMNS, Line, Print, journal_print

from .conftest import DAY, HOSTILE, Day

PRINTED_AT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def printed(
    day: Day, staff: Staff | None = None, since: date = DAY, until: date = DAY, **chosen: int
) -> Print:
    scope = day.cast.scope(staff) if staff else Scope.system("print")
    with reading(scope):
        return journal_print(since, until, at=PRINTED_AT, **chosen)


def line(day: Day, number: str) -> Line:
    return next(line for line in printed(day).lines if line.number == number)


def test_a_ticket_s_line_tells_all_eleven_things(day: Day) -> None:
    found = line(day, day.done)
    assert f"{found.at:%d.%m.%Y %H:%M}" == "24.11.2026 09:00"
    assert found.channel == "телефон"
    assert found.applicant == "Петрова Анна Сергеевна, +7 900 000-15-42"
    assert found.address == "ул. Ленина, 15, кв. 42"
    assert found.nature == "ХВС: течь стояка\nТечёт стояк"
    assert (
        "Перекрыть стояк" in found.decision
        and "водоканал, принял Смирнов" in found.decision.lower().replace("смирнов", "Смирнов")
    )
    assert "Локализация до 09:30 (ПП 416, п. 13)" in found.terms
    assert found.assignee == "не назначен"
    assert "09:03 сроки сообщены заявителю: до 12:00, по телефону, Иванова О. П." in found.actions
    assert (
        "допуск в помещение: 10:00, кран в квартире, Кузнецов" in found.actions
        or "Кузнецов П. А., кран в квартире" in found.actions
    )
    assert found.result == "Зарегистрирована"


def test_a_void_number_stays_with_its_reason(day: Day) -> None:
    found = line(day, day.void)
    assert found.is_void and "Аннулирована" in found.result and "проверка связи" in found.result
    assert "снят" in found.terms


def test_a_late_entry_is_marked(day: Day) -> None:
    found = line(day, day.late)
    assert f"{found.at:%H:%M}" == "04:00"
    assert found.actions.startswith("Внесено 08:00 задним числом: не было света")


def test_a_contact_without_a_ticket_has_its_line(day: Day) -> None:
    found = next(line for line in printed(day).lines if line.number == "—")
    assert (found.nature, found.channel) == ("когда собрание?", "кабинет")
    assert found.result == "Консультация\nСказано: в декабре"


def test_lines_stand_by_time_and_no_number_is_missing(day: Day) -> None:
    made = printed(day)
    assert [line.at for line in made.lines] == sorted(line.at for line in made.lines)
    assert {line.number for line in made.lines} == {day.late, day.done, day.void, "—"}
    assert (made.tickets, made.void) == (3, 1)


@pytest.mark.parametrize(("since", "until", "lines"), [(-1, -1, 0), (0, 0, 4), (-1, 1, 4), (1, 1, 0)])
def test_both_days_count(day: Day, since: int, until: int, lines: int) -> None:
    assert len(printed(day, since=DAY + timedelta(since), until=DAY + timedelta(until)).lines) == lines


def test_days_are_those_of_the_centre_s_zone(day: Day) -> None:
    """Petropavlovsk is nine hours ahead: nine in the morning in Moscow is still the same day there,
    the consultation at eleven is too, and five past midnight of Moscow would not be."""
    with reading(Scope.system("test")):
        Company.objects.filter(pk=day.cast.centre.pk).update(zone="Asia/Kamchatka")
    made = printed(day)
    assert made.zone == "МСК+9"
    assert f"{next(line for line in made.lines if line.number == day.done).at:%H:%M}" == "18:00"


def test_a_company_prints_only_its_own(day: Day) -> None:
    made = printed(day, day.cast.client)
    assert {line.number for line in made.lines} == {day.done}
    assert made.keeper == "УК «Северная»"


def test_one_company_is_chosen(day: Day) -> None:
    made = printed(day, company=day.cast.luch.pk)
    assert {line.number for line in made.lines} == {day.void}
    assert made.keeper == "ЖСК «Луч»"


def test_the_head_is_the_journal_s_last_entry(day: Day) -> None:
    made = printed(day)
    with reading(Scope.system("test")):
        head = Entry.objects.order_by("-id")[0]
    assert (made.head_entry, made.head_hash) == (head.id, bytes(head.hash).hex())


def test_no_query_per_line(
    day: Day, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with django_assert_max_num_queries(16):
        printed(day)


# ── Files ────────────────────────────────────────────────────────────────────────────────────


def test_csv_opens_in_a_russian_office_program(day: Day) -> None:
    raw = to_csv(printed(day))
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 5 and {len(row) for row in rows} == {len(COLUMNS)}
    assert rows[1][1] == "24.11.2026 04:00:00"


def one_line(text: str) -> Print:
    words = Line("26-1", PRINTED_AT, text, text, text, text, text, text, text, text, text)
    return Print("АДС", "МСК", DAY, DAY, PRINTED_AT, 1, "00", (words,))


@pytest.mark.parametrize("text", ["=1+1", "+79161234567", "-1", "@SUM(A1)", "\t=1", "\r=1", HOSTILE])
def test_nothing_that_a_stranger_wrote_is_reckoned(text: str) -> None:
    rows = list(
        csv.reader(io.StringIO(to_csv(one_line(text)).decode("utf-8-sig"), newline=""), delimiter=";")
    )
    assert rows[1][3] == f"'{text}"
    sheet = load_workbook(io.BytesIO(to_xlsx(one_line(text)))).active
    assert sheet is not None
    cells = [cell for cell in sheet[2] if cell.column != 2]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[2].value == text.replace("\r", "\n")


def test_xlsx_has_real_dates_and_a_struck_void_number(day: Day) -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx(printed(day)))).active
    assert sheet is not None
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert rows[day.done][1].value == datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - a sheet has no zones
    assert rows[day.void][0].font.strike and not rows[day.done][0].font.strike
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    "text", [HOSTILE, "слово " * 2000, "нетпробелов" * 100, "", "\u0000\ufffe", "\U0001f525"]
)
def test_any_words_make_a_pdf_and_a_sheet(text: str) -> None:
    assert to_pdf(one_line(text)).startswith(b"%PDF-")
    assert to_xlsx(one_line(text)).startswith(b"PK")


def test_an_empty_day_prints_too(day: Day) -> None:
    made = printed(day, since=DAY + timedelta(9), until=DAY + timedelta(9))
    assert to_pdf(made).startswith(b"%PDF-") and len(to_csv(made).splitlines()) == 1
