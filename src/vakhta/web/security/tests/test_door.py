"""Who comes in and who does not: passwords, codes, recovery codes, sessions, tries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from tests.cast import Cast

from vakhta.domain.facts import Fact
from vakhta.kernel import journal
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.models import SignIn, Staff

PASSWORD = "горшок-лейка-7"
NOON = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ivanova(noon: object, cast: Cast) -> Staff:
    """An operator with a password."""
    return with_password(cast.ivanova)


def with_password(staff: Staff) -> Staff:
    with reading(Scope.system("test")):
        staff.user.set_password(PASSWORD)
        staff.user.save()
    return staff


def knock(browser: Client, login: str, password: str = PASSWORD, **more: Any) -> Any:
    return browser.post("/sign-in/", {"login": login, "password": password, "next": "/console/"}, **more)


def told(*kinds: str) -> list[Fact]:
    """Facts of these kinds, in the order of the journal; of all without any."""
    with reading(Scope.system("test")):
        rows = Entry.objects.order_by("id")
        return [known.fact for known in journal.recorded(rows.filter(kind__in=kinds) if kinds else rows)]


def code(secret: str, shift: int = 0) -> str:
    """What the application on the phone shows now, or so many periods away."""
    counter = int(datetime.now(UTC).timestamp()) // 30 + shift  # noqa: TID251 - the phone's own clock
    return str(format_hotp_value(hotp_value(secret, counter)))


def set_codes(browser: Client) -> tuple[str, list[str]]:
    """Sets codes on the page as a person does; (secret, recovery codes)."""
    secret = browser.get("/security/codes/").context["made"].secret.replace(" ", "")
    answer = browser.post("/security/codes/", {"code": code(secret)})
    assert answer.status_code == 200, answer.content.decode()
    return secret, [known.replace(" ", "") for known in answer.context["made"].codes]


# ── Password ─────────────────────────────────────────────────────────────────────────────────


def test_in_and_out_are_in_the_journal_and_the_session_in_the_list(ivanova: Staff) -> None:
    browser = Client(headers={"User-Agent": FIREFOX})
    answer = knock(browser, "Ivanova@example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    with reading(Scope.system("test")):
        row = SignIn.objects.get()
    assert (row.user_id, row.browser, row.address) == (ivanova.user_id, "Firefox, Windows", "127.0.0.1")
    assert browser.get("/console/").status_code == 200
    browser.post("/sign-out/")
    assert [(fact.kind, getattr(fact, "how", "")) for fact in told()] == [
        ("SignedIn", "password"),
        ("SignedOut", ""),
    ]
    with reading(Scope.system("test")):
        assert not SignIn.objects.exists()
    assert browser.get("/console/")["Location"].startswith("/sign-in/")


def test_codes_are_asked_for_after_the_password_and_nothing_is_open_before(
    ivanova: Staff, noon: time_machine.Traveller
) -> None:
    browser = Client()
    knock(browser, "ivanova@example.org")
    secret, spare = set_codes(browser)
    assert len(set(spare)) == 10
    other = Client()
    assert knock(other, "ivanova@example.org")["Location"] == "/sign-in/second/"
    assert other.get("/console/")["Location"].startswith("/sign-in/")
    wrong = other.post("/sign-in/second/", {"code": "000000"})
    assert wrong.status_code == 422 and "Код не подошёл" in wrong.content.decode()
    assert other.get("/console/")["Location"].startswith("/sign-in/")
    used = other.post("/sign-in/second/", {"code": code(secret)})
    assert used.status_code == 422, "the code that set it up opened the door too"
    noon.shift(30)
    answer = other.post("/sign-in/second/", {"code": code(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    assert other.get("/console/").status_code == 200
    kinds = [fact.kind for fact in told()]
    assert kinds == [
        "SignedIn",
        "SecondStepAdded",
        "RecoveryCodesMade",
        "SecondStepFailed",
        "SecondStepFailed",
        "SignedIn",
    ]
    assert told("SignedIn")[-1].how == "password+totp"
