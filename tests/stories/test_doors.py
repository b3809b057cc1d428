"""Bad input at every door, and everybody at every door: 4xx with a Russian message, nothing changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import resolve
from pytest import MonkeyPatch

from tests.cast import Cast
from tests.stories.doors import (
    DOORS,
    REFUSED,
    Door,
    Things,
    addresses,
    contractor_of,
    everything,
    things_of,
    touched,
    undone,
)
from vakhta.cli.simulation.pages import forms_of
from vakhta.domain.permissions import ROLES, VERBS, may
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Refused
from vakhta.kernel.tenancy import Scope
from vakhta.kernel.words import NBSP
from vakhta.people.models import Staff
from vakhta.places.models import Building
from vakhta.web.security.door import CONFIRMED
from vakhta.web.tests.steps import photo

LONG = "я" * 100_000
LONG_LINE = "я" * 10_000
"""In an address, where a letter is six bytes: a head of more than 400 KB never gets past the server."""
MARK = "<script>alert('дверь')</script>\"'><img src=x onerror=alert(1)>"
HOSTILE = {
    "long": LONG,
    "empty": "",
    "odd letters": "🚰👩‍🔧\u202eабв\u2066гд\u200f%s %(x)s {0} {x.__class__}",
    "nul": "а\x00б",
    "control": "\x01\x1b[31m\x7f\x85\ufeff\uffff",
    "code": f"1'; DROP TABLE tickets_ticket; --{MARK}",
    "negative": "-1",
    "zero": "0",
    "beyond bigint": str(2**63),
    "not quite a digit": "²",
    "arabic digits": "١٢٣",
    "spaces": " \t\n ",
    "far day": "9999-12-31T23:59",
    "no day": "2026-02-30",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
}
WORDY = ("long", "empty", "odd letters", "nul", "control", "code", "spaces")
"""What is tried in a field that takes words; figures and days are tried where figures and days are read."""
RAW = {
    "surrogate": b"%ED%A0%80",
    "half a letter": b"%D1",
    "wrong byte": b"%FF%FE",
    "bare bytes": b"\xff\xc3(",
}
"""What stands in a form's body instead of a value in UTF-8."""
LENT = {"order", "file", "team"}
"""Things that a contractor sees: those of the ticket whose order it has, and its crew."""
NUMBERS = (0, 2**31, 2**63, 10**30)
"""Instead of the number in an address."""
WORDS = ("", "26-1' OR 1=1 --", MARK, "\x00", "26-\x00", "я" * 5000, "..%2f..%2fetc", "-1", "²")
"""Instead of the word in an address."""

COOKIES = (
    "vakhta_size", "vakhta_theme", "vakhta_letters", "vakhta_session", "csrftoken", "django_language"
)  # fmt: skip

CYRILLIC = re.compile("[а-яё]{4}", re.IGNORECASE)
FORMS = [door for door in DOORS if door.said or door.query]


def in_parts(doors: list[Door] | tuple[Door, ...], parts: int) -> pytest.MarkDecorator:
    """Every `parts`-th door together: what stands behind the doors is made once for all of them."""
    said = [doors[first::parts] for first in range(parts)]
    return pytest.mark.parametrize("part", said, ids=[f"{n + 1} of {parts}" for n in range(parts)])


def staff_of(cast: Cast, role: str) -> Staff:
    if role == "contractor":
        return contractor_of(cast)
    people = (
        cast.ivanova, cast.gromova, cast.orlov, cast.kuznetsov, cast.client, cast.inspector, cast.kim
    )  # fmt: skip
    return next(staff for staff in people if staff.role == role)


def browser(staff: Staff | None) -> Client:
    client = Client(raise_request_exception=False)
    if staff is not None:
        client.force_login(staff.user)
        session = client.session  # the password was typed a moment ago
        session[CONFIRMED] = clock.now().isoformat()
        session.save()
    return client


def user_of(door: Door, cast: Cast, things: Things) -> Staff | None:
    """Somebody who may use the door: the one who holds the contacts, if that one may."""
    verb = door.verb(things)
    if not verb:
        return None
    return next(
        staff
        for role in ("senior", "technician", "administrator")
        if may((staff := staff_of(cast, role)).role, verb)
    )


