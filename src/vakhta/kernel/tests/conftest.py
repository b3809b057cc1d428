"""What the kernel's tests write with: facts that no other room reacts to."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vakhta.cli.embedded_postgres import OWNER, EmbeddedPostgres
from vakhta.domain.facts import CommentAdded, StockChanged
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope

OURS, THEIRS = 1, 2
"""Companies of the entries: the journal's tables know them by number only."""


TABLES = "journal_entry, journal_subject, journal_words, numbering_counter, follower_cursor, heartbeat"


@pytest.fixture(scope="session")
def kernel_database(django_db_setup: None, server: EmbeddedPostgres, template: str) -> str:
    """One database for all tests of the kernel that commit: they write into few tables, and emptying
    these is quicker than a new copy for each."""
    name = f"vakhta_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_kernel"
    with (Path(os.environ["VAKHTA_TEST_RUN"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with server.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}".encode())
    return name


@pytest.fixture
def committed(kernel_database: str, server: EmbeddedPostgres, django_db_blocker: object) -> Iterator[str]:
    """An empty journal in which the test commits for real; the database's name."""
    from django.db import connections

    with server.connect(OWNER, kernel_database) as connection:
        connection.execute(f"TRUNCATE {TABLES}".encode())
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
        _point_at(dict.fromkeys(before, kernel_database))
        yield kernel_database
        _point_at(before)


def _point_at(names: dict[str, str]) -> None:
    from django.db import connections

    connections.close_all()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = connections.settings[alias]["NAME"] = name


@pytest.fixture
def writes(committed: str) -> Callable[..., int]:
    """Commits comments (with words) about ticket 1, each in its own change; the last entry's id."""

    def write(*texts: str, company: int = OURS) -> int:
        last = 0
        for text in texts:
            with acting(Scope.system("test")) as unit:
                journal.record(CommentAdded(ticket=1, text=text), company=company)
            last = unit.last_entry
        return last

    return write


@pytest.fixture
def six(writes: Callable[..., int]) -> None:
    """A journal of six entries: comments with words, except the fourth, which has none."""
    writes("один", "два", "три")
    with acting(Scope.system("test")):
        journal.record(StockChanged(what="дома", rows=60), company=OURS)
    writes("пять", "шесть")
