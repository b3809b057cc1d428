"""In by the word of the organisation's own server, a real one on loopback: it knows the person, we know the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.conf import LazySettings
from django.test import Client
from tests.cast import Cast

from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import User

from .oidc_server import CLIENT, SECRET, OidcServer, oidc_server
from .test_door import told

NAME = "Сервер УК"


@pytest.fixture
def vouching(settings: LazySettings) -> Iterator[OidcServer]:
    with oidc_server() as known:
        connect(settings, known.url)
        known.person = {
            "sub": "42",
            "email": "Ivanova@example.org",
            "email_verified": True,
            "name": "Иванова",
        }
        yield known


def connect(settings: LazySettings, url: str) -> None:
    """As `config.settings` does of the options."""
    app = {
        "provider_id": "oidc",
        "name": NAME,
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": url},
    }
    settings.OIDC_URL, settings.OIDC_NAME = url, NAME
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def through(browser: Client, next_url: str = "/console/") -> Any:
    """The button, the other server, and back."""
    sent = browser.post("/sign-in/oidc/", {"next": next_url})
    assert sent.status_code == 302, sent.content.decode()
    back = httpx.get(sent["Location"], follow_redirects=False).headers["Location"]
    assert back.startswith("http://testserver/sign-in/oidc/callback/?")
    return browser.get(back.removeprefix("http://testserver"))


def refused(answer: Any, words: str) -> None:
    text = answer.content.decode()
    assert answer.status_code == 422 and words in text, text
    with reading(Scope.system("test")):
        assert not told("SignedIn")


def test_the_button_is_there_only_where_there_is_a_server(
    vouching: OidcServer, settings: LazySettings, db: None
) -> None:
    answer = Client().get("/sign-in/")
    assert f"Войти через {NAME}" in answer.content.decode()
    assert f"form-action 'self' {vouching.url}" in answer["Content-Security-Policy"]
    settings.OIDC_URL = ""
    answer = Client().get("/sign-in/")
    assert (
        "Войти через" not in answer.content.decode()
        and "form-action 'self';" in answer["Content-Security-Policy"]
    )
    assert Client().post("/sign-in/oidc/").status_code == 409
    assert Client().get("/sign-in/oidc/callback/?code=1&state=1").status_code == 409


def test_somebody_who_works_here_is_in(vouching: OidcServer, cast: Cast) -> None:
    browser = Client()
    answer = through(browser, "/console/?contact=1")
    assert (answer.status_code, answer["Location"]) == (302, "/console/?contact=1")
    assert browser.get("/console/").status_code == 200
    assert [(fact.staff, fact.how) for fact in told("SignedIn")] == [(cast.ivanova.pk, "oidc")]
    assert vouching.asked[-2:] == ["/token", "/userinfo"]


def test_an_unknown_person_is_refused_in_words_and_not_made(vouching: OidcServer, cast: Cast) -> None:
    vouching.person = {**vouching.person, "email": "stranger@example.org"}
    with reading(Scope.system("test")):
        before = User.objects.count()
    refused(through(Client()), "сотрудника с адресом stranger@example.org здесь не завели")
    with reading(Scope.system("test")):
        assert User.objects.count() == before


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_that_nobody_has_confirmed_is_nobody_s(
    vouching: OidcServer, cast: Cast, verified: object
) -> None:
    vouching.person = {**vouching.person, "email_verified": verified}
    refused(through(Client()), "не подтвердил адрес вашей почты")


def test_whoever_has_left_has_no_way_in(vouching: OidcServer, cast: Cast) -> None:
    with reading(Scope.system("test")):
        cast.ivanova.is_active = False
        cast.ivanova.save()
    answer = through(Client())
    assert answer.status_code == 403 and "работы для вас" in answer.content.decode()


def test_the_second_step_is_asked_for_too(vouching: OidcServer, cast: Cast) -> None:
    browser = Client()
    through(browser)
    secret = browser.get("/security/codes/").context["made"].secret.replace(" ", "")
    from .test_door import code

    browser.post("/security/codes/", {"code": code(secret)})
    assert through(Client())["Location"] == "/sign-in/second/"


def test_whoever_changes_their_mind_is_back_at_the_door(vouching: OidcServer, cast: Cast) -> None:
    vouching.error = "access_denied"
    refused(through(Client()), f"Вход через «{NAME}» отменён")
    vouching.error = "server_error"
    refused(through(Client()), f"«{NAME}» не ответил")


def test_a_server_that_is_gone_or_mad_is_said(
    vouching: OidcServer, settings: LazySettings, cast: Cast
) -> None:
    vouching.is_broken = True
    refused(Client().post("/sign-in/oidc/"), f"«{NAME}» не ответил")
    vouching.is_broken = False
    browser = Client()
    sent = browser.post("/sign-in/oidc/")
    back = httpx.get(sent["Location"], follow_redirects=False).headers["Location"]
    vouching.is_broken = True
    refused(browser.get(back.removeprefix("http://testserver")), f"«{NAME}» не ответил")
    connect(settings, "http://127.0.0.1:1")
    refused(Client().post("/sign-in/oidc/"), f"«{NAME}» не ответил")


@pytest.mark.parametrize(
    "query", ["", "code=x", "code=x&state=y", "error=access_denied", "state=%00", "code=%ED%A0%80&state=я"]
)
def test_an_answer_that_nobody_asked_for_opens_nothing(vouching: OidcServer, cast: Cast, query: str) -> None:
    answer = Client().get(f"/sign-in/oidc/callback/?{query}")
    assert answer.status_code in (400, 422)
    assert not told("SignedIn")


def test_an_answer_is_taken_once_and_by_the_browser_that_asked(vouching: OidcServer, cast: Cast) -> None:
    browser, other = Client(), Client()
    sent = browser.post("/sign-in/oidc/")
    back = (
        httpx.get(sent["Location"], follow_redirects=False)
        .headers["Location"]
        .removeprefix("http://testserver")
    )
    refused(other.get(back), f"«{NAME}» не ответил")
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 422
