"""The journal as an inspector gets it: every column filled, nothing hidden, nothing that bites."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.crews import actions as crews
from vakhta.crews.models import CrewMember, WorkOrder
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import phone_words
from vakhta.people.models import Company, Staff
from vakhta.reports.files import _about, harmless, to_csv, to_pdf, to_xlsx
from vakhta.reports.journal import Print, journal_print
from vakhta.reports.lines import COLUMNS, Line
from vakhta.tickets.changes import Place, correct_ticket, merge_ticket, undo_correction, undo_end, void_ticket
from vakhta.tickets.models import Ticket

from .conftest import DAY, HOSTILE, Day, at

PRINTED_AT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def printed(
    day: Day, staff: Staff | None = None, since: date = DAY, until: date = DAY, **chosen: int
) -> Print:
    scope = day.cast.scope(staff) if staff else Scope.system("print")
    with reading(scope):
        return journal_print(since, until, at=PRINTED_AT, **chosen)


def line(day: Day, number: str) -> Line:
    return next(line for line in printed(day).lines if line.number == number)


def cells(day: Day, number: str) -> dict[str, str]:
    return dict(zip(COLUMNS, line(day, number).cells(), strict=True))


def test_a_ticket_s_line_tells_all_eleven_things(day: Day) -> None:
    found = cells(day, day.done)
    assert found["Время"] == "24.11.2026 09:00:00"
    assert found["Канал"] == "телефон"
    assert found["Заявитель"] == "Петрова Анна Сергеевна, +7 900 000-15-42"
    assert found["Адрес"] == "ул. Ленина, 15, кв. 42"
    assert found["Причина и характер"] == "ХВС: течь стояка\nТечёт стояк"
    assert found["Решение"] == "Перекрыть стояк\nИзвещена служба: Водоканал, принял: Смирнов, 09:03"
    assert "Локализация до 09:30, нарушен (ПП 416, п. 13)" in found["Сроки"]
    assert "Ответ на звонок" in found["Сроки"] and "соблюдён: 09:00" in found["Сроки"]
    assert found["Исполнитель"] == "не назначен"
    assert "09:03 сроки сообщены заявителю: до 12:00, по телефону (Иванова О. П.)" in found["Действия"]
    assert "09:03 допуск в помещение: 10:00, Кузнецов П. А., кран в квартире" in found["Действия"]
    assert found["Действия"].startswith("09:00 обращение поступило\n09:00 ответ заявителю (Иванова О. П.)")
    assert found["Итог"] == "Зарегистрирована"


def handed(day: Day, *moves: str) -> str:
    """The day's done ticket given to crew 4, whose Kuznetsov makes these moves."""
    with reading(Scope.system("test")):
        ticket = Ticket.objects.get(number=day.done)
    with acting(day.cast.scope(day.cast.ivanova), at=at(9, 10)):
        order = crews.assign_ticket(ticket.pk, crew=day.cast.crew4.pk)
    for minute, move in enumerate(moves, 11):
        with acting(day.cast.scope(day.cast.kuznetsov), at=at(9, minute)):
            crews.move(order.pk, move, note="заменён участок" if move == "done" else "")
    return day.done


def test_the_people_of_a_crew_are_named(day: Day) -> None:
    found = cells(day, handed(day, "accept", "go"))
    assert found["Исполнитель"] == "Бригада 4: Кузнецов П. А."
    assert "09:12 бригада выехала (Кузнецов П. А.)" in found["Действия"]


def test_of_a_large_crew_those_are_named_who_worked(day: Day) -> None:
    with reading(Scope.system("test")):
        CrewMember.objects.create(company=day.cast.centre, crew=day.cast.crew4, staff=day.cast.orlov)
    assert cells(day, handed(day))["Исполнитель"] == "Бригада 4: Кузнецов П. А., Орлов П. С."
    with acting(day.cast.scope(day.cast.kuznetsov), at=at(9, 20)):
        with_order = WorkOrder.objects.get()
        crews.move(with_order.pk, "accept")
    assert cells(day, day.done)["Исполнитель"] == "Бригада 4: Кузнецов П. А."


