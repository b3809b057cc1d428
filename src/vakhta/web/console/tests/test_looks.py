"""What the console says at its edges: who is silent, what an empty centre offers, what a field of a day
takes, which house the directory shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.kernel import clock, heartbeats
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import typed
from vakhta.places.models import AccessNote, Building, Entrance
from vakhta.web.console import build
from vakhta.web.console.duty import HOUSES
from vakhta.web.fields import field
from vakhta.web.said import day_and_time, local_day, local_moment
from vakhta.web.tests.steps import browser_of

MOSCOW = "Europe/Moscow"


def test_mail_that_nobody_sends_is_told_on_the_top_bar(cast: Cast) -> None:
    now = clock.now()
    with reading(cast.scope(cast.ivanova)):
        assert build.channels(now)[0].word == "почта не запущена"
        heartbeats.beat("worker", None, now)
        assert build.channels(now)[0].ok
        silent = build.channels(now + timedelta(minutes=12))[0]
    assert not silent.ok and silent.word == "почта молчит 12 мин"
    page = browser_of(cast.ivanova).get(reverse("console:threatened")).content.decode()
    assert 'id="top-channels"' in page and "hx-swap-oob" in page


def test_an_empty_centre_offers_what_can_be_done(cast: Cast) -> None:
    with reading(cast.scope(cast.ivanova)):
        assert build.teach().key == "F4"
    with acting(Scope.system("api")):
        arrival.receive(arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk)
    with reading(cast.scope(cast.ivanova)):
        assert build.teach().key == "F2"


def test_a_contact_that_i_hold_is_opened_by_its_row_and_not_taken_again(cast: Cast) -> None:
    with acting(Scope.system("api")):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
    client = browser_of(cast.ivanova)
    queue, link = reverse("console:queue"), reverse("console:contact", args=[row.pk])
    assert f'hx-post="{reverse("console:take", args=[row.pk])}"' in client.get(queue).content.decode()
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
    assert f'hx-get="{link}"' in client.get(queue).content.decode()
    assert client.get(link, headers={"HX-Request": "true"}).status_code == 200


def test_the_directory_finds_a_house_as_it_is_typed(cast: Cast) -> None:
    with acting(Scope.system("test")):
        for building, title in ((cast.lenina15, "Задвижка ХВС"), (cast.mira3, "Домофон")):
            AccessNote.objects.create(
                company=building.company, building=building, kind="valve", title=title, where="подвал"
            )
    client = browser_of(cast.ivanova)
    for page in ("console:duty", "console:duty_page"):
        whole = client.get(reverse(page)).content.decode()
        assert "Задвижка ХВС" in whole and "Домофон" in whole
        found = client.get(reverse(page), {"q": "ktybyf 15"}).content.decode()
        assert "Задвижка ХВС" in found and "Домофон" not in found and "<details open>" in found
        assert "в справочнике нет" in client.get(reverse(page), {"q": "ыыы"}).content.decode()


def test_of_a_city_s_houses_the_directory_reads_those_that_it_shows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = {"company": cast.north, "city": "Заречье", "street": "ул. Тихая", "street_key": "тихая"}
    with reading(Scope.system("test")):
        houses = Building.objects.bulk_create(
            Building(**street, house=str(n), house_key=f"{n:04}") for n in range(HOUSES + 30)
        )
        AccessNote.objects.bulk_create(
            AccessNote(company=cast.north, building=house, kind="code", title=f"код {n}", where="12К34")
            for house in houses
            for n in range(5)
        )
    made, read = AccessNote.from_db, list[int]()

    def counted(*said: Any) -> Any:
        read.append(1)
        return made(*said)

    monkeypatch.setattr(AccessNote, "from_db", counted)
    page = browser_of(cast.ivanova).get(reverse("console:duty_page")).content.decode()
    assert page.count("<details><summary>") == HOUSES and "Ещё домов: 3" in page
    assert 0 < len(read) <= HOUSES * 5


def test_a_door_s_code_stands_once_in_the_directory(cast: Cast) -> None:
    with reading(Scope.system("test")):
        Entrance.objects.create(company=cast.north, building=cast.lenina15, number=1, code="1К100")
        for title in ("Домофон, подъезд 1", "Калитка у подъезда 1"):
            AccessNote.objects.create(
                company=cast.north, building=cast.lenina15, kind="code", title=title, where="1к100"
            )
    page = browser_of(cast.ivanova).get(reverse("console:duty_page"), {"q": "лен15"}).content.decode()
    assert "код 1К100" in page and "Калитка" in page and "Домофон" not in page


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24.11.2026", date(2026, 11, 24)),
        ("4.1.26", date(2026, 1, 4)),
        (" 2026-11-24 ", date(2026, 11, 24)),
        ("", None),
    ],
)
def test_a_day_is_read_as_it_is_written(text: str, day: date | None) -> None:
    assert local_day(text, "day") == day


@pytest.mark.parametrize(
    "text",
    ["31.11.2026", "11/24/2026", "31.11", "32.13.", "24.", "24.11.2", "завтра", "24.11.1926", "٢٤.11.2026"],
)
def test_a_day_that_is_none_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        local_day(text, "day")
    assert refused.value.field == "day"


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("27.11", date(2026, 11, 24), date(2026, 11, 27)),
        ("27.11.", date(2026, 11, 24), date(2026, 11, 27)),
        ("5.01", date(2026, 12, 30), date(2027, 1, 5)),
        ("31.12.", date(2027, 1, 2), date(2026, 12, 31)),
        ("29.02", date(2027, 11, 24), date(2028, 2, 29)),
    ],
)
def test_a_day_without_its_year_is_the_nearest(text: str, today: date, day: date) -> None:
    assert local_day(text, "day", today) == day


@pytest.mark.parametrize("text", ["27.11. 14:30", "27.11 14:30"])
def test_a_moment_may_leave_the_year_out_too(text: str) -> None:
    moment = local_moment(text, MOSCOW, "at")
    assert moment is not None and f"{moment:%d.%m %H:%M}" == "27.11 14:30"


@pytest.mark.parametrize("text", ["24.11.2026 9:05", "24.11.2026 09:05", "2026-11-24T09:05"])
def test_a_moment_is_read_on_the_clock_of_its_zone(text: str) -> None:
    moment = local_moment(text, MOSCOW, "at")
    assert moment is not None and moment.isoformat() == "2026-11-24T09:05:00+03:00"


@pytest.mark.parametrize(
    "text", ["24.11.2026 25:00", "24.11.2026 9:05+03:00", "24.11.2026 утром", "32.11.2026 09:05"]
)
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="не чита"):
        local_moment(text, MOSCOW, "at")


def test_a_day_without_its_time_is_its_last_minute() -> None:
    moment = day_and_time("24.11.2026", "", MOSCOW, "day", "time")
    assert moment is not None and moment.hour == 23 and moment.minute == 59
    assert day_and_time("", "", MOSCOW, "day", "time") is None
    end = local_moment("24.11.2026", MOSCOW, "until", until=True)
    assert end is not None and (end.hour, end.minute) == (23, 59), "on the ticket's page as in the step"


def test_a_time_without_its_day_is_asked_about_and_not_dropped() -> None:
    with pytest.raises(Invalid, match="Укажите день") as refused:
        day_and_time("", "12:00", MOSCOW, "day", "time")
    assert refused.value.field == "day"


def test_a_field_holds_a_day_in_the_page_s_language_whatever_the_browser_s() -> None:
    cases = {
        date(2026, 11, 24): "24.11.2026",
        datetime(2026, 11, 24, 9, 5): "24.11.2026 09:05",  # noqa: DTZ001 - as a field has it
        "2026-11-24T09:05": "24.11.2026 09:05",
        "31.11.2026": "31.11.2026",
        "2026-99-99": "2026-99-99",
        "09:05": "09:05",
        None: "",
    }
    assert {value: typed(value) for value in cases} == cases  # type: ignore[arg-type]
    drawn = field("d", "День", "24.11.2026", kind="date")
    assert 'type="text"' in drawn and 'data-mask="date"' in drawn
