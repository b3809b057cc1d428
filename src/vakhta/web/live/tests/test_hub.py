"""What a screen hears: everything once and in order, or that it has missed too much."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from django.db import connection, connections

from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.domain.facts import CommentAdded
from vakhta.kernel import heartbeats, journal
from vakhta.kernel.journal import acting
from vakhta.kernel.sessions import address
from vakhta.kernel.tenancy import Scope
from vakhta.web.live import hub as live
from vakhta.web.live.app import _after
from vakhta.web.live.hub import BEAT, GONE, Hub, stream

OURS, THEIRS = 1, 2
SOON = 0.05
"""Seconds of silence before a beat."""
PATIENCE = 20.0


def write(count: int, company: int = OURS) -> None:
    with acting(Scope.system("test")):
        for _ in range(count):
            journal.record(CommentAdded(ticket=1, text="слово"), company=company)


async def aside(work: Callable[..., Any], *args: object) -> Any:
    """Django's work beside the loop, on a connection that ends with it."""

    def done() -> Any:
        try:
            return work(*args)
        finally:
            connections.close_all()

    return await asyncio.to_thread(done)


@asynccontextmanager
async def listening() -> AsyncIterator[Hub]:
    hub = Hub(await aside(address))
    task = asyncio.get_running_loop().create_task(hub.run())
    try:
        yield hub
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Screen:
    """Reads a stream: `entries` until so many came, `beats` until so many came."""

    def __init__(
        self,
        hub: Hub,
        after: int | None,
        companies: frozenset[int] | None = frozenset({OURS}),
        beat: float = 0,
    ) -> None:
        self._parts = stream(hub, after, companies, beat or SOON)
        self.heard: list[int | str] = []

    async def hears(self, *wanted: int | str) -> None:
        """Exactly these: entries by their ids, "missed to 7"; beats may come in between, and that the
        database is gone."""
        while len(self.heard) < len(wanted):
            part = await asyncio.wait_for(anext(self._parts), PATIENCE)
            if part not in (BEAT, GONE):
                self.heard.append(said(part))
        assert self.heard == list(wanted)
        self.heard = []

    async def part(self) -> bytes:
        return await asyncio.wait_for(anext(self._parts), PATIENCE)

    async def beats(self) -> None:
        assert await self.part() == BEAT

    async def close(self) -> None:
        await self._parts.aclose()  # type: ignore[attr-defined]


def said(part: bytes) -> int | str:
    lines = dict(line.split(": ", 1) for line in part.decode().strip().splitlines())
    entry = json.loads(lines["data"])["entry"]
    assert lines["id"] == str(entry)
    return f"missed to {entry}" if lines.get("event") == "missed" else int(entry)


def story(told: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(told())


def test_a_screen_hears_each_change_of_its_companies_once_and_in_order(committed: str) -> None:
    async def told() -> None:
        async with listening() as hub:
            ours, all_ = Screen(hub, None), Screen(hub, None, None)
            await ours.beats()
            await all_.beats()
            await ours.beats()  # the hub is ready when silence is answered by a beat
            await all_.beats()
            await aside(write, 2)
            await aside(write, 1, THEIRS)
            await aside(write, 1)
            await ours.hears(1, 2, 4)
            await all_.hears(1, 2, 3, 4)
            assert hub.screens == 2
            await ours.close()
            await all_.close()
            assert hub.screens == 0

    story(told)


def test_a_database_that_is_gone_is_said_at_once_and_so_is_its_return(
    committed: str,
) -> None:
    """Not by the next beat: its silence is asked for as a minute here."""

    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, None, beat=60.0)
            await screen.beats()
            await hub._ready.wait()
            away = {**hub._connect, "host": "/nowhere"}
            here, hub._connect = hub._connect, away
            await aside(kill_listeners)
            assert await screen.part() == GONE
            hub._connect = here
            await screen.beats()
            await screen.close()

    story(told)