def right(door: Door, things: Things) -> dict[str, Any]:
    known = {
        "{crew}": str(things.crew),
        "{other}": things.other,
        "{other_pk}": str(things.open_ticket),
        "{ticket}": things.ticket,
        "{ticket_pk}": str(things.ticket_pk),
        **things.marks,
        "{company}": str(things.company),
        "{served}": str(things.served),
        "{now}": f"{clock.now().astimezone(ZoneInfo('Europe/Moscow')):%Y-%m-%dT%H:%M}",
    }
    uploads = {"{photo}": photo, "{table}": table}
    return {
        name: uploads[value]() if value in uploads else known.get(value, value)
        for name, value in door.said.items()
    }


def table() -> SimpleUploadedFile:
    return SimpleUploadedFile("жильцы.csv", "Улица;Дом\nСадовая;1\n".encode())


def use(
    client: Client, door: Door, things: Things, said: dict[str, Any] | None = None, query: str = ""
) -> Any:
    url = door.url(things) + (f"?{query}" if query else "")
    if door.method == "GET":
        return client.get(url)
    return client.post(url, right(door, things) if said is None else said)


class Answers:
    """Looks at answers; `refused` are the messages of the refusals of the last request."""

    def __init__(self, monkeypatch: MonkeyPatch) -> None:
        self.refused: list[str] = []
        made, refused = Refused.__init__, self.refused

        def noted(error: Refused, message: str, field: str = "", **said: object) -> None:
            made(error, message, field, **said)
            refused.append(error.message)

        monkeypatch.setattr(Refused, "__init__", noted)
        self.before = everything()
        self.touched = touched()

    def look(self, what: str, request: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """No 500; a refusal speaks Russian, says its message and has changed nothing; HTML of a
        stranger is never HTML of the page."""
        self.refused.clear()
        with undone():
            answer = request(*args, **more)
            where = f"{what}: {answer.status_code}"
            if answer.status_code >= 500:
                raise AssertionError(where) from (answer.exc_info or (None, None))[1]
            before, self.touched = self.touched, touched()
            if answer.status_code >= 400 and self.touched != before:
                assert everything() == self.before, f"{where} changed something"
        text = (
            b"".join(answer).decode(errors="replace")
            if answer.streaming
            else answer.content.decode(errors="replace")
        )
        assert MARK not in text and "<script>alert(" not in text and "<img src=x" not in text, where
        assert len(text) < 1_000_000, f"{where}: an answer of {len(text)} letters"
        if answer.status_code >= 400 and "html" in answer.get("Content-Type", "html"):
            assert CYRILLIC.search(text), f"{where} says nothing: {text[:200]!r}"
            if self.refused:
                said = unescape(text).replace(NBSP, " ")  # beside a field no line breaks a number
                assert self.refused[-1].replace(NBSP, " ") in said, (
                    f"{where} does not say «{self.refused[-1][:200]}»"
                )
        return answer


@pytest.fixture
def things(cast: Cast) -> Things:
    return things_of(cast, cast.north, cast.gromova)


@pytest.fixture
def answers(things: Things, monkeypatch: MonkeyPatch) -> Answers:
    return Answers(monkeypatch)


# ── The table ────────────────────────────────────────────────────────────────────────────────


def test_every_address_has_its_row() -> None:
    assert {door.name for door in DOORS} == addresses()


@in_parts(DOORS, 4)
def test_a_right_form_is_taken(part: list[Door], cast: Cast, things: Things, answers: Answers) -> None:
    """So that what the other tests refuse is refused for its own reason."""
    for door in part:
        with undone():
            client = browser(user_of(door, cast, things))
            answer = answers.look(str(door), use, client, door, things)
        refused = (door.name, door.method) in REFUSED
        assert answer.status_code in ((422, 409) if refused else (200, 302)), f"{door}: {answers.refused}"


def test_what_is_written_is_noticed(cast: Cast, answers: Answers) -> None:
    """So that «nothing changed» is said of something."""
    before, rows = everything(), touched()
    with undone(), acting(Scope.system("test")):
        Building.objects.filter(pk=cast.lenina15.pk).update(floors=99)
        assert touched() == rows + 1 and everything() != before
    assert everything() == before


ROWS = re.compile(r"-\d+$|(?<=who-).*|(?<=skill-).*")
"""Of names like `phone-12`, `who-edds`, `skill-roofer`: of many alike one stands in the table."""

BUTTONS = {
    "lists:tickets": [
        f"lists:{name}"
        for name in ("keep_view", "bulk_assign", "bulk_take_back", "bulk_comment", "bulk_pause", "bulk_void")
    ]
}
"""Whose form is sent by buttons with addresses of their own."""


def test_every_field_of_every_form_is_in_its_row(cast: Cast, things: Things) -> None:
    """What a page offers to be filled in is what hostile words are tried in."""
    known: dict[str, set[str]] = {}
    for door in DOORS:
        known.setdefault(door.name, set()).update(ROWS.sub("", name) for name in (*door.said, *door.query))
    for name, others in BUTTONS.items():
        known[name].update(*(known[other] for other in others))
    missing, forms = set(), 0
    for door in DOORS:
        if door.method == "POST":
            continue
        answer = browser(user_of(door, cast, things)).get(door.url(things))
        text = b"".join(answer) if answer.streaming else answer.content
        if "html" not in answer["Content-Type"]:
            continue
        for form in forms_of(text.decode()):
            where = resolve(urlsplit(form.action or door.url(things)).path)
            fields = {ROWS.sub("", name) for name in (*(name for name, _ in form.fields), *form.choices)}
            name = f"{where.namespace}:{where.url_name}"
            missing |= {
                f"{name} {field}" for field in fields - known.get(name, set()) - {"csrfmiddlewaretoken"}
            }
            forms += 1
    assert forms > 100 and missing == set()


# ── Bad input ────────────────────────────────────────────────────────────────────────────────


@in_parts(FORMS, 10)
def test_hostile_words_in_every_field(part: list[Door], cast: Cast, things: Things, answers: Answers) -> None:
    for door in part:
        with undone():
            _hostile_words(door, browser(user_of(door, cast, things)), things, answers)


def _hostile_words(door: Door, client: Client, things: Things, answers: Answers) -> None:
    for name in (*door.said, *door.query):
        takes_words = bool(CYRILLIC.search(str(door.said.get(name, ""))))
        for kind in WORDY if takes_words else HOSTILE:
            value = HOSTILE[kind]
            if name in door.query:
                query = urlencode({name: LONG_LINE if kind == "long" else value})
                answer = answers.look(f"{door} ?{name} {kind}", use, client, door, things, query=query)
            else:
                said = {**right(door, things), name: value}
                answer = answers.look(f"{door} {name} {kind}", use, client, door, things, said)
                if kind == "long" and name not in door.keeps:
                    assert 400 <= answer.status_code < 500, f"{door} {name} took 100,000 letters"


def test_bodies_that_are_no_utf_8(cast: Cast, things: Things, answers: Answers) -> None:
    """They are read before anybody asks for a field: each field has one kind of them, in turn."""
    form, kinds = "application/x-www-form-urlencoded", cycle(RAW.items())
    for door in DOORS:
        client, url = browser(user_of(door, cast, things)), door.url(things)
        for name in door.query:
            kind, raw = next(kinds)
            text = raw.decode("latin-1") if b"%" in raw else quote(raw)
            answers.look(f"{door} ?{name} {kind}", client.generic, door.method, f"{url}?{name}={text}")
        for name in door.said:
            kind, raw = next(kinds)
            body = f"{quote(name)}=".encode() + raw
            answers.look(f"{door} {name} {kind}", client.generic, "POST", url, body, form)


def test_bodies_that_are_no_forms(cast: Cast, things: Things, answers: Answers) -> None:
    many = "&".join(f"a{number}=1" for number in range(2000)).encode()
    bodies = (
        (b"", "multipart/form-data"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data; boundary=\xff"),
        (b"{}", "application/json"),
        (b"\x00" * 100, "application/octet-stream"),
        (many, "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * (2 * 1024 * 1024 + 1), "application/x-www-form-urlencoded"),
    )
    for door in DOORS:
        client, url = browser(user_of(door, cast, things)), door.url(things)
        for body, kind in bodies if door.method == "POST" else ():
            answers.look(f"{door} {kind} {body[:20]!r}", client.generic, "POST", url, body, kind)


def test_missing_fields(cast: Cast, things: Things, answers: Answers) -> None:
    for door in DOORS:
        client, whole = browser(user_of(door, cast, things)), right(door, things)
        answers.look(f"{door} without fields", use, client, door, things, {})
        for name in door.said:
            said = {key: value for key, value in whole.items() if key != name}
            answers.look(f"{door} without {name}", use, client, door, things, said)


def test_hostile_addresses(cast: Cast, things: Things, answers: Answers) -> None:
    for door in DOORS:
        client, url = browser(user_of(door, cast, things)), door.url(things)
        for part in {str(arg) for arg in door.args(things)}:
            for value in NUMBERS if part.isdigit() else WORDS:
                path = url.replace(f"/{part}/", f"/{quote(str(value))}/")
                answers.look(f"{door} {path[:80]}", client.generic, door.method, path)


def test_hostile_cookies(cast: Cast, things: Things, answers: Answers) -> None:
    signed_in = session(browser(cast.ivanova))
    values = ("\xb2", "9" * 5000, '"\\000\\000aaaaaaaaaa"', MARK.replace(";", ""), "\xff")
    for name in COOKIES:
        for value in values:
            cookies = f"{name}={value.encode().decode('latin-1')}"
            if name != "vakhta_session":
                cookies = f"{signed_in}; {cookies}"
            stranger = browser(None)
            answers.look(f"{name}={value[:20]}", stranger.get, "/console/", HTTP_COOKIE=cookies)


def session(client: Client) -> str:
    return f"vakhta_session={client.cookies['vakhta_session'].value}"


# ── The wrong way in ─────────────────────────────────────────────────────────────────────────


def test_a_wrong_method(cast: Cast, things: Things, answers: Answers) -> None:
    known: dict[str, set[str]] = {}
    for door in DOORS:
        known.setdefault(door.name, set()).add(door.method)
    for door in DOORS:
        client = browser(user_of(door, cast, things))
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - known[door.name]:
            answer = answers.look(f"{method} {door.name}", client.generic, method, door.url(things))
            assert answer.status_code == 405, f"{method} {door.name}: {answer.status_code}"


def test_without_its_token_a_form_is_refused(cast: Cast, things: Things, answers: Answers) -> None:
    for door in DOORS:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if (staff := user_of(door, cast, things)) is not None:
            client.force_login(staff.user)
        if door.method == "POST":
            assert answers.look(str(door), use, client, door, things).status_code == 403, str(door)


def test_without_signing_in(things: Things, answers: Answers) -> None:
    for door in DOORS:
        if door.verb(things):
            answer = answers.look(str(door), use, browser(None), door, things)
            assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/"), str(door)
    assert everything() == answers.before


def test_a_database_that_is_gone_is_said(cast: Cast, answers: Answers, monkeypatch: MonkeyPatch) -> None:
    """Nothing was recorded and it will pass: 503 with the time to come again, not a fault of ours."""

    def gone(*_args: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    client = browser(cast.ivanova)
    for place in ("vakhta.web.middleware.scope_of_user", "vakhta.web.console.build.queue"):
        with monkeypatch.context() as broken:
            broken.setattr(place, gone)
            answer = client.get("/console/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert "База данных не отвечает" in answer.content.decode()


# ── Who may ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", [role.code for role in ROLES])
@pytest.mark.parametrize("whose", ["own", "served", "foreign"])
def test_every_role_at_every_door(role: str, whose: str, cast: Cast, monkeypatch: MonkeyPatch) -> None:
    """Who may gets through; who may not, or not there, gets 403 or 404 and nothing changes."""
    company = {"own": cast.centre, "served": cast.north, "foreign": cast.foreign}[whose]
    staff = staff_of(cast, role)
    lent = staff.company if role == "contractor" and whose == "own" else None
    company = cast.north if lent else company
    things = things_of(cast, company, staff if role in VERBS["interaction.end"] else None, staff, lent)
    client, answers = browser(staff), Answers(monkeypatch)
    sees = company.pk in (cast.scope(staff).companies or ())
    for door in DOORS:
        verb = door.verb(things)
        if not verb:
            continue
        answer = answers.look(f"{role} {whose} {door}", use, client, door, things)
        is_there = sees
        if role == "contractor":  # the ticket is another company's: what it was lent of it, and its own crew
            is_there = lent is not None and bool(LENT & set(door.args.__code__.co_names))
        elif verb == "crews.lead" and role == "foreman":  # who leads crews leads those of the own company
            is_there = whose == "own"
        may_pass = may(role, verb) and (is_there or not door.is_about_a_company)
        if may_pass:
            assert answer.status_code in (200, 302, 409, 422), f"{role} {whose} {door}: {answers.refused}"
            assert answer.status_code < 400 or (door.name, door.method) in REFUSED, (
                f"{role} {whose} {door}: {answers.refused}"
            )
        else:
            assert answer.status_code in (403, 404), f"{role} {whose} {door}: {answer.status_code}"


@pytest.mark.parametrize("role", [role.code for role in ROLES])
def test_a_resident_s_link_needs_no_seat_and_gives_none(role: str, cast: Cast, things: Things) -> None:
    """Whoever has the link sees its ticket, and that ticket only."""
    client = browser(staff_of(cast, role))
    assert client.get(f"/z/{things.token}/").status_code == 200
    assert client.get(f"/z/{things.token[:-1]}x/").status_code == 404
    assert getattr(resolve(f"/z/{things.token}/").func, "verb", "") == ""
