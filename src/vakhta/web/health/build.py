"""How the service is: may an entry be written now, are the tables of today, who has fallen silent.

Numbers, names of parts and moments only. What is asked often is answered from a second ago, so that
nobody can keep the journal busy by asking.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from vakhta.kernel.heartbeats import PARTS, SILENT, beats

PATIENCE = "2s"
"""So long the journal's lock may be held by others before we call it stuck."""
REMEMBERED, HANGS = 1.0, 4.0
"""Seconds: so long an answer is kept; so long it may take, the journal's two among them, or the database hangs."""


@dataclass(frozen=True)
class Health:
    """`database`, `migrations`, `journal`: "ok" or what is wrong in one word. `parts`: part → seconds since
    its last beat, None for one that has never run."""

    database: str = "ok"
    migrations: str = "ok"
    journal: str = "ok"
    parts: dict[str, float | None] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Can pages and API take requests? A silent clock is somebody's duty, and no reason to send
        operators away from pages that work."""
        return (self.database, self.migrations, self.journal) == ("ok", "ok", "ok")

    @property
    def silent(self) -> list[str]:
        limit = SILENT.total_seconds()
        return [part for part, age in self.parts.items() if age is None or age > limit]

    @property
    def status(self) -> str:
        return "failing" if not self.is_ready else "degraded" if self.silent else "ok"

    def as_json(self) -> dict[str, Any]:
        checks = {"database": self.database, "migrations": self.migrations, "journal": self.journal}
        return {
            "status": self.status,
            "checks": checks,
            "seconds_since_beat": self.parts,
            "silent": self.silent,
        }


def health(at: datetime) -> Health:
    """Asks the database now; five statements, one of which waits for the journal's turn."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true), pg_is_in_recovery()", [PATIENCE])
            is_replica = bool(cursor.fetchone()[1])
            missing = _wanted() - set(MigrationRecorder(connection).applied_migrations())
            ages = _ages(at)
    except (DatabaseError, InterfaceError):
        return Health("unreachable", "unknown", "unknown")
    if missing:
        return Health("ok", f"{len(missing)} missing", "unknown", ages)
    return Health("ok", "ok", "read only" if is_replica else _journal(), ages)


def _journal() -> str:
    """Takes the journal's turn as every writer does, writes nothing and takes it all back."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute("SELECT journal_append('[]'::jsonb)")
            transaction.set_rollback(True)
    except (DatabaseError, InterfaceError):
        return "closed"
    return "ok"


def _ages(at: datetime) -> dict[str, float | None]:
    known = beats()
    return {part: round((at - known[part]).total_seconds(), 1) if part in known else None for part in PARTS}


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    """The migrations of this program; reading them from the disk once is enough."""
    return frozenset(MigrationLoader(None).disk_migrations)


class Remembered:
    """`health`, asked of the database at most once in `REMEMBERED` seconds by each process. Of a database that hangs one
    asker waits; who comes after that one is told so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[float, Health] | None = None

    def ask(self, at: datetime) -> Health:
        if not self._lock.acquire(timeout=HANGS):
            return Health("silent", "unknown", "unknown")
        try:
            now = time.monotonic()
            if self._known is None or now - self._known[0] > REMEMBERED:
                self._known = (now, health(at))
            return self._known[1]
        finally:
            self._lock.release()
