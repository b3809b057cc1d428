"""The hub of the live stream: one LISTEN connection, each change read once, spread to the screens
whose scope has its company. No database connection is held per screen.

The hub keeps nothing: what a returning screen has missed is read from the journal. So kill -9 of its
process loses nothing, and the screen's `Last-Event-ID` is all that a new one must know.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
import structlog

from vakhta.kernel import clock
from vakhta.kernel.heartbeats import BEAT as HEARTBEAT
from vakhta.kernel.heartbeats import EVERY

log = structlog.get_logger(__name__)

BACKLOG = 500
"""Entries that a returning screen is sent one by one; beyond that it asks for everything again."""
WAITING = 1000
"""Events that may wait for a slow screen before it is told that it has missed some."""

AGAIN = 0.5
"""Seconds between two tries to reach a database that is gone."""
SILENT = 5.0
"""Seconds without an answer after which the database is as good as gone: a disk that stands still, a lock on a whole
table, a machine that was paused break no connection."""
LISTEN_FOR = 1.0
"""Seconds after which the hub looks by itself, whatever it was told."""

HEAD = "SELECT coalesce(max(id), 0) FROM journal_entry"
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


WHOSE = frozenset({"SignedOut", "SessionsEnded", "StaffRoleChanged", "StaffDismissed"})
"""Kinds of facts after which a person's stream may be nobody's, or somebody else's."""
BEAT = b"event: beat\ndata: 1\n\n"
GONE = b"event: gone\ndata: 1\n\n"
"""In the place of a beat while the database does not answer: a stream that lives beside it is no connection."""


def missed(head: int) -> bytes:
    """Says that there is more than can be sent: the page asks for everything again, and then goes on
    from `head`."""
    return f'id: {head}\nevent: missed\ndata: {{"entry": {head}}}\n\n'.encode()


@dataclass(eq=False)
class Screen:
    """One connected browser. `companies` None sees all."""

    companies: frozenset[int] | None
    queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(WAITING))
    """None: a beat that does not wait for silence."""
    missed: bool = False

    def offer(self, event: Event) -> None:
        if self.companies is not None and event.company not in self.companies:
            return
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.missed = True

    def forget(self) -> None:
        """What waits is of no use to a page that asks for everything again."""
        self.missed = False
        while not self.queue.empty():
            self.queue.get_nowait()


class Hub:
    """`run` listens until cancelled; `screen` connects a browser."""

    def __init__(self, connect: dict[str, Any]) -> None:
        self._connect = connect
        self._screens: set[Screen] = set()
        self.last = 0
        """The newest entry that was spread."""
        self.is_gone = False
        """Does the database not answer?"""
        self._answered_at = 0.0
        """By the loop's clock."""
        self._beaten_at: datetime | None = None
        self._whose: dict[str, asyncio.Event] = {}
        """By actor, for those whose stream waits to hear of them."""
        self._ready = asyncio.Event()
        """Set once `last` is known: before that nobody can say what a screen has missed."""

    @property
    def screens(self) -> int:
        return len(self._screens)

    async def run(self) -> None:
        """Listens; when the database is gone, waits for it and goes on from the last entry."""
        watching = asyncio.create_task(self._watch())
        try:
            while True:
                try:
                    await self._listen()
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    log.warning("live_database_gone", error=type(error).__name__)
                    self._tell(is_gone=True)
                await asyncio.sleep(AGAIN)
        finally:
            watching.cancel()

    async def _watch(self) -> None:
        """Beside the listening, which may hang in a question."""
        loop = asyncio.get_running_loop()
        self._answered_at = loop.time()
        while True:
            await asyncio.sleep(SILENT / 5)
            if loop.time() - self._answered_at > SILENT:
                self._tell(is_gone=True)

    def _tell(self, *, is_gone: bool) -> None:
        """All screens at once; one with a full queue hears it by its next beat."""
        if is_gone == self.is_gone:
            return
        self.is_gone = is_gone
        for screen in self._screens:
            with suppress(asyncio.QueueFull):
                screen.queue.put_nowait(None)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**self._connect, autocommit=True) as connection:
            await connection.execute("LISTEN journal")
            await self._begin(connection)
            while True:
                await self._spread(connection)
                await self._beat(connection)
                self._answered_at = asyncio.get_running_loop().time()
                self._tell(is_gone=False)
                # The generator holds the connection while it runs, so each wait is one of its own;
                # the timeout catches what was notified while we read.
                async for _notice in connection.notifies(timeout=LISTEN_FOR, stop_after=1):
                    pass

    async def _begin(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """From the head at first, from the last entry spread when the database was gone. A journal
        that has become shorter was restored from a copy: every screen has to ask again."""
        head = (await self._read(connection, HEAD, []))[0][0]
        if head < self.last:
            for screen in self._screens:
                screen.missed = True
        if head < self.last or not self._ready.is_set():
            self.last = head
        self._ready.set()

    async def _beat(self, connection: psycopg.AsyncConnection[Any]) -> None:
        now = clock.now()
        if self._beaten_at is None or now - self._beaten_at >= EVERY:
            self._beaten_at = now
            await connection.execute(HEARTBEAT, ["live", now])

    async def _spread(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Reads what is new, once for all screens."""
        while True:
            rows = await self._read(connection, SINCE, [self.last, BACKLOG])
            for row in rows:
                self.spread(Event(row[0], row[1], row[2], tuple(row[3])))
            if len(rows) < BACKLOG:
                return

    def spread(self, event: Event) -> None:
        self.last = event.entry
        for screen in self._screens:
            screen.offer(event)
        for subject in event.subjects if event.kind in WHOSE else ():
            if told := self._whose.pop(subject, None):
                told.set()

    async def heard_of(self, actor: str) -> None:
        """Returns when the journal tells of this actor («staff/17») one of `WHOSE`."""
        await self._whose.setdefault(actor, asyncio.Event()).wait()

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

    async def backlog(self, after: int | None, companies: frozenset[int] | None) -> list[Event] | None:
        """What a returning screen has missed after entry `after` (None: it begins now); None when it
        is too much to send, or of another journal."""
        await self._ready.wait()
        if after is None or after == self.last:
            return []
        if self.last - after > BACKLOG:
            return None
        async with await psycopg.AsyncConnection.connect(**self._connect, autocommit=True) as connection:
            if after > self.last:  # drawn from entries that we are about to read, or before a restore
                head = (await self._read(connection, HEAD, []))[0][0]
                return [] if after <= head else None
            rows = await self._read(connection, SINCE, [after, BACKLOG])
        events = [Event(row[0], row[1], row[2], tuple(row[3])) for row in rows]
        return [event for event in events if companies is None or event.company in companies]


async def stream(
    hub: Hub, after: int | None, companies: frozenset[int] | None, beat: float
) -> AsyncIterator[bytes]:
    """The bytes of one screen's stream: what it missed, then what comes, with a beat after `beat`
    seconds of silence."""
    async with hub.screen(companies) as screen:
        sent = after or 0
        yield GONE if hub.is_gone else BEAT
        backlog = await hub.backlog(after, companies)
        screen.missed = screen.missed or backlog is None
        for event in backlog or ():
            sent = event.entry
            yield event.text
        while True:
            if screen.missed:
                screen.forget()
                sent = hub.last
                yield missed(sent)
            event_or_none: Event | None = None
            with suppress(TimeoutError):
                event_or_none = await asyncio.wait_for(screen.queue.get(), beat)
            if event_or_none is None:
                yield GONE if hub.is_gone else BEAT
            elif event_or_none.entry > sent:
                sent = event_or_none.entry
                yield event_or_none.text