def test_a_database_that_hangs_is_as_good_as_gone(
    committed: str, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection stands and nothing answers: here somebody holds the whole journal."""
    monkeypatch.setattr(live, "SILENT", 3.0)

    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, None, beat=60.0)
            await screen.beats()
            await hub._ready.wait()
            with server.connect(OWNER, committed) as connection, connection.transaction():
                connection.execute("LOCK TABLE journal_entry IN ACCESS EXCLUSIVE MODE")
                assert await screen.part() == GONE
            await screen.beats()
            await screen.close()

    story(told)


def kill_listeners() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND usename = current_user AND datname = current_database()"
        )


def test_silence_is_filled_with_beats(committed: str) -> None:
    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, None)
            for _ in range(4):
                await screen.beats()
            await screen.close()

    story(told)


@pytest.mark.parametrize(("after", "hears"), [(0, [1, 2, 4]), (2, [4]), (3, [4]), (4, [])])
def test_a_screen_that_comes_back_hears_what_it_missed(committed: str, after: int, hears: list[int]) -> None:
    write(2)
    write(1, THEIRS)
    write(1)

    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, after)
            await screen.beats()
            if hears:
                await screen.hears(*hears)
            await aside(write, 1)
            await screen.hears(5)
            await screen.close()

    story(told)


def test_a_gap_that_is_too_long_is_said_and_the_screen_goes_on_from_the_head(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BACKLOG", 3)
    write(5)

    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, 1)
            await screen.hears("missed to 5")
            await aside(write, 1)
            await screen.hears(6)
            await screen.close()

    story(told)


def test_a_screen_too_slow_for_the_changes_is_told_so(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WAITING", 2)

    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, None)
            await screen.beats()
            await screen.beats()
            await aside(write, 4)
            while hub.last < 4:
                await asyncio.sleep(0)
            await screen.hears("missed to 4")
            await aside(write, 1)
            await screen.hears(5)
            await screen.close()

    story(told)


def test_a_page_drawn_before_the_journal_was_restored_asks_again(committed: str) -> None:
    write(3)

    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, 9000)
            await screen.hears("missed to 3")
            await aside(write, 1)
            await screen.hears(4)
            await screen.close()

    story(told)


def test_a_database_that_goes_and_comes_loses_nothing(
    committed: str, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "AGAIN", 0.01)
    write(3)

    def cut(*also: str) -> None:
        """Ends the hub's connection, as a restart of the server does."""
        with server.connect(OWNER, committed) as connection:
            for words in also:
                connection.execute(words.encode())
        with server.connect(database=committed) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query ~ 'LISTEN|journal_entry|COMMIT' AND pid <> pg_backend_pid()"
            )

    async def told() -> None:
        async with listening() as hub:
            screen = Screen(hub, 3)
            await screen.beats()
            await screen.beats()
            await aside(cut)
            await aside(write, 2)
            await screen.hears(4, 5)
            # Restored from a copy: the journal is shorter than what the screens know.
            await aside(cut, "DELETE FROM journal_entry WHERE id > 1")
            await screen.hears("missed to 1")
            await screen.close()

    story(told)


def test_the_hub_says_that_it_works(committed: str) -> None:
    async def told() -> None:
        async with listening() as hub:
            await hub._ready.wait()
            while "live" not in await aside(heartbeats.beats):
                await asyncio.sleep(0.01)

    story(told)


@pytest.mark.parametrize(
    ("query", "header", "after"),
    [(b"", "", None), (b"after=0", "", 0), (b"after=7", "", 7), (b"after=7", "9", 9), (b"", "9", 9),
     (b"after=x", "", None), (b"", "-1", None), (b"after=" + b"9" * 30, "", None)],
)  # fmt: skip
def test_where_a_screen_wants_to_go_on(query: bytes, header: str, after: int | None) -> None:
    assert _after({"query_string": query}, {"last-event-id": header} if header else {}) == after
