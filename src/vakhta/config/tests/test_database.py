"""How the service talks with its database."""

from __future__ import annotations

import pytest
from django.db import connection

from vakhta.config.settings import database
from vakhta.kernel.models import Cursor
from vakhta.kernel.tenancy import Scope, reading

PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


def test_what_is_asked_again_and_again_is_planned_once(db: None) -> None:
    """A card joins eight tables: planning it takes longer than finding it."""
    with reading(Scope.system("test")), connection.cursor() as cursor:
        for name in "abcdefgh":
            Cursor.objects.filter(follower=name).exists()
        cursor.execute(PREPARED, ["%follower_cursor%"])
        assert cursor.fetchone()[0] == 1


def test_behind_an_old_pgbouncer_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database.__globals__["OPTIONS"], "VAKHTA_PGBOUNCER", True)
    assert database({})["OPTIONS"] == {"prepare_threshold": None}
