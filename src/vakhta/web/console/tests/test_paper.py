"""The page of a paper night: a sheet of the blank, entered at once, nothing typed is lost."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from tests.cast import Cast

from vakhta.contacts.models import Interaction
from vakhta.domain.classifier import ENTRIES
from vakhta.kernel import clock, journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.reports.paper import COLUMNS, ROWS
from vakhta.tickets.models import Ticket
from vakhta.web.console.paper_build import moment_of
from vakhta.web.tests.steps import browser_of

MOSCOW = ZoneInfo("Europe/Moscow")
REASON = "не было света с 02:10 до 05:40"


def yesterday() -> date:
    return (clock.now().astimezone(MOSCOW) - timedelta(days=1)).date()


def line(number: int, **said: str) -> dict[str, str]:
    known = {
        "received_at": "02:10", "answered_at": "0212", "channel": "phone", "phone": "8 900 000-15-42",
        "outcome": "ticket", "classifier": "flat.cold.riser", "description": "течёт стояк", "terms_told_at": "02:20",
        "terms_until": "18:00",
    }  # fmt: skip
    return {f"{name}-{number}": text for name, text in {**known, **said}.items()}


def post(cast: Cast, *lines: dict[str, str], **said: str) -> Any:
    form = {"reason": REASON, "day": f"{yesterday():%d.%m.%Y}", **said}
    for words in lines:
        form |= words
    return browser_of(cast.ivanova).post(reverse("console:paper"), form)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def counted() -> tuple[int, int]:
    with reading(Scope.system("test")):
        return Ticket.objects.count(), Interaction.objects.count()


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def focus(page: str) -> str:
    return re.findall(r'name="([a-z_0-9-]+)"[^>]* autofocus', page)[0]


def test_the_page_has_the_columns_of_the_sheet(cast: Cast) -> None:
    page = text(browser_of(cast.ivanova).get(reverse("console:paper")))
    for column in COLUMNS:
        assert page.count(f"<legend>{column.title}</legend>") == ROWS
        for name in column.fields:
            assert f'name="{name}-1"' in page and f'name="{name}-{ROWS}"' in page


def test_a_sheet_is_entered_at_once_with_its_real_times(cast: Cast) -> None:
    crew = str(cast.crew4.pk)
    answer = post(
        cast,
        line(1, performer=f"crew/{crew}", handed_at="02:15", on_the_way_at="02:18", on_site_at="02:30", contained_at="02:38",
             done_at="04:00", done_note="заменён участок", service_1="edds", service_1_at="02:14", service_1_who="дежурный"),
        line(3, received_at="03:00", answered_at="", outcome="consultation", about="сказано: в декабре", classifier="",
             terms_told_at="", terms_until=""),
    )  # fmt: skip
    assert answer.status_code == 302
    with reading(Scope.system("test")):
        ticket, talk = Ticket.objects.get(), Interaction.objects.get(outcome="consultation")
        told = journal.history(f"ticket/{ticket.pk}")
    at = {r.fact.kind: r.happened_at.astimezone(MOSCOW) for r in told}
    assert f"{at['CrewOnSite']:%H:%M}" == "02:30" and at["CrewOnSite"].date() == yesterday()
    assert (ticket.state, f"{at['WorkDone']:%H:%M}") == ("done", "04:00")
    assert {r.late_reason for r in told} == {REASON}
    assert f"{talk.received_at.astimezone(MOSCOW):%H:%M}" == "03:00"
    page = text(browser_of(cast.ivanova).get(answer["Location"]))
    assert "Записано строк: 2." in page and ticket.number in page
    assert value(page, "reason") == REASON and value(page, "day") == f"{yesterday():%d.%m.%Y}"
    assert value(page, "received_at-1") == "", "the next sheet is empty"
    assert focus(page) == "received_at-1", "and ready to be typed"


def test_a_night_goes_past_midnight_by_itself(cast: Cast) -> None:
    day = yesterday() - timedelta(days=1)
    answer = post(
        cast,
        line(1, received_at="23:50", answered_at="23:52", terms_told_at="00:05", terms_until="06:00"),
        line(2, received_at="01:10", answered_at="01:11", terms_told_at="01:15", terms_until="06:00"),
        day=f"{day:%d.%m.%Y}",
    )
    assert answer.status_code == 302
    with reading(Scope.system("test")):
        said = [
            f"{t.registered_at.astimezone(MOSCOW):%d %H:%M}" for t in Ticket.objects.order_by("registered_at")
        ]
    assert said == [f"{day:%d} 23:52", f"{yesterday():%d} 01:11"]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"received_at": "вчера"}, "received_at", "нужно вроде 02:10"),
        ({"received_at": "25:10"}, "received_at", "нужно вроде 02:10"),
        ({"received_at": "31.02 02:10"}, "received_at", "нужно вроде 02:10"),
        ({"received_at": ""}, "received_at", "Укажите, когда обратились"),
        ({"answered_at": "02:09"}, "answered_at", "раньше, чем «обратились»"),
        ({"done_at": "02:05"}, "done_at", "раньше"),
        ({"classifier": ""}, "classifier", "Выберите вид неисправности"),
        ({"phone": "нет"}, "phone", "Телефон не читается"),
        ({"phone": "12"}, "phone", "Телефон не читается"),
        ({"handed_at": "02:15"}, "performer", "кому передали заявку"),
        ({"performer": "crew/999999", "handed_at": "02:15"}, "performer", "Такой бригады нет"),
        ({"performer": "nobody"}, "performer", "Выберите бригаду"),
        ({"outcome": "addition", "classifier": "", "terms_told_at": "", "terms_until": "", "about": "26-9"}, "about", "Заявки с таким номером нет"),
        ({"access_since": "02:30", "access_worker": "Ким"}, "access_reason", "Причина допуска"),
        ({"service_1_who": "кто-то"}, "service_1", "Служба"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    cast: Cast, said: dict[str, str], field: str, words: str
) -> None:
    answer = post(cast, line(1, received_at="02:00", answered_at="02:01"), line(2, **said))
    page = text(answer)
    assert (answer.status_code, counted()) == (422, (0, 0))
    shown = re.search(rf'id="pp-{field}-2-about">(?:<svg.*?</svg>)?<span>([^<]*)', page, re.S)
    assert shown is not None and words in shown[1], page.count("field-error")
    assert "Лист не записан, набранное сохранено" in page
    assert focus(page) == f"{field}-2"
    assert value(page, "received_at-1") == "02:00" and "течёт стояк" in page
    for name, typed in said.items():
        assert name == "performer" or typed in page, name


def test_every_mistake_of_the_sheet_stands_at_its_field_at_once(cast: Cast) -> None:
    """What cannot be read does not hide what cannot have been, in its own line or in another."""
    answer = post(
        cast,
        line(1, received_at="02:00", answered_at="01:59", phone="", address="Лениа 15555"),
        line(2, received_at="вчера", classifier="", performer="nobody"),
        line(4, answered_at="02:61", done_at="02:05", outcome="consultation"),
    )
    page = text(answer)
    assert (answer.status_code, counted()) == (422, (0, 0))
    assert re.findall(r'class="field-error" id="pp-([a-z_0-9-]+)-about"', page) == [
        "answered_at-1", "address-1", "received_at-2", "classifier-2", "performer-2",
        "answered_at-4", "outcome-4", "done_at-4",
    ]  # fmt: skip
    assert focus(page) == "answered_at-1"
    assert "Alt+↓" not in page, "the console's advice: a list of the sheet opens by itself"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reason": ""}, "Укажите причину"),
        ({"day": ""}, "Укажите день листа"),
        ({"day": "вчера"}, "Дата не читается"),
    ],
)
def test_a_sheet_needs_its_day_and_its_reason(cast: Cast, said: dict[str, str], words: str) -> None:
    answer = post(cast, line(1), **said)
    assert (answer.status_code, counted()) == (422, (0, 0)) and words in text(answer)


def test_an_empty_sheet_is_told_so(cast: Cast) -> None:
    answer = post(cast, {"channel-1": "phone", "outcome-1": "ticket"})
    assert answer.status_code == 422 and "Лист пустой" in text(answer)


def test_a_sheet_of_tomorrow_is_refused(cast: Cast) -> None:
    tomorrow = yesterday() + timedelta(days=2)
    answer = post(cast, line(1), day=f"{tomorrow:%d.%m.%Y}")
    assert answer.status_code == 422 and "ещё не наступило" in text(answer) and counted() == (0, 0)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("02:10", "2026-11-24 02:10"),
        ("0210", "2026-11-24 02:10"),
        ("2:10", "2026-11-24 02:10"),
        ("25.11 02:10", "2026-11-25 02:10"),
        ("25.11.26 0210", "2026-11-25 02:10"),
        ("25.11.2026 02:10", "2026-11-25 02:10"),
        ("03.01 02:10", "2027-01-03 02:10"),
    ],
)
def test_a_moment_is_written_as_on_paper(said: str, moment: str) -> None:
    found = moment_of(said, date(2026, 11, 24), None, MOSCOW)
    assert found == datetime.fromisoformat(moment).replace(tzinfo=MOSCOW)


def test_who_may_not_enter_late_does_not_see_the_sheet(cast: Cast) -> None:
    assert browser_of(cast.inspector).get(reverse("console:paper")).status_code == 403


def test_a_house_that_is_not_found_is_asked_about_and_not_entered_in_silence(cast: Cast) -> None:
    """«Лениа» is a slip of the pen; the highway is no house of ours. Only who says so enters its words."""
    before = counted()
    for place in ("Лениа 15555", "трасса М-5, 12-й км"):
        answer = post(cast, line(1, phone="", address=place))
        page = text(answer)
        assert answer.status_code == 422 and f"«{place}» не найден" in page and "не в фонде" in page
        assert focus(page) == "address-1"
    assert counted() == before
    answer = post(cast, line(1, phone="", address="трасса М-5, 12-й км", outside="yes"))
    assert answer.status_code == 302
    with reading(Scope.system("test")):
        ticket = Ticket.objects.latest("id")
    assert (ticket.address, ticket.building_id) == ("трасса М-5, 12-й км", None)


def test_the_natures_of_a_line_follow_its_words_and_nothing_is_chosen(cast: Cast) -> None:
    desk = browser_of(cast.ivanova)
    url = reverse("console:paper_natures", args=[3])
    typed = text(desk.post(url, {"description-3": "засор канализации", "classifier-3": ""}))
    kinds = re.findall(r'<option value="([^"]*)"( selected)?', typed)
    assert kinds[0] == ("", " selected") and kinds[1][0] == "flat.sewer.blockage"
    assert len(kinds) == len(ENTRIES) + 1, "every entry stays within reach"
    kept = text(desk.post(url, {"description-3": "засор канализации", "classifier-3": "flat.power.none"}))
    assert re.findall(r'<option value="([^"]*)" selected', kept) == ["flat.power.none"]


def test_one_sheet_is_entered_once_however_often_it_is_sent(cast: Cast) -> None:
    """«Назад» and Ctrl+Enter once more: the sheet carries its own key."""
    sheet = value(text(browser_of(cast.ivanova).get(reverse("console:paper"))), "sheet")
    assert post(cast, line(1), line(2), sheet=sheet).status_code == 302
    before = counted()
    again = post(cast, line(1), line(2), sheet=sheet)
    assert again.status_code == 409
    assert "Этот лист уже записан: № 26-1, № 26-2." in text(again).replace("\xa0", " ")
    assert counted() == before
    other = value(text(browser_of(cast.ivanova).get(reverse("console:paper"))), "sheet")
    assert post(cast, line(1), sheet=other).status_code == 302


def test_a_refused_sheet_is_mended_and_sent_with_the_same_key(cast: Cast) -> None:
    refused = post(cast, line(1, received_at="25:10"), sheet="one")
    assert refused.status_code == 422 and value(text(refused), "sheet") == "one"
    assert post(cast, line(1), sheet="one").status_code == 302
