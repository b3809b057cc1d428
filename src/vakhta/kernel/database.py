"""A database that is gone for a moment, or whose disk is full: everybody who meets it says so and comes again."""

from __future__ import annotations

import os
import re
import select
import time
from typing import Any

from django.db import InterfaceError, OperationalError
from psycopg.conninfo import make_conninfo
from psycopg.errors import DiskFull, ReadOnlySqlTransaction
from psycopg.pq import ConnStatus, PGconn, PollingStatus
from psycopg.pq.abc import PGconn as Trying


def is_gone(error: BaseException | None) -> bool:
    """Is the database lost, out of reach, or a standby that was chosen as primary and for a second still
    only reads? Nothing was written then, and the same will be taken later."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return error is not None and isinstance(error.__cause__, ReadOnlySqlTransaction)


def is_full(error: BaseException | None) -> bool:
    """Is there no room on the disk of the database? Nothing was written then; what only reads goes on."""
    return error is not None and isinstance(error.__cause__, DiskFull)


def refused_as(address: dict[str, Any], limit: float = 5.0) -> str:
    """The SQLSTATE with which a server refuses to connect to this Django database, "28P01"; "" when it lets in,
    is silent for `limit` seconds or tells none.

    An error of a connection that was never made carries no SQLSTATE, and its words are in the server's language.
    So it is tried once more while libpq traces the messages (from 18 on it does before there is a connection).
    The trace holds the password: it lies in memory.
    """
    names = ("HOST", "PORT", "USER", "PASSWORD")
    said = {name.lower(): str(address[name]) for name in names if address.get(name)}
    said["dbname"] = str(address["NAME"])
    trying = PGconn.connect_start(make_conninfo(**said).encode())
    traced = os.memfd_create("trace")
    try:
        trying.trace(traced)
        _wait_for(trying, time.monotonic() + limit)
        trying.untrace()
        found = re.search(rb'ErrorResponse\t(?: [SV] "[^"]*")* C "(\w{5})"', os.pread(traced, 1 << 16, 0))
    finally:
        trying.finish()
        os.close(traced)
    return found[1].decode() if found else ""


def _wait_for(trying: Trying, end: float) -> None:
    """Until it is connected, refused or late."""
    while trying.status != ConnStatus.BAD and (left := end - time.monotonic()) > 0:
        asks = trying.connect_poll()
        if asks not in (PollingStatus.READING, PollingStatus.WRITING):
            return
        wanted = [trying.socket]
        select.select(*((wanted, []) if asks == PollingStatus.READING else ([], wanted)), [], left)
