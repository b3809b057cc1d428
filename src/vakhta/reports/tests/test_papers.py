"""A ticket, the duty directory and blank sheets on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Staff
from vakhta.places.models import AccessNote
from vakhta.reports import duty, paper, pdf, ticket
from vakhta.reports.duty import blank_forms_pdf, duty_pdf
from vakhta.reports.ticket import ticket_pdf
from vakhta.tickets.models import Ticket

from .conftest import Day, at


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
    assert wrong.status_code == 422 and "Луна, 1" in wrong.content.decode()
    foreign = desk.get(url, {"houses": str(day.cast.foreign_house)})
    assert foreign.status_code == 422, "another company's house is not there"
    page = desk.get(reverse("console:duty_page"), {"q": "мира 3"}).content.decode()
    assert "Напечатать выбранные дома" in page and ">ул. Мира, 3</textarea>" in page


def test_a_blank_form_does_not_run_over_its_sheet(day: Day) -> None:
    with reading(day.cast.scope(day.cast.ivanova)):
        made = blank_forms_pdf(at=at(12))
    assert len(re.findall(rb"/Type\s*/Page\b", made)) in (0, duty.PAGES), "a form does not run over its sheet"


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
