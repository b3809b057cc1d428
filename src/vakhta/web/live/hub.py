"""The hub of the live stream: one LISTEN connection, each change read once, spread to the screens
whose scope has its company. No database connection is held per screen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog

log = structlog.get_logger(__name__)

BACKLOG = 500
"""Entries that a returning screen is sent one by one; beyond that it asks for everything again."""
WAITING = 1000
"""Events that may wait for a slow screen before it is told that it has missed some."""

LISTEN_FOR = 1.0
"""Seconds after which the hub looks by itself, whatever it was told."""

SINCE = """
SELECT id, company_id, kind, subjects FROM journal_entry WHERE id > %s ORDER BY id LIMIT %s
"""


@dataclass(frozen=True)
class Event:
    entry: int
    company: int
    kind: str
    subjects: tuple[str, ...]

    @property
    def text(self) -> bytes:
        """The event as it goes over the wire."""
        change = {"entry": self.entry, "kind": self.kind, "subjects": self.subjects}
        return f"id: {self.entry}\ndata: {json.dumps(change)}\n\n".encode()


MISSED = b"event: missed\ndata: {}\n\n"


@dataclass(eq=False)
class Screen:
    """One connected browser. `companies` None sees all."""

    companies: frozenset[int] | None
    queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(WAITING))
    missed: bool = False

    def offer(self, event: Event) -> None:
        if self.companies is not None and event.company not in self.companies:
            return
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.missed = True


class Hub:
    """`run` listens until cancelled; `screen` connects a browser."""

    def __init__(self, connect: dict[str, Any]) -> None:
        self._connect = connect
        self._screens: set[Screen] = set()
        self._last = 0
        self._ready = asyncio.Event()
        """Set once `_last` is known: before that nobody can say what a screen has missed."""

    @property
    def screens(self) -> int:
        return len(self._screens)

    async def run(self) -> None:
        """Listens; when the database is gone, waits for it and goes on from the last entry."""
        wait = 0.2
        while True:
            try:
                await self._listen()
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("live_database_gone", error=type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 3.0)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**self._connect, autocommit=True) as connection:
            await connection.execute("LISTEN journal")
            if not self._last:
                rows = await self._read(connection, "SELECT coalesce(max(id), 0) FROM journal_entry", [])
                self._last = rows[0][0]
            self._ready.set()
            while True:
                await self._spread(connection)
                # The generator holds the connection while it runs, so each wait is one of its own;
                # the timeout catches what was notified while we read.
                async for _notice in connection.notifies(timeout=LISTEN_FOR, stop_after=1):
                    pass

    async def _spread(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Reads what is new, once for all screens."""
        while True:
            rows = await self._read(connection, SINCE, [self._last, BACKLOG])
            for row in rows:
                event = Event(row[0], row[1], row[2], tuple(row[3]))
                self._last = event.entry
                for screen in self._screens:
                    screen.offer(event)
            if len(rows) < BACKLOG:
                return

    @staticmethod
    async def _read(connection: psycopg.AsyncConnection[Any], query: str, values: list[Any]) -> list[Any]:
        async with connection.transaction():
            await connection.execute("SELECT set_config('vakhta.scope', '*', true)")
            cursor = await connection.execute(query, values)
            return await cursor.fetchall()

    @asynccontextmanager
    async def screen(self, companies: frozenset[int] | None) -> AsyncIterator[Screen]:
        screen = Screen(companies)
        self._screens.add(screen)
        try:
            yield screen
        finally:
            self._screens.discard(screen)

    async def backlog(self, after: int, companies: frozenset[int] | None) -> list[Event] | None:
        """What a returning screen has missed; None when it is too much to send."""
        await self._ready.wait()
        if not after or after >= self._last:
            return []
        if self._last - after > BACKLOG:
            return None
        async with await psycopg.AsyncConnection.connect(**self._connect, autocommit=True) as connection:
            rows = await self._read(connection, SINCE, [after, BACKLOG])
        events = [Event(row[0], row[1], row[2], tuple(row[3])) for row in rows]
        return [event for event in events if companies is None or event.company in companies]


async def stream(hub: Hub, after: int, companies: frozenset[int] | None, beat: float) -> AsyncIterator[bytes]:
    """The bytes of one screen's stream: what it missed, then what comes, with a beat in silence."""
    async with hub.screen(companies) as screen:
        sent = after
        yield b"event: beat\ndata: 1\n\n"
        missed = await hub.backlog(after, companies)
        if missed is None:
            yield MISSED
        for event in missed or ():
            sent = event.entry
            yield event.text
        while True:
            event_or_none: Event | None = None
            with suppress(TimeoutError):
                event_or_none = await asyncio.wait_for(screen.queue.get(), beat)
            if event_or_none is None:
                yield b"event: beat\ndata: 1\n\n"
            elif event_or_none.entry > sent:
                sent = event_or_none.entry
                yield event_or_none.text
            if screen.missed:
                screen.missed = False
                yield MISSED
