"""Nobody is in the log: marked names, phones, mailboxes, tokens and passwords go through every door and
through every kind of failure, and no line holds any of them."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from pytest import MonkeyPatch

from tests.cast import Cast
from tests.stories.doors import DOORS, Things, things_of
from tests.stories.running import free_port
from vakhta.cli.embedded_postgres import EmbeddedPostgres
from vakhta.config.logs import logging_settings
from vakhta.kernel import clock
from vakhta.kernel.claims import Owner
from vakhta.kernel.followers import Follower, follow
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices import actions as notices
from vakhta.notices.models import Delivery
from vakhta.notices.ports import ChannelError, Letter

NAME, PHONE, MAIL = "Меченова", "+79261113355", "mechenova@example.org"
TOKEN, PASSWORD = "marked-token-that-opens-a-door", "marked-password"
WORDS = "меченое слово заявителя"
MARKED = re.compile(r"меченов|меченое|9261113355|mechenova|marked-", re.IGNORECASE)
SAID = {"password": PASSWORD, "login": MAIL, "email": MAIL, "phone": PHONE, "token": TOKEN, "name": NAME}


@pytest.fixture(params=[False, True], ids=["json", "human"])
def log(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """All that the service writes, as its own settings format it; what was there is put back."""
    settings, before = logging_settings(is_human=request.param), structlog.get_config()
    made = settings["formatters"]["lines"]
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=made["processors"],
            foreign_pre_chain=made["foreign_pre_chain"],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield written.getvalue
    finally:
        root.removeHandler(handler)
        structlog.configure(**before)


@pytest.fixture
def things(cast: Cast) -> Things:
    return things_of(cast, cast.north, cast.gromova)


def nobody_in(text: str) -> None:
    found = [line for line in text.splitlines() if MARKED.search(line)]
    assert found == []


def marked(said: dict[str, str]) -> dict[str, str]:
    return {name: SAID.get(name, WORDS) for name in said}


def test_every_door_with_marked_words(cast: Cast, things: Things, log: Callable[[], str]) -> None:
    """As nobody, and as a senior: taken, refused, not found, forbidden."""
    known = Client(raise_request_exception=False)
    known.force_login(cast.gromova.user)
    known.cookies["csrftoken"] = TOKEN
    for client in (Client(raise_request_exception=False), known):
        for door in DOORS:
            url = door.url(things) + "".join(
                f"{'&' if i else '?'}{q}={WORDS}" for i, q in enumerate(door.query)
            )
            with transaction.atomic():
                client.get(url) if door.method == "GET" else client.post(url, marked(door.said))
                transaction.set_rollback(True)
    told = log()
    assert told.count("request") >= 2 * len(DOORS)
    nobody_in(told)


REQUESTS: dict[str, Callable[[Client], object]] = {
    "a bad login": lambda c: c.post("/sign-in/", {"login": MAIL, "password": PASSWORD}),
    "a resident's link": lambda c: c.get(f"/z/{TOKEN}/"),
    "the link of a letter": lambda c: c.get(f"/sign-in/new/{TOKEN}/"),
    "a forgotten password": lambda c: c.post("/sign-in/lost/", {"login": MAIL}),
    "a key": lambda c: c.post("/sign-in/passkey/", {"credential": f'{{"id": "{TOKEN}"}}'}),
    "the word of another server": lambda c: c.get(f"/sign-in/oidc/callback/?code={TOKEN}&state={TOKEN}"),
    "an address nobody has": lambda c: c.get(f"/{NAME}/{PHONE}?q={WORDS}"),
    "NUL in an address": lambda c: c.get(f"/board/?q={NAME}%00"),
    "a host that is not ours": lambda c: c.get("/", HTTP_HOST=f"{TOKEN}.example.org"),
    "a host that cannot be": lambda c: c.get("/", HTTP_HOST=f"{TOKEN}/{MAIL}"),
    "a wrong method": lambda c: c.put("/sign-in/", WORDS),
    "a request id with a phone": lambda c: c.get("/sign-in/", HTTP_X_REQUEST_ID=PHONE),
    "an API key": lambda c: c.get("/api/v1/tickets/26-1", HTTP_AUTHORIZATION=f"Bearer {TOKEN}"),
    "a body that is no JSON": lambda c: c.post("/api/v1/interactions", WORDS, "application/json"),
    "a form too large": lambda c: c.post("/sign-in/", {"login": WORDS * 100_000}),
    "too many fields": lambda c: c.post("/sign-in/", {f"{NAME}{n}": PHONE for n in range(1100)}),
    "a broken upload": lambda c: c.post("/sign-in/", WORDS, "multipart/form-data; boundary=" + TOKEN),
    "metrics with a token": lambda c: c.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}"),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_that_is_refused(what: str, cast: Cast, log: Callable[[], str]) -> None:
    REQUESTS[what](Client(raise_request_exception=False))
    assert "status" in log()
    nobody_in(log())


def test_without_the_token_of_a_form(cast: Cast, log: Callable[[], str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = TOKEN
    assert (
        client.post(
            "/sign-in/", {"login": MAIL, "password": PASSWORD}, HTTP_REFERER=f"http://{MAIL}/"
        ).status_code
        == 403
    )
    nobody_in(log())


class Broken(Exception):
    """As a library's error that quotes what it was given."""


