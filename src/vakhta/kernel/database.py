"""A database that is gone for a moment, or whose disk is full: everybody who meets it says so and comes again."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from psycopg.errors import DiskFull, ReadOnlySqlTransaction


def is_gone(error: BaseException | None) -> bool:
    """Is the database lost, out of reach, or a standby that was chosen as primary and for a second still
    only reads? Nothing was written then, and the same will be taken later."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return error is not None and isinstance(error.__cause__, ReadOnlySqlTransaction)


def is_full(error: BaseException | None) -> bool:
    """Is there no room on the disk of the database? Nothing was written then; what only reads goes on."""
    return error is not None and isinstance(error.__cause__, DiskFull)
