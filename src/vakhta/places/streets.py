"""The streets that a scope sees. Whoever types an address asks for them with every letter, and they change when somebody
puts a house into the stock: which is a fact, `StockChanged`.

Reading them goes through all the houses that may be seen, thousands in a city, to find a hundred and fifty streets. So
each process remembers what it has read beside the newest of those facts.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.db import connection

from vakhta.kernel.tenancy import current_scope

from .models import Building

MOST = 64
"""Scopes whose streets are remembered; of more the one that was asked for longest ago goes."""
SECONDS = 300.0
"""For so long they are believed. A database that was put back from a copy may give the number of a fact that it has
lost to another one."""

_ASKED = """
    SELECT has_only_read, change,
           CASE WHEN NOT has_only_read OR change IS DISTINCT FROM %(known)s::bigint THEN
                ARRAY (SELECT DISTINCT street FROM places_building WHERE company_id = ANY (%(companies)s::bigint[])) END
    FROM (SELECT pg_current_xact_id_if_assigned() IS NULL AS has_only_read, max(newest.id) AS change
          FROM unnest(%(companies)s::bigint[]) AS own (company),
               LATERAL (SELECT id FROM journal_entry WHERE kind = 'StockChanged' AND company_id = own.company
                        ORDER BY id DESC LIMIT 1) AS newest) AS now
"""
"""Has the transaction written nothing; the newest change of the stock of these companies, by one look into the index
`journal_stock` for each of them, however long nothing of theirs has changed; the streets, if that is not the known one."""
_UNKNOWN = -1


@dataclass(frozen=True)
class _Known:
    change: int | None
    at: float
    """Seconds of the process's clock."""
    streets: tuple[str, ...]


_known: OrderedDict[frozenset[int], _Known] = OrderedDict()
_lock = threading.Lock()


def distinct_streets() -> tuple[str, ...]:
    """The distinct streets that the running scope sees. One query.

    A transaction that has written is answered from its rows and nothing of it is kept: it may end without having been.
    So are those who see everything, or what is lent to them, which no list of companies tells."""
    scope = current_scope()
    if scope.companies is None or scope.lent_to is not None:
        return tuple(Building.objects.order_by().values_list("street", flat=True).distinct())
    with _lock:
        known = _known.get(scope.companies)
    if known is None or time.monotonic() - known.at > SECONDS:
        known = _Known(_UNKNOWN, time.monotonic(), ())
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"companies": sorted(scope.companies), "known": known.change})
        has_only_read, change, streets = cursor.fetchone()
    if not has_only_read:
        return tuple(streets)
    if streets is not None:
        known = _Known(change, time.monotonic(), tuple(streets))
    with _lock:
        _known[scope.companies] = known
        _known.move_to_end(scope.companies)
        while len(_known) > MOST:
            _known.popitem(last=False)
    return known.streets


def forget() -> None:
    """Another database is asked from here on."""
    with _lock:
        _known.clear()
