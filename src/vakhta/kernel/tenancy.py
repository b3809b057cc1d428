"""Who may see which rows: the scope of companies, set once around every transaction.

A scope stands twice: in a context variable, where `ScopedManager` reads it (a query without a
scope raises `UnscopedQuery`), and in the transaction's `vakhta.scope`, where PostgreSQL's
row-level security reads it (a forgotten filter or raw SQL finds nothing). Both end with the
transaction, so PgBouncer in transaction mode may stand between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, migrations, models, transaction


class UnscopedQuery(RuntimeError):
    """A tenant table was queried outside `reading` or `acting`."""


@dataclass(frozen=True)
class Scope:
    """`companies`: ids that may be seen, None = all (named system parts only).

    `actor` goes into the journal: "staff/7", "token/3", "resident/17", "system/clock".
    `centre` is the journal-keeping dispatch centre that the person works for.
    """

    companies: frozenset[int] | None
    actor: str
    role: str = ""
    centre: int | None = None
    staff: int | None = None
    classifier: int = 0
    """Version of the centre's own classifier; 0: as the program has it."""
    rights: frozenset[str] = frozenset()
    """What the token that asks may do; people have their role instead."""
    lent_to: int | None = None
    """A company that works for others and is lent their rows, as far as its work needs them (ADR 0015)."""
    lent_since: date | None = None
    """Of work that has ended, the rows are lent if it ended on this day or later."""

    @property
    def sees_centre(self) -> bool:
        """Are the centre's own rows seen, its people and its crews? A company that it serves sees its tickets alone."""
        return self.companies is None or self.centre in self.companies

    @classmethod
    def system(cls, part: str) -> Self:
        """The scope of a named part of the system itself: clock, followers, sign-in."""
        return cls(companies=None, actor=f"system/{part}", role="system")

    @property
    def is_system(self) -> bool:
        return self.companies is None

    def setting(self) -> str:
        """The value of `vakhta.scope`; an empty scope sees nothing."""
        if self.companies is None:
            return "*"
        return ",".join(str(company) for company in sorted(self.companies))

    def lent_setting(self) -> str:
        """The value of `vakhta.lent`; empty: nothing is lent."""
        return f"+{self.lent_to}/{self.lent_since}T00:00:00Z" if self.lent_to and self.lent_since else ""


_scope: ContextVar[Scope | None] = ContextVar("vakhta_scope", default=None)


def current_scope() -> Scope:
    """The scope of the running transaction; raises `UnscopedQuery` when there is none."""
    scope = _scope.get()
    if scope is None:
        raise UnscopedQuery("Нет области видимости: запрос к данным компаний вне reading() и acting().")
    return scope


@contextmanager
def reading(scope: Scope) -> Iterator[Scope]:
    """One transaction in which the rows of `scope` are visible. Nests as a savepoint; the outer
    scope stands again afterwards."""
    outer = _scope.get()
    with transaction.atomic():
        _announce(scope)
        token = _scope.set(scope)
        try:
            yield scope
        finally:
            _scope.reset(token)
        if outer is not None:
            _announce(outer)


def _announce(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('vakhta.scope', %s, true), set_config('vakhta.lent', %s, true)",
            [scope.setting(), scope.lent_setting()],
        )


@contextmanager
def written_for(scope: Scope) -> Iterator[None]:
    """Queries are written, not asked, as in this scope."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that was made inside a scope."""


class ScopedManager(models.Manager[Any]):
    """Shows only the rows of the running scope; raises without one."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Any]:
        scope = current_scope()
        queryset = ScopedQuerySet(self.model, using=self._db)
        if scope.companies is None or (scope.lent_to is not None and self.model.is_lent):
            return queryset  # whose rows are lent is the database's to say
        return queryset.filter(**{f"{self.model.scope_field}__among": scope.companies})


@models.ForeignKey.register_lookup
@models.BigIntegerField.register_lookup
@models.AutoField.register_lookup
class Among(models.Lookup):
    """`company_id = ANY (array)`: one parameter for any number of companies. `IN` has one for each, and a
    centre of sixty companies paid for them in every statement: in Python, on the wire and in parsing."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return self.rhs if hasattr(self.rhs, "as_sql") else sorted(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::bigint[])", (*params, self.rhs)


