"""Each company sees itself: by the manager, and behind it by the database, tried with raw SQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege
from tests.cast import Cast

from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, ScopedModel, UnscopedQuery, current_scope, reading, scoped_models
from vakhta.people.models import Staff, User
from vakhta.places.models import Building, Premises

MODELS = scoped_models()
NO_COLUMN = {"people_company": "id"}
OF_THE_SYSTEM = {"people_signin", "people_try", "mfa_authenticator"}
"""Tables whose rows no company's scope sees (docs/adr/0010-signing-in.md)."""


def sql(text: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else []


def only(company: int) -> Scope:
    return Scope(companies=frozenset({company}), actor="test/1", role="client")


def column(model: type[ScopedModel]) -> str:
    return NO_COLUMN.get(model._meta.db_table, "company_id")


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_an_unscoped_query_raises(db: None, model: type[ScopedModel]) -> None:
    for ask in (
        lambda: model.objects.count(),
        lambda: model.objects.first(),
        lambda: model._base_manager.all(),
    ):
        with pytest.raises(UnscopedQuery):
            ask()


def test_there_are_models_to_try() -> None:
    assert len(MODELS) >= 20


def test_a_scope_ends_with_its_block(db: None, cast: Cast) -> None:
    with reading(only(cast.north.pk)):
        with reading(only(cast.luch.pk)):
            assert sql("SELECT current_setting('vakhta.scope', true)") == [(str(cast.luch.pk),)]
            assert [b.pk for b in Building.objects.all()] == [cast.mira3.pk]
        assert sql("SELECT current_setting('vakhta.scope', true)") == [(str(cast.north.pk),)]
        assert [b.pk for b in Building.objects.all()] == [cast.lenina15.pk]
    with pytest.raises(UnscopedQuery):
        current_scope()


def test_a_queryset_of_a_wider_scope_shows_no_more_in_a_narrow_one(db: None, cast: Cast) -> None:
    """Rows behind a queryset that was made elsewhere stay behind the database's own policy."""
    with reading(Scope.system("test")):
        everything = Building.objects.all()
    with reading(only(cast.luch.pk)):
        assert [b.pk for b in everything] == [cast.mira3.pk]


# ── The database's own word ──────────────────────────────────────────────────────────────────


def test_every_table_of_a_company_has_a_forced_policy(db: None) -> None:
    """Asked of PostgreSQL, so that a new table without a policy is found, and by its columns, so that
    a table whose model forgot to be scoped is found too."""
    ours = {model._meta.db_table for model in MODELS}
    with_company = {
        row[0]
        for row in sql(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'company_id'"
        )
    }
    guarded = {
        row[0]
        for row in sql(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polcmd = '*' AND p.polpermissive"
        )
    }
    assert ours | with_company | {"people_user"} | OF_THE_SYSTEM == guarded


def test_every_policy_reads_the_scope(db: None) -> None:
    for table, using, check in sql(
        "SELECT c.relname, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) "
        "FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE p.polname <> 'lent'"
    ):
        its_own = (
            "people_staff.user_id = people_user.id"
            if table == "people_user"
            else "= '*'"
            if table in OF_THE_SYSTEM
            else f"({NO_COLUMN.get(table, 'company_id')} = ANY"
        )
        assert ("OR" not in using) == (table in OF_THE_SYSTEM)
        assert "vakhta.scope" in using and its_own in using, table
        assert check is None, f"{table}: what may be seen is what may be written"


def test_what_is_lent_is_lent_by_the_database_and_asked_first_whether_anything_is(db: None) -> None:
    found = sql(
        "SELECT c.relname, coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) "
        "FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE p.polname = 'lent'"
    )
    for table, condition in found:
        assert condition.startswith("((( SELECT \"left\"(current_setting('vakhta.lent'"), (table, condition)
        assert condition.index("= '+'") < condition.index(" AND "), "nobody else asks for more than that"
    lent = {model._meta.db_table for model in scoped_models() if model.is_lent}
    assert lent | {"look"} == {table for table, _condition in found}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_raw_sql_sees_nothing_of_another_company(db: None, cast: Cast, model: type[ScopedModel]) -> None:
    table, company = model._meta.db_table, column(model)
    with reading(only(cast.luch.pk)):
        assert sql(f"SELECT count(*) FROM {table} WHERE {company} <> %s", cast.luch.pk) == [(0,)]
    for scope in ("", "0", "999999999"):
        with transaction.atomic():
            sql("SELECT set_config('vakhta.scope', %s, true)", scope)
            assert sql(f"SELECT count(*) FROM {table}") == [(0,)], f"scope {scope!r} saw rows"


def test_nobody_in_a_company_s_scope_sees_sessions_secrets_or_tries(db: None, cast: Cast) -> None:
    """Not of colleagues, nor of oneself; and nobody makes any there."""
    with reading(Scope.system("test")):
        sql(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', now())",
            cast.kim.user_id,
        )
        sql(
            "INSERT INTO people_signin (user_id, browser, begun_at, seen_at) VALUES (%s, '', now(), now())",
            cast.kim.user_id,
        )
        sql("INSERT INTO people_try (key, ends_at, tries) VALUES ('k', now(), 1)")
    with reading(cast.scope(cast.kim)):
        for table in OF_THE_SYSTEM:
            assert sql(f"SELECT count(*) FROM {table}") == [(0,)], table
            with transaction.atomic():
                sql(f"DELETE FROM {table}")
        with pytest.raises(ProgrammingError), transaction.atomic():
            sql("INSERT INTO people_try (key, ends_at, tries) VALUES ('k2', now(), 1)")
    with reading(Scope.system("test")):
        assert [sql(f"SELECT count(*) FROM {table}") for table in OF_THE_SYSTEM] == [[(1,)]] * 3


def test_what_the_library_would_keep_of_people_is_shut(db: None) -> None:
    """docs/adr/0010-signing-in.md: its tables are there, with row-level security and no policy."""
    tables = sql("SELECT tablename FROM pg_tables WHERE tablename ~ '^(account|socialaccount)_'")
    shut = sql(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        " AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)"
    )
    assert len(tables) == 5 and set(tables) == set(shut)
    with reading(Scope.system("test")), pytest.raises(ProgrammingError), transaction.atomic():
        sql(
            "INSERT INTO account_emailaddress (email, verified, \"primary\", user_id) VALUES ('a', true, true, 1)"
        )


@pytest.mark.parametrize("scope", ["**", "*,1", "1;2", "' OR true --", "1,x", "{1}", "NaN"])
def test_a_scope_that_is_none_opens_nothing(db: None, cast: Cast, scope: str) -> None:
    with transaction.atomic():
        sql("SELECT set_config('vakhta.scope', %s, true)", scope)
        try:
            with transaction.atomic():
                seen = sql("SELECT id FROM places_building WHERE company_id = %s", cast.north.pk)
        except Exception:
            seen = []
    assert seen == []


def test_raw_sql_cannot_write_into_another_company(db: None, cast: Cast) -> None:
    insert = (
        "INSERT INTO places_building (company_id, city, street, house, street_key, house_key, zone, floors, "
        "entrances, has_lift, has_gas, has_chute) VALUES (%s, 'г', 'у', '1', 'у', '1', 'UTC', 1, 1, false, false, false)"
    )
    with reading(only(cast.luch.pk)):
        refused(insert, cast.north.pk)
        refused("UPDATE places_building SET company_id = %s", cast.north.pk)
        refused("UPDATE people_staff SET company_id = %s", cast.north.pk) if sql(
            "SELECT 1 FROM people_staff"
        ) else None
        sql(insert, cast.luch.pk)


def refused(text: str, *values: Any) -> None:
    with pytest.raises(ProgrammingError) as error, transaction.atomic():
        sql(text, *values)
    assert isinstance(error.value.__cause__, InsufficientPrivilege)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE places_building SET street = 'x' WHERE company_id = %s RETURNING id",
        "DELETE FROM places_phone WHERE company_id = %s RETURNING id",
        "UPDATE people_company SET name = 'x' WHERE id = %s RETURNING id",
    ],
)
def test_raw_sql_cannot_touch_another_company(db: None, cast: Cast, text: str) -> None:
    with reading(only(cast.luch.pk)):
        assert sql(text, cast.north.pk) == []


