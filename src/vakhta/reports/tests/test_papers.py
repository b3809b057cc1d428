"""A ticket, the duty directory and blank sheets on paper."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.places.models import AccessNote, Entrance, Riser
from vakhta.reports import duty, paper, pdf, ticket
from vakhta.reports.duty import blank_forms_pdf, duty_pdf
from vakhta.reports.ticket import ticket_pdf
from vakhta.tickets.models import Ticket

from .conftest import Day, at


def pages(made: bytes) -> list[str]:
    """What each page of a PDF says."""
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What was put on the last form."""
    kept: dict[str, object] = {}
    for module in (ticket, duty):
        make = module.compile_pdf
        monkeypatch.setattr(
            module,
            "compile_pdf",
            lambda form, said, make=make: kept.update(said.get("tickets", [said])[0]) or make(form, said),
        )
    return kept


def pk_of(number: str) -> int:
    with reading(Scope.system("test")):
        return int(Ticket.objects.get(number=number).pk)


def print_ticket(day: Day, number: str, staff: Staff) -> bytes:
    pk = pk_of(number)
    with reading(day.cast.scope(staff)):
        return ticket_pdf(pk, at=at(12))


def test_a_ticket_on_paper_has_its_terms_and_its_history(day: Day, data: dict[str, object]) -> None:
    assert print_ticket(day, day.done, day.cast.ivanova).startswith(b"%PDF-")
    words = str(data)
    for expected in (
        day.done,
        "Петрова",
        "Локализация".lower(),
        "ПП 416, п. 13",
        "Сроки сообщены заявителю",
        "перекрыть стояк",
    ):
        assert expected in words
    assert [row["title"] for row in data["history"]][:2] == ["Обращение поступило", "Взято в работу"]  # type: ignore[attr-defined]


def test_a_hostile_word_is_only_a_word(day: Day) -> None:
    assert print_ticket(day, day.late, day.cast.ivanova).startswith(b"%PDF-")


def test_another_company_s_ticket_is_not_printed(day: Day) -> None:
    with pytest.raises(NotFound):
        print_ticket(day, day.void, day.cast.client)


def test_people_of_the_centre_are_not_named_to_a_company(day: Day, data: dict[str, object]) -> None:
    print_ticket(day, day.done, day.cast.client)
    assert "Иванова" not in str(data["history"]) and "сотрудник службы" in str(data["history"])


def test_the_duty_directory_has_services_and_valves(day: Day, data: dict[str, object]) -> None:
    with reading(day.cast.scope(day.cast.ivanova)):
        assert duty_pdf(at=at(12)).startswith(b"%PDF-")
    assert "104" in str(data["groups"]) and "подвал, подъезд 2" in str(data["places"])