class ScopedModel(models.Model):
    """A row that belongs to a company. Subclasses carry `company` (or name `scope_field`)."""

    scope_field: ClassVar[str] = "company_id"
    is_lent: ClassVar[bool] = False
    """Has its table a policy `Lent`?"""

    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"


def scoped_models() -> list[type[ScopedModel]]:
    """Every tenant table of the project, for the tests that try each of them."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, ScopedModel)]


SHUT = "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
"""Without a policy nobody sees or makes a row, its owner neither."""
OPEN = "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
VISIBLE = """
(SELECT current_setting('vakhta.scope', true)) = '*'
OR {column} = ANY (
    (SELECT string_to_array(translate(current_setting('vakhta.scope', true), '*', ''), ',')::bigint[])::bigint[]
)
"""
"""Which rows a scope sees. The inner cast makes the numbers, once for a statement; the outer one only says that it is an
array and no rows that stand there. With it alone every row that is looked at would have them made anew. They are made
where «*» sees all as well: when a statement has waited for a row, PostgreSQL makes all that it may need."""
POLICY = f"CREATE POLICY scope ON {{table}} USING ({VISIBLE});"


class RowSecurity(migrations.RunSQL):
    """Migration step: the scope policy on a table, forced for its owner too."""

    def __init__(self, table: str, column: str = "company_id") -> None:
        self.table, self.column = table, column
        super().__init__(
            SHUT.format(table=table) + POLICY.format(table=table, column=column),
            f"DROP POLICY scope ON {table}; {OPEN.format(table=table)}",
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("RowSecurity", [self.table, self.column], {})


class Lent(migrations.RunSQL):
    """Migration step: rows that a lent scope sees beside its own; `FOR` "ALL", "SELECT" or "INSERT". Nobody else pays for
    it: the first half is one comparison for a statement, and what stands behind it is asked only after it."""

    def __init__(self, table: str, condition: str, command: str = "ALL") -> None:
        self.args_ = (table, condition, command)
        how = "WITH CHECK" if command == "INSERT" else "USING"
        super().__init__(
            f"CREATE POLICY lent ON {table} FOR {command} {how} "
            f"((SELECT left(current_setting('vakhta.lent', true), 1)) = '+' AND {condition});",
            f"DROP POLICY lent ON {table};",
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("Lent", list(self.args_), {})


class ForTheApplication(migrations.RunSQL):
    """Migration step: a function of the owner's that the application may call, and nobody else."""

    def __init__(self, function: str) -> None:
        self.function = function
        super().__init__(migrations.RunSQL.noop, migrations.RunSQL.noop)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        app = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
        schema_editor.execute(f"REVOKE ALL ON FUNCTION {self.function} FROM PUBLIC")
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {self.function} TO {app}")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("ForTheApplication", [self.function], {})


class AppendOnly(migrations.RunSQL):
    """Migration step: the application adds rows to the table and reads them; it changes and removes none."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(migrations.RunSQL.noop, migrations.RunSQL.noop)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        app = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {self.table} FROM {app}")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("AppendOnly", [self.table], {})


class FewerKeys(migrations.AlterField):
    """Migration step: a reference gives up its own foreign key or index, because `SameCompany`, or an index that begins
    with it, does the same. Every row paid for both: an import spent half of its time on keys that were checked twice.
    Nothing is read; the locks are those of a DROP."""


class SystemOnly(migrations.RunSQL):
    """Migration step: the rows of a table are the system scope's, and nobody else's."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"{SHUT.format(table=table)} "
            f"CREATE POLICY scope ON {table} USING ((SELECT current_setting('vakhta.scope', true)) = '*');",
            f"DROP POLICY scope ON {table}; {OPEN.format(table=table)}",
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("SystemOnly", [self.table], {})


class SameCompany(migrations.RunSQL):
    """Migration step: the reference `table.column → target` may not cross companies.

    PostgreSQL checks foreign keys past row-level security, so without this a company could point
    at another's row. Needs UNIQUE (company_id, id) on the target, which it makes when missing.
    """

    def __init__(self, table: str, column: str, target: str) -> None:
        self.args_ = (table, column, target)
        super().__init__(
            f"CREATE UNIQUE INDEX IF NOT EXISTS {target}_company_id ON {target} (company_id, id);"
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_company "
            f"FOREIGN KEY (company_id, {column}) REFERENCES {target} (company_id, id) "
            "DEFERRABLE INITIALLY DEFERRED;",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_same_company;",
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("SameCompany", list(self.args_), {})
