"""A letter is sent by one living worker; a dead one's letters leave at once, with the same Message-ID."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from vakhta.adapters.channels.fake.channel import FakeChannel
from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres
from vakhta.kernel import clock
from vakhta.kernel.claims import NOBODY, Owner, dead
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices import actions
from vakhta.notices.actions import deliver
from vakhta.notices.models import Delivery
from vakhta.notices.ports import ChannelError, Letter
from vakhta.people.models import Company

THREE = ["letter-0", "letter-1", "letter-2"]


@pytest.fixture
def queue(committed: str) -> list[str]:
    """Three letters that are due; their Message-IDs."""
    with reading(Scope.system("test")):
        company = Company.objects.create(kind="dispatch_centre", name="АДС «Заречье»", short_name="«Заречье»")
        for name in THREE:
            moment = clock.now() - timedelta(seconds=1)
            Delivery.objects.create(
                company=company, template="done", to=f"{name}@example.org", subject="Готово", body="Готово.\n",
                queued_at=moment, due_at=moment, message_id=name, key=name,
            )  # fmt: skip
    return THREE


@pytest.fixture
def owner() -> Iterator[Owner]:
    owner = Owner()
    yield owner
    owner.leave()


def states() -> Counter[str]:
    with reading(Scope.system("test")):
        return Counter(Delivery.objects.values_list("state", flat=True))


def sent(channel: FakeChannel) -> list[str]:
    return [letter.message_id for letter in channel.sent]


class Post(FakeChannel):
    """Does something once, before its first letter leaves."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def send(self, letter: Letter) -> None:
        if not self.sent:
            self._meanwhile()
        super().send(letter)


CHILD = """
import sys
import django
django.setup()
from vakhta.kernel.claims import Owner
from vakhta.notices.actions import deliver

class Stuck:
    name = "email"
    def send(self, letter):
        print("in the middle", flush=True)
        sys.stdin.read()

deliver({"email": Stuck()}, Owner())
"""


@contextmanager
def worker_in_the_middle(server: EmbeddedPostgres, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that holds the three letters and waits for its mail server."""
    address = {"DATABASE_URL": server.url(APP, name), "DJANGO_SETTINGS_MODULE": "vakhta.config.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **address},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"in the middle\n"
        try:
            yield child
        finally:
            child.kill()


def test_a_living_worker_s_letters_are_left_alone_and_a_dead_one_s_leave_at_once(
    queue: list[str], owner: Owner, server: EmbeddedPostgres, committed: str
) -> None:
    post = FakeChannel()
    with worker_in_the_middle(server, committed) as worker:
        worker.send_signal(signal.SIGSTOP)  # stopped for however long, but living
        assert deliver({"email": post}, owner) == 0
        assert states() == Counter(sending=3)
        worker.send_signal(signal.SIGKILL)
    end = time.monotonic() + 5
    while not deliver({"email": post}, owner) and time.monotonic() < end:
        pass  # the server notices the closed connection in a moment
    assert sent(post) == queue
    assert states() == Counter(sent=3)


def test_two_workers_share_the_letters_of_a_dead_one(
    queue: list[str], owner: Owner, server: EmbeddedPostgres, committed: str
) -> None:
    """The second looks while the first sends: it finds nothing."""
    with reading(Scope.system("test")):
        Delivery.objects.update(state="sending", owner=12345)
    other, post = Owner(), FakeChannel()
    first = Post(lambda: deliver({"email": post}, other))
    deliver({"email": first}, owner)
    other.leave()
    assert (sent(first), sent(post)) == (queue, [])


def test_a_worker_whose_database_was_gone_stops_and_takes_nothing_back(
    queue: list[str], owner: Owner, server: EmbeddedPostgres, committed: str
) -> None:
    """The server was restarted while the first letter was on its way: another worker took all three,
    so the first one neither sends the rest nor writes anything over the other's."""
    other, post = Owner(), FakeChannel()

    def restart() -> None:
        with server.connect(database=committed) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
                [owner.number],
            )
        while dead({owner.number}) == set():
            pass
        assert deliver({"email": post}, other) == 3

    late = Post(restart)
    before = owner.stand()
    deliver({"email": late}, owner)
    other.leave()
    assert sent(late) == queue[:1] and sent(post) == queue
    assert states() == Counter(sent=3)
    assert owner.stand() not in (NOBODY, before)


def test_what_a_batch_could_not_write_down_is_taken_up_by_the_same_worker(
    queue: list[str], owner: Owner
) -> None:
    with reading(Scope.system("test")):
        Delivery.objects.update(state="sending", owner=owner.stand())
    post = FakeChannel()
    assert deliver({"email": post}, owner) == 3
    assert states() == Counter(sent=3)


def test_a_worker_that_has_to_end_gives_the_rest_back(queue: list[str], owner: Owner) -> None:
    post = FakeChannel()
    deliver({"email": post}, owner, has_to_end=lambda: len(post.sent) == 1)
    assert sent(post) == queue[:1]
    assert states() == Counter(sent=1, queued=2)
    with reading(Scope.system("test")):
        rest = Delivery.objects.filter(state="queued").values_list("owner", "attempts")
        assert list(rest) == [(NOBODY, 0), (NOBODY, 0)]


def test_a_slow_mail_server_does_not_hold_the_batch(
    queue: list[str], owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "TOGETHER", timedelta(0))
    assert deliver({"email": FakeChannel()}, owner) == 0
    assert states() == Counter(queued=3)


def test_a_refused_letter_waits_for_its_next_try(queue: list[str], owner: Owner) -> None:
    post = FakeChannel()
    post.fails_with = ChannelError("сервер ответил 451")
    assert deliver({"email": post}, owner) == 3
    assert states() == Counter(queued=3)
    assert deliver({"email": post}, owner) == 0, "not before its time"


def test_an_owner_s_open_transaction_holds_back_no_cleaning(
    owner: Owner, server: EmbeddedPostgres, committed: str
) -> None:
    number = owner.stand()
    with server.connect(OWNER, committed) as connection:
        row = connection.execute(
            "SELECT a.backend_xmin, a.backend_xid FROM pg_stat_activity a JOIN pg_locks l USING (pid) "
            "WHERE l.locktype = 'advisory' AND l.objid = %s",
            [number],
        ).fetchone()
    assert row == (None, None)
    assert dead({number, NOBODY, 7}) == {NOBODY, 7}
    owner.leave()
    while dead({number}) == set():
        pass