def fail(*_args: object, **_more: object) -> None:
    try:
        raise ValueError(f"{NAME} {PHONE}")
    except ValueError as error:
        raise Broken(f"{MAIL}: {WORDS} {TOKEN} {PASSWORD}") from error


def quoting_row(*_args: object, **_more: object) -> None:
    """PostgreSQL quotes the row that it refuses."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE said (phone text UNIQUE, name text)")
        for _twice in range(2):
            cursor.execute("INSERT INTO said VALUES (%s, %s)", [PHONE, NAME])


@pytest.mark.parametrize("how", [fail, quoting_row])
def test_a_page_and_an_api_that_break(
    how: Callable[..., None], cast: Cast, log: Callable[[], str], monkeypatch: MonkeyPatch
) -> None:
    """The log has the kind of the error and the places; its text, which quotes people, it has not."""
    client = Client(raise_request_exception=False)
    client.force_login(cast.ivanova.user)
    monkeypatch.setattr("vakhta.web.console.build.queue", how)
    with transaction.atomic():
        assert client.get(f"/console/?q={PHONE}").status_code == 500
        transaction.set_rollback(True)
    monkeypatch.setattr("vakhta.contacts.arrival.receive", how)
    with transaction.atomic():
        said = {"channel": "phone", "phone": PHONE, "name": NAME, "text": WORDS}
        answer = client.post(
            "/api/v1/interactions", json.dumps(said), "application/json",
            HTTP_AUTHORIZATION=f"Bearer {cast.token}", HTTP_IDEMPOTENCY_KEY=TOKEN,
        )  # fmt: skip
        transaction.set_rollback(True)
    told = log()
    assert answer.status_code >= 400
    assert (Broken.__name__ if how is fail else IntegrityError.__name__) in told
    assert "web/console/" in told
    nobody_in(told)


class Refusing:
    """A mail server that quotes the letter in its refusal."""

    def send(self, letter: Letter) -> None:
        raise ChannelError(f"550 <{letter.to}> {letter.body}", permanent=True)


class Breaking:
    def send(self, letter: Letter) -> None:
        raise OSError(f"cannot reach {letter.to}: {letter.body}")


@pytest.mark.parametrize("channel", [Refusing(), Breaking()], ids=["refusing", "breaking"])
def test_a_letter_that_does_not_leave(channel: Any, committed: str, log: Callable[[], str]) -> None:
    from tests.cast import make_cast

    cast = make_cast()
    moment = clock.now()
    with reading(Scope.system("test")):
        Delivery.objects.create(
            company=cast.centre, template="done", to=MAIL, subject=NAME, body=WORDS,
            queued_at=moment, due_at=moment, message_id="m", key="k",
        )  # fmt: skip
    owner = Owner()
    try:
        notices.deliver({"email": channel}, owner)
    except OSError:  # as a part that dies of it
        logging.getLogger("vakhta").exception("part died of %s", MAIL)
    finally:
        owner.leave()
    assert log()
    nobody_in(log())


def test_a_reaction_that_fails(committed: str, log: Callable[[], str]) -> None:
    from tests.cast import make_cast
    from vakhta.contacts import arrival
    from vakhta.kernel.journal import acting

    cast = make_cast()
    with acting(Scope.system("api")):
        arrival.receive(arrival.Message(channel="phone", phone=PHONE, text=WORDS), centre=cast.centre.pk)
    follower = Follower("marked", frozenset({"InteractionReceived"}), fail)
    for _try in range(4):
        follow(follower)
    assert "reaction_failed" in log() and "Broken" in log()
    nobody_in(log().replace("'marked'", "").replace('"marked"', ""))


TABLE = f"""Улица;Дом;Кв.;Лиц. счёт;ФИО;Тел.
Садовая;1;1;1;{NAME} Анна;{PHONE}
Садовая;1;2;2;{NAME} Пётр;{PHONE} меченое
Садовая;меченое;3;3;{NAME};
"""


@pytest.mark.parametrize("how", [None, fail, quoting_row], ids=["bad rows", "fails", "quotes a row"])
def test_a_table_that_is_read(
    how: Callable[..., None] | None, committed: str, log: Callable[[], str], monkeypatch: MonkeyPatch
) -> None:
    """Its bad rows are told on its page, and what it broke on is a kind and a place."""
    from tests.cast import make_cast
    from vakhta.imports import runs
    from vakhta.imports.homes import Stock
    from vakhta.imports.models import ImportRun
    from vakhta.kernel.journal import acting

    cast = make_cast()
    scope = cast.scope(cast.kim)
    with acting(scope):
        run = runs.bring(cast.north.pk, SimpleUploadedFile(f"{NAME}.csv", TABLE.encode()), "Заречье")
    with acting(scope):
        runs.look(run.pk, {}, "Заречье")
    if how is not None:
        monkeypatch.setattr(Stock, "put", how)
    owner = Owner()
    try:
        with suppress(
            OperationalError, IntegrityError
        ):  # a part that dies of it says so by the same settings
            while runs.work(owner, lambda: False):
                pass
    except Exception:
        logging.getLogger("vakhta").exception("part died of %s", MAIL)
    finally:
        owner.leave()
    with reading(Scope.system("test")):
        row = ImportRun.objects.get(pk=run.pk)
    if how is None:
        assert row.bad_rows == 2 and row.state == "looked"
    else:
        logging.getLogger("vakhta").error("part goes on")
        assert log()
    nobody_in(log())


def test_a_command_that_reads_a_table(committed: str, server: EmbeddedPostgres, tmp_path: Path) -> None:
    """What stands in a terminal is for whoever brought the table; its log is for everybody."""
    from tests.cast import make_cast

    cast = make_cast()
    table = tmp_path / "table.csv"
    table.write_text(TABLE, encoding="utf-8")
    env = os.environ | {
        "DATABASE_URL": server.url("vakhta_app", committed),
        "VAKHTA_DATA_DIR": str(tmp_path / "data"),
        "VAKHTA_SECRET_KEY": "k" * 40,
    }
    words = ["import", str(table), "--company", str(cast.north.pk), "--city", "Заречье"]
    made = subprocess.run(
        [sys.executable, "-m", "vakhta.cli", *words], env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 1 and "негодных: 2" in made.stdout
    assert not [line for line in made.stderr.splitlines() if line.startswith("{") and MARKED.search(line)]


SECOND_STEPS: dict[str, Callable[[Client], object]] = {
    "a code": lambda c: c.post("/sign-in/second/", {"code": "marked-123456"}),
    "somebody's password": lambda c: c.post("/sign-in/", {"login": MAIL, "password": PASSWORD}),
}


@pytest.mark.parametrize("what", SECOND_STEPS)
def test_a_sign_in_that_fails_for_somebody_who_is_known(
    what: str, cast: Cast, log: Callable[[], str]
) -> None:
    """The mailbox exists, so more of the door's code is gone through than for a stranger."""
    with reading(Scope.system("test")):
        user = cast.ivanova.user
        user.email = MAIL
        user.save(update_fields=["email"])
    SECOND_STEPS[what](Client(raise_request_exception=False))
    assert "status" in log()
    nobody_in(log())


