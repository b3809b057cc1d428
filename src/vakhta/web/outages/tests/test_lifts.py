"""A lift is marked stopped, put right and marked working by whoever sits on the console, and callers are told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.domain import facts
from vakhta.kernel import clock, journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.places.models import Lift
from vakhta.web.stock.tests.test_parts import call, part, text
from vakhta.web.tests.steps import browser_of, ordered

SYSTEM = Scope.system("test")
URL = reverse("outages:lifts")


@pytest.fixture
def lift(cast: Cast) -> Lift:
    with reading(SYSTEM):
        return Lift.objects.create(
            company=cast.north, building=cast.lenina15, entrance=2, number="12-2", serviced_by="Лифт-Сервис"
        )


def now_of(lift: Lift) -> Lift:
    with reading(SYSTEM):
        return Lift.objects.get(pk=lift.pk)


def told(cast: Cast) -> list[facts.Fact]:
    with reading(SYSTEM):
        return [record.fact for record in journal.history(f"building/{cast.lenina15.pk}")]


def act(desk: Client, lift: Lift, name: str, page: str = "", **said: str) -> Any:
    url = f"{reverse(f'outages:{name}', args=[lift.pk])}?house={lift.building_id}"
    page = page or text(desk.get(URL, {"house": lift.building_id}))
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page[page.index(f'action="{url}"') :])
    assert seen
    return desk.post(url, {"seen": seen[1], **said})


def test_an_operator_stops_a_lift_puts_its_term_off_and_starts_it(cast: Cast, lift: Lift) -> None:
    desk = browser_of(cast.ivanova)
    assert "Лифт пассажирский, № 12-2" in text(desk.get(URL, {"q": "лен15"}))
    until = (clock.now() + timedelta(days=1)).strftime("%d.%m.%Y 18:00")
    answer = act(desk, lift, "stop_lift", reason="нет скорости", until=until)
    assert answer.status_code == 302
    row = now_of(lift)
    assert row.stopped_since and row.stop_reason == "нет скорости" and row.expected_at
    page = text(desk.get(answer.url))
    assert "стоит с" in page and "нет скорости" in page and "обещают пустить" in page
    stood = row.stopped_since
    assert act(desk, lift, "stop_lift", reason="ждём трос", at="", until="").status_code == 302
    row = now_of(lift)
    assert (row.stopped_since, row.stop_reason, row.expected_at) == (stood, "ждём трос", None)
    assert act(desk, lift, "start_lift").status_code == 302
    row = now_of(lift)
    assert (row.stopped_since, row.stop_reason, row.expected_at) == (None, "", None)
    assert [fact.kind for fact in told(cast)] == ["LiftStopped", "LiftStopped", "LiftStarted"]
    first = told(cast)[0]
    assert isinstance(first, facts.LiftStopped) and (first.number, first.reason) == ("12-2", "нет скорости")
    shown = text(browser_of(cast.gromova).get(reverse("reports:journal")))
    assert "Лифт остановлен" in shown and "Лифт пущен" in shown and "нет скорости" in shown


def test_the_card_of_the_house_says_it_and_another_entrance_s_does_not(cast: Cast, lift: Lift) -> None:
    link = f'href="{URL}?house={cast.lenina15.pk}"'
    card = call(cast, "не работает лифт")
    assert "Лифт стоит" not in card and link in part(card, 'class="at-hand"')
    act(browser_of(cast.ivanova), lift, "stop_lift", reason="нет скорости", until="")
    page = text(browser_of(cast.ivanova).get(reverse("console:console")))
    url = re.search(r"/console/contact/\d+/", page)
    assert url
    card = text(browser_of(cast.ivanova).get(url[0], headers={"HX-Request": "true"}))
    notice = part(card, "Лифт стоит", "</div>")
    assert "подъезд 2" in notice and "нет скорости" in notice
    with reading(SYSTEM):
        Lift.objects.update(entrance=3)
    card = text(browser_of(cast.ivanova).get(url[0], headers={"HX-Request": "true"}))
    assert "Лифт стоит" not in card and "нет скорости" in part(card, 'id="tabpanel-access"', "</dl>")


def test_a_term_that_is_over_is_said_otherwise(cast: Cast, lift: Lift) -> None:
    with reading(SYSTEM):
        Lift.objects.update(
            stopped_since=clock.now() - timedelta(days=2), stop_reason="трос", expected_at=clock.now() - timedelta(hours=1)
        )  # fmt: skip
    card = call(cast, "не работает лифт")
    assert "обещали пустить" in part(card, "Лифт стоит", "</div>") and "не отмечено" in card
    assert "обещали пустить" in text(browser_of(cast.ivanova).get(reverse("outages:outages")))


def test_the_page_of_a_lift_s_ticket_leads_there(cast: Cast, lift: Lift) -> None:
    ticket, _order = ordered(cast)
    url = reverse("console:ticket", args=[ticket.number])
    link = f"{URL}?house={cast.lenina15.pk}"
    assert link not in text(browser_of(cast.ivanova).get(url)), "a leak's ticket speaks of no lift"
    with reading(SYSTEM):
        type(ticket).objects.filter(pk=ticket.pk).update(classifier="lift.stopped")
        Lift.objects.update(stopped_since=clock.now(), stop_reason="трос")
    page = text(browser_of(cast.ivanova).get(url))
    assert link in page and "Лифт стоит" in page


WRONG = [
    ({"reason": ""}, "Почему"),
    ({"reason": "трос", "at": "24.11.2099 10:00"}, "с будущего времени"),
    ({"reason": "трос", "at": "вчера"}, "Дата не читается"),
    ({"reason": "трос", "until": "24.11.2020 10:00"}, "уже прошло"),
    ({"reason": "т" * 201}, "не больше 200"),
]


@pytest.mark.parametrize(("said", "words"), WRONG)
def test_what_cannot_stand_is_said_and_kept(cast: Cast, lift: Lift, said: dict[str, str], words: str) -> None:
    answer = act(browser_of(cast.ivanova), lift, "stop_lift", **said)
    assert answer.status_code == 422 and words in text(answer)
    for value in filter(None, said.values()):
        assert f'value="{value}"' in text(answer)
    assert now_of(lift).stopped_since is None and told(cast) == []


def test_who_marks_second_is_told(cast: Cast, lift: Lift) -> None:
    desk = browser_of(cast.ivanova)
    page = text(desk.get(URL, {"house": cast.lenina15.pk}))
    assert act(desk, lift, "stop_lift", page, reason="трос").status_code == 302
    late = act(desk, lift, "stop_lift", page, reason="двери")
    assert late.status_code == 409 and "изменил кто-то другой" in text(late) and 'value="двери"' in text(late)
    assert now_of(lift).stop_reason == "трос"


def test_who_may_only_look_has_no_forms_and_nobody_marks_another_s(cast: Cast, lift: Lift) -> None:
    client = browser_of(cast.client)
    assert "<form" not in part(
        text(client.get(URL, {"house": cast.lenina15.pk})), "Лифт пассажирский", "</li>"
    )
    assert client.post(reverse("outages:stop_lift", args=[lift.pk]), {"reason": "т"}).status_code == 403
    with reading(SYSTEM):
        other = Lift.objects.create(
            company=cast.foreign, building=cast.foreign_house, entrance=1, number="ч-1"
        )
    desk = browser_of(cast.ivanova)
    assert desk.post(reverse("outages:stop_lift", args=[other.pk]), {"reason": "т"}).status_code == 404
    assert "ч-1" not in text(desk.get(URL, {"house": cast.foreign_house.pk}))


def test_a_house_without_lifts_says_so(cast: Cast, lift: Lift) -> None:
    desk = browser_of(cast.ivanova)
    assert "лифты не внесены" in text(desk.get(URL, {"q": "мира 3"})).lower()
    assert "Такого адреса нет" in text(desk.get(URL, {"q": "ййййй 999"}))
    assert "Все лифты работают" in text(desk.get(URL))
