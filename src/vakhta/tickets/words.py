"""Tickets found by the words of their description, place and applicant (docs/adr/0006-lists.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from .models import TicketWord

LONGEST = 40
"""Letters of a word that are kept and compared."""
MOST = 8
"""Words of one question."""
FEW = 2_000
"""Fewer tickets than these are named one by one; of more, the newest are looked through."""
_WORD = re.compile(r"\w+")
INDEX = f"""
INSERT INTO tickets_ticketword (company_id, ticket_id, word)
SELECT DISTINCT t.company_id, t.id, left(lexeme, {LONGEST})
FROM tickets_ticket t,
     unnest(tsvector_to_array(to_tsvector('russian', translate(lower(
         concat_ws(' ', t.description, t.address, t.applicant)), 'ё', 'е')))) AS lexeme
WHERE """  # nosec B608  # a number of this module only
"""The words of the tickets that the condition behind it names."""
_COUNTED = """
SELECT typed.word, lexemes, n = %s AS is_last, (
    SELECT count(*) FROM (
        (SELECT 1 FROM tickets_ticketword AS kept WHERE kept.word = ANY (lexemes) LIMIT %s)
        UNION ALL
        (SELECT 1 FROM tickets_ticketword AS kept
         WHERE n = cardinality(words) AND kept.word >= %s AND kept.word < %s AND kept.word <> ALL (lexemes)
         LIMIT %s)
        LIMIT %s
    ) AS found
)
FROM (SELECT %s::text[] AS words) AS said,
     unnest(words) WITH ORDINALITY AS typed (word, n),
     to_tsvector('russian', typed.word) AS vector,
     tsvector_to_array(vector) AS lexemes
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
    """One typed word as a condition on rows of `TicketWord`, and how many tickets have it, at most `FEW`."""

    rows: Q
    count: int


def words_of(text: str) -> list[Asked]:
    """What the text asks for, the rarest word first; the last word may be only begun. Words that say nothing
    («и», «в») are passed over. One query, none for a text without words."""
    typed = _WORD.findall(text.casefold().replace("ё", "е"))[:MOST]
    if not typed:
        return []
    begun = typed[-1][:LONGEST]
    with connection.cursor() as cursor:
        end = f"{begun[: LONGEST - 1]}\U0010ffff"
        cursor.execute(_COUNTED, (len(typed), FEW, begun, end, FEW, FEW, typed))
        counted: list[tuple[str, list[str], bool, int]] = cursor.fetchall()
    asked = []
    for _word, lexemes, is_last, count in counted:
        rows = Q(word__in=[lexeme[:LONGEST] for lexeme in lexemes])
        if is_last:
            rows |= Q(word__gte=begun, word__lt=end)
        if lexemes or is_last:
            asked.append(Asked(rows, count))
    return sorted(asked, key=lambda word: word.count)
