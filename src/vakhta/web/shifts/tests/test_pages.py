"""The pages of shifts as people use them: a month planned by one form, a day changed, a swap, a shift handed over."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import reading
from vakhta.people.models import Staff
from vakhta.reports import sayings
from vakhta.shifts import handover
from vakhta.shifts.models import Handover, Swap
from vakhta.shifts.tests.watch import at, planned, stands
from vakhta.web.shifts.month import gap_words
from vakhta.web.tests.steps import at_most, browser_of, ordered

NOON = at(1, 12)
"""The first of December, Ivanova's day."""


@pytest.fixture
def december(cast: Cast) -> Any:
    """Иванова ДН··, Сидорова ·ДН·; now is the noon of the first."""
    planned(cast, ivanova=1, sidorova=2)
    with time_machine.travel(NOON, tick=False):
        yield cast


def page(who: Staff, path: str = "/shifts/", **said: str) -> str:
    answer = browser_of(who).get(path, said)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return html.unescape(answer.content.decode())


def post(who: Staff, path: str, **said: Any) -> Any:
    return browser_of(who).post(path, said)


# ── The month ────────────────────────────────────────────────────────────────────────────────


def test_a_month_is_planned_by_one_form(cast: Cast) -> None:
    with time_machine.travel(at(29, month=11), tick=False):
        assert "На этот месяц графика ещё нет" in page(cast.gromova, month="2026-12")
        answer = post(
            cast.gromova, "/shifts/make/", month="2026-12",
            staff=[str(cast.gromova.pk), str(cast.ivanova.pk), str(cast.sidorova.pk)],
            pattern=["", "day_night", "full_three"],
            first=["", "01.12.2026", "3.12"],
        )  # fmt: skip
        assert (answer.status_code, answer["Location"]) == (302, "/shifts/?month=2026-12")
        assert stands(cast, cast.ivanova) == "ДН··ДН··" and stands(cast, cast.sidorova) == "··С···С·"
        shown = page(cast.ivanova, month="2026-12")
        assert "Иванова О. П., 1 декабря, вт, день 08–20" in shown.replace("\u00a0", " ")
        january = page(cast.gromova, month="2027-01")
    assert re.search(r'value="day_night" selected', january), "the next month goes on with the same pattern"
    assert 'value="01.12.2026"' in january


def test_a_month_after_a_planned_one_is_not_planned_by_its_last_day(cast: Cast) -> None:
    """A shift of the 31st begins beside January: nobody works in January yet, so nobody is enough."""
    planned(cast, ivanova=3)
    assert stands(cast, cast.ivanova, 31).endswith("Д"), "she works on the 31st"
    with time_machine.travel(NOON, tick=False):
        shown = page(cast.gromova, month="2027-01")
    assert "На этот месяц графика ещё нет" in shown and "Людей хватает" not in shown


def test_a_plan_that_cannot_be_worked_comes_back_as_it_was_typed(cast: Cast) -> None:
    planned(cast, ivanova=1)
    with time_machine.travel(at(29, month=11), tick=False):
        answer = post(
            cast.gromova,
            "/shifts/make/",
            month="2026-12",
            staff=str(cast.ivanova.pk),
            pattern="day_night",
            first="",
        )
        text = html.unescape(answer.content.decode())
        assert answer.status_code == 422 and "Укажите первый день порядка" in text
        assert re.search(r'value="day_night" selected', text)
        answer = post(cast.gromova, "/shifts/make/", month="2026-13", staff="", pattern="", first="")
        assert answer.status_code == 422 and "Такого месяца" in answer.content.decode()
        answer = post(
            cast.gromova, "/shifts/make/", month="2026-12", staff="1", pattern=["day_night", "two_two"]
        )
        assert answer.status_code == 422 and "не целиком" in answer.content.decode()
    assert stands(cast, cast.ivanova) == "ДН··ДН··"