def test_a_library_s_words(log: Callable[[], str]) -> None:
    """A template is told without what was put into it; a finished sentence is told by its place."""
    library = logging.getLogger("some.library")
    library.error("Internal Server Error: %s", f"/z/{TOKEN}/")
    library.error(f"Invalid HTTP_HOST header: {MAIL}")
    try:
        fail()
    except Broken:
        library.exception("failed for %(who)s", {"who": NAME})
        structlog.get_logger("vakhta.x").exception("ours")
    told = log()
    assert "Internal Server Error: %s" in told and "Broken ← ValueError" in told and "test_logs" in told
    nobody_in(told)


# ── The service itself ───────────────────────────────────────────────────────────────────────


def test_pages_in_two_processes_write_json_and_count_together(
    committed: str, server: EmbeddedPostgres, tmp_path: Path
) -> None:
    from tests.cast import make_cast

    make_cast()
    port = free_port()
    known = {name: value for name, value in os.environ.items() if not name.startswith("VAKHTA_")}
    env = known | {
        "DATABASE_URL": server.url("vakhta_app", committed),
        "VAKHTA_DATA_DIR": str(tmp_path / "data"),
        "VAKHTA_SECRET_KEY": "k" * 40,
        "VAKHTA_PORT": str(port),
    }
    words = [sys.executable, "-m", "vakhta.cli", "serve", "--workers", "2"]
    with (tmp_path / "log").open("w") as out:
        process = subprocess.Popen(words, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        await_answer(f"{url}/health/live", process)
        for _time in range(20):
            httpx.post(f"{url}/sign-in/", data={"login": MAIL, "password": PASSWORD})
        httpx.get(f"{url}/z/{TOKEN}/")
        assert httpx.get(f"{url}/health").json()["checks"]["journal"] == "ok"
        counts = {tuple(counted(httpx.get(f"{url}/metrics").text)) for _time in range(8)}
        assert counts == {(20.0,)}, "whichever process is asked"
        proxied = httpx.get(f"{url}/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
        assert proxied.status_code == 403
    finally:
        process.terminate()
        process.wait(20)
    told = (tmp_path / "log").read_text()
    nobody_in(told)
    lines = [json.loads(line) for line in told.splitlines()]
    asked = [line for line in lines if line["event"] == "request" and line["route"] == "/sign-in/"]
    assert len(asked) == 20 and {line["status"] for line in asked} == {403}
    assert {"time", "level", "request", "ms", "queries", "actor", "company"} <= set(asked[0])


def counted(text: str) -> list[float]:
    found = re.findall(
        r'^vakhta_requests_total\{method="POST",route="/sign-in/",status="403"\} (\S+)', text, re.M
    )
    return [float(number) for number in found]


def await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError("the pages did not answer")
