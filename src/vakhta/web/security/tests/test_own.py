"""«Вход и безопасность»: what a person changes about their own way in, and what ends with it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from vakhta.kernel import clock
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import SignIn, Staff
from vakhta.people.sign_in import forget_sessions
from vakhta.web.live.app import _scope_of

from .test_door import FIREFOX, PASSWORD, code, ivanova, knock, noon, set_codes, told, with_password

__all__ = ["ivanova", "noon"]
NEW = "новый-пароль-9"
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
)
YANDEX = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 YaBrowser/25.10 Mobile Safari/537.36"


def browser_of(staff: Staff, agent: str = FIREFOX) -> Client:
    browser = Client(headers={"User-Agent": agent})
    assert knock(browser, staff.user.email)["Location"] == "/console/"
    return browser


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The live stream gives its connection back at once; here it is the test's."""
    monkeypatch.setattr("vakhta.web.live.app.connection", SimpleNamespace(close=lambda: None))


def is_in(browser: Client) -> bool:
    return browser.get("/console/").status_code == 200


def own(browser: Client) -> Any:
    return browser.get("/security/").context["own"]


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────


def test_each_session_is_listed_with_its_browser_and_ends_at_once(ivanova: Staff) -> None:
    desk, home, phone = (browser_of(ivanova, agent) for agent in (FIREFOX, CHROME, YANDEX))
    rows = own(desk).sessions
    assert sorted(row.title for row in rows) == [
        "Chrome, Linux",
        "Firefox, Windows",
        "Яндекс Браузер, Android",
    ]
    assert [row.title for row in rows if not row.end_url] == ["Firefox, Windows"]
    cookie = f"vakhta_session={home.cookies['vakhta_session'].value}"
    assert _scope_of(cookie) is not None
    lost = next(row for row in rows if row.title == "Chrome, Linux")
    assert desk.post(lost.end_url)["Location"] == "/security/?done=ended"
    assert (is_in(desk), is_in(home), is_in(phone)) == (True, False, True)
    assert _scope_of(cookie) is None, "its live stream is over too"
    assert desk.post(lost.end_url).status_code == 409, "over already"
    desk.post("/security/sessions/end/")
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert [fact.sessions for fact in told("SessionsEnded")] == [1, 1]


def test_whoever_signs_in_again_in_the_same_browser_has_one_session(ivanova: Staff, cast: Cast) -> None:
    desk = browser_of(ivanova)
    knock(desk, ivanova.user.email)
    assert len(own(desk).sessions) == 1
    knock(desk, with_password(cast.sidorova).user.email)
    with reading(Scope.system("test")):
        assert SignIn.objects.get().user_id == cast.sidorova.user_id
    knock(desk, ivanova.user.email)
    set_codes(desk)
    knock(desk, ivanova.user.email)
    with reading(Scope.system("test")):
        assert not SignIn.objects.exists(), "half in is not in"


def test_nobody_ends_another_s_session(ivanova: Staff, cast: Cast) -> None:
    mine, colleague = browser_of(ivanova), browser_of(with_password(cast.sidorova))
    with reading(Scope.system("test")):
        theirs = SignIn.objects.get(user=cast.sidorova.user).pk
    assert mine.post(f"/security/sessions/{theirs}/end/").status_code == 409
    assert is_in(colleague) and not told("SessionsEnded")


def test_a_session_ends_after_its_hours_of_rest_and_goes_on_while_somebody_works(
    ivanova: Staff, cast: Cast, noon: time_machine.Traveller, settings: LazySettings
) -> None:
    settings.SESSION_COOKIE_AGE = 3600
    browser, idle = browser_of(ivanova), browser_of(ivanova, CHROME)
    for _look in range(4):
        noon.shift(timedelta(minutes=40))
        assert is_in(browser)
    assert not is_in(idle)
    assert [row.title for row in own(browser).sessions] == ["Firefox, Windows"]
    noon.shift(timedelta(minutes=61))
    assert not is_in(browser)
    browser_of(with_password(cast.sidorova))
    with reading(Scope.system("test")):
        forget_sessions(clock.now())
        assert SignIn.objects.get().user_id == cast.sidorova.user_id, "whose session is over is forgotten"
        assert Session.objects.count() == 1


def test_work_writes_the_session_every_few_minutes_only(
    ivanova: Staff, noon: time_machine.Traveller, django_assert_num_queries: Any
) -> None:
    browser, unlisted = browser_of(ivanova), Client()
    unlisted.force_login(ivanova.user)
    noon.shift(timedelta(minutes=4))
    with CaptureQueriesContext(connection) as plain:
        unlisted.get("/security/confirm/")
    with django_assert_num_queries(len(plain)):
        browser.get("/security/confirm/")
    noon.shift(timedelta(minutes=2))
    with CaptureQueriesContext(connection) as written:
        browser.get("/security/confirm/")
    assert len(written) > len(plain)
    with django_assert_num_queries(len(plain)):
        browser.get("/security/confirm/")


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(ivanova: Staff) -> None:
    browser = browser_of(ivanova)
    for name in ("vakhta_session", "vakhta_known"):
        assert browser.cookies[name]["httponly"] and browser.cookies[name]["samesite"] == "Lax"
    assert browser.cookies["vakhta_known"]["path"] == "/sign-in/"


# ── Password ─────────────────────────────────────────────────────────────────────────────────


