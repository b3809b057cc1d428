"""Queries that every page asks, written once.

Django writes a statement anew each time it is asked for: its joins, columns and parameters cost a millisecond or two
of Python, often more than the database takes to answer, and a page asks a dozen of them, always the same ones but for
their values (docs/adr/0020-kept-queries.md). Here a statement is written at its first use, with a `Param` in the place
of each value, and kept:

    @kept
    def _crews() -> QuerySet[Crew]:
        return Crew.objects.filter(building=Param("building")).select_related("company")

    crews = _crews(building=17)

What is not said by a `Param` is the same for everybody and for ever: no clock, no language and nothing of the scope may
be asked for inside. The companies that may be seen are put in their place by themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet

from .tenancy import Scope, current_scope, written_for

COMPANIES = "the companies of the scope"
Row = TypeVar("Row")


class Param(Expression):
    """The place of a value, by its name; `kind`: what it is reckoned as, where that is asked for."""

    def __init__(self, name: str, kind: Field[Any, Any] | None = None) -> None:
        super().__init__(kind)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


def kept(make: Callable[[], QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """The rows of `make`'s query, asked for with values by the names of its parameters. One query, inside a scope like
    any other; a name that is missing is a `KeyError`."""
    known = threading.local()

    @wraps(make)
    def rows(**values: Any) -> list[Row]:
        scope, connection = current_scope(), connections[DEFAULT_DB_ALIAS]
        if getattr(known, "connection", None) is not connection:
            known.connection, known.statements = connection, {}
        kind = scope.is_system, scope.lent_to is not None
        if kind not in known.statements:
            known.statements[kind] = _Statement(make, scope)
        statement: _Statement[Row] = known.statements[kind]
        return statement.rows({COMPANIES: sorted(scope.companies or ()), **values})

    return rows


class _Statement(Generic[Row]):
    """One connection's: a compiler keeps what it reads rows by, and belongs to who asks through it."""

    def __init__(self, make: Callable[[], QuerySet[Any, Row]], scope: Scope) -> None:
        if not scope.is_system:
            scope = replace(scope, companies=Param(COMPANIES))  # type: ignore[arg-type]
        with written_for(scope):
            self._queryset: Any = make()
            query: Any = self._queryset.query
            self._compiler: Any = query.get_compiler(self._queryset.db)
            self._sql, self._params = self._compiler.as_sql()
        query.get_compiler = lambda using: self._compiler

    def rows(self, values: Mapping[str, Any]) -> list[Row]:
        params = tuple(values[said.name] if isinstance(said, Param) else said for said in self._params)
        self._compiler.as_sql = lambda: (self._sql, params)
        found: list[Row] = list(self._queryset._iterable_class(self._queryset))
        return found
