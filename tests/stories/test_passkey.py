"""A key of one's own, from the first one to the door without a password: in Chromium, with an authenticator
that Chromium plays itself."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.running import PATIENCE, VAKHTA, Running
from tests.stories.test_first_contact import sign_in

pytestmark = pytest.mark.browser
PASSWORD = "горшок-лейка-7"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page) -> Any:
    """The page's browser has a fingerprint reader; its session of the browser's own protocol."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]


def finger(reader: tuple[Any, str], *, is_known: bool) -> None:
    session, authenticator = reader
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": is_known})


def test_a_key_opens_the_door_without_a_password_and_is_the_second_step_after_one(
    running: Running, browser: Browser
) -> None:
    here = running.url.replace("127.0.0.1", "localhost")  # a key is made for a name
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU").new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    reader = with_authenticator(page)
    sign_in(page, here, "Инспектор")
    page.locator("a.bar-person").click()
    login = page.locator(".office-lead").inner_text().split()[-1]

    page.get_by_label("Новый ключ входа").fill("отпечаток")
    page.keyboard.press("Enter")
    expect(page.locator(".own-codes li")).to_have_count(10)
    page.get_by_role("link", name="Коды сохранены").click()
    expect(page.get_by_role("row", name="отпечаток")).to_be_visible()
    expect(page.get_by_role("row", name="этот сеанс")).to_contain_text(
        re.compile(r"Chrome.*(127\.0\.0\.1|::1)")
    )
    assert complaints == [], "the page's own policy was broken"

    page.get_by_role("button", name="Выйти").click()
    page.goto(f"{here}/sign-in/?next=/security/")
    finger(reader, is_known=False)
    page.get_by_role("button", name="Войти ключом").click()
    expect(page.get_by_role("alert")).to_contain_text("Ключ не использован")
    finger(reader, is_known=True)
    page.get_by_role("button", name="Войти ключом").click()
    expect(page.get_by_role("heading", name="Вход и безопасность")).to_be_visible()

    words = ["staff", "password", "--email", login]
    subprocess.run(
        [*VAKHTA, *words], env=running.env, input=f"{PASSWORD}\n", text=True, timeout=PATIENCE, check=True
    )
    page.goto(f"{here}/sign-in/?next=/security/")
    page.get_by_label("Имя для входа").fill(login)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Второй шаг входа")).to_be_visible()
    page.get_by_role("button", name="Подтвердить ключом").click()
    expect(page.get_by_role("heading", name="Вход и безопасность")).to_be_visible()

    row = page.get_by_role("row", name="отпечаток")
    row.locator("summary").click()
    row.get_by_role("button").click()
    expect(page.get_by_text("Ключ входа убран.")).to_be_visible()
    expect(page.locator(".own-codes, tr:has-text('Резервные коды')")).to_have_count(0)
    page.context.close()
