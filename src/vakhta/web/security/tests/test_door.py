"""Who comes in and who does not: passwords, codes, recovery codes, sessions, tries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.db import connection
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


def test_a_recovery_code_opens_once_and_new_ones_end_the_old(
    ivanova: Staff, noon: time_machine.Traveller
) -> None:
    browser = Client()
    knock(browser, "ivanova@example.org")
    _secret, spare = set_codes(browser)
    for expected in (302, 422):
        other = Client()
        knock(other, "ivanova@example.org")
        answer = other.post("/sign-in/second/", {"code": f"{spare[0][:4]}-{spare[0][4:]}"})
        assert answer.status_code == expected
    assert told("SignedIn")[-1].how == "password+recovery_codes"
    assert browser.get("/security/").context["own"].recovery_left == 9
    fresh = browser.post("/security/recovery/").context["made"].codes
    assert not set(spare) & {known.replace(" ", "") for known in fresh}
    other = Client()
    knock(other, "ivanova@example.org")
    assert other.post("/sign-in/second/", {"code": spare[1]}).status_code == 422
    assert fresh[0] not in browser.get("/security/").content.decode(), "shown once"


def test_a_half_entered_person_waits_ten_minutes_and_no_longer_than_their_password(
    ivanova: Staff, noon: time_machine.Traveller
) -> None:
    browser = Client()
    knock(browser, "ivanova@example.org")
    secret, _spare = set_codes(browser)
    late, changed = Client(), Client()
    for other in (late, changed):
        knock(other, "ivanova@example.org")
    noon.shift(timedelta(minutes=9))
    with reading(Scope.system("test")):
        ivanova.user.set_password("другой-пароль-8")
        ivanova.user.save()
    assert changed.post("/sign-in/second/", {"code": code(secret)})["Location"] == "/sign-in/"
    with reading(Scope.system("test")):
        ivanova.user.set_password(PASSWORD)
        ivanova.user.save()
    noon.shift(timedelta(minutes=2))
    assert late.post("/sign-in/second/", {"code": code(secret)})["Location"] == "/sign-in/"
    assert len(told("SignedIn")) == 1


def test_secrets_lie_encrypted_and_nowhere_in_the_journal(ivanova: Staff) -> None:
    browser = Client()
    knock(browser, "ivanova@example.org")
    secret, spare = set_codes(browser)
    with reading(Scope.system("test")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT data::text FROM mfa_authenticator UNION ALL SELECT body::text FROM journal_entry"
        )
        kept = " ".join(row[0] for row in cursor.fetchall())
        assert Authenticator.objects.count() == 2
    for word in (secret, PASSWORD, "127.0.0.1", "ivanova", *spare):
        assert word not in kept


def test_with_another_key_of_the_service_a_code_is_wrong_and_nothing_breaks(
    ivanova: Staff, settings: LazySettings, noon: time_machine.Traveller
) -> None:
    browser = Client()
    knock(browser, "ivanova@example.org")
    secret, _spare = set_codes(browser)
    noon.shift(30)
    settings.SECRET_KEY = "another key of the service, as long as it has to be"
    other = Client()
    knock(other, "ivanova@example.org")
    assert other.post("/sign-in/second/", {"code": code(secret)}).status_code == 422


@pytest.mark.parametrize("said", ["", "1", "{}", "[]", "null", '{"id": 1}', "[" * 5000, '{"response": {"userHandle": 5}}',
    '{"response": {"userHandle": "\\u0000"}}', '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}'])  # fmt: skip
def test_a_key_that_is_none_opens_nothing(ivanova: Staff, said: str) -> None:
    browser = Client()
    assert browser.get("/sign-in/passkey/options/").json()["publicKey"]["userVerification"] == "required"
    assert browser.post("/sign-in/passkey/", {"credential": said}).status_code == 422
    knock(browser, "ivanova@example.org")
    browser.get("/security/passkeys/options/")
    answer = browser.post("/security/passkeys/", {"name": "ключ", "credential": said})
    assert answer.status_code == 422 and "Ключ не записался" in answer.content.decode()
    with reading(Scope.system("test")):
        assert not Authenticator.objects.exists()


def test_whoever_has_no_work_is_told_so_after_the_right_password_only(ivanova: Staff) -> None:
    with reading(Scope.system("test")):
        ivanova.is_active = False
        ivanova.save()
    assert "Имя или пароль не те" in knock(Client(), "ivanova@example.org", "не тот").content.decode()
    answer = knock(Client(), "ivanova@example.org")
    assert answer.status_code == 403 and "работы для вас" in answer.content.decode()
    assert not told()


# ── Tries ────────────────────────────────────────────────────────────────────────────────────


def test_guesses_of_one_person_end_after_five_and_the_wait_is_said(
    ivanova: Staff, noon: time_machine.Traveller
) -> None:
    browser = Client()
    for _guess in range(5):
        assert knock(browser, "ivanova@example.org", "не тот").status_code == 422
    answer = knock(browser, "IVANOVA@example.org ")
    assert (answer.status_code, answer["Retry-After"]) == (429, "50")
    assert "Слишком много попыток. Подождите 50\u00a0секунд и попробуйте снова." in answer.content.decode()
    assert knock(Client(), "ivanova@example.org", REMOTE_ADDR="198.51.100.7").status_code == 429, (
        "from anywhere"
    )
    assert knock(browser, "sidorova@example.org").status_code == 422, "a colleague is asked"
    noon.shift(51)
    assert knock(browser, "ivanova@example.org").status_code == 302


def test_of_an_hour_twenty_guesses(ivanova: Staff, noon: time_machine.Traveller) -> None:
    browser = Client()
    for guess in range(20):
        assert knock(browser, "ivanova@example.org", "не тот").status_code == 422, guess
        noon.shift(15)
    answer = knock(browser, "ivanova@example.org")
    assert answer.status_code == 429 and "Подождите 55\u00a0минут" in answer.content.decode()


def test_strangers_guesses_do_not_shut_out_the_browser_that_is_known(ivanova: Staff) -> None:
    desk = Client()
    knock(desk, "ivanova@example.org")
    desk.post("/sign-out/")
    stranger = Client()
    for _guess in range(6):
        last = knock(stranger, "ivanova@example.org", "не тот", REMOTE_ADDR="198.51.100.7")
    assert last.status_code == 429
    assert knock(desk, "ivanova@example.org").status_code == 302
    desk.post("/sign-out/")
    for _guess in range(5):
        knock(desk, "ivanova@example.org", "не тот")
    assert knock(desk, "ivanova@example.org").status_code == 429, "the known browser has its own number"


def test_right_passwords_do_not_count_so_an_office_is_never_shut_out(ivanova: Staff) -> None:
    for _shift in range(30):
        assert knock(Client(), "ivanova@example.org").status_code == 302


def test_a_network_that_guesses_at_everybody_waits(noon: object, cast: Cast) -> None:
    for guess in range(60):
        knock(Client(), f"guess{guess}@example.org", "x")
    assert knock(Client(), "guess60@example.org", "x").status_code == 429
    assert knock(Client(), "guess61@example.org", "x", REMOTE_ADDR="198.51.100.7").status_code == 422


def test_behind_tls_the_web_server_says_whose_network_it_is(
    noon: object, cast: Cast, settings: LazySettings
) -> None:
    """A browser that says of itself that it is another one changes nothing."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for guess in range(60):
        said = f"203.0.113.{guess}, 198.51.100.7"
        knock(Client(), f"guess{guess}@example.org", "x", headers={"X-Forwarded-For": said})
    over = {"X-Forwarded-For": "203.0.113.99, 198.51.100.7"}
    assert knock(Client(), "guess60@example.org", "x", headers=over).status_code == 429
    other = {"X-Forwarded-For": "198.51.100.8"}
    assert knock(Client(), "guess61@example.org", "x", headers=other).status_code == 422


