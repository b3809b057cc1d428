"""The page of indicators: every number opens a list of exactly so many rows; files say what the page says."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews.models import Crew
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.reports.indicators import BY
from vakhta.tickets import word
from vakhta.tickets.clocks import fire_due
from vakhta.tickets.models import Clock, Ticket
from vakhta.web.gallery.figures import houses
from vakhta.web.tests.steps import browser_of, finished, ordered, registered

LINK = re.compile(r'<td class="figure"[^>]*><a href="([^"]+)">(\d+)</a>')


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A ticket that is done, one in work, a late one by Mira, a repeated call, a consultation."""
    finished(cast)
    ordered(cast)
    long_ago = clock.now() - timedelta(days=6)
    with acting(cast.scope(cast.ivanova), at=clock.now(), happened_at=long_ago, late_reason="не было света"):
        row = contacts.type_call(phone="+79000000312")
        contacts.register(row.pk, classifier="flat.cold.riser", description="течёт")
    first = registered(cast)
    with acting(cast.scope(cast.sidorova)):
        row = contacts.type_call(phone="+79000001542")
        contacts.join_ticket(row.pk, first.pk, "где бригада?")
        other = contacts.type_call(phone="+79000000312")
        contacts.end(other.pk, "consultation", note="вода будет к шести")
    fire_due()
    return cast


def page(client: Client, **said: str) -> str:
    since = (clock.now() - timedelta(days=10)).date().isoformat()
    answer = client.get(reverse("indicators:indicators"), {"since": since, **said})
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(client: Client, link: str) -> int:
    listed = client.get(html.unescape(link))
    assert listed.status_code == 200, link
    body = re.search(r"<tbody data-list>(.*?)</tbody>", listed.content.decode(), re.S)
    return body[1].count("<tr>") if body else 0


@pytest.mark.parametrize("by", BY)
def test_every_number_opens_a_list_of_exactly_so_many(busy: Cast, by: str) -> None:
    senior = browser_of(busy.gromova)
    shown = page(senior, by=by)
    links = LINK.findall(shown)
    assert links, "something is counted"
    for link, number in links:
        assert rows_of(senior, link) == int(number), html.unescape(link)


@pytest.mark.parametrize(
    ("by", "title"), [("crew", "без бригады"), ("building", "не в фонде"), ("operator", "никто не принял")]
)
def test_what_has_none_opens_its_list_as_well(busy: Cast, by: str, title: str) -> None:
    """No crew, no house, no operator: exactly so many, and the list says by what it was chosen."""
    for place in ("у моста", "у школы", "у пруда"):
        with acting(Scope.system("api")):
            message = arrival.Message(channel="email", phone="", address=place, text="лёд")
            row, _new = arrival.receive(message, centre=busy.centre.pk)
        if place == "у пруда":
            break  # nobody takes it
        with acting(busy.scope(busy.ivanova)):
            contacts.take(row.pk)
            ticket = contacts.register(row.pk, classifier="yard.cleaning", description="лёд", is_outside=True)
            if place == "у школы":
                crews.assign_ticket(ticket.pk, assignee=busy.kuznetsov.pk)
    senior = browser_of(busy.gromova)
    row_of = next(
        part for part in page(senior, by=by).split("<tr>") if f'<th scope="row">{title}</th>' in part
    )
    links = LINK.findall(row_of)
    assert links, "its numbers are links"
    for link, number in links:
        assert rows_of(senior, link) == int(number), html.unescape(link)
    assert f"selected>{title}</option>" in senior.get(html.unescape(links[0][0])).content.decode()