def test_another_password_ends_the_other_sessions_and_not_this_one(ivanova: Staff) -> None:
    desk, home = browser_of(ivanova), browser_of(ivanova)
    answer = desk.post("/security/password/", {"old_password": PASSWORD, "password": NEW})
    assert answer["Location"] == "/security/?done=password"
    assert (is_in(desk), is_in(home)) == (True, False)
    assert knock(Client(), ivanova.user.email).status_code == 422
    assert knock(Client(), ivanova.user.email, NEW).status_code == 302
    assert [fact.kind for fact in told()][2:4] == ["PasswordChanged", "SessionsEnded"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"old_password": "не тот", "password": NEW}, "Пароль не тот"),
        ({"old_password": PASSWORD, "password": "короткий"}, "пароль"),
        ({"old_password": PASSWORD, "password": "password123"}, "пароль"),
        ({"old_password": PASSWORD, "password": "я" * 201}, "длиннее 200 знаков"),
        ({}, "Пароль не тот"),
    ],
)
def test_a_password_that_is_refused_changes_nothing(ivanova: Staff, said: dict[str, str], words: str) -> None:
    desk, home = browser_of(ivanova), browser_of(ivanova)
    answer = desk.post("/security/password/", said)
    assert answer.status_code == 422 and words in answer.content.decode().lower() + answer.content.decode()
    assert is_in(home) and knock(Client(), ivanova.user.email).status_code == 302
    assert not told("PasswordChanged", "SessionsEnded")


# ── Second step ──────────────────────────────────────────────────────────────────────────────

CHANGES = (
    "/security/codes/",
    "/security/codes/drop/",
    "/security/recovery/",
    "/security/passkeys/",
    "/security/passkeys/1/drop/",
)


@pytest.mark.parametrize("url", CHANGES)
def test_a_quarter_of_an_hour_after_the_password_it_is_asked_for_again(
    ivanova: Staff, noon: time_machine.Traveller, url: str
) -> None:
    desk = browser_of(ivanova)
    noon.shift(timedelta(minutes=16))
    assert desk.post(url, {"code": "1", "name": "ключ"})["Location"].startswith("/security/confirm/?next=")
    assert "confirm" in desk.get("/security/passkeys/options/").json()
    assert own(desk).confirm_url
    assert desk.post("/security/confirm/", {"password": "не тот", "next": url}).status_code == 422
    assert own(desk).confirm_url
    answer = desk.post("/security/confirm/", {"password": PASSWORD, "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert not own(desk).confirm_url


def test_codes_are_taken_away_with_their_recovery_codes(ivanova: Staff, noon: time_machine.Traveller) -> None:
    desk = browser_of(ivanova)
    set_codes(desk)
    assert desk.post("/security/codes/", {"code": "123456"}).status_code == 422, "they are there already"
    assert desk.post("/security/codes/drop/")["Location"] == "/security/?done=totp-dropped"
    assert (own(desk).has_totp, own(desk).recovery_left) == (False, 0)
    assert knock(Client(), ivanova.user.email)["Location"] == "/console/"
    assert desk.post("/security/codes/drop/").status_code == 409
    assert desk.post("/security/recovery/").status_code == 422
    assert [(fact.kind, fact.step) for fact in told("SecondStepAdded", "SecondStepRemoved")] == [
        ("SecondStepAdded", "totp"), ("SecondStepRemoved", "totp"),
    ]  # fmt: skip


def test_a_wrong_code_sets_nothing(ivanova: Staff) -> None:
    desk = browser_of(ivanova)
    desk.get("/security/codes/")
    for said in ("", "000000", "١٢٣٤٥٦", "9" * 5000):
        answer = desk.post("/security/codes/", {"code": said})
        assert answer.status_code == 422 and "Код не подошёл" in answer.content.decode()
    assert not own(desk).has_totp and not told("SecondStepAdded")


def test_a_role_that_needs_a_second_step_sees_nothing_else_before_it_has_one(
    ivanova: Staff, settings: LazySettings, noon: time_machine.Traveller
) -> None:
    settings.SECOND_STEP_FOR = frozenset({"operator"})
    browser = Client()
    assert knock(browser, ivanova.user.email)["Location"] == "/security/"
    assert "Вашей роли нужен второй шаг" in browser.get("/security/").content.decode()
    for page in ("/console/", "/tickets/", "/norms/", "/"):
        assert browser.get(page)["Location"] == "/security/"
    assert browser.post("/console/next/")["Location"] == "/security/"
    assert _scope_of(f"vakhta_session={browser.cookies['vakhta_session'].value}") is None
    set_codes(browser)
    assert is_in(browser)
    answer = browser.post("/security/codes/drop/")
    assert answer.status_code == 422 and "Сначала добавьте другой" in answer.content.decode()
    noon.shift(60)
    other = Client()
    assert knock(other, ivanova.user.email)["Location"] == "/sign-in/second/"


def test_whose_role_needs_none_is_not_asked(ivanova: Staff, settings: LazySettings) -> None:
    settings.SECOND_STEP_FOR = frozenset({"administrator"})
    assert is_in(browser_of(ivanova))


def test_everybody_has_the_page_and_a_stranger_has_none(cast: Cast) -> None:
    for staff in (
        cast.ivanova,
        cast.gromova,
        cast.orlov,
        cast.kuznetsov,
        cast.client,
        cast.inspector,
        cast.kim,
    ):
        browser = Client()
        browser.force_login(staff.user)
        assert browser.get("/security/").status_code == 200
    assert Client().get("/security/")["Location"].startswith("/sign-in/")


def test_setting_codes_is_by_the_code_of_the_picture(ivanova: Staff) -> None:
    desk, other = browser_of(ivanova), browser_of(ivanova)
    first = desk.get("/security/codes/").context["made"].secret.replace(" ", "")
    foreign = other.get("/security/codes/").context["made"].secret.replace(" ", "")
    assert first != foreign
    assert desk.post("/security/codes/", {"code": code(foreign)}).status_code == 422
    assert desk.post("/security/codes/", {"code": code(first)}).status_code == 200