def test_a_company_reads_that_a_crew_worked_and_no_names(day: Day) -> None:
    number = handed(day, "accept")
    found = next(line for line in printed(day, day.cast.client).lines if line.number == number)
    assert found.assignee == "Бригада службы"
    assert "Кузнецов П. А.)" not in found.actions and "(сотрудник службы)" in found.actions


def test_what_was_done_stands_in_the_result(day: Day) -> None:
    found = cells(day, handed(day, "accept", "go", "arrive", "contain", "done"))
    assert found["Итог"] == "Выполнена\nСделано 09:15: заменён участок"


@pytest.mark.parametrize(
    ("moves", "whose"),
    [(("accept", "go"), "не назначен"), (("accept", "arrive", "contain"), "Бригада 4: Кузнецов П. А.")],
    ids=["was on its way", "has shut the riser"],
)
def test_a_crew_that_was_called_away_is_named_where_it_came(
    day: Day, moves: tuple[str, ...], whose: str
) -> None:
    handed(day, *moves)
    with reading(Scope.system("test")):
        ticket = Ticket.objects.get(number=day.done)
    with acting(day.cast.scope(day.cast.ivanova), at=at(9, 30)):
        crews.take_back(ticket.pk, reason="люди в лифте")
    found = cells(day, day.done)
    assert found["Исполнитель"] == whose
    assert "09:30 наряд отозван: причина: люди в лифте (Иванова О. П.)" in found["Действия"]


def undone_void(day: Day) -> str:
    with reading(Scope.system("test")):
        ticket = Ticket.objects.get(number=day.done)
    with acting(day.cast.scope(day.cast.gromova), at=at(9, 20)) as unit:
        void_ticket(ticket.pk, "повтор")
    with acting(day.cast.scope(day.cast.gromova), at=at(9, 21)):
        undo_end(ticket.pk, unit.last_entry)
    return day.done


def test_what_was_voided_and_taken_back_is_among_the_actions(day: Day) -> None:
    found = cells(day, undone_void(day))
    actions = found["Действия"].split("\n")
    assert "09:20 заявка аннулирована: причина: повтор (Громова В. И.) — отменено" in actions
    assert "09:21 отменено: Заявка аннулирована (Громова В. И.)" in actions
    assert found["Итог"] == "Зарегистрирована", "what was taken back is no result"


def test_a_correction_is_printed_with_both_words_and_so_is_its_taking_back(day: Day) -> None:
    with reading(Scope.system("test")):
        ticket = Ticket.objects.get(number=day.done)
    with acting(day.cast.scope(day.cast.ivanova), at=at(9, 20)) as unit:
        correct_ticket(
            ticket.pk,
            version=ticket.version,
            reason="ослышалась",
            place=Place(building=ticket.building, address="подвал"),
            applicant="Козлов Д. И.",
            description="сырой потолок",
        )
    found = cells(day, day.done)
    assert found["Адрес"] == "ул. Ленина, 15, подвал"
    assert found["Заявитель"].startswith("Козлов Д. И.")
    assert "Сырой потолок" in found["Причина и характер"]
    told = next(said for said in found["Действия"].split("\n") if said.startswith("09:20"))
    for words in ("Петрова Анна Сергеевна", "Козлов Д. И.", "кв. 42", "подвал", "ослышалась", "течёт стояк"):
        assert words in told
    with acting(day.cast.scope(day.cast.ivanova), at=at(9, 22)):
        undo_correction(ticket.pk, unit.last_entry)
    found = cells(day, day.done)
    assert found["Адрес"] == "ул. Ленина, 15, кв. 42" and "Течёт стояк" in found["Причина и характер"]
    assert "09:22 отменено: Заявка исправлена (Иванова О. П.)" in found["Действия"].split("\n")
    assert f"{told} — отменено" in found["Действия"].split("\n")


