"""kill -9 of one part while it holds something, without the rest of the demo: the screen's stream and
the worker's letters. And an hour without the mail server."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import Client

from tests.cast import Cast
from tests.stories.running import SOON, free_port, kill, until
from vakhta.adapters.channels.email.channel import EmailChannel
from vakhta.domain.facts import CommentAdded
from vakhta.kernel import clock, journal
from vakhta.kernel.claims import Owner
from vakhta.kernel.heartbeats import beat, beats
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.actions import deliver
from vakhta.notices.models import Delivery

# ── The stream ───────────────────────────────────────────────────────────────────────────────


def comment(cast: Cast, *texts: str) -> int:
    """One entry each; the id of the last."""
    last = 0
    for text in texts:
        with acting(cast.scope(cast.ivanova)) as unit:
            journal.record(CommentAdded(ticket=1, text=text), company=cast.centre.pk)
        last = unit.last_entry
    return last


def signed_in(cast: Cast) -> str:
    """The cookie of an operator's session."""
    browser = Client()
    browser.force_login(cast.ivanova.user)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


class Screen:
    """A browser's end of the stream: connects anew as often as needed, with the last id it saw."""

    def __init__(self, port: int, cookie: str, last: int) -> None:
        self.url, self.cookie, self.last = f"http://127.0.0.1:{port}/live/", cookie, last
        self.entries: list[int] = []
        self.beats = 0

    def listen(self, until: Callable[[], bool | None]) -> None:
        """Returns when it is so, or when the line is lost."""
        headers = {"Cookie": self.cookie, "Last-Event-ID": str(self.last)}
        with (
            httpx.Client(timeout=SOON, trust_env=False) as client,
            client.stream("GET", self.url, headers=headers) as answer,
        ):
            assert answer.status_code == 200, answer.read()
            for line in answer.iter_lines():
                self._heard(line)
                if until():
                    return

    def _heard(self, line: str) -> None:
        if line.startswith("id: "):
            self.last = int(line[4:])
            self.entries.append(self.last)
        self.beats += line == "event: beat"
        assert line != "event: missed", "a short gap is filled, not skipped"

    def comes_back(self, until: Callable[[], bool]) -> None:
        """Tries until it is so, as the page does after an error."""
        end, pause = clock.now() + timedelta(seconds=SOON), threading.Event()
        while not until() and clock.now() < end:
            try:
                self.listen(until)
            except httpx.HTTPError:
                pause.wait(0.1)
        assert until(), f"heard {self.entries}"


