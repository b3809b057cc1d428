"""Which operations of a migration would hold a lock of a big table for as long as it is big.

Own and small: the kept linters read the SQL that a running database is given and know nothing of our
steps (`RowSecurity`, `SameCompany`). What a migration makes itself is empty and may be done as one
likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models

from vakhta.kernel.tenancy import FewerKeys, RowSecurity, SameCompany

_SQL = (
    (
        re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", re.I),
        "CREATE INDEX without CONCURRENTLY",
    ),
    (
        re.compile(r"\bADD\s+CONSTRAINT\b(?!.*\bNOT\s+VALID\b)", re.I | re.S),
        "ADD CONSTRAINT without NOT VALID",
    ),
    (re.compile(r"\bSET\s+NOT\s+NULL\b", re.I), "SET NOT NULL reads all rows"),
    (
        re.compile(r"\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b", re.I),
        "another type rewrites all rows",
    ),
    (re.compile(r"^\s*(UPDATE|DELETE)\b", re.I | re.M), "changes all rows in one transaction"),
)


def long_locks(migration: Any) -> list[str]:
    """One line for each operation that would; `migration` has `operations` and `atomic`."""
    new = {
        operation.name.lower()
        for operation in migration.operations
        if isinstance(operation, migrations.CreateModel)
    }
    return [
        f"{type(operation).__name__}: {problem}"
        for operation in migration.operations
        for problem in _problems(operation, new, migration.atomic)
    ]


def _problems(operation: Any, new: set[str], is_atomic: bool) -> Iterator[str]:
    if isinstance(operation, AddIndexConcurrently | AddConstraintNotValid | FewerKeys | RowSecurity):
        return
    if getattr(operation, "model_name", "").lower() in new or _is_of_new_table(operation, new):
        return
    if isinstance(operation, migrations.AddIndex):
        yield "use AddIndexConcurrently in a migration with atomic = False"
    elif isinstance(operation, migrations.AddConstraint):
        yield "use AddConstraintNotValid and ValidateConstraint; for uniqueness an index built concurrently"
    elif isinstance(operation, migrations.AddField):
        yield from _of_field(operation.field)
    elif isinstance(operation, migrations.AlterField):
        yield "may rewrite or read all rows: add another column, fill it in batches, then change over"
    elif isinstance(operation, migrations.RunPython):
        if is_atomic:
            yield "rows are changed in batches: atomic = False"
    elif isinstance(operation, migrations.RunSQL):
        yield from _of_sql(operation)


def _is_of_new_table(operation: Any, new: set[str]) -> bool:
    return isinstance(operation, SameCompany) and operation.args_[0].partition("_")[2] in new


def _of_field(field: Any) -> Iterator[str]:
    is_reference = isinstance(field, models.ForeignKey)
    default = getattr(field, "db_default", models.NOT_PROVIDED)
    if isinstance(field, models.GeneratedField):
        yield "a stored computed column rewrites all rows"
    elif is_reference and (field.db_constraint or field.db_index):
        yield "its index and its check read all rows: db_constraint=False, db_index=False, then build both beside"
    elif field.unique or field.db_index:
        yield "its index is built while nobody may write: add it with AddIndexConcurrently"
    elif default is not models.NOT_PROVIDED and not isinstance(
        default, int | float | str | bool | models.Value
    ):
        yield "a default that is computed for each row rewrites all of them"


def _of_sql(operation: Any) -> Iterator[str]:
    said = operation.sql if isinstance(operation.sql, str) else "\n".join(map(str, operation.sql))
    problem = next((problem for pattern, problem in _SQL if pattern.search(said)), "")
    if problem:
        yield problem