def test_a_merged_ticket_names_the_other_and_the_other_names_it(day: Day) -> None:
    with reading(Scope.system("test")):
        into = Ticket.objects.get(number=day.done)
    with acting(day.cast.scope(day.cast.ivanova), at=at(9, 20)):
        call = contacts.type_call(phone="8 900 000-15-42")
        second = contacts.register(call.pk, classifier="flat.cold.riser", description="и у нас течёт")
    with acting(day.cast.scope(day.cast.gromova), at=at(9, 30)):
        merge_ticket(second.pk, into.pk, "один стояк")
    gone, kept = cells(day, second.number), cells(day, day.done)
    assert f"объединена 09:30: в заявку № {day.done}, причина: один стояк" in gone["Итог"].lower()
    assert "09:30 заявка объединена с другой" in gone["Действия"]
    assert kept["Итог"].endswith(f"К ней присоединены: № {second.number}")


@pytest.mark.parametrize(
    ("said", "printed_as"),
    [
        ("ленина 15 кв 42", "ул. Ленина, 15, кв. 42"),
        ("Ленина, д.15", "ул. Ленина, 15"),
        ("лен 15-77", "ул. Ленина, 15, кв. 77"),
        ("ул Ленина 15, подвал", "ул. Ленина, 15, подвал"),
    ],
)
def test_an_address_is_printed_as_the_stock_writes_it(day: Day, said: str, printed_as: str) -> None:
    with acting(Scope.system("api"), at=at(12)):
        message = arrival.Message(channel="web", address=said, text="течёт")
        _contact, ticket, _ = contacts.hand_over(message, centre=day.cast.centre.pk, classifier="flat.taps")
    assert cells(day, ticket.number)["Адрес"] == printed_as


def test_a_place_outside_the_stock_is_printed_in_its_words(day: Day) -> None:
    with acting(day.cast.scope(day.cast.ivanova), at=at(12)):
        row = contacts.type_call(address="трасса М-5, 12-й км")
        ticket = contacts.register(row.pk, classifier="flat.taps", description="течёт", is_outside=True)
    assert cells(day, ticket.number)["Адрес"] == "трасса М-5, 12-й км"


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
    assert (found.applicant, found.address) == ("не назван", "не назван")
    assert found.decision == "Консультация"
    assert found.assignee == "Диспетчер Иванова О. П."
    assert "до 11:10, соблюдён: 11:02 (ПП 416, п. 13)" in found.terms
    assert found.actions == "11:00 обращение поступило\n11:02 ответ заявителю (Иванова О. П.)"
    assert found.result == "Завершено 11:02\nСказано: в декабре"


@pytest.mark.parametrize(
    ("outcome", "more", "decision"),
    [
        ("redirected", {"redirected_to": "Электросеть, +7 495 000-00-02"}, "Перенаправлено: Электросеть, +7 495 000-00-02"),
        ("not_ours", {}, "Не наш адрес"),
        ("silence", {}, "Тишина или спам"),
    ],
)  # fmt: skip
def test_every_ending_is_a_decision(day: Day, outcome: str, more: dict[str, str], decision: str) -> None:
    with acting(day.cast.scope(day.cast.ivanova), at=at(13)):
        row = contacts.type_call(address="нет такой")
        contacts.end(row.pk, outcome, **more)
    found = next(line for line in printed(day).lines if f"{line.at:%H:%M}" == "13:00")
    assert found.decision == decision and found.result == "Завершено 13:00"


def test_words_are_not_told_twice(day: Day) -> None:
    with acting(Scope.system("api"), at=at(13)):
        message = arrival.Message(channel="phone", text="где взять ключ?")
        row, _ = arrival.receive(message, centre=day.cast.centre.pk)
    with acting(day.cast.scope(day.cast.ivanova), at=at(13)):
        contacts.take(row.pk)
        contacts.end(row.pk, "consultation", note="где взять ключ?")
    found = next(line for line in printed(day).lines if f"{line.at:%H:%M}" == "13:00")
    assert (found.nature, found.result) == ("где взять ключ?", "Завершено 13:00")


