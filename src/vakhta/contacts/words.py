"""Words of contacts that have no ticket of their own; a contact that became one is found by its ticket's words
(docs/adr/0006-lists.md)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from vakhta.tickets.words import LEXEMES, LONGEST

from .models import ContactWord

INDEX = f"""
INSERT INTO contacts_contactword (company_id, interaction_id, word)
SELECT DISTINCT c.company_id, c.id, left(lexeme, {LONGEST})
FROM contacts_interaction c, {LEXEMES.format("c.caller, c.text, c.description, c.address")}
WHERE (c.ticket_id IS NULL OR c.outcome = 'addition') AND """  # nosec B608  # a number of this module only
"""The words of the contacts that the condition behind it names."""


def index_contacts(contacts: Iterable[int]) -> None:
    """Writes the words of these contacts anew. Two statements."""
    ids = sorted(contacts)
    ContactWord.objects.filter(interaction_id__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"{INDEX} c.id = ANY (%s::bigint[])", (ids,))