def test_a_day_is_changed_on_the_page_that_its_cell_opens(december: Cast) -> None:
    cast = december
    shown = page(cast.gromova, month="2026-12")
    [link] = re.findall(
        rf'href="(/shifts/\?month=2026-12&staff={cast.ivanova.pk}&day=2026-12-05)#day"', shown
    )
    opened = page(cast.gromova, link)
    assert "В графике: день 08–20" in opened
    answer = post(
        cast.gromova, "/shifts/change/", staff=str(cast.ivanova.pk), day="2026-12-05", turn="", why="sick"
    )
    assert answer.status_code == 302
    assert stands(cast, cast.ivanova) == "ДН···Н··"
    wrong = post(
        cast.gromova, "/shifts/change/", staff=str(cast.ivanova.pk), day="2026-12-05", turn="", why="extra"
    )
    text = wrong.content.decode()
    assert (
        wrong.status_code == 422
        and "Причина не подходит" in text
        and "В графике: не работает, болеет" in text
    )


def test_an_operator_s_cells_open_only_what_is_theirs_to_swap(december: Cast) -> None:
    shown = page(december.ivanova, month="2026-12")
    links = re.findall(r'href="/shifts/\?month=2026-12&staff=(\d+)&day=2026-12-(\d\d)#day"', shown)
    assert {staff for staff, _day in links} == {str(december.ivanova.pk)}
    assert "01" not in {day for _staff, day in links}, "the shift that goes on is not swapped"
    assert "02" in {day for _staff, day in links}
    assert "Составить" not in shown


def test_a_swap_goes_from_one_to_the_other_to_the_senior(december: Cast) -> None:
    cast = december
    opened = page(cast.ivanova, month="2026-12", staff=str(cast.ivanova.pk), day="2026-12-05")
    offered = re.findall(r'<option value="(\d+/2026-12-\d\d)"', opened)
    assert f"{cast.sidorova.pk}/2026-12-03" in offered
    assert f"{cast.sidorova.pk}/2026-12-06" not in offered, "Ivanova works that night herself"
    answer = post(
        cast.ivanova, "/shifts/swap/", day="2026-12-05", **{"with": f"{cast.sidorova.pk}/2026-12-03"}
    )
    assert answer.status_code == 302
    with reading(cast.scope(cast.gromova)):
        row = Swap.objects.get()
    words = "Иванова О. П. отдаёт 5 декабря, сб, день 08–20; Сидорова М. А. отдаёт 3 декабря, чт, ночь 20–08"
    assert words in page(cast.sidorova).replace("\u00a0", " ")
    assert f"/shifts/swap/{row.pk}/approve/" not in page(cast.gromova)
    assert post(cast.sidorova, f"/shifts/swap/{row.pk}/agree/").status_code == 302
    assert f"/shifts/swap/{row.pk}/approve/" in page(cast.gromova)
    assert post(cast.gromova, f"/shifts/swap/{row.pk}/approve/").status_code == 302
    assert stands(cast, cast.ivanova) == "ДНН··Н··" and stands(cast, cast.sidorova) == "·Д··ДДН·"
    assert "Обмены ждут решения" not in page(cast.gromova)


def test_where_people_are_missing_is_said_in_words(december: Cast) -> None:
    shown = page(december.gromova, month="2026-12").replace("\u00a0", " ")
    assert "3 декабря, чт" in shown and "с 08:00 до 20:00 нужен ещё один" in shown
    assert "с 00:00 до 08:00 нужен ещё один" in shown


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        (1, "с 02:00 до 04:00 нужен ещё один"),
        (2, "с 02:00 до 04:00 нужны ещё двое"),
        (3, "с 02:00 до 04:00 нужны ещё трое"),
        (4, "с 02:00 до 04:00 нужно ещё 4"),
        (7, "с 02:00 до 04:00 нужно ещё 7"),
    ],
)
def test_how_many_are_missing_is_russian(lacks: int, words: str) -> None:
    from vakhta.domain.rotas import Gap

    assert gap_words(Gap(date(2026, 12, 1), at(1, 2), at(1, 4), lacks), "Europe/Moscow") == words
    assert gap_words(Gap(date(2026, 12, 1), at(1, 20), at(2, 0), 1), "Europe/Moscow") == (
        "с 20:00 до 24:00 нужен ещё один"
    )


