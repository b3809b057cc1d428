"""Followers lose nothing and repeat nothing, whatever kills them; what fails three times is set aside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres
from vakhta.domain.facts import CommentAdded, EntryParked, Recorded, StockChanged
from vakhta.kernel import journal
from vakhta.kernel.followers import TRIES, Follower, follow, lag
from vakhta.kernel.models import Cursor, Entry
from vakhta.kernel.tenancy import Scope, reading

from .conftest import OURS

COMMENTS = frozenset({"CommentAdded"})


def note(entry: Entry, recorded: Recorded) -> None:
    """The effect: a fact of its own for each comment."""
    assert isinstance(recorded.fact, CommentAdded)
    journal.record(StockChanged(what=f"видел {recorded.fact.text}"), company=OURS)


def run_dry(follower: Follower) -> None:
    while follow(follower):
        pass


def effects() -> Counter[str]:
    with reading(Scope.system("test")):
        facts = [r.fact for r in journal.recorded(Entry.objects.order_by("id"))]
    return Counter(fact.what for fact in facts if isinstance(fact, StockChanged))


def parked() -> list[int]:
    with reading(Scope.system("test")):
        facts = [r.fact for r in journal.recorded(Entry.objects.order_by("id"))]
    return [fact.parked for fact in facts if isinstance(fact, EntryParked)]


def test_each_entry_is_reacted_to_once(writes: Callable[..., int]) -> None:
    writes(*(str(n) for n in range(120)))
    run_dry(Follower("notes", COMMENTS, note))
    run_dry(Follower("notes", COMMENTS, note))
    assert effects() == Counter(f"видел {n}" for n in range(120))
    assert lag("notes") == 0


CHILD = """
import sys
import django
django.setup()
from vakhta.kernel.followers import Follower, follow
from vakhta.kernel.tests.test_followers import COMMENTS, note

def slow(entry, recorded):
    note(entry, recorded)
    if entry.id == 67:
        print("in the middle", flush=True)
        sys.stdin.read()

while follow(Follower("notes", COMMENTS, slow)):
    pass
"""


def test_a_follower_killed_in_the_middle_of_a_batch(
    writes: Callable[..., int], server: EmbeddedPostgres, committed: str
) -> None:
    """kill -9 in the second batch: the first stays done, the second is done by the next process."""
    writes(*(str(n) for n in range(120)))
    address = {"DATABASE_URL": server.url(APP, committed), "DJANGO_SETTINGS_MODULE": "vakhta.config.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **address},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"in the middle\n"
        assert follow(Follower("notes", COMMENTS, note)) == 0, "the cursor is held: the other passes by"
        child.send_signal(signal.SIGKILL)
    assert effects() == Counter(f"видел {n}" for n in range(50)), (
        "the batch before the kill, and nothing else"
    )
    until_free(server, committed)
    run_dry(Follower("notes", COMMENTS, note))
    assert effects() == Counter(f"видел {n}" for n in range(120))


def until_free(server: EmbeddedPostgres, name: str) -> None:
    """Waits on the dead process's row lock, as the server notices that it is gone."""
    with server.connect(OWNER, name) as connection:
        connection.execute("SELECT 1 FROM follower_cursor FOR UPDATE")


def test_two_processes_share_a_follower(writes: Callable[..., int]) -> None:
    from .test_acting import together

    writes(*(str(n) for n in range(60)))

    def work() -> None:
        from django.db import connections

        for _ in range(20):
            follow(Follower("notes", COMMENTS, note))
        connections.close_all()

    together([work, work, work])
    run_dry(Follower("notes", COMMENTS, note))
    assert effects() == Counter(f"видел {n}" for n in range(60))


def failing_on(text: str) -> Follower:
    def react(entry: Entry, recorded: Recorded) -> None:
        note(entry, recorded)
        assert isinstance(recorded.fact, CommentAdded)
        if recorded.fact.text == text:
            raise RuntimeError("+79161234567")

    return Follower("notes", COMMENTS, react)


def test_what_fails_three_times_is_set_aside_and_the_rest_goes_on(writes: Callable[..., int]) -> None:
    writes("один", "два", "три", "четыре")
    follower = failing_on("два")
    assert [follow(follower) for _ in range(TRIES - 1)] == [1, 0], "it waits before what fails"
    assert parked() == [] and effects() == Counter({"видел один": 1})
    run_dry(follower)
    assert parked() == [2]
    assert effects() == Counter({"видел один": 1, "видел три": 1, "видел четыре": 1})


def test_what_failed_once_and_then_succeeds_is_not_set_aside(writes: Callable[..., int]) -> None:
    writes("один", "два")
    follow(failing_on("два"))
    run_dry(Follower("notes", COMMENTS, note))
    assert parked() == [] and effects() == Counter({"видел один": 1, "видел два": 1})


def test_failures_are_counted_for_one_entry_at_a_time(writes: Callable[..., int]) -> None:
    """Two tries of one entry and one of the next are not three of either."""
    writes("один", "два")
    follow(failing_on("один"))
    follow(failing_on("один"))
    follow(failing_on("два"))
    assert parked() == []
    assert Cursor.objects.get(pk="notes").failures == 1


def test_a_parked_entry_says_what_kind_of_error_and_no_words(writes: Callable[..., int]) -> None:
    writes("два")
    for _ in range(TRIES):
        follow(failing_on("два"))
    with reading(Scope.system("test")):
        body = Entry.objects.get(kind="EntryParked").body
    assert body == {"follower": "notes", "parked": 1, "error": "RuntimeError"}


def test_a_follower_does_not_read_past_what_it_wants(writes: Callable[..., int]) -> None:
    """Kinds that it does not want are passed, not reacted to."""
    last = writes("один", "два")

    def never(entry: Entry, recorded: Recorded) -> None:
        pytest.fail("reacted")

    assert follow(Follower("other", frozenset({"TicketVoided"}), never)) == last