def test_guesses_of_the_second_step_end_after_five(ivanova: Staff, noon: time_machine.Traveller) -> None:
    browser = Client()
    knock(browser, "ivanova@example.org")
    secret, spare = set_codes(browser)
    noon.shift(60)
    other = Client()
    knock(other, "ivanova@example.org")
    for _guess in range(5):
        assert other.post("/sign-in/second/", {"code": "000000"}).status_code == 422
    for right in (code(secret), spare[0]):
        assert other.post("/sign-in/second/", {"code": right}).status_code == 429
    assert len(told("SecondStepFailed")) == 5
    assert browser.get("/security/").context["own"].recovery_left == 10, (
        "a try that was refused uses up nothing"
    )


def test_what_is_counted_names_nobody_and_is_forgotten(ivanova: Staff, noon: time_machine.Traveller) -> None:
    knock(Client(), "ivanova@example.org", "не тот")
    noon.shift(timedelta(hours=2))
    knock(Client(), "sidorova@example.org", "не тот")
    with reading(Scope.system("test")), connection.cursor() as cursor:
        cursor.execute("SELECT key FROM people_try")
        keys = [row[0] for row in cursor.fetchall()]
    assert len(keys) == 4, "two of a person, two of a network; of two hours ago none"
    assert not any(word in key for key in keys for word in ("ivanova", "sidorova", "127.0"))


def test_an_unknown_person_takes_as_much_work_as_a_known_one(
    ivanova: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Digests made: what takes the time."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        made.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for login in ("ivanova@example.org", "nobody@example.org"):
        made.clear()
        knock(Client(), login, "не тот")
        counts.append(len(made))
    assert counts == [1, 1]
