"""Tickets found by the words of their description, place and applicant (docs/adr/0006-lists.md); and what else is found
by words in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import DateTimeField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from .models import TicketWord

Row = TypeVar("Row")
FIRST, LAST = (
    Value(end, DateTimeField())
    for end in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
)
NOTHING = Q()
"""Asks for nothing, so everything meets it."""
LONGEST = 40
"""Letters of a word that are kept and compared."""
MOST = 8
"""Words of one question."""
FEW = 2_000
"""Fewer tickets than these are named one by one; of more, the newest are looked through."""
LOOKED, FURTHER = 1_000, 15
"""So many of the newest are looked through for words that are all common, and then what came in so many times that time.
If they have not filled the page, the words hardly ever stand together, and naming the few rows in which they do costs no
more than that walk did."""
_WORD = re.compile(r"\w+")
LEXEMES = """unnest(tsvector_to_array(to_tsvector('russian', translate(lower(
         concat_ws(' ', {})), 'ё', 'е')))) AS lexeme"""
INDEX = f"""
INSERT INTO tickets_ticketword (company_id, ticket_id, word)
SELECT DISTINCT t.company_id, t.id, left(lexeme, {LONGEST})
FROM tickets_ticket t, {LEXEMES.format("t.description, t.address, t.applicant")}
WHERE """  # nosec B608  # a number of this module only
"""The words of the tickets that the condition behind it names."""
_COUNTED = """
SELECT typed.word, lexemes, n = cardinality(words) AS is_last, (SELECT count(*) FROM ({found} LIMIT %(few)s) AS found)
FROM (SELECT %(typed)s::text[] AS words) AS said,
     unnest(words) WITH ORDINALITY AS typed (word, n),
     to_tsvector('russian', typed.word) AS vector,
     tsvector_to_array(vector) AS lexemes
"""
_FOUND = """
(SELECT 1 FROM {table} AS kept WHERE kept.word = ANY (lexemes) LIMIT %(few)s)
UNION ALL
(SELECT 1 FROM {table} AS kept
 WHERE n = cardinality(words) AND kept.word >= %(begun)s AND kept.word < %(end)s AND kept.word <> ALL (lexemes)
 LIMIT %(few)s)
"""


def index_tickets(tickets: Iterable[int], *, are_new: bool = False) -> None:
    """Writes the words of these tickets anew. Two statements, one of tickets that had none yet."""
    ids = sorted(tickets)
    if not are_new:
        TicketWord.objects.filter(ticket_id__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"{INDEX} t.id = ANY (%s::bigint[])", (ids,))


@dataclass(frozen=True)
class Asked:
    """One typed word as a condition on rows of a table of words, and how many have it, at most `FEW`."""

    rows: Q
    count: int


def words_of(text: str, tables: Sequence[str] = ("tickets_ticketword",)) -> list[Asked]:
    """What the text asks for, the rarest word of these tables first; the last word may be only begun. Words that say
    nothing («и», «в») are passed over. One query, none for a text without words."""
    typed = _WORD.findall(text.casefold().replace("ё", "е"))[:MOST]
    if not typed:
        return []
    begun = typed[-1][:LONGEST]
    with connection.cursor() as cursor:
        end = f"{begun[: LONGEST - 1]}\U0010ffff"
        found = "UNION ALL".join(_FOUND.format(table=table) for table in tables)
        cursor.execute(_COUNTED.format(found=found), {"few": FEW, "begun": begun, "end": end, "typed": typed})
        counted: list[tuple[str, list[str], bool, int]] = cursor.fetchall()
    asked = []
    for _word, lexemes, is_last, count in counted:
        rows = Q(word__in=[lexeme[:LONGEST] for lexeme in lexemes])
        if is_last:
            rows |= Q(word__gte=begun, word__lt=end)
        if lexemes or is_last:
            asked.append(Asked(rows, count))
    return sorted(asked, key=lambda word: word.count)


def has(rows: QuerySet[Any]) -> Q:
    """Is there one of `rows`, which name what is looked at by `OuterRef`? Asked of each row that is looked at: as EXISTS
    the database would join all of them first."""
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


def together(table: QuerySet[Any], words: Sequence[Asked], key: str) -> QuerySet[Any]:
    """The keys of the rows that have every one of the words, by the tables of words alone."""
    first, *others = (table.filter(word.rows).order_by().values(key) for word in words)
    return first.intersection(*others) if others else first


def looked_through(
    walk: QuerySet[Any, Any], moment: str, words: Q, size: int, *, are_named: bool
) -> list[int] | None:
    """The ids of the first `size` rows of an ordered `walk` that have the words; None when so many are not near, and what
    has the words is better named, which it can be if `are_named`. `moment`: the field of its order. One query, three
    for words that hardly ever stand together."""
    keys = walk.filter(words).values_list("pk", flat=True)
    if not are_named:
        return in_order(keys[:size])
    near, end = ("lte", LAST) if walk.query.order_by[0] == moment else ("gte", FIRST)
    moments = walk.values_list(moment, flat=True)
    edge = moments[LOOKED : LOOKED + 1]
    found = in_order(keys.filter(**{f"{moment}__{near}": Coalesce(Subquery(edge), end)})[:size])
    if len(found) == size:
        return found
    ends = sorted(in_order(moments[:1].union(edge, all=True)), reverse=near == "gte")
    if len(ends) < 2:
        return found
    far = ends[0] + (ends[1] - ends[0]) * FURTHER
    found = in_order(keys.filter(**{f"{moment}__{near}": far})[:size])
    return found if len(found) == size else None


def in_order(keys: QuerySet[Any, Row]) -> list[Row]:
    """Looks through the rows in the order of an index; the database would rather read all and sort."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_sort', 'off', true), set_config('jit', 'off', true)")
        found: list[Row] = list(keys)
        cursor.execute("SELECT set_config('enable_sort', 'on', true)")
    return found
