"""How the service talks with its database."""

from __future__ import annotations

import pytest
from django.db import connection

from vakhta.config.settings import FOUND_LOST, database
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
    assert database({})["OPTIONS"] == {"prepare_threshold": None, **FOUND_LOST}


def test_a_machine_that_is_gone_without_a_word_is_noticed(db: None) -> None:
    """The library that speaks with the database has taken the bounds."""
    with reading(Scope.system("test")):
        Cursor.objects.count()
        taken = connection.connection.info.get_parameters()
    assert {name: int(taken[name]) for name in FOUND_LOST} == FOUND_LOST
