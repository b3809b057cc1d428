"""Organisations and their agreements, as an administrator goes through them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from vakhta.domain import facts
from vakhta.kernel import clock, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people import agreements
from vakhta.people.models import Agreement, Company, Staff, User
from vakhta.web.tests.steps import at_most, browser_of, registered

SYSTEM = Scope.system("test")
NEW = {
    "kind": "homeowners_association", "name": "ТСЖ «Садовая, 8»", "short_name": "Садовая, 8", "phone": "8 495 000-77-88",
    "email": "sad@example.org", "zone": "Europe/Samara", "since": "01.02.2025", "until": "",
}  # fmt: skip


@pytest.fixture
def admin(cast: Cast) -> Client:
    return browser_of(cast.kim)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def at(name: str, *args: object) -> str:
    return reverse(f"offices:{name}", args=args)


def seen(page: str, action: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page[page.index(f'action="{action}"') :])
    assert found
    return found[1]


def whats() -> list[str]:
    """What the journal tells of lists, in its order."""
    with reading(SYSTEM):
        told = journal.recorded(Entry.objects.filter(kind="StockChanged").order_by("id"))
        return [record.fact.what for record in told if isinstance(record.fact, facts.StockChanged)]


def rows() -> tuple[object, ...]:
    with reading(SYSTEM):
        return (
            list(Company.objects.order_by("pk").values_list()),
            list(Agreement.objects.order_by("pk").values_list()),
            Entry.objects.count(),
        )


def term_of(company: Company) -> Agreement:
    with reading(SYSTEM):
        row: Agreement = Agreement.objects.get(company=company)
        return row


def ended(cast: Cast, until: date) -> None:
    with acting(SYSTEM):
        Agreement.objects.filter(company=cast.north).update(until=until)


def test_a_company_is_added_with_its_agreement_and_seen_at_once(cast: Cast, admin: Client) -> None:
    answer = admin.post(at("companies"), NEW)
    assert answer.status_code == 302
    page = text(admin.get(answer["Location"]))
    assert "ТСЖ «Садовая, 8»" in page and "+7 495 000-77-88" in page and "с 1 февраля 2025" in page
    with reading(SYSTEM):
        row = Company.objects.get(name=NEW["name"])
    assert (row.phone, row.zone, row.email) == ("+74950007788", "Europe/Samara", "sad@example.org")
    assert whats()[-2:] == [
        f"организация № {row.pk} добавлена: товарищество собственников жилья",
        f"договор с организацией № {row.pk}: с 01.02.2025",
    ]
    listed = text(admin.get(at("companies")))
    assert "Садовая, 8" in listed and "«Чужая»" not in listed


def test_one_that_begins_later_stands_aside_until_its_day(cast: Cast, admin: Client) -> None:
    later = clock.today() + timedelta(days=5)
    answer = admin.post(at("companies"), NEW | {"since": f"{later:%d.%m.%Y}"})
    page = text(admin.get(answer["Location"]))
    assert answer["Location"].startswith(at("companies")) and "ещё не начался" in page
    with reading(SYSTEM):
        pk = Company.objects.get(name=NEW["name"]).pk
    assert admin.get(at("company", pk)).status_code == 404


def test_a_company_is_corrected_and_the_second_of_two_keeps_the_words(cast: Cast, admin: Client) -> None:
    url, page = at("change_company", cast.north.pk), text(admin.get(at("company", cast.north.pk)))
    said = {"name": "УК «Северная звезда»", "short_name": "«Звезда»", "phone": "", "email": "", "zone": "Europe/Moscow", "auto_close_days": "5"}  # fmt: skip
    mark = seen(page, url)
    assert admin.post(url, said | {"seen": mark}).status_code == 302
    assert whats()[-1].startswith(f"организация № {cast.north.pk} исправлена: название, короткое название")
    before = rows()
    late = admin.post(url, said | {"seen": mark, "name": "УК «Северо-Восток»"})
    shown = text(late)
    assert late.status_code == 409 and "изменил кто-то другой" in shown
    assert "УК «Северо-Восток»" in shown and "Сейчас записано: УК «Северная звезда»" in shown
    assert rows() == before
    assert admin.post(url, said | {"seen": seen(shown, url), "name": "УК «Северо-Восток»"}).status_code == 302
    assert "Северо-Восток" in text(admin.get(at("company", cast.north.pk)))


def test_a_wrong_number_is_refused_where_it_is_corrected_too(cast: Cast, admin: Client) -> None:
    """The short one of a city's own service is a right one."""
    url, page = at("change_company", cast.north.pk), text(admin.get(at("company", cast.north.pk)))
    said = {"name": "УК «Северная»", "short_name": "«Северная»", "email": "", "zone": "Europe/Moscow", "auto_close_days": "3"}  # fmt: skip
    before = rows()
    wrong = admin.post(url, said | {"phone": "31.02.2026 25:61", "seen": seen(page, url)})
    assert wrong.status_code == 422 and "«31.02.2026 25:61» не читается" in text(wrong)
    assert rows() == before
    assert admin.post(url, said | {"phone": "051", "seen": seen(page, url)}).status_code == 302
    assert 'name="phone" value="051"' in text(admin.get(at("company", cast.north.pk)))


