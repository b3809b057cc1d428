"""What /health and /metrics say of a service that works, that half works, and that does not."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from pytest import MonkeyPatch
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.kernel import clock
from vakhta.kernel.heartbeats import BEAT, PARTS
from vakhta.kernel.journal import acting
from vakhta.kernel.models import Cursor
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.models import Ticket
from vakhta.web.health import build

TOKEN = "a token for the tests of monitoring, long"
PHONE = "79000001542"


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(build, "REMEMBERED", -1.0)


@pytest.fixture
def here() -> Client:
    return Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)


def beat(part: str, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [part, at])


def test_all_work(cast: Cast, here: Client) -> None:
    for part in PARTS:
        beat(part, clock.now())
    answer = here.get("/health")
    said = answer.json()
    assert (answer.status_code, said["status"], said["silent"]) == (200, "ok", [])
    assert said["checks"] == {"database": "ok", "migrations": "ok", "journal": "ok"}
    assert set(said["seconds_since_beat"]) == set(PARTS)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.0.0.11:8000", ""])
@pytest.mark.parametrize("address", ["/health", "/health/ready", "/health/live", "/metrics"])
def test_machines_ask_by_an_address_though_people_come_by_a_name(
    cast: Cast, settings: Any, host: str, address: str
) -> None:
    """curl beside it, Prometheus and the check of HAProxy name an address or nothing; a page still wants the name."""
    settings.ALLOWED_HOSTS, settings.METRICS_TOKEN = ["ads.example.org"], TOKEN
    asked = Client(HTTP_HOST=host, raise_request_exception=False)
    assert asked.get(address, HTTP_AUTHORIZATION=f"Bearer {TOKEN}").status_code == 200
    assert asked.get("/sign-in/").status_code == 400


def test_a_silent_clock_is_told_and_the_pages_go_on(cast: Cast, here: Client) -> None:
    for part in PARTS:
        beat(part, clock.now() - timedelta(minutes=10 if part == "clock" else 0))
    answer = here.get("/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["silent"]) == (
        200,
        "degraded",
        ["clock"],
    )


def test_a_database_of_older_tables_takes_no_requests(cast: Cast, here: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0003_parked'")
    answer = here.get("/health")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "1 missing")


def test_a_journal_that_refuses_entries(cast: Cast, here: Client, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(build, "PATIENCE", "no time at all")
    assert build._journal() == "closed"


def test_without_a_database(cast: Cast, here: Client, monkeypatch: MonkeyPatch) -> None:
    def gone(*args: Any) -> None:
        raise OperationalError("connection to 10.1.2.3 failed")

    with monkeypatch.context() as lost:
        lost.setattr(DatabaseWrapper, "cursor", gone)
        answers = {path: here.get(path) for path in ("/health/live", "/health/ready", "/metrics")}
    assert [answer.status_code for answer in answers.values()] == [200, 503, 503]
    assert answers["/health/ready"].json()["checks"]["database"] == "unreachable"
    assert b"10.1.2.3" not in b"".join(answer.content for answer in answers.values())


def test_the_world_is_told_yes_or_no(cast: Cast) -> None:
    outside = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR="203.0.113.9")
    assert outside.get("/health").json() == {"status": "ok"}
    assert outside.get("/health/live").json() == {"status": "ok"}
    assert outside.get("/metrics").status_code == 403


@pytest.mark.parametrize("role", ["", "operator", "administrator"])
def test_a_seat_opens_no_metrics(cast: Cast, role: str) -> None:
    outside = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR="203.0.113.9")
    if role:
        outside.force_login((cast.ivanova if role == "operator" else cast.kim).user)
    assert outside.get("/metrics").status_code == 403


def test_with_the_token_from_afar(cast: Cast, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    outside = Client(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert outside.get("/metrics").status_code == 200
    assert "checks" in outside.get("/health").json()


def measures(here: Client) -> dict[str, float]:
    text = here.get("/metrics").content.decode()
    found = re.findall(r"^(vakhta_\S+?(?:\{[^}]*\})?) (\S+)$", text, re.M)
    return {name: float(value) for name, value in found}


def test_the_measures_follow_the_work(cast: Cast, here: Client) -> None:
    before = measures(here)
    with acting(Scope.system("api")):
        _waiting, _ = arrival.receive(arrival.Message(channel="phone", phone=PHONE), centre=cast.centre.pk)
        taken, _ = arrival.receive(arrival.Message(channel="phone", phone=PHONE), centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(taken.pk)
        contacts.register(taken.pk, classifier="flat.cold.riser", description="течёт стояк")
        Cursor.objects.update_or_create(follower="notices", defaults={"entry": 0})
    beat("clock", clock.now() - timedelta(seconds=70))
    after = measures(here)
    assert before['vakhta_open_contacts{state="queued"}'] == 0
    assert after['vakhta_open_contacts{state="queued"}'] == 1
    assert after['vakhta_open_contacts{state="taken"}'] == 1
    assert after['vakhta_open_tickets{stage="registered"}'] == 1
    assert after['vakhta_follower_lag_entries{follower="notices"}'] == after["vakhta_journal_head"] > 0
    assert after['vakhta_part_silent_seconds{part="clock"}'] >= 70
    assert after["vakhta_parked_entries"] == 0
    assert after['vakhta_database_connections{state="active"}'] >= 1
    assert after["vakhta_clock_lag_seconds"] == 0


def test_requests_are_counted_by_route_and_never_by_address(cast: Cast, here: Client) -> None:
    for number in range(3):
        here.get(f"/z/secret-token-{number}/")
        here.get(f"/no-such-page-{number}")
        here.generic(f"VERB{number}", "/health/live")
    text = here.get("/metrics").content.decode()
    assert "secret-token" not in text and "no-such-page" not in text and "VERB" not in text
    assert 'vakhta_requests_total{method="GET",route="none",status="404"}' in text
    assert 'vakhta_request_seconds_bucket{le="0.1",method="GET",route="/z/<str:token>/"}' in text


def test_nobody_is_in_the_measures(cast: Cast, here: Client) -> None:
    with acting(Scope.system("api")):
        arrival.receive(arrival.Message(channel="phone", phone=PHONE), centre=cast.centre.pk)
    here.post("/sign-in/", {"login": "petrova@example.org", "password": "secret password"})
    text = here.get("/metrics").content.decode() + here.get("/health").content.decode()
    for word in (PHONE, "example.org", "secret", *(str(staff) for staff in (cast.ivanova, cast.kim))):
        assert word not in text


def test_every_open_stage_has_its_line(cast: Cast, here: Client) -> None:
    found = measures(here)
    with reading(Scope.system("test")):
        assert {f'vakhta_open_tickets{{stage="{stage}"}}' for stage in Ticket.OPEN} <= set(found)


def test_a_database_that_hangs_holds_up_the_one_who_asked_first(monkeypatch: MonkeyPatch) -> None:
    """Who asks after that one is told, and does not hang with it."""
    asked, answers = threading.Event(), threading.Event()

    def hangs(_at: datetime) -> build.Health:
        asked.set()
        assert answers.wait(20)
        return build.Health()

    monkeypatch.setattr(build, "HANGS", 0.05)
    monkeypatch.setattr(build, "health", hangs)
    found = build.Remembered()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(found.ask, clock.now())
        assert asked.wait(20)
        assert (found.ask(clock.now()).database, found.ask(clock.now()).is_ready) == ("silent", False)
        answers.set()
        assert first.result().is_ready
    assert found.ask(clock.now()).is_ready