def test_of_more_than_can_be_named_the_lists_are_as_exact(
    busy: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What many have is asked of each row that is looked at."""
    for finding in ("vakhta.crews.finding.FEW", "vakhta.contacts.finding.FEW"):
        monkeypatch.setattr(finding, 1)
    senior = browser_of(busy.gromova)
    norms = [
        (link, number)
        for link, number in LINK.findall(page(senior))
        if re.search("kept|running|broken=pp", link)
    ]
    assert len(norms) > 3
    for link, number in norms:
        assert rows_of(senior, link) == int(number), html.unescape(link)


def test_what_kept_a_norm_and_what_it_runs_of_is_a_list_too(busy: Cast) -> None:
    senior = browser_of(busy.gromova)
    links = [html.unescape(link) for link, _number in LINK.findall(page(senior))]
    for view in ("lists:tickets", "lists:contacts"):
        kept = [link for link in links if link.startswith(f"{reverse(view)}?") and "kept=" in link]
        assert kept, view
    running = next(link for link in links if "running=" in link)
    shown = senior.get(running).content.decode()
    assert "Идёт срок нормы" in shown, "the list says by what it was chosen, and lets go of it"
    assert "Идёт срок нормы" not in senior.get(reverse("lists:tickets")).content.decode()


def test_a_term_of_a_contract_opens_its_list_as_the_law_s_do(busy: Cast) -> None:
    with reading(Scope.system("test")):
        ticket = Ticket.objects.order_by("pk").first()
        assert ticket is not None
        at = ticket.registered_at
        Clock.objects.create(
            company=ticket.company, subject=f"ticket/{ticket.pk}", norm="contract.plumbing", started_at=at,
            due_at=at + timedelta(days=30),
        )  # fmt: skip
    senior = browser_of(busy.gromova)
    link = next(link for link, _number in LINK.findall(page(senior)) if "contract.plumbing" in link)
    assert rows_of(senior, link) == 1


def test_a_foreman_sees_numbers_but_opens_no_list_that_is_not_his(busy: Cast) -> None:
    foreman = browser_of(busy.orlov)
    shown = page(foreman)
    for link, _number in LINK.findall(shown):
        assert foreman.get(html.unescape(link)).status_code == 200


def test_a_company_reads_only_its_own_numbers(busy: Cast) -> None:
    shown = page(browser_of(busy.client), by="company")
    assert busy.north.short_name in shown and busy.luch.short_name not in shown


def test_who_sees_neither_operators_nor_crews_does_not_count_by_them(busy: Cast) -> None:
    """The rows would have no names."""
    client = browser_of(busy.client)
    offered = re.findall(r'<option value="(\w+)"', page(client).partition('name="since"')[0])
    assert offered == [by for by in BY if by not in ("operator", "crew")]
    for by in ("operator", "crew"):
        addresses = [reverse("indicators:indicators")]
        addresses += [reverse("indicators:download", args=[kind]) for kind in ("xlsx", "csv", "pdf")]
        for address in addresses:
            answer = client.get(address, {"by": by})
            assert answer.status_code == 422 and "другой организации" in answer.content.decode(), address
    with reading(Scope.system("test")):
        Crew.objects.create(company=busy.north, number=1, name="своя бригада")
    assert "по бригадам" in page(client), "its own crews it does see"


def test_a_day_that_cannot_be_read_is_said_beside_its_field(cast: Cast) -> None:
    senior = browser_of(cast.gromova)
    for said, words in (
        ({"since": "31.02.2026"}, "Дата не читается"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "поменяйте дни местами"),
        ({"since": "2020-01-01", "until": "2026-11-01"}, "Больше года"),
        ({"by": "weather"}, "Такого нет в списке"),
        ({"company": "x"}, "Такого нет в списке"),
    ):
        answer = senior.get(reverse("indicators:indicators"), said)
        assert answer.status_code == 422 and words in answer.content.decode(), said


@pytest.mark.parametrize("by", [by for by in BY if by != "day"])
def test_what_is_no_day_is_drawn_as_rows_the_busiest_first(busy: Cast, by: str) -> None:
    shown = page(browser_of(busy.gromova), by=by)
    rows = re.findall(r'plot-count">(\d+)', shown)
    of_table = len(re.findall(r'<th scope="row">', shown.partition("<tfoot>")[0]))
    assert len(rows) == (of_table if of_table > 1 else 0)
    assert [int(row) for row in rows] == sorted((int(row) for row in rows), reverse=True)


def test_without_days_it_is_this_month(busy: Cast) -> None:
    shown = browser_of(busy.gromova).get(reverse("indicators:indicators")).content.decode()
    today = clock.today()
    assert f'value="{today.replace(day=1):%d.%m.%Y}"' in shown and f'value="{today:%d.%m.%Y}"' in shown


def test_an_empty_month_teaches(cast: Cast) -> None:
    assert "обращений и заявок нет" in page(browser_of(cast.gromova))


def test_files_say_what_the_page_says(busy: Cast) -> None:
    senior = browser_of(busy.gromova)
    since = (clock.now() - timedelta(days=10)).date().isoformat()

    def file(kind: str) -> Any:
        answer = senior.get(reverse("indicators:download", args=[kind]), {"since": since, "by": "kind"})
        assert answer.status_code == 200 and f"indicators.{kind}" in answer["Content-Disposition"]
        return answer.content

    rows = [line.split(";") for line in file("csv").decode("utf-8-sig").splitlines()]
    with reading(busy.scope(busy.gromova)):
        tickets = Ticket.objects.count()
    total = next(row for row in rows if row[0] == "Итого")
    assert total[1] == str(tickets)
    sheet: Any = load_workbook(io.BytesIO(file("xlsx"))).active
    assert sheet is not None and [str(cell.value or "") for cell in sheet[1]] == rows[0]
    sums = next(row for row in sheet.iter_rows() if row[0].value == "Итого")
    assert [cell.value for cell in sums[1:]] == [int(said) for said in total[1:]], "a table adds them up"
    norms = [
        row for row in sheet.iter_rows() if isinstance(row[1].value, int) and row[4].number_format == "0%"
    ]
    assert norms and all(0 <= row[4].value <= 1 for row in norms)
    late = [row[5] for row in norms if row[5].value != "—"]
    assert late and all(cell.number_format == "[h]:mm:ss" for cell in late), "a length can be reckoned with"
    assert file("pdf").startswith(b"%PDF")


def test_of_how_many_the_beams_are_the_busiest_is_told_of_all() -> None:
    """Of those too that the table leaves out."""
    beams = houses(clock.now()).rows
    assert beams and beams.words.endswith("Самые занятые: 12 из 3333")


def test_the_busiest_are_shown_and_a_table_has_all(busy: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out is said: nobody can add up rows that are not there."""
    monkeypatch.setattr("vakhta.web.indicators.build.SHOWN", 1)
    senior = browser_of(busy.gromova)
    since = (clock.now() - timedelta(days=10)).date().isoformat()
    answer = senior.get(reverse("indicators:download", args=["csv"]), {"since": since, "by": "operator"})
    lines = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()[1:]]
    total = next(place for place, line in enumerate(lines) if line[0] == "Итого")
    assert total > 1 and sum(int(line[1]) for line in lines[:total]) == int(lines[total][1])
    table = page(senior, by="operator").partition("figures-table")[2].partition("</table>")
    assert table[0].count('<th scope="row">') == 2, "the busiest and the sum of all"
    assert f"Показаны 1 из {total}: у кого больше всего дел" in table[2]
    assert "Показаны" not in page(senior, by="day"), "no day is left out"
    paper = senior.get(reverse("indicators:download", args=["pdf"]), {"since": since, "by": "operator"})
    assert paper.content.startswith(b"%PDF")


