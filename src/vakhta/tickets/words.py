"""Tickets found by the words of their description, place and applicant (docs/adr/0006-lists.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from .models import TicketWord

LONGEST = 40
"""Letters of a word that are kept and compared."""
MOST = 8
"""Words of one question."""
_WORD = re.compile(r"\w+")
_INDEX = """
INSERT INTO tickets_ticketword (company_id, ticket_id, word)
SELECT DISTINCT t.company_id, t.id, left(lexeme, %s)
FROM tickets_ticket t,
     unnest(tsvector_to_array(to_tsvector('russian', translate(lower(
         concat_ws(' ', t.description, t.address, t.applicant)), 'ё', 'е')))) AS lexeme
WHERE t.id = ANY (%s::bigint[])
"""
_LEXEMES = """
SELECT word, tsvector_to_array(to_tsvector('russian', word)) FROM unnest(%s::text[]) AS word
"""


def index_tickets(tickets: Iterable[int]) -> None:
    """Writes the words of these tickets anew. Two statements."""
    ids = sorted(tickets)
    TicketWord.objects.filter(ticket_id__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, (LONGEST, ids))


def with_words(text: str) -> Q:
    """The condition on tickets that they have all these words, the last of which may be only begun. Words
    that say nothing («и», «в») are passed over. One query, none for a text without words."""
    typed = _WORD.findall(text.casefold().replace("ё", "е"))[:MOST]
    if not typed:
        return Q()
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES, (typed,))
        lexemes: dict[str, list[str]] = dict(cursor.fetchall())
    condition = Q()
    for place, word in enumerate(typed):
        is_last = place == len(typed) - 1
        whole = Q(word__in=[lexeme[:LONGEST] for lexeme in lexemes[word]])
        if is_last:
            whole |= Q(word__gte=word[:LONGEST], word__lt=word[: LONGEST - 1] + "\U0010ffff")
        if lexemes[word] or is_last:
            condition &= Q(pk__in=TicketWord.objects.filter(whole).values("ticket_id"))
    return condition
