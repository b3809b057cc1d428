"""Outages, from the telephonogram to «включили»: announced by a list of houses, seen on their cards, ended."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.domain import facts
from vakhta.domain.layouts import fold_key
from vakhta.incidents.models import Outage, OutageBuilding
from vakhta.kernel import clock, journal
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import Company
from vakhta.places.models import Building
from vakhta.reports import sayings
from vakhta.web.console.build import outages_of
from vakhta.web.tests.steps import at_most, browser_of

SYSTEM = Scope.system("test")
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def desk(cast: Cast) -> Client:
    return browser_of(cast.ivanova)


def at(name: str, *args: object) -> str:
    return reverse(f"outages:{name}", args=args)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def said(**more: object) -> dict[str, Any]:
    now = clock.now().astimezone(MOSCOW)
    return {
        "services": ["cold_water", "hot_water"],
        "kind": "planned",
        "supplier": "Водоканал",
        "document": "тлф-грамма 118",
        "reason": "замена задвижки",
        "since": f"{now - timedelta(minutes=5):%d.%m.%Y %H:%M}",
        "until": f"{now + timedelta(hours=6):%d.%m.%Y %H:%M}",
        "houses": "ул. Ленина, 15",
        **more,
    }


def house(company: Company, street: str, number: str, city: str = "Заречье") -> Building:
    with reading(SYSTEM):
        row: Building = Building.objects.create(
            company=company, city=city, street=street, house=number, street_key=fold_key(street), house_key=fold_key(number)
        )  # fmt: skip
        return row


def rows() -> list[Outage]:
    with reading(SYSTEM):
        return list(Outage.objects.order_by("id"))


def seen(page: str, action: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page[page.index(f'action="{action}"') :])
    assert found
    return found[1]


def told(row: Outage) -> list[str]:
    with reading(SYSTEM):
        return [record.fact.kind for record in journal.history(f"outage/{row.pk}")]


def notices(cast: Cast, row: Building, later: timedelta = timedelta(0)) -> list[str]:
    with reading(cast.scope(cast.ivanova)):
        return [line.text.replace("\u00a0", " ") for line in outages_of(row, clock.now() + later)]


def standing(
    cast: Cast, *, since: timedelta = timedelta(hours=-2), until: timedelta = timedelta(hours=2), company: Company | None = None
) -> Outage:  # fmt: skip
    owner = company or cast.north
    homes = {cast.north: cast.lenina15, cast.luch: cast.mira3, cast.foreign: cast.foreign_house}
    with reading(SYSTEM):
        row: Outage = Outage.objects.create(
            company=owner, services=["cold_water"], supplier="Водоканал", since=clock.now() + since,
            until=clock.now() + until,
        )  # fmt: skip
        OutageBuilding.objects.create(company=owner, outage=row, building=homes[owner])
        return row


def mark(desk: Client, name: str, row: Outage) -> str:
    return seen(text(desk.get(at("outages"), {"do": f"{name}/{row.pk}"})), at(name, row.pk))


# ── Announced ────────────────────────────────────────────────────────────────────────────────


def test_an_outage_of_two_companies_stands_on_the_cards_and_in_both_journals(
    cast: Cast, desk: Client
) -> None:
    answer = desk.post(at("new"), said(houses="ул. Ленина, 15\nМира 3"))
    assert answer.status_code == 302
    north, luch = sorted(rows(), key=lambda row: row.company_id != cast.north.pk)
    assert north.announcement == luch.announcement and (north.company_id, luch.company_id) == (
        cast.north.pk,
        cast.luch.pk,
    )
    assert told(north) == told(luch) == ["OutageAnnounced"]
    page = text(desk.get(answer["Location"]))
    assert "Домов: 2. Карточки" in page and page.count('<li class="outage"') == 1, "one announcement, one row"
    for home in (cast.lenina15, cast.mira3):
        assert notices(cast, home)[0].startswith("Отключение: ХВС, ГВС")
    with reading(cast.scope(cast.gromova)):
        records = journal.history(f"outage/{north.pk}")
        words = sayings.words(records[0].fact, sayings.known(records, "Europe/Moscow", clock.now()))
    assert words.startswith("ХВС, ГВС · плановое · ") and words.endswith(
        "Водоканал · тлф-грамма 118 · замена задвижки"
    )


def test_a_pasted_list_is_read_as_people_write_it(cast: Cast, desk: Client) -> None:
    for number in ("17", "19 к2", "21а"):
        house(cast.north, "ул. Ленина", number)
    for number in ("1", "2"):
        house(cast.luch, "ул. 8 Марта", number)
    pasted = "1. ул. Ленина, 15, 17 и 19 корп. 2\n2. линина 21-а\nвся ул. 8 Марта"
    page = text(desk.post(at("preview"), said(houses=pasted)))
    assert "Коснётся: 6 домов, 1 помещение, 1 житель" in page
    assert "линина → ленина" in page and "Не понятно" not in page
    assert "«Северная»: 4 дома; «Луч»: 2 дома" in page
    assert desk.post(at("new"), said(houses=pasted)).status_code == 302
    with reading(SYSTEM):
        assert OutageBuilding.objects.count() == 6


def test_a_line_that_is_not_understood_is_named_and_nothing_is_announced(cast: Cast, desk: Client) -> None:
    house(cast.luch, "пер. Полевой", "5"), house(cast.luch, "ул. Полевая", "5")
    house(cast.luch, "ул. Общая", "1"), house(cast.luch, "ул. Общая", "1", "Дальний")
    lines = {
        "ул. Ленина, 14": "дома 14 нет, рядом есть 15",
        "ул. Неведомая, 3": "среди наших домов нет",
        "ул. Ленина, 1-15": "дома подряд или квартира",
        "Ленина 15 кв 42": "дома подряд или квартира",
        "Ленина 15 во дворе": "не понято: «во дворе»",
        "17": "сначала улица",
        "ул. Общая, 1": "есть в нескольких городах: Заречье, Дальний",
        "Чужая 1": "среди наших домов нет",
    }
    answer = desk.post(at("new"), said(houses="\n".join(["ул. Мира, 3", *lines])))
    page = text(answer)
    assert answer.status_code == 422 and f"Не понятно строк: {len(lines)}" in page
    for line, why in lines.items():
        assert re.search(rf"«{re.escape(line)}»: [^<]*{re.escape(why)}", page), (line, why)
    assert "ул. Мира, 3" in page and 'value="тлф-грамма 118"' in page, "what was typed is kept"
    assert rows() == []
    assert desk.post(at("new"), said(houses="г. Дальний, ул. Общая, 1")).status_code == 302


def test_the_act_warns_and_does_not_forbid(cast: Cast, desk: Client) -> None:
    page = text(desk.post(at("preview"), said()))
    assert "объявляется на 6 ч 5 мин" in page
    assert re.search(
        r"ХВС:</b> 4 ч за раз, 8 ч за месяц <span[^>]*>.*?дольше, чем допускает норма", page, re.S
    )
    assert "столько — только при этом условии" in page, "fourteen days of maintenance"
    assert desk.post(at("new"), said()).status_code == 302
    assert "дольше, чем допускает норма" in text(desk.get(at("outages")))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"services": []}, "Отметьте, что отключают"),
        ({"services": ["телефон"]}, "Отметьте, что отключают"),
        ({"kind": "странное"}, "плановое или аварийное"),
        ({"supplier": ""}, "Кто отключает"),
        ({"document": "я" * 41}, "не больше 40"),
        ({"since": "вчера"}, "Дата не читается"),
        ({"since": ""}, "Укажите, с какого времени"),
        ({"until": ""}, "до какого времени обещают"),
        ({"until": "01.01.2020 10:00"}, "позже начала"),
        ({"since": "01.01.2020 10:00", "until": "02.01.2020 10:00"}, "уже прошёл"),
        ({"until": "01.01.2031 10:00"}, "длиннее года"),
        ({"houses": " "}, "Назовите дома"),
        ({"houses": "\n".join(f"Мира {n}" for n in range(501))}, "Строк больше 500"),
    ],
)  # fmt: skip
def test_what_cannot_be_announced_is_said_at_its_field(
    cast: Cast, desk: Client, more: dict[str, Any], words: str
) -> None:
    answer = desk.post(at("new"), said(**more))
    assert answer.status_code == 422 and words in text(answer) and rows() == []


def test_the_search_offers_whole_streets_and_houses(cast: Cast, desk: Client) -> None:
    house(cast.north, "ул. Ленина", "17")
    street = text(desk.get(at("houses"), {"q": "лен"}))
    assert 'data-title="ул. Ленина"' in street and "вся улица: 2 дома" in street
    one = text(desk.get(at("houses"), {"q": "лен17"}))
    assert 'data-title="ул. Ленина, 17"' in one and "вся улица" not in one
    assert "Чужая" not in text(desk.get(at("houses"), {"q": "чужая"}))


# ── What stands ──────────────────────────────────────────────────────────────────────────────


def test_a_term_that_is_over_ends_nothing_and_is_loud(cast: Cast, desk: Client) -> None:
    standing(cast, until=timedelta(minutes=-30))
    page = text(desk.get(at("outages")))
    assert "Срок вышел, а отключение не снято" in page and "−30:" in page
    assert "снято ли — не отмечено" in notices(cast, cast.lenina15)[0]
    console = text(desk.get(reverse("console:console")))
    assert "Отключение не снято" in console and "срок вышел 30:" in console
    assert "Отключение не снято, срок вышел" in text(browser_of(cast.gromova).get(reverse("board:board")))


def test_of_many_on_the_wall_two_are_told_and_the_rest_is_counted(cast: Cast) -> None:
    """A wall of outages would leave no room for the tickets."""
    for minutes in range(5):
        standing(cast, until=timedelta(minutes=-30 - minutes))
    wall = text(browser_of(cast.gromova).get(reverse("board:board")))
    assert wall.count("Отключение не снято, срок вышел") == 2 and "Отключений не снято ещё: 3" in wall


def test_a_form_is_drawn_where_it_was_asked_for(cast: Cast, desk: Client) -> None:
    row, other = standing(cast), standing(cast)
    page = text(desk.get(at("outages")))
    assert f'href="?do=end/{row.pk}#outage-{row.pk}"' in page and at("end", row.pk) not in page
    page = text(desk.get(at("outages"), {"do": f"end/{row.pk}"}))
    assert at("end", row.pk) in page and at("prolong", row.pk) not in page and at("end", other.pk) not in page


def test_it_is_put_off_and_ended_and_the_end_is_taken_back(cast: Cast, desk: Client) -> None:
    row = standing(cast, until=timedelta(minutes=-30))
    later = clock.now() + timedelta(hours=3)
    until = {"until": f"{later.astimezone(MOSCOW):%d.%m.%Y %H:%M}", "reason": "ждём насос"}
    answer = desk.post(at("prolong", row.pk), until | {"seen": mark(desk, "prolong", row)})
    assert answer.status_code == 302 and abs(rows()[0].until - later) < timedelta(minutes=1)
    assert "Срок вышел" not in text(desk.get(at("outages")))

    answer = desk.post(at("end", row.pk), {"at": "", "seen": mark(desk, "end", row)})
    page = text(desk.get(answer["Location"]))
    assert "ХВС: снято" in page and "Ctrl+Z" in page and notices(cast, cast.lenina15) == []
    assert desk.post(at("take_back", row.pk)).status_code == 302
    assert notices(cast, cast.lenina15)[0].startswith("Отключение: ХВС")
    assert told(row) == ["OutageProlonged", "OutageEnded", "Undone"]
    assert desk.post(at("take_back", row.pk)).status_code == 409, "it stands"


def test_the_end_is_when_the_supply_came_back(cast: Cast, desk: Client) -> None:
    row = standing(cast)
    hour_ago = clock.now() - timedelta(hours=1)
    moment = f"{hour_ago.astimezone(MOSCOW):%d.%m.%Y %H:%M}"
    early = f"{(clock.now() - timedelta(hours=5)).astimezone(MOSCOW):%d.%m.%Y %H:%M}"
    wrong = desk.post(at("end", row.pk), {"at": early, "seen": mark(desk, "end", row)})
    assert (
        wrong.status_code == 422 and "не раньше начала" in text(wrong) and f'value="{early}"' in text(wrong)
    )
    assert rows()[0].ended_at is None
    assert desk.post(at("end", row.pk), {"at": moment, "seen": mark(desk, "end", row)}).status_code == 302
    ended = rows()[0].ended_at
    assert ended is not None and ended.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M") == moment


def test_one_that_will_not_be_is_withdrawn_with_its_reason(cast: Cast, desk: Client) -> None:
    row = standing(cast, since=timedelta(hours=5), until=timedelta(hours=9))
    page = text(desk.get(at("outages")))
    assert "Будут" in page and at("end", row.pk) not in page, "it has not begun"
    empty = desk.post(at("withdraw", row.pk), {"reason": "", "seen": mark(desk, "withdraw", row)})
    assert empty.status_code == 422 and "Почему" in text(empty) and rows()[0].withdrawn_at is None
    sent = {"reason": "перенесли на весну", "seen": mark(desk, "withdraw", row)}
    assert desk.post(at("withdraw", row.pk), sent).status_code == 302
    assert notices(cast, cast.lenina15) == [] and told(row) == ["OutageWithdrawn"]
    early = desk.post(at("end", row.pk), {"at": "", "seen": sent["seen"]})
    assert early.status_code == 409 and rows()[0].ended_at is None


def test_all_companies_of_an_announcement_are_ended_together(cast: Cast, desk: Client) -> None:
    desk.post(at("new"), said(houses="ул. Ленина, 15\nМира 3"))
    first, second = rows()
    answer = desk.post(at("end", second.pk), {"at": "", "seen": mark(desk, "end", first)})
    page = text(desk.get(answer["Location"]))
    assert "Ctrl+Z" in page and at("take_back", first.pk) in page
    assert all(row.ended_at for row in rows())
    assert told(first) == told(second) == ["OutageAnnounced", "OutageEnded"]


def test_who_comes_second_is_told_and_keeps_the_words(cast: Cast, desk: Client) -> None:
    row = standing(cast)
    old = mark(desk, "prolong", row)
    in_six = f"{(clock.now() + timedelta(hours=6)).astimezone(MOSCOW):%d.%m.%Y %H:%M}"
    in_nine = f"{(clock.now() + timedelta(hours=9)).astimezone(MOSCOW):%d.%m.%Y %H:%M}"
    assert desk.post(at("prolong", row.pk), {"until": in_six, "reason": "", "seen": old}).status_code == 302
    late = browser_of(cast.sidorova).post(
        at("prolong", row.pk), {"until": in_nine, "reason": "насос", "seen": old}
    )
    page = text(late)
    assert late.status_code == 409 and "изменил кто-то другой" in page
    assert f'value="{in_nine}"' in page and 'value="насос"' in page
    assert rows()[0].until.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M") == in_six
    again = {"until": in_nine, "reason": "насос", "seen": seen(page, at("prolong", row.pk))}
    assert browser_of(cast.sidorova).post(at("prolong", row.pk), again).status_code == 302


def test_a_client_sees_its_own_and_changes_nothing(cast: Cast, desk: Client) -> None:
    own, other = standing(cast), standing(cast, company=cast.luch)
    client = browser_of(cast.client)
    page = text(client.get(at("outages")))
    assert (
        "ул. Ленина, 15" in page and "ул. Мира, 3" not in page and "<form" not in page[page.index("<main") :]
    )
    for url in (at("end", own.pk), at("withdraw", other.pk), at("new"), at("preview")):
        assert client.post(url, said()).status_code == 403
    assert [row.ended_at for row in rows()] == [None, None]


def test_another_centre_s_outage_is_not_there(cast: Cast, desk: Client) -> None:
    row = standing(cast, company=cast.foreign)
    assert "ул. Чужая" not in text(desk.get(at("outages")))
    assert desk.post(at("end", row.pk), {"at": "", "seen": "0"}).status_code == 404
    assert rows()[0].ended_at is None


def test_an_old_end_is_not_taken_back(cast: Cast, desk: Client) -> None:
    row = standing(cast)
    with reading(SYSTEM):
        Outage.objects.filter(pk=row.pk).update(ended_at=clock.now() - timedelta(days=3))
    assert desk.post(at("take_back", row.pk)).status_code == 409 and told(row) == []
    page = text(desk.get(at("outages")))
    assert at("take_back", row.pk) not in page and "снято" in page


def test_an_empty_page_teaches_and_a_full_one_asks_no_more(cast: Cast, desk: Client) -> None:
    assert "Отключений нет" in text(desk.get(at("outages")))
    for hours in range(1, 30):
        standing(cast, until=timedelta(hours=hours - 15))
    with at_most(8):
        desk.get(at("outages"))
    with at_most(11):
        desk.post(at("preview"), said(houses="ул. Ленина, 15\n" * 3 + "Мира 3\nул. Мира"))


def test_facts_of_before_this_page_are_still_told(cast: Cast) -> None:
    fact = facts.OutageAnnounced(
        outage=1, services=("gas",), supplier="Горгаз", since=datetime(2026, 1, 1, tzinfo=MOSCOW)
    )
    with reading(cast.scope(cast.gromova)):
        words = sayings.words(fact, sayings.known([], "Europe/Moscow", clock.now()))
    assert words.startswith("газ · ") and words.endswith("Горгаз")
