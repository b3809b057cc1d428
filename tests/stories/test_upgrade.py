"""A service of the first day is upgraded with its data: every row is still there, the journal is whole, and
the work goes on. And no migration from now on may stop the work while it runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connections, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Lower, Random
from django.test import Client

from tests.cast import make_cast
from tests.stories.long_locks import long_locks
from vakhta.cli.embedded_postgres import ADMIN, OWNER, EmbeddedPostgres
from vakhta.cli.migrate import migrate
from vakhta.domain.facts import CommentAdded
from vakhta.kernel import journal
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import RowSecurity, SameCompany, Scope, reading
from vakhta.kernel.verify import verify
from vakhta.web.tests.steps import registered

ROOMS = ("kernel", "people", "places", "tickets", "contacts", "crews", "incidents", "notices")
MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def first_day(
    django_db_setup: None, server: EmbeddedPostgres, django_db_blocker: Any
) -> Iterator[MigrationExecutor]:
    """A database as the first landed migrations of each room made it; both connections lead there."""
    name = f"vakhta_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_upgrade"
    with server.connect(ADMIN) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    with django_db_blocker.unblock():
        before = point_at(name)
        executor = MigrationExecutor(connections["owner"])
        executor.migrate(first_heads(executor.loader))
        yield executor
        point_at(before)


def point_at(name: str) -> str:
    before = str(connections["default"].settings_dict["NAME"])
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
        connections.settings[alias]["NAME"] = name
    return before


def first_heads(loader: MigrationLoader) -> list[tuple[str, str]]:
    """Each room's tables with their rights and walls, as they were when they first landed; Django's own
    rooms whole."""
    ours = [key for key in loader.disk_migrations if key[0] in ROOMS and key[1].startswith("0002_")]
    return [*ours, *(key for key in loader.graph.leaf_nodes() if key[0] not in ROOMS)]


def filled(executor: MigrationExecutor) -> None:
    """Two rows in every table of the rooms, and real entries in the journal. By the models of that day."""
    state = executor.loader.project_state(first_heads(executor.loader)).apps
    waiting = [
        model
        for model in state.get_models()
        if model._meta.app_label in ROOMS and not model._meta.db_table.startswith("journal_")
    ]
    made: dict[str, list[models.Model]] = {}
    while waiting:
        model = next(model for model in waiting if all(label in made for label in needs(model)))
        waiting.remove(model)
        made[model._meta.label] = [
            model._default_manager.using("owner").create(**row_of(model, number, made)) for number in (0, 1)
        ]
    with acting(Scope.system("test")):
        for text in ("первое слово", "второе слово"):
            journal.record(CommentAdded(ticket=1, text=text), company=1)


def needs(model: type[models.Model]) -> set[str]:
    return {
        field.related_model._meta.label
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is not model
    }  # fmt: skip


def row_of(model: type[models.Model], number: int, made: dict[str, list[models.Model]]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            target = made.get(field.related_model._meta.label)
            if target:
                said[field.name] = target[number]  # of the same company: references do not cross them
        elif field.null and isinstance(field, models.DateField):
            said[field.name] = None  # an end that has not come
        elif not isinstance(field, models.AutoField | models.GeneratedField):
            said[field.name] = value_of(field, number)
    return said


def value_of(field: Any, number: int) -> Any:
    """Something that the column takes, another in each row."""
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.CharField | models.TextField):
        text = f"{number}{field.name}"[: field.max_length or 40]
        return f"{number}@example.org" if isinstance(field, models.EmailField) else text
    kinds: list[tuple[type, Any]] = [
        (models.BooleanField, False),
        (models.DateTimeField, MOMENT),
        (models.DateField, date(2026, 11, 24)),
        (models.BinaryField, b"salt"),
        (models.JSONField, {"number": number}),
        (models.IntegerField, number + 1),
        (models.FloatField, 1.0),
    ]
    return next((value for kind, value in kinds if isinstance(field, kind)), field.get_default())


def rows_of(server: EmbeddedPostgres, name: str) -> Rows:
    found: Rows = {}
    with server.connect(ADMIN, name) as admin:
        tables = admin.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        for (table,) in tables:
            if str(table).partition("_")[0] in (*ROOMS, "journal", "numbering", "follower"):
                said = admin.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY t::text")
                found[str(table)] = [dict(cast(Any, row[0])) for row in said.fetchall()]
    return found


WALL = """
    (SELECT current_setting('vakhta.scope', true)) = '*'
    OR {column} = ANY ((SELECT string_to_array(nullif(current_setting('vakhta.scope', true), ''), ','))::bigint[])
"""
"""Of every table on the first day; the code writes today's from the first migration on."""


def build_walls_of_the_first_day(server: EmbeddedPostgres, name: str) -> None:
    with server.connect(ADMIN, name) as admin:
        for table, _policy, said, _check in walls_of(server, name):
            if column := re.search(r"OR \((\w+) = ANY", said):
                admin.execute(f"ALTER POLICY scope ON {table} USING ({WALL.format(column=column[1])})")


def walls_of(server: EmbeddedPostgres, name: str) -> list[tuple[str, ...]]:
    with server.connect(ADMIN, name) as admin:
        said = admin.execute(
            "SELECT tablename, policyname || ' ' || cmd, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies "
            "WHERE schemaname = 'public' ORDER BY 1, 2"
        )
        return [tuple(map(str, row)) for row in said.fetchall()]