# ── References ───────────────────────────────────────────────────────────────────────────────


def references() -> list[tuple[str, str, str]]:
    """(table, column, target) of every foreign key between two tables of companies."""
    ours = {model._meta.db_table for model in MODELS} - {"people_company"}
    found = sql(
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
        "WHERE c.contype = 'f' AND cardinality(c.conkey) = 1"
    )
    return [(t, a, target) for t, a, target in found if t in ours and target in ours]


MAY_CROSS = {"people_staff", "crews_crew", "crews_bulkrun"}
"""People and crews of a centre work for the companies that it serves, and one act of theirs is on tickets of many."""


def test_every_reference_between_companies_rows_is_of_one_company(db: None) -> None:
    """PostgreSQL checks foreign keys past the policies: each needs the company in its key too."""
    kept = {name for (name,) in sql("SELECT conname FROM pg_constraint WHERE contype = 'f'")}
    open_ones = [
        f"{table}.{name} → {target}"
        for table, name, target in references()
        if target not in MAY_CROSS and f"{table}_{name}_same_company" not in kept
    ]
    assert open_ones == []


def test_a_row_cannot_point_at_another_company_s(db: None, cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="same_company"), reading(Scope.system("test")):
        Premises.objects.create(company=cast.luch, building=cast.lenina15, number="9", number_key="9")
        sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_row_cannot_be_moved_away_from_what_points_at_it(db: None, cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="same_company"), reading(Scope.system("test")):
        Building.objects.filter(pk=cast.lenina15.pk).update(company=cast.luch)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_names_and_passwords_are_seen_where_their_people_work(db: None, cast: Cast) -> None:
    """The question «who are you» is asked before there is a scope, in the system's own."""
    foreign = User(email="foreign@example.org", name="Чужая Анна", password="digest")
    with acting(Scope.system("test")):
        foreign.save()
        Staff.objects.create(company=cast.foreign, user=foreign, role="operator", name=foreign.name)
    with pytest.raises(UnscopedQuery):
        User.objects.first()
    for scope, sees in ((cast.scope(cast.ivanova), False), (Scope.system("test"), True)):
        with reading(scope), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_user WHERE email = 'foreign@example.org'")
            assert cursor.fetchone() == (int(sees),)
            cursor.execute("SELECT count(*) FROM people_user WHERE email = 'ivanova@example.org'")
            assert cursor.fetchone() == (1,)
            cursor.execute("UPDATE people_user SET password = 'x' WHERE email = 'foreign@example.org'")
            assert cursor.rowcount == int(sees)
    with transaction.atomic():
        sql("SELECT set_config('vakhta.scope', '', true)")
        assert sql("SELECT count(*) FROM people_user") == [(0,)], "nobody without a scope"


