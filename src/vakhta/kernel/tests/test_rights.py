"""The database's own rights: what the application may not do to the journal even with raw SQL."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from vakhta.domain.facts import CommentAdded
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify


@pytest.fixture
def three(db: None) -> None:
    """Three entries in the running transaction."""
    with acting(Scope.system("test")):
        for text in ("один", "два", "три"):
            journal.record(CommentAdded(ticket=1, text=text), company=1)


FORBIDDEN = [
    "UPDATE journal_entry SET actor = 'x'",
    "DELETE FROM journal_entry",
    "INSERT INTO journal_entry SELECT * FROM journal_entry",
    "TRUNCATE journal_entry",
    "UPDATE journal_subject SET subject = 'x'",
    "DELETE FROM journal_subject",
    "INSERT INTO journal_subject VALUES ('ticket/1', 1, 1)",
    "TRUNCATE journal_subject",
    "UPDATE journal_words SET words = '{}'",
    "INSERT INTO journal_words VALUES (1, 1, 'x', '{}')",
    "TRUNCATE journal_words",
    "ALTER TABLE journal_entry DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE journal_entry NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY scope ON journal_entry",
    "DROP TABLE journal_words",
    "CREATE OR REPLACE FUNCTION journal_append(entries jsonb) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "SET SESSION AUTHORIZATION vakhta_owner",
    "SET ROLE vakhta_owner",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_application_may_not(three: None, sql: str) -> None:
    with reading(Scope.system("test")):
        with pytest.raises(ProgrammingError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert isinstance(refused.value.__cause__, InsufficientPrivilege)
        assert verify().checked == 3


def test_the_application_is_neither_owner_nor_above_the_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_an_entry_appended_past_the_service_does_not_fit_the_chain(three: None) -> None:
    """The function takes what it is given; an entry whose spelling is not its own is found."""
    forged = """[{"company": 1, "centre": null, "kind": "StockChanged", "happened_at": "2026-01-01T00:00:00+00:00",
        "recorded_at": "2026-01-01T00:00:00+00:00", "actor": "staff/1", "subjects": [], "body": {"what": "x"},
        "canonical": "{}", "salt": "", "words": null}]"""
    with reading(Scope.system("test")), connection.cursor() as cursor:
        cursor.execute("SELECT journal_append(%s::jsonb)", [forged])
        assert verify().entry == 4


@pytest.mark.parametrize("scope", ["2", "2,3", ""])
def test_nobody_writes_into_another_company_s_journal(three: None, scope: str) -> None:
    """The function runs as its owner, whom no policy holds: it asks for the scope itself."""
    forged = """[{"company": 1, "centre": null, "kind": "StockChanged", "happened_at": "2026-01-01T00:00:00+00:00",
        "recorded_at": "2026-01-01T00:00:00+00:00", "actor": "staff/1", "subjects": [], "body": {"what": "x"},
        "canonical": "{}", "salt": "", "words": null}]"""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('vakhta.scope', %s, true)", [scope])
        with pytest.raises(ProgrammingError, match="outside the scope"), transaction.atomic():
            cursor.execute("SELECT journal_append(%s::jsonb)", [forged])
    with reading(Scope.system("test")):
        assert verify().checked == 3