def test_an_addition_names_its_ticket_and_a_waiting_contact_waits(day: Day) -> None:
    with reading(Scope.system("test")):
        ticket = Ticket.objects.get(number=day.done)
    with acting(day.cast.scope(day.cast.ivanova), at=at(13)):
        contacts.join_ticket(contacts.type_call().pk, ticket.pk, "где бригада?")
    with acting(Scope.system("api"), at=at(14)):
        arrival.receive(arrival.Message(channel="web", text="алло"), centre=day.cast.centre.pk)
    found = {f"{line.at:%H:%M}": line for line in printed(day).lines if line.number == "—"}
    assert found["13:00"].decision == f"Дополнение к заявке № {day.done}"
    assert found["14:00"].result == "Ждёт ответа" and "до 14:10" in found["14:00"].terms
    assert "13:00 обращение присоединено к заявке: где бригада?" in line(day, day.done).actions


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
    handed(day, "accept")
    with django_assert_max_num_queries(22):  # of a batch of two hundred lines, whatever it holds
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
    return Print("АДС", "МСК", DAY, DAY, PRINTED_AT, "Громова Вера Ильинична", 1, "00", (words,))


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


@pytest.mark.parametrize("phone", ["+79480229730", "+442079460958", "+12025550123"])
def test_a_phone_as_our_words_write_it_gets_no_apostrophe(phone: str) -> None:
    said = phone_words(phone)
    assert said.startswith("+") and harmless(said) == said


@pytest.mark.parametrize(
    "text",
    ["+7", "+1+cmd|' /C calc'!A0", "+7 948 022-97-30\n=1", "-1", "@SUM(1)", "=1", "+7-948", "+7 948 A1"],
)
def test_what_is_no_phone_keeps_it(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_xlsx_has_real_dates_and_a_struck_void_number(day: Day) -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx(printed(day)))).active
    assert sheet is not None
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert rows[day.done][1].value == datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - a sheet has no zones
    assert rows[day.void][0].font.strike and not rows[day.done][0].font.strike
    assert sheet.freeze_panes == "A2" and sheet.print_title_rows == "$1:$1"


def test_a_book_tells_who_printed_it_and_which_days(day: Day) -> None:
    made = printed(day, day.cast.gromova)
    book = load_workbook(io.BytesIO(to_xlsx(made)))
    about = dict(row for row in book["Сведения"].iter_rows(values_only=True))
    assert about["Напечатано"] == "25.11.2026 09:00, Громова Вера Ильинична"
    assert about["Дни"] == "с 24.11.2026 по 24.11.2026, время МСК"
    foot = book["Журнал"].oddFooter
    assert foot is not None and "Громова" in str(foot.left.text)


@pytest.mark.parametrize(
    "text", [HOSTILE, "слово " * 2000, "нетпробелов" * 100, "", "\u0000\ufffe", "\U0001f525"]
)
def test_any_words_make_a_pdf_and_a_sheet(text: str) -> None:
    assert to_pdf(one_line(text)).startswith(b"%PDF-")
    assert to_xlsx(one_line(text)).startswith(b"PK")


def test_an_empty_day_prints_too(day: Day) -> None:
    made = printed(day, since=DAY + timedelta(9), until=DAY + timedelta(9))
    assert to_pdf(made).startswith(b"%PDF-") and len(to_csv(made).splitlines()) == 1


def test_how_contacts_ended_is_counted(day: Day) -> None:
    """Each ending is journalled and counted; what goes on is counted too."""
    with acting(Scope.system("api"), at=at(12)):
        arrival.receive(arrival.Message(channel="phone", text="где бригада"), centre=day.cast.centre.pk)
    made = printed(day)
    assert made.endings == "консультация 1, без завершения 1"
    assert f"Обращений без своей заявки;{len(made.lines) - made.tickets}" in "".join(
        f"{name};{said}" for name, said in _about(made)
    )