def test_nobody_sees_a_sign_in_by_giving_it_a_work(db: None, cast: Cast) -> None:
    """Raw SQL in one company's scope makes a row of its own for another company's user."""
    stranger = cast.ivanova.user_id
    with reading(only(cast.luch.pk)):
        refused(
            "INSERT INTO people_staff (role, name, trade, phone, is_active, company_id, user_id, is_ready, pause_reason) "
            "VALUES ('inspector', 'x', '', '', true, %s, %s, true, '')",
            cast.luch.pk,
            stranger,
        )
        assert sql("SELECT 1 FROM people_user WHERE id = %s", stranger) == []


def test_what_is_checked_within_a_company_is_not_checked_twice(db: None) -> None:
    """A key of its own beside `SameCompany` asks the same of every row again: half of an import's time. A table whose
    rows have the whole key in an index has none of its company alone either: of a table without statistics the database
    takes that one for the check, and reads all rows of the company for each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT own.conrelid::regclass || '.' || column_.attname FROM pg_constraint AS own
            JOIN pg_attribute AS column_ ON column_.attrelid = own.conrelid AND column_.attnum = own.conkey[1]
            JOIN pg_constraint AS both_ ON both_.conrelid = own.conrelid AND both_.confrelid = own.confrelid
            WHERE own.contype = 'f' AND cardinality(own.conkey) = 1 AND both_.conname LIKE '%same_company'
              AND own.conkey <@ both_.conkey AND own.conrelid::regclass::text IN (
                  'tickets_ticket', 'tickets_ticketword', 'places_premises', 'places_person', 'places_phone',
                  'places_account', 'contacts_interaction')
            """
        )
        assert cursor.fetchall() == []
        cursor.execute(
            """
            SELECT indexrelid::regclass FROM pg_index JOIN pg_attribute
                ON attrelid = indrelid AND attnum = indkey[0] AND indnatts = 1 AND attname = 'company_id'
            WHERE indrelid::regclass::text IN ('tickets_ticket', 'places_premises', 'places_person')
            """
        )
        assert cursor.fetchall() == []


OLD_POLICY = """
    (SELECT current_setting('vakhta.scope', true)) = '*'
    OR {column} = ANY ((SELECT string_to_array(nullif(current_setting('vakhta.scope', true), ''), ','))::bigint[])
"""


def policies() -> dict[str, str]:
    return dict(sql("SELECT tablename, qual FROM pg_policies WHERE policyname = 'scope'"))  # type: ignore[arg-type]


def made_for_every_row(qual: str) -> bool:
    return "AS string_to_array))::bigint[]" in qual


def test_the_companies_of_the_scope_are_read_once_for_a_statement(db: None) -> None:
    known = policies()
    assert {model._meta.db_table for model in MODELS} <= known.keys()
    assert [table for table, qual in known.items() if made_for_every_row(qual)] == []


def test_policies_of_before_are_written_anew_and_say_the_same(committed: str) -> None:
    """An upgrade of a database that has them as they were."""
    from importlib import import_module

    from django.apps import apps
    from django.db import connections

    now, old = policies(), ("people_company", "places_building")
    owner = connections["owner"]
    with owner.cursor() as cursor:
        for table in old:
            cursor.execute(
                f"ALTER POLICY scope ON {table} USING ({OLD_POLICY.format(column=NO_COLUMN.get(table, 'company_id'))})"
            )
    assert sorted(table for table, qual in policies().items() if made_for_every_row(qual)) == sorted(old)
    with owner.schema_editor(atomic=False) as editor:
        import_module("vakhta.kernel.migrations.0010_scope_read_once").read_once(apps, editor)
    assert policies() == now
