"""Who holds what is being worked on: a claim stands as long as its owner lives, and no longer.

An owner is a process with a number. The number is an advisory lock in a transaction that stays open
on a connection of its own: when the process dies, by kill -9 too, the server closes that session and
the number is free at once; when the process is only slow, or stopped, it is not. So nobody measures
time, a dead owner's claims are taken over at once and a living one's never. Transaction-level, so
that PgBouncer in transaction mode may stand between: an open transaction keeps its server.

The open transaction holds back nothing: in READ COMMITTED it has a snapshot only while a statement
runs, and it writes nothing.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Collection

import psycopg
from django.db import OperationalError, connection
from psycopg.sql import SQL

from vakhta.kernel.sessions import address

_CLASS = 2718281
"""The first key of owners' locks; the second is the owner's number."""
NOBODY = 0

_LASTING = """
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 3
"""
"""An owner may be silent for long; a machine that lost its power is noticed in 25 seconds."""

_TAKE = SQL("SELECT pg_try_advisory_xact_lock({}, {})")

_LIVING = """
SELECT objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Owner:
    """This process as an owner of claims; for one thread."""

    def __init__(self) -> None:
        self.number = NOBODY
        self._session: psycopg.Connection[tuple[object, ...]] | None = None

    def stand(self) -> int:
        """The number to claim under. A new one when the database was gone in between: then what was
        claimed under the old one is nobody's. Raises Django's OperationalError without a database."""
        if not self.stands():
            try:
                self._take()
            except psycopg.OperationalError as error:
                self.leave()
                raise OperationalError(str(error)) from error
        return self.number

    def stands(self) -> bool:
        """Are the claims still ours? One statement."""
        if self._session is None:
            return False
        try:
            self._session.execute("SELECT 1")
        except psycopg.Error:
            self.leave()
            return False
        return True

    def leave(self) -> None:
        """Gives up the number: what is still claimed under it is nobody's."""
        session, self._session, self.number = self._session, None, NOBODY
        if session is not None:
            with contextlib.suppress(psycopg.Error):
                session.rollback()  # answered: of a session that only closes the server hears a moment later
            session.close()

    def _take(self) -> None:
        session = psycopg.connect(**address(), prepare_threshold=None)
        self._session = session
        session.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        session.execute(_LASTING)
        while True:  # two owners in two thousand million draw the same number
            number = 1 + secrets.randbelow(2**31 - 1)
            # Without parameters, so that the statement ends at once; with them its portal would keep
            # the snapshot until the next one.
            row = session.execute(_TAKE.format(_CLASS, number)).fetchone()
            if row and row[0]:
                self.number = number
                return


def dead(owners: Collection[int]) -> set[int]:
    """Those of the owners that live no more (`NOBODY` never did). One query, none for nobody."""
    if not owners:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, [_CLASS])
        return set(owners) - {number for (number,) in cursor.fetchall()}