def test_the_first_day_s_data_comes_into_today(
    first_day: MigrationExecutor, server: EmbeddedPostgres, template: str
) -> None:
    filled(first_day)
    connections.close_all()
    name = str(connections["default"].settings_dict["NAME"])
    build_walls_of_the_first_day(server, name)
    assert len([wall for wall in walls_of(server, name) if "NULLIF" in wall[2]]) > 20
    before = rows_of(server, name)
    empty = [table for table, rows in before.items() if not rows]
    assert empty == [], "every table of the first day has rows"

    migrate()

    assert walls_of(server, name) == walls_of(server, template)
    after = rows_of(server, name)
    for table, rows in before.items():
        kept = [{column: value for column, value in row.items() if column in rows[0]} for row in after[table]]
        columns = set(after[table][0]) & set(rows[0])
        assert by_text(rows, columns) == by_text(kept, columns), table
    with reading(Scope.system("test")):
        verdict = verify()
        assert (verdict.is_whole, verdict.checked) == (True, 2)

    people = make_cast()
    assert registered(people).number.endswith("-1")
    assert Client(HTTP_HOST="127.0.0.1").get("/health").json()["checks"]["migrations"] == "ok"
    with reading(Scope.system("test")):
        assert verify().is_whole


def by_text(rows: list[dict[str, Any]], columns: set[str]) -> list[str]:
    return sorted(str([(name, row[name]) for name in sorted(columns)]) for row in rows)


# ── Migrations that are written from now on ──────────────────────────────────────────────────

YOUNG = ("imports", "lists", "shifts")
"""Rooms that had no table on the first day."""
LANDED = {
    "contacts": 4, "crews": 3, "incidents": 2, "kernel": 3, "notices": 3, "people": 5, "places": 3, "tickets": 4,
}  # fmt: skip
"""Room → its last migration when the rule began: no service with a city's data stood before."""


def test_no_new_migration_holds_a_long_lock() -> None:
    found = [
        f"{app}.{name}: {problem}"
        for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
        if app in (*ROOMS, *YOUNG) and int(name[:4]) > LANDED.get(app, 0)
        for problem in long_locks(migration)
    ]
    assert found == []


def made(*operations: Any, atomic: bool = True) -> Any:
    return SimpleNamespace(operations=list(operations), atomic=atomic)


INDEX = models.Index(fields=["number"], name="by_number")
UNIQUE = models.UniqueConstraint(fields=["number"], name="one")
CHECK = models.CheckConstraint(condition=models.Q(size__gt=0), name="more")


def unbounded(apps: Any, schema_editor: Any) -> None:
    """Never run."""


GOOD = {
    "a column with a default": made(migrations.AddField("ticket", "x", models.IntegerField(default=0))),
    "a column that may be empty": made(migrations.AddField("ticket", "x", models.TextField(null=True))),
    "an index built beside": made(AddIndexConcurrently("ticket", INDEX), atomic=False),
    "a check that trusts old rows": made(AddConstraintNotValid("ticket", CHECK)),
    "rows in batches": made(migrations.RunPython(unbounded), atomic=False),
    "an index of SQL built beside": made(
        migrations.RunSQL("CREATE INDEX CONCURRENTLY i ON t (x)"), atomic=False
    ),
    "a new table with all of it": made(
        migrations.CreateModel("Shift", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddIndex("shift", INDEX),
        migrations.AddConstraint("shift", UNIQUE),
        RowSecurity("crews_shift"),
        SameCompany("crews_shift", "crew_id", "crews_crew"),
    ),
    "a word only": made(migrations.AlterModelOptions("ticket", {"verbose_name": "заявка"})),
}
BAD = {
    "an index that stops writing": made(migrations.AddIndex("ticket", INDEX)),
    "a constraint over all rows": made(migrations.AddConstraint("ticket", CHECK)),
    "uniqueness over all rows": made(migrations.AddConstraint("ticket", UNIQUE)),
    "a column that is another for each row": made(
        migrations.AddField("ticket", "x", models.FloatField(db_default=Random()))
    ),
    "a column that is computed": made(
        migrations.AddField(
            "ticket", "x", models.GeneratedField(expression=Lower("number"), output_field=models.TextField(), db_persist=True)
        )
    ),
    "an indexed column": made(migrations.AddField("ticket", "x", models.IntegerField(default=0, db_index=True))),
    "a reference with its index": made(
        migrations.AddField("ticket", "x", models.ForeignKey("people.Staff", models.CASCADE, null=True))
    ),
    "a column of another type": made(migrations.AlterField("ticket", "number", models.IntegerField())),
    "rows in one transaction": made(migrations.RunPython(unbounded)),
    "all rows by SQL": made(migrations.RunSQL("UPDATE tickets_ticket SET zone = ''")),
    "an index of SQL": made(migrations.RunSQL("CREATE INDEX i ON tickets_ticket (zone)")),
    "a constraint of SQL": made(migrations.RunSQL("ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0)")),
    "a wall between old tables": made(SameCompany("tickets_ticket", "building_id", "places_building")),
}  # fmt: skip


@pytest.mark.parametrize("what", GOOD)
def test_these_hold_nobody_up(what: str) -> None:
    assert long_locks(GOOD[what]) == []


@pytest.mark.parametrize("what", BAD)
def test_these_would_stop_the_work(what: str) -> None:
    assert len(long_locks(BAD[what])) == 1