def test_a_screen_hears_every_change_once_though_the_stream_was_killed(
    people: Cast, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    before = comment(people, "до всего")
    port = free_port()
    stream = start("live", VAKHTA_LIVE_PORT=str(port))
    screen = Screen(port, signed_in(people), before)
    screen.comes_back(lambda: screen.beats > 0)

    comment(people, "услышано сразу")
    screen.comes_back(lambda: screen.last == before + 1)

    with pytest.raises(httpx.HTTPError):  # the browser sees its line end, and comes back
        screen.listen(lambda: kill(stream))
    missed = comment(people, "пока", "никто", "не", "слышит")
    start("live", VAKHTA_LIVE_PORT=str(port))
    screen.comes_back(lambda: screen.last == missed)
    last = comment(people, "после")
    screen.comes_back(lambda: screen.last == last)

    assert screen.entries == list(range(before + 1, last + 1)), "each once, in order"
    assert "live" in beats(), "and it says that it works"


# ── The letters ──────────────────────────────────────────────────────────────────────────────


class Post:
    """A mail server that takes a letter whole and does not answer while `holds` is set."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.holds = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        text = envelope.content.decode()
        self.received.append(next(line for line in text.splitlines() if line.startswith("Message-ID")))
        while self.holds.is_set():
            await asyncio.sleep(0.02)
        return "250 kept"


@contextmanager
def post_office(port: int = 0) -> Iterator[tuple[Post, str]]:
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield post, f"smtp://127.0.0.1:{controller.port}"
    finally:
        post.holds.clear()
        controller.stop()


def queue_letters(cast: Cast, count: int) -> list[str]:
    """Letters that are due; their Message-ID lines."""
    names = [f"<letter-{n}@vakhta.local>" for n in range(count)]
    moment = clock.now() - timedelta(seconds=1)
    with reading(Scope.system("test")):
        for name in names:
            Delivery.objects.create(
                company=cast.centre, template="done", to="resident@example.org", subject="Готово",
                body="Готово.\n", queued_at=moment, due_at=moment, message_id=name, key=name,
            )  # fmt: skip
    return [f"Message-ID: {name}" for name in names]


def all_are_sent() -> bool:
    with reading(Scope.system("test")):
        return not Delivery.objects.exclude(state="sent").exists()


def test_a_killed_worker_s_letters_leave_within_seconds(
    people: Cast, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    letters = queue_letters(people, 3)
    with post_office() as (post, url):
        post.holds.set()
        worker = start("worker", VAKHTA_SMTP_URL=url)
        until(lambda: len(post.received) == 1, "the worker is in the middle of a letter")
        kill(worker)
        post.holds.clear()
        start("worker", VAKHTA_SMTP_URL=url)
        until(all_are_sent, "the letters that the dead one held")
    assert set(post.received) == set(letters)
    twice = [name for name in letters if post.received.count(name) > 1]
    assert twice == [post.received[0]], "only the one that was on its way, and with its own Message-ID"


def test_a_second_worker_leaves_a_living_one_s_letters_alone(
    people: Cast, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    letters = queue_letters(people, 3)
    with post_office() as (post, url):
        post.holds.set()
        start("worker", VAKHTA_SMTP_URL=url)
        until(lambda: len(post.received) == 1, "the worker is in the middle of a letter")
        start("worker", VAKHTA_SMTP_URL=url)
        until(lambda: "worker" in beats(), "the second one has looked")
        post.holds.clear()
        until(all_are_sent, "all letters")
    assert sorted(post.received) == letters, "each once"


# ── An hour without the mail server ──────────────────────────────────────────────────────────


def test_an_hour_without_the_mail_server_is_said_and_loses_no_letter(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is moved, the server really is away: contacts come in, their letters wait and are tried more
    and more seldom, the console says since when; then each leaves once."""
    moment, port, owner = clock.now(), free_port(), Owner()
    monkeypatch.setattr("vakhta.kernel.clock.now", lambda: moment)
    channel = {"email": EmailChannel(f"smtp://127.0.0.1:{port}", "ads@example.org")}
    desk = Client()
    desk.force_login(people.ivanova.user)
    letters, tries, said = queue_letters(people, 3), list[int](), ""
    began = moment
    while moment - began < timedelta(hours=1):
        beat("worker", None, moment)
        if deliver(channel, owner):
            tries.append(int((moment - began).total_seconds()))
        moment += timedelta(seconds=10)
    said = desk.get("/console/threatened/").content.decode()
    assert "почта стоит 1 ч 00 мин" in said and "писем ждёт: 3" in said
    assert tries == [0, 10, 70, 370, 1270], "a server that is away is not asked all the time"

    told = {"channel": "web", "text": "течёт", "email": "late@example.org"}
    headers = {"Authorization": f"Bearer {people.token}", "Idempotency-Key": "while-no-mail"}
    taken = desk.post("/api/v1/interactions", told, "application/json", headers=headers)
    assert taken.status_code == 201, "intake goes on"

    with post_office(port) as (post, _url):
        while not all_are_sent() and moment - began < timedelta(hours=2):
            beat("worker", None, moment)
            deliver(channel, owner)
            moment += timedelta(seconds=60)
    owner.leave()
    assert sorted(post.received) == letters, "all of them, each once"
    assert "почта стоит" not in desk.get("/console/threatened/").content.decode()