def test_the_month_is_few_questions_however_many_people(december: Cast) -> None:
    client = browser_of(december.gromova)
    client.get("/shifts/", {"month": "2026-12"})
    with at_most(14):
        client.get("/shifts/", {"month": "2026-12", "staff": str(december.ivanova.pk), "day": "2026-12-05"})


def test_the_month_is_saved_for_the_wall_and_for_reckoning(december: Cast) -> None:
    client = browser_of(december.ivanova)
    sheet = load_workbook(io.BytesIO(client.get("/shifts/shifts.xlsx?month=2026-12").content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["Диспетчер", "1, вт", "2, ср"] and rows[0][-1] == "часов"
    by_name = {row[0]: row for row in rows[1:]}
    assert by_name["Иванова Ольга Петровна"][1:6] == ["Д", "Н", None, None, "Д"]
    assert by_name["Иванова Ольга Петровна"][-1] == 192
    assert client.get("/shifts/shifts.pdf?month=2026-12").content.startswith(b"%PDF")
    assert client.get("/shifts/shifts.csv?month=2026-12").status_code == 404


@pytest.mark.parametrize("month", ["2026", "декабрь", "2026-00", "1999-01", "9999-12", "2026-12-01"])
def test_a_month_that_is_none_is_said(december: Cast, month: str) -> None:
    answer = browser_of(december.ivanova).get("/shifts/", {"month": month})
    assert answer.status_code == 422
    assert re.search("Месяц не читается|Такого месяца", answer.content.decode())


# ── Who is on ────────────────────────────────────────────────────────────────────────────────


def test_who_is_on_and_who_comes_stands_on_the_page_the_board_and_the_console(december: Cast) -> None:
    cast = december
    shown = page(cast.gromova)
    assert "Иванова О. П." in shown and "до 20:00" in shown and "с 08:00, 2" in shown.replace("\u00a0", " ")
    board = page(cast.gromova, "/board/")
    assert re.search(r"На смене</b> <span class=\"watch-person\">Иванова О\. П\.", board)
    console = page(cast.ivanova, "/console/")
    assert "смена 08–20" in console and "На смене: Иванова О. П." in console
    assert "вне графика" in page(cast.sidorova, "/console/")


def test_without_a_rota_nothing_is_said_of_it(cast: Cast) -> None:
    assert 'class="watch"' not in page(cast.gromova, "/board/")
    assert re.search("смена (08–20|20–08)", page(cast.ivanova, "/console/"))


def test_another_company_s_board_says_nothing_of_the_centre_s_shifts(december: Cast) -> None:
    with time_machine.travel(at(2, 12), tick=False):
        shown = page(december.client, "/board/")
    assert "Иванова" not in shown and "Смену до" not in shown


# ── The hand-over ────────────────────────────────────────────────────────────────────────────


def test_a_shift_is_handed_over_and_taken(december: Cast) -> None:
    cast = december
    ticket, _order = ordered(cast)
    with reading(cast.scope(cast.ivanova)):
        [pk] = Interaction.objects.filter(state="taken").values_list("pk", flat=True)
    shown = page(cast.ivanova, "/shifts/handover/")
    assert "Обращений у вас в работе: 1" in shown and "ул. Ленина, 15, кв. 42" in shown
    assert re.search(r"<b>звонок</b> с \d\d:\d\d, ведёт Иванова", shown), "of a call, a letter, a talk alike"
    assert "1 декабря, вт, 08:00–20:00" in shown.replace("\u00a0", " ")
    refused = post(cast.ivanova, "/shifts/handover/sign/", notes="ключ у консьержа")
    assert refused.status_code == 422
    assert "Верните их в очередь или передайте сменщику" in refused.content.decode()
    assert "ключ у консьержа" in refused.content.decode(), "what was typed stays"
    signed = post(
        cast.ivanova, "/shifts/handover/sign/",
        notes="ключ у консьержа", contacts_go="hand", to=str(cast.sidorova.pk),
    )  # fmt: skip
    with reading(cast.scope(cast.gromova)):
        row = Handover.objects.get()
        assert Interaction.objects.get(pk=pk).taken_by_id == cast.sidorova.pk
    assert signed["Location"] == f"/shifts/sheets/{row.pk}/"
    own = page(cast.ivanova, signed["Location"])
    assert "ждёт сменщика" in own and "Принять смену" not in own
    assert "примите" in page(cast.sidorova, "/console/") and "примите" not in page(cast.ivanova, "/console/")
    assert f'href="/shifts/sheets/{row.pk}/"' in page(cast.sidorova, "/shifts/handover/")
    taken = post(cast.sidorova, f"/shifts/sheets/{row.pk}/accept/", remark="ключа нет")
    assert taken.status_code == 302
    for path in ("/shifts/", "/board/", "/console/"):
        now_on = re.search(r"(?:Сейчас:|На смене:?)(.{,100})", page(cast.gromova, path), re.S)
        assert now_on and "Сидорова М. А." in now_on[1] and "Иванова" not in now_on[1], path
    assert "смена сдана" in page(cast.ivanova, "/console/"), "who handed over is not off the rota"
    given = page(cast.ivanova, "/shifts/handover/")
    assert "Смена сдана." in given and "Принял(а): Сидорова М. А." in given
    assert f'href="/shifts/sheets/{row.pk}/"' in given and "Подписать" not in given
    again = post(cast.ivanova, "/shifts/handover/sign/")
    assert again.status_code == 409 and "уже сдали" in again.content.decode()
    shown = page(cast.gromova, f"/shifts/sheets/{row.pk}/")
    for words in (
        "принята",
        "Иванова Ольга Петровна",
        "Сидорова Мария Андреевна",
        "ключа нет",
        ticket.number[-1],
    ):
        assert words in shown
    assert "Лист такой же, каким его подписали" in shown
    assert re.search(r"через \d+ мин|через 1 ч", shown) and not re.search(r"через \d\d:\d\d", shown), (
        "how long is left is no hour of the day"
    )
    listed = page(cast.orlov, "/shifts/sheets/")
    assert "Сидорова М. А." in listed and "ключ у консьержа" in listed
    pdf = browser_of(cast.gromova).get(f"/shifts/sheets/{row.pk}/print/")
    assert pdf.content.startswith(b"%PDF")


def test_a_sheet_that_somebody_changed_by_hand_says_so(december: Cast) -> None:
    with acting(december.scope(december.ivanova)):
        row = handover.sign("")
    with acting(december.scope(december.gromova)):
        Handover.objects.filter(pk=row.pk).update(sheet={**row.sheet, "tickets_total": 7})
    assert "Лист не такой, каким его подписали" in page(december.gromova, f"/shifts/sheets/{row.pk}/")


def test_a_shift_that_nobody_took_over_stands_on_the_senior_s_board(december: Cast) -> None:
    with time_machine.travel(at(1, 21), tick=False):
        assert "никто не сдал и не принял: Иванова О. П." in page(december.gromova, "/board/")
        with acting(december.scope(december.ivanova)):
            handover.sign("")
        assert "сдали, но никто не принял: Иванова О. П." in page(december.gromova, "/board/")


def test_the_sheet_now_is_few_questions(december: Cast) -> None:
    for _ in range(3):
        ordered(december)
    client = browser_of(december.ivanova)
    client.get("/shifts/handover/")
    with at_most(20):
        client.get("/shifts/handover/")


def test_the_journal_says_all_of_it_in_words(december: Cast) -> None:
    cast = december
    with acting(cast.scope(cast.ivanova)):
        handover.sign("лифт у Мира, 3 обещали к утру")
    with reading(cast.scope(cast.gromova)):
        records = journal.history(f"staff/{cast.ivanova.pk}")
        known = sayings.known(records, "Europe/Moscow")
        said = [f"{sayings.title(r.fact)}: {sayings.words(r.fact, known)}" for r in records]
    assert said == [
        "График составлен: Иванова О. П. · месяц 2026-12 · день, ночь, двое дома",
        "Смена сдана: Иванова О. П. · открытых заявок: 0 · лифт у Мира, 3 обещали к утру",
    ]