def test_what_is_so_already_is_no_fact(cast: Cast, admin: Client) -> None:
    url, page = at("change_company", cast.north.pk), text(admin.get(at("company", cast.north.pk)))
    said = {"name": "УК «Северная»", "short_name": "«Северная»", "phone": "", "email": "", "zone": "Europe/Moscow", "auto_close_days": "3"}  # fmt: skip
    before = rows()
    assert admin.post(url, said | {"seen": seen(page, url)}).status_code == 302
    assert rows() == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "dispatch_centre", "vakhta company add"),
        ("kind", "банк", "Такого вида"),
        ("name", "", "Название"),
        ("name", "УК «Чужая»", "уже есть"),
        ("email", "x", "Почта не читается"),
        ("phone", "яблоко", "Телефон «яблоко» не читается"),
        ("phone", "+7 916 123 45 67 8", "Телефон «+7 916 123 45 67 8» не читается"),
        ("phone", "31.02.2026 25:61", "Телефон «31.02.2026 25:61» не читается"),
        ("phone", "12345", "Телефон «12345» не читается"),
        ("zone", "Луна", "зоны времени"),
        ("since", "", "с какого дня"),
        ("since", "31.02.2026", "Дата не читается"),
        ("until", "01.01.2025", "закончиться он может позже"),
    ],
)
def test_what_cannot_stand_is_said_and_nothing_changes(
    cast: Cast, admin: Client, field: str, value: str, words: str
) -> None:
    kind = {"kind": "management_company"} if value == "УК «Чужая»" else {}
    before = rows()
    answer = admin.post(at("companies"), NEW | kind | {field: value})
    assert answer.status_code == 422 and words in text(answer)
    assert rows() == before


def test_an_agreement_is_ended_and_prolonged_after_its_end(cast: Cast, admin: Client) -> None:
    """What is over is seen by nobody of the centre; the administrator still finds it and may begin it anew."""
    ticket = registered(cast)
    term = term_of(cast.north)
    page = text(admin.get(at("company", cast.north.pk)))
    today = clock.today()
    url = at("change_term", term.pk)
    ends = {"seen": seen(page, url), "since": "01.01.2025", "until": f"{today:%d.%m.%Y}"}
    assert 'name="anyway"' not in page
    asked = admin.post(url, ends)
    assert (
        asked.status_code == 409
        and "заявок — 1, обращений — 1" in text(asked)
        and 'name="anyway"' in text(asked)
    )
    assert browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/").status_code == 200, (
        "nothing changed"
    )
    gone = admin.post(url, ends | {"anyway": "yes"})
    assert gone["Location"] == at("companies") + "?done=term"
    assert browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/").status_code == 404
    listed = text(admin.get(gone["Location"]))
    assert "закончился" in listed and "«Северная»" in listed
    back = admin.post(url, {"seen": seen(listed, url), "since": "01.01.2025", "until": ""})
    assert back["Location"].startswith(at("company", cast.north.pk))
    assert browser_of(cast.gromova).get(f"/console/ticket/{ticket.number}/").status_code == 200
    assert (
        whats()[-1]
        == f"договор с организацией № {cast.north.pk}: с 01.01.2025, было с 01.01.2025 до {today:%d.%m.%Y}"
    )


