"""The signed link that shows a resident the ticket without a password. It names the ticket and
nothing personal; it cannot be guessed or changed, and it ends after a year."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

SALT = "vakhta.ticket-link"
VALID_FOR = 366 * 24 * 3600
"""seconds"""


def ticket_link(ticket: int) -> str:
    """The path of the resident's page of a ticket."""
    return reverse("cabinet:ticket", args=[signing.dumps(ticket, salt=SALT)])


def linked_ticket(token: str) -> int | None:
    """The ticket that a link names; None when it is forged or too old."""
    try:
        found = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