def test_the_duty_directory_prints_the_houses_that_were_chosen(day: Day, data: dict[str, object]) -> None:
    desk, url = Client(), reverse("reports:duty")
    desk.force_login(day.cast.ivanova.user)
    with reading(Scope.system("test")):
        AccessNote.objects.create(
            company=day.cast.luch, building=day.cast.mira3, kind="key", title="от чердака", where="кв. 1"
        )

    def printed(**asked: str) -> list[str]:
        assert desk.get(url, asked).status_code == 200
        return [house for house, _notes in data["places"]]  # type: ignore[attr-defined]

    assert printed() == ["ул. Ленина, 15", "ул. Мира, 3"]
    assert printed(houses="ул. Мира, 3") == ["ул. Мира, 3"]
    assert printed(houses="ленина 15\nвся ул. Мира") == ["ул. Ленина, 15", "ул. Мира, 3"]
    wrong = desk.get(url, {"houses": "ул. Ленина, 15\nЛуна, 1"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and ">ул. Ленина, 15\nЛуна, 1</textarea>" in page, "the words are kept"
    assert '<details class="fold duty-print" open>' in page and "Не понятно: «Луна, 1»" in page
    assert re.search(r'<textarea id="print-houses"[^>]* autofocus aria-invalid="true"', page)
    assert "Службы" in page, "it is the directory's own page"
    foreign = desk.get(url, {"houses": str(day.cast.foreign_house)})
    assert foreign.status_code == 422, "another company's house is not there"
    page = desk.get(reverse("console:duty_page"), {"q": "мира 3"}).content.decode()
    assert "Напечатать выбранные дома" in page and ">ул. Мира, 3</textarea>" in page


def test_a_loose_sheet_of_the_duty_directory_says_whose_house_it_tells_of(day: Day) -> None:
    luch, mira3 = day.cast.luch, day.cast.mira3
    with reading(Scope.system("test")):
        AccessNote.objects.bulk_create(
            AccessNote(company=luch, building=mira3, kind="key", title=f"кладовая {n}", where=f"крючок {n}")
            for n in range(150)
        )
    with reading(day.cast.scope(day.cast.ivanova)):
        sheets = pages(duty_pdf(at=at(12)))
    told = [sheet for sheet in sheets if "кладовая" in sheet]
    assert len(told) >= 3
    for sheet in told:
        first_line = sheet.index("кладовая")
        assert "ул. Мира, 3" in sheet[:first_line], "the house is named above its first line on every sheet"
        assert "Название" in sheet[:first_line], "and so is what the columns are"
    assert "ул. Ленина, 15" not in sheets[-1], "the house before is not"


def test_the_duty_directory_says_first_what_is_shut_first(day: Day, data: dict[str, object]) -> None:
    north, house = day.cast.north, day.cast.lenina15
    with reading(Scope.system("test")):
        Riser.objects.create(
            company=north, building=house, service="cold_water", entrance=1, valve="подвал, п. 1"
        )
        for kind, title in (
            ("valve", "Газ, кран на вводе"),
            ("valve", "Задвижки отопления"),
            ("key", "Вводной щит"),
        ):
            AccessNote.objects.create(company=north, building=house, kind=kind, title=title, where="щит")
    with reading(day.cast.scope(day.cast.ivanova)):
        duty_pdf([house.pk], at=at(12))
    lines = data["places"][0][1]  # type: ignore[index]
    assert [title for _what, title, _where in lines] == [
        "ввод ХВС",
        "Газ, кран на вводе",
        "Задвижки отопления",
        "ХВС, подъезд 1",
        "Вводной щит",
    ]


def test_a_door_s_code_is_printed_once_where_both_places_say_the_same(
    day: Day, data: dict[str, object]
) -> None:
    north, house = day.cast.north, day.cast.lenina15
    with reading(Scope.system("test")):
        for number in (1, 2, 3):
            Entrance.objects.create(company=north, building=house, number=number, code=f"{number}К100")
        for title, where in (
            ("Домофон, подъезд 1", "1к100"),
            ("Домофон, подъезд 2", "2К999"),
            ("Калитка у подъезда 3", "3К100"),
        ):
            AccessNote.objects.create(company=north, building=house, kind="code", title=title, where=where)
    with reading(day.cast.scope(day.cast.ivanova)):
        duty_pdf([house.pk], at=at(12))
    lines = data["places"][0][1]  # type: ignore[index]
    assert [(title, code) for what, title, code in lines if what == "Код двери"] == [
        ("подъезд 1", "1К100"),
        ("подъезд 2", "2К100"),
        ("подъезд 3", "3К100"),
        ("Домофон, подъезд 2", "2К999"),
        ("Калитка у подъезда 3", "3К100"),
    ]


def test_a_blank_form_does_not_run_over_its_sheet(day: Day) -> None:
    with reading(day.cast.scope(day.cast.ivanova)):
        made = blank_forms_pdf(at=at(12))
    assert len(pages(made)) == duty.PAGES


FORMS = sorted(pdf.FORMS.glob("*.typ"))


@pytest.mark.parametrize("form", [path for path in FORMS if path.stem != "house"], ids=lambda path: path.stem)
def test_papers_are_set_in_letters_that_can_be_read(form: Path) -> None:
    """Ten points and more for all that tells something; less for the foot and what a line is for."""
    small = [
        found
        for found in re.findall(r"size: ([\d.]+)pt(?!, fill: grey)", form.read_text())
        if float(found) < 10
    ]
    assert not small


def test_blank_sheets_ask_what_the_morning_s_page_asks(day: Day, data: dict[str, object]) -> None:
    with reading(day.cast.scope(day.cast.ivanova)):
        blank_forms_pdf(at=at(12))
    assert data["rows"] == paper.ROWS
    asked = [(column["title"], column["labels"]) for column in data["columns"]]  # type: ignore[attr-defined]
    assert asked == [(column.title, list(column.fields.values())) for column in paper.COLUMNS]
