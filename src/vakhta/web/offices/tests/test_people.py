"""The people of an office: invited, given another role, dismissed, let in again; nobody's password is known."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.crews.models import CrewMember
from vakhta.kernel import journal
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Entry, Look
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import number_words
from vakhta.notices.models import Delivery
from vakhta.people.models import SignIn, Staff, User
from vakhta.reports.pdf import compile_pdf
from vakhta.web.tests.steps import at_most, browser_of, ordered
from vakhta.wiring import FOLLOWERS

SYSTEM = Scope.system("test")
NEW = {"name": "Новикова Дарья Павловна", "email": "novikova@example.org", "role": "operator", "trade": "", "phone": "8 916 111-22-33"}  # fmt: skip
PASSWORD = "очень-длинный-пароль-7"


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


def seat(pk: int) -> Staff:
    with reading(SYSTEM):
        row: Staff = Staff.objects.select_related("user").get(pk=pk)
        return row


def kinds() -> list[str]:
    with reading(SYSTEM):
        return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def everybody() -> tuple[object, ...]:
    with reading(SYSTEM):
        return (
            list(Staff.objects.order_by("pk").values_list()),
            list(User.objects.order_by("pk").values_list("pk", "email", "name", "password")),
            CrewMember.objects.count(),
            SignIn.objects.count(),
            kinds(),
        )


def letters() -> list[Delivery]:
    for each in FOLLOWERS:
        while follow(each):
            pass
    with reading(SYSTEM):
        return list(Delivery.objects.order_by("id"))


def hired(cast: Cast, client: Client, **more: str) -> Staff:
    answer = client.post(at("people"), NEW | {"company": str(cast.centre.pk)} | more)
    assert answer.status_code == 302, text(answer)
    found = re.search(r"/people/(\d+)/", answer["Location"])
    assert found
    return seat(int(found[1]))


def test_somebody_new_sets_the_password_by_the_letter_and_signs_in(cast: Cast, admin: Client) -> None:
    row = hired(cast, admin)
    assert not row.user.has_usable_password()
    page = text(admin.get(at("person", row.pk)))
    assert "приглашён" in page and "+7 916 111-22-33" in page and 'type="password"' not in page
    letter = letters()[-1]
    assert letter.to == "novikova@example.org" and "роль: диспетчер" in letter.body
    link = re.search(r"https?://[^/]+(/\S+)", letter.body)
    assert link
    guest = Client()
    assert guest.get(link[1]).status_code == 200
    assert guest.post(link[1], {"password": PASSWORD}).status_code == 302
    assert guest.get(link[1]).status_code == 409, "once"
    entered = guest.post(
        "/sign-in/", {"login": "novikova@example.org", "password": PASSWORD, "next": "/console/"}
    )
    assert entered.status_code == 302 and guest.get("/console/").status_code == 200
    assert "работает" in text(admin.get(at("person", row.pk)))
    assert admin.post(at("invite", row.pk)).status_code == 409, (
        "a password is there: nobody replaces it by a letter"
    )


def test_the_letter_is_sent_once_more_and_the_journal_names_nobody(cast: Cast, admin: Client) -> None:
    row = hired(cast, admin)
    assert admin.post(at("invite", row.pk)).status_code == 302
    assert [letter.template for letter in letters()] == ["invitation", "invitation"]
    with reading(SYSTEM):
        bodies = str([entry.body for entry in Entry.objects.all()])
    assert "Новикова" not in bodies and "novikova" not in bodies


def test_a_second_role_keeps_the_password_and_needs_no_letter(cast: Cast, admin: Client) -> None:
    with reading(SYSTEM):
        User.objects.filter(pk=cast.ivanova.user_id).update(password="pbkdf2$known")
    before = seat(cast.ivanova.pk).user.password
    row = hired(cast, admin, email="Ivanova@example.org", role="senior", name="Иванова О. П.")
    assert (row.user_id, row.user.password, letters()) == (cast.ivanova.user_id, before, [])
    page = text(admin.get(at("person", row.pk)))
    assert "Диспетчер, АДС «Заречье»" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": ""}, "Фамилия, имя, отчество"),
        ({"email": ""}, "Почта"),
        ({"email": "x"}, "Почта не читается"),
        ({"role": "царь"}, "Выберите роль"),
        ({"role": "contractor"}, "этой роли нет"),
        ({"email": "ivanova@example.org"}, "уже есть диспетчер"),
        ({"company": "0"}, "Организации № 0 нет"),
        ({"phone": "яблоко"}, "Телефон «яблоко» не читается"),
        ({"phone": "+7 916 123 45 67 8"}, "Телефон «+7 916 123 45 67 8» не читается"),
        ({"phone": "31.02.2026 25:61"}, "Телефон «31.02.2026 25:61» не читается"),
        ({"phone": "12345"}, "Телефон «12345» не читается"),
    ],
)
def test_what_cannot_stand_is_said_and_nothing_changes(
    cast: Cast, admin: Client, said: dict[str, str], words: str
) -> None:
    before = everybody()
    answer = admin.post(at("people"), NEW | {"company": str(cast.centre.pk)} | said)
    assert answer.status_code in (404, 422) and words in text(answer)
    assert everybody() == before


def test_a_form_that_is_sent_again_as_it_is_shown_changes_nothing(cast: Cast, admin: Client) -> None:
    pk = hired(cast, admin).pk
    before = everybody()
    url, page = at("change_person", pk), text(admin.get(at("person", pk)))
    shown = re.search(r'name="phone" value="([^"]*)"', page)
    assert shown and shown[1] == "+7 916 111-22-33"
    said = {name: NEW[name] for name in ("name", "role", "trade")} | {
        "phone": shown[1],
        "seen": seen(page, url),
    }
    for _ in range(2):
        assert admin.post(url, said).status_code == 302
    wrong = admin.post(url, said | {"phone": "+7 916 123 45 67 8", "trade": "сантехник"})
    assert wrong.status_code == 422 and 'value="+7 916 123 45 67 8"' in text(wrong)
    assert everybody() == before


def test_a_role_is_changed_and_the_second_of_two_keeps_the_words(cast: Cast, admin: Client) -> None:
    url, page = at("change_person", cast.sidorova.pk), text(admin.get(at("person", cast.sidorova.pk)))
    said = {
        "name": "Сидорова Мария Андреевна",
        "role": "senior",
        "trade": "",
        "phone": "8 916 000-01-04",
        "seen": seen(page, url),
    }
    assert admin.post(url, said).status_code == 302
    assert (seat(cast.sidorova.pk).role, seat(cast.sidorova.pk).phone) == ("senior", "+79160000104")
    assert kinds()[-2:] == ["StockChanged", "StaffRoleChanged"]
    assert browser_of(cast.sidorova).get("/journal/").status_code == 200
    before = everybody()
    late = admin.post(url, said | {"role": "foreman", "trade": "сантехник"})
    shown = text(late)
    assert late.status_code == 409 and "изменил кто-то другой" in shown
    assert 'value="сантехник"' in shown and "Сейчас записано: Старший диспетчер" in shown
    assert everybody() == before


def test_who_is_dismissed_is_out_at_once_and_comes_back(cast: Cast, admin: Client) -> None:
    with acting(SYSTEM):
        row, _ = arrival.receive(
            arrival.Message(channel="phone", phone="8 900 000-15-42"), centre=cast.centre.pk
        )
        SignIn.objects.create(user=cast.ivanova.user, begun_at=journal.moment(), seen_at=journal.moment())
    with acting(cast.scope(cast.ivanova)):
        contacts.take(row.pk)
    theirs = browser_of(cast.ivanova)
    assert theirs.get("/console/").status_code == 200
    assert admin.post(at("dismiss", cast.ivanova.pk)).status_code == 302
    assert theirs.get("/console/")["Location"].startswith("/sign-in/")
    with reading(SYSTEM):
        assert not SignIn.objects.filter(user=cast.ivanova.user).exists()
        again = Interaction.objects.get(pk=row.pk)
    assert (again.state, again.taken_by_id) == ("queued", None)
    assert kinds()[-3:] == ["InteractionGivenBack", "StaffDismissed", "SessionsEnded"]
    assert "Иванова" not in text(admin.get(at("people")))
    assert "Иванова" in text(admin.get(at("people"), {"state": "gone"}))
    assert admin.post(at("return_person", cast.ivanova.pk)).status_code == 302
    assert theirs.get("/console/").status_code == 200 and kinds()[-1] == "StaffReturned"


def test_who_has_work_in_hand_is_not_dismissed(cast: Cast, admin: Client) -> None:
    ticket, _order = ordered(cast)
    page = text(admin.get(at("person", cast.kuznetsov.pk)))
    assert f"/console/ticket/{ticket.number}/" in page
    for who in (
        cast.kuznetsov,
        cast.ivanova,
    ):  # an order that nobody else would do; an intake that is half done
        before = everybody()
        answer = admin.post(at("dismiss", who.pk))
        assert answer.status_code == 409 and everybody() == before
        if who == cast.ivanova:
            assert f"по заявке № {number_words(ticket.number)}:" in text(answer)
        assert ("открытые наряды" if who == cast.kuznetsov else "не закончил приём") in text(answer)


def test_the_last_administrator_stays(cast: Cast, admin: Client) -> None:
    url, page = at("change_person", cast.kim.pk), text(admin.get(at("person", cast.kim.pk)))
    said = {
        "name": "Ким Ирина Олеговна",
        "role": "operator",
        "trade": "",
        "phone": "",
        "seen": seen(page, url),
    }
    before = everybody()
    for answer in (admin.post(at("dismiss", cast.kim.pk)), admin.post(url, said)):
        assert answer.status_code == 409 and "последний администратор" in text(answer)
        assert everybody() == before
    hired(cast, admin, role="administrator")
    assert admin.post(at("dismiss", cast.kim.pk)).status_code == 302


def test_sessions_are_ended_and_a_lost_second_step_is_reset(cast: Cast, admin: Client) -> None:
    from allauth.mfa.models import Authenticator

    with acting(SYSTEM):
        Authenticator.objects.create(user=cast.ivanova.user, type="totp", data={})
        SignIn.objects.create(user=cast.ivanova.user, begun_at=journal.moment(), seen_at=journal.moment())
    page = text(admin.get(at("person", cast.ivanova.pk)))
    assert "Сбросить второй шаг" in page and "Закончить сеансы" in page
    assert admin.post(at("end_sessions", cast.ivanova.pk)).status_code == 302
    before = everybody()
    assert admin.post(at("end_sessions", cast.ivanova.pk)).status_code == 409
    assert admin.post(at("reset_step", cast.ivanova.pk), {"reason": " "}).status_code == 422
    assert everybody() == before
    assert admin.post(at("reset_step", cast.ivanova.pk), {"reason": "утопила телефон"}).status_code == 302
    with reading(SYSTEM):
        assert not Authenticator.objects.filter(user=cast.ivanova.user).exists()
    assert kinds()[-1] == "SecondStepReset"


def test_a_seat_given_here_opens_nobody_s_door_elsewhere(cast: Cast, admin: Client) -> None:
    """Somebody of another centre gets work here too: their second step and sessions stay theirs."""
    from allauth.mfa.models import Authenticator

    with acting(SYSTEM):
        user = User.objects.create(email="other@example.org", name="Чужая Анна Петровна", password="!x")
        Staff.objects.create(company=cast.foreign, user=user, role="client", name=user.name)
        Authenticator.objects.create(user=user, type="totp", data={})
        SignIn.objects.create(user=user, begun_at=journal.moment(), seen_at=journal.moment())
    row = hired(cast, admin, email="other@example.org", name="Анна")
    page = text(admin.get(at("person", row.pk)))
    assert "Чужая" not in page and "Сбросить" not in page and "Закончить сеансы" not in page
    before = everybody()
    for url, said in ((at("end_sessions", row.pk), {}), (at("reset_step", row.pk), {"reason": "так"})):
        answer = admin.post(url, said)
        assert answer.status_code == 409 and "там, где вы ничего не видите" in text(answer)
    assert everybody() == before
    with reading(SYSTEM):
        assert Authenticator.objects.filter(user=user).exists()


def test_the_list_is_filtered_and_saved_as_a_file(cast: Cast, admin: Client) -> None:
    assert "Громова" in text(admin.get(at("people"), {"role": "senior"}))
    assert "Иванова" not in text(admin.get(at("people"), {"role": "senior"}))
    assert "Белова" in text(admin.get(at("people"), {"company": str(cast.north.pk)}))
    assert "Таких сотрудников нет" in text(admin.get(at("people"), {"q": "Нетакого"}))
    answer = admin.get(at("people_file", "xlsx"), {"q": "ким"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        "Фамилия, имя, отчество",
        "Ким Ирина Олеговна",
    ]
    with reading(SYSTEM):
        assert Look.objects.filter(subject="list/people", how="saved").count() == 1


def test_the_list_is_printed_as_it_was_asked_for(
    cast: Cast, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}

    def kept(form: str, data: dict[str, Any]) -> bytes:
        told.update(data)
        return compile_pdf(form, data)

    monkeypatch.setattr("vakhta.web.offices.people_views.compile_pdf", kept)
    answer = admin.get(at("people_file", "pdf"), {"q": "ким"})
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert [row[0] for row in told["rows"]] == ["Ким Ирина Олеговна"] and len(told["columns"]) == len(
        told["widths"]
    )
    assert at("people_file", "pdf") in text(admin.get(at("people")))
    with reading(SYSTEM):
        assert Look.objects.get(subject="list/people", how="saved").detail["kind"] == "pdf"


def test_a_list_of_any_length_asks_the_database_the_same(cast: Cast, admin: Client) -> None:
    with at_most(8):
        page = text(admin.get(at("people")))
    assert f'<option value="{cast.centre.pk}" selected>' in page, (
        "somebody new works here unless it is said otherwise"
    )
    with reading(SYSTEM):
        for number in range(60):
            user = User.objects.create(email=f"{number}@example.org", name="Много", password="!")
            Staff.objects.create(
                company=cast.centre, user=user, role="technician", name=f"Много {number:02d}"
            )
    with at_most(8):
        page = text(admin.get(at("people")))
    more = re.search(r'href="(\?after=\d+)"', page)
    assert more and "Дальше" in page
    rest = text(admin.get(at("people") + more[1]))
    assert page.count("<tr>") + rest.count("<tr>") == 2 + 68
    with at_most(14):
        admin.get(at("person", cast.kuznetsov.pk))