def test_a_day_of_a_file_is_a_date_with_its_year(busy: Cast) -> None:
    senior = browser_of(busy.gromova)
    since = (clock.now() - timedelta(days=10)).date().isoformat()
    told = {"since": since, "by": "day"}
    book = senior.get(reverse("indicators:download", args=["xlsx"]), told)
    sheet: Any = load_workbook(io.BytesIO(book.content)).active
    column = [cell for cell in sheet["A"][1:] if cell.value][:3]
    days = [cell for cell in column if cell.data_type == "d"]
    assert len(days) == 2 and {cell.number_format for cell in days} == {"dd.mm.yyyy"}
    assert column[2].value == "Итого"
    text = senior.get(reverse("indicators:download", args=["csv"]), told).content.decode("utf-8-sig")
    assert [line.split(";")[0] for line in text.splitlines()[1:3]] == [f"{c.value:%d.%m.%Y}" for c in days]


def test_another_kind_of_file_is_refused(cast: Cast) -> None:
    answer = browser_of(cast.gromova).get(reverse("indicators:download", args=["doc"]))
    assert answer.status_code == 404


def test_what_two_crews_did_one_after_another_counts_for_both(busy: Cast) -> None:
    """Done by crew 4, returned, given to crew 5; a withdrawn order counts for nobody. As the lists of the crews."""
    with reading(Scope.system("test")):
        fifth = Crew.objects.create(company=busy.centre, number=5, name="Сантехники, север")
    ticket = finished(busy)
    with acting(Scope.system("resident")):
        word.return_ticket(ticket.pk, review="снова течёт")
    other = registered(busy)
    with acting(busy.scope(busy.ivanova)):
        crews.assign_ticket(ticket.pk, crew=fifth.pk)
        crews.assign_ticket(other.pk, crew=busy.crew4.pk)
    with acting(busy.scope(busy.ivanova)):
        crews.assign_ticket(other.pk, crew=fifth.pk)
    senior = browser_of(busy.gromova)
    shown = page(senior, by="crew")
    assert fifth.name in shown and busy.crew4.name in shown
    for link, number in LINK.findall(shown):
        assert rows_of(senior, link) == int(number), html.unescape(link)


