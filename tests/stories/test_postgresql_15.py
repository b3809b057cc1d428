"""PostgreSQL 15, the oldest that production may have, sorting by Russian rules as an owner may wish.

The whole database part of the suite runs there with VAKHTA_TEST_POSTGRES (docs/howto/install.md);
this story always runs: tables, a contact that becomes a ticket, its journal, and who may see it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from psycopg.errors import InsufficientPrivilege

from tests.cast import make_cast
from tests.stories.lacking import lacks
from vakhta.cli.embedded_postgres import APP, OWNER, EmbeddedPostgres
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
"""Where Debian has them."""


@pytest.fixture
def run(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., str]]:
    """An empty database on a server of its own, where the test acts; runs `vakhta` commands on it."""
    if not (PROGRAMS / "postgres").exists():
        lacks("PostgreSQL 15", "postgresql-15")
    server = EmbeddedPostgres(tmp_path / "postgres", settings={"fsync": "off"}, programs=PROGRAMS)
    env = {
        **os.environ,
        "VAKHTA_DATA_DIR": str(tmp_path),
        "DATABASE_URL": server.url(APP),
        "VAKHTA_OWNER_DATABASE_URL": server.url(OWNER),
    }

    def vakhta(*words: str) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "vakhta.cli", *words], env=env, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stdout + made.stderr
        return made.stdout

    try:
        server.start()
        with django_db_blocker.unblock():
            before = point_at({"NAME": "vakhta", "HOST": str(server.sockets)})
            yield vakhta
            point_at(before)
    finally:
        server.stop()


def point_at(address: dict[str, str]) -> dict[str, str]:
    """Both connections of Django to another address; the one that they had."""
    before = {name: str(connections["default"].settings_dict[name]) for name in address}
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict.update(address)
        connections.settings[alias].update(address)
    return before


def sql(text: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else []


def test_a_contact_becomes_a_ticket_with_its_journal_and_its_walls(run: Callable[..., str]) -> None:
    assert run("migrate") == "База готова.\n"
    assert sql("SELECT daticulocale, current_setting('server_version_num')::int / 10000, current_user "
               "FROM pg_database WHERE datname = current_database()") == [("ru-RU", 15, APP)]  # fmt: skip

    cast = make_cast()
    with acting(Scope.system("api")):
        message = arrival.Message(channel="phone", phone="8 900 000-15-42")
        contact, _ = arrival.receive(message, centre=cast.centre.pk)
    with acting(cast.scope(cast.ivanova)):
        contacts.take(contact.pk)
        ticket = contacts.register(contact.pk, classifier="flat.cold.riser", description="течёт стояк")
    assert ticket.number.endswith("-1")

    assert run("journal", "verify").startswith("Журнал цел: записей ")

    seen = "SELECT number FROM tickets_ticket"
    with reading(cast.scope(cast.client)):
        assert sql(seen) == [(ticket.number,)]
    with reading(Scope(companies=frozenset({cast.luch.pk}), actor="test/1", role="client")):
        assert sql(seen) == []
    with transaction.atomic():
        assert sql(seen) == [], "no scope sees no rows"
    for touch in ("UPDATE journal_entry SET actor = 'x'", "DELETE FROM journal_entry"):
        with pytest.raises(ProgrammingError) as refused, reading(Scope.system("test")):
            sql(touch)
        assert isinstance(refused.value.__cause__, InsufficientPrivilege), touch