def test_the_end_of_an_agreement_is_warned_of_a_month_before(cast: Cast, admin: Client) -> None:
    for left, said in (
        (31, ""),
        (30, "30 дней до"),
        (22, "22 дня до"),
        (21, "21 день до"),
        (1, "последний день"),
    ):
        ended(cast, clock.today() + timedelta(days=left))
        for url in (at("companies"), at("company", cast.north.pk)):
            page = text(admin.get(url))
            assert (said in page) and ("до конца договора" in page or "последний день" in page) == bool(
                said
            ), (left, url)


def test_two_agreements_of_a_company_do_not_overlap(cast: Cast, admin: Client) -> None:
    url, before = at("serve_again", cast.north.pk), rows()
    answer = admin.post(url, {"since": "01.06.2027", "until": ""})
    assert answer.status_code == 409 and "уже есть договор: с 01.01.2025" in text(answer)
    assert rows() == before
    ended(cast, date(2027, 6, 1))
    assert admin.post(url, {"since": "01.06.2027", "until": "01.06.2028"}).status_code == 302


def test_nobody_s_company_is_taken_by_its_number(cast: Cast, admin: Client) -> None:
    with acting(SYSTEM):
        theirs = Agreement.objects.create(company=cast.foreign, centre=cast.foreign, since=date(2025, 1, 1))
    before = rows()
    said = {"since": "01.06.2027", "until": ""}
    assert admin.post(at("serve_again", cast.foreign.pk), said).status_code == 404
    answer = admin.post(at("change_term", theirs.pk), said | {"seen": agreements.agreement_seen(theirs)})
    assert answer.status_code == 404
    for url in (at("company", cast.foreign.pk), at("people") + f"?company={cast.foreign.pk}"):
        assert "Чужая" not in text(admin.get(url))
    assert rows() == before


def test_a_served_company_s_administrator_changes_its_own_data_only(cast: Cast) -> None:
    with reading(SYSTEM):
        user = User.objects.create(email="own@example.org", name="Свой Иван", password="!")
        own = Staff.objects.create(company=cast.north, user=user, role="administrator", name="Свой Иван")
    client, before = browser_of(own), rows()
    page = text(client.get(at("company", cast.north.pk)))
    assert at("change_company", cast.north.pk) in page and "/offices/agreements/" not in page
    assert client.post(at("companies"), NEW).status_code == 403
    said = {
        "seen": agreements.agreement_seen(term_of(cast.north)),
        "since": "01.01.2025",
        "until": "01.12.2026",
    }
    assert client.post(at("change_term", term_of(cast.north).pk), said).status_code == 403
    assert client.post(at("serve_again", cast.north.pk), said).status_code == 403
    assert client.get(at("company", cast.luch.pk)).status_code == 404
    assert rows() == before


def test_a_fresh_office_is_told_what_comes_first(cast: Cast, admin: Client) -> None:
    with acting(SYSTEM):
        Agreement.objects.all().delete()
    page = text(admin.get(at("companies")))
    assert "Вы пока никого не обслуживаете" in page and 'name="short_name"' in page


def test_a_list_of_any_length_asks_the_database_the_same(cast: Cast, admin: Client) -> None:
    with at_most(9):
        admin.get(at("companies"))
    with at_most(11):
        admin.get(at("company", cast.north.pk))