# ── How many operators ───────────────────────────────────────────────────────────────────────


def staffing(client: Client, **said: str) -> str:
    answer = client.get(reverse("indicators:staffing"), said)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_without_a_history_the_accounts_tell_how_many(cast: Cast) -> None:
    shown = staffing(browser_of(cast.gromova), accounts="10 000")
    assert "нужно: 3 оператора" in shown and "в самый тихий — 1" in shown
    assert "Посчитано от лицевых счетов: 10\u00a0000" in shown
    assert shown.count('<th scope="row">') == 24


def test_own_calls_are_counted_when_there_are_enough(cast: Cast) -> None:
    """Two hundred and forty calls in four days, all between nine and ten: sixty an hour."""
    zone = ZoneInfo("Europe/Moscow")
    nine = datetime.combine(clock.now().astimezone(zone).date(), time(9, 30), zone)
    with reading(Scope.system("test")):
        Interaction.objects.bulk_create(
            Interaction(
                company=cast.centre, centre=cast.centre, channel="phone", state="ended", outcome="consultation",
                received_at=nine - timedelta(days=1 + n % 4), answered_at=nine - timedelta(days=1 + n % 4),
                ended_at=nine - timedelta(days=1 + n % 4) + timedelta(minutes=4),
            )
            for n in range(240)
        )  # fmt: skip
    shown = staffing(browser_of(cast.gromova))
    assert "Посчитано по своим звонкам: 240 за 4 последних дней" in shown
    assert "09–10, нужно: 6 операторов" in shown and "Разговор с записью — 4,0 мин" in shown
    assert "60,0" in shown and "4,00" in shown, "calls and erlangs of that hour"
    longer = staffing(browser_of(cast.gromova), minutes="8")
    assert "Разговор с записью — 8,0 мин" in longer and "нужно: 11 операторов" in longer


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"accounts": "много"}, "Нужно число от 1"),
        ({"accounts": "0"}, "Нужно число от 1"),
        ({"accounts": "99999999999"}, "Нужно число от 1"),
        ({"accounts": "9000000"}, "больше 200"),
        ({"minutes": "1000"}, "Нужно число от 1 до 120"),
        ({"level": "100"}, "Нужно число от 50 до 99"),
    ],
)
def test_a_number_that_makes_no_sense_is_said(cast: Cast, said: dict[str, str], words: str) -> None:
    answer = browser_of(cast.gromova).get(reverse("indicators:staffing"), said)
    assert answer.status_code == 422 and words in answer.content.decode()
