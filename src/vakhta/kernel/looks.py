"""Who saw what is personal: a register beside the journal (ADR 0013).

A look changes nothing of the service, so it is no fact: written into the chained journal it would take the one
lock of all changes for every page that is opened. It is a row that the application can add and read, never change
or remove. It is written in the transaction of the page: who was shown a card is in the register, and whom the
register cannot take is shown no card.
"""

from __future__ import annotations

from datetime import timedelta

from vakhta.kernel import clock
from vakhta.kernel.models import Look
from vakhta.kernel.tenancy import current_scope

ONE_FOR = timedelta(minutes=10)
"""Of one person at one thing there is at most one look in so long: a page that refreshes itself writes no more."""


def looked(subject: str, *, company: int, how: str = "opened", **detail: object) -> None:
    """The running scope's person sees `subject`, of `company`. One query; nothing for the system's own parts.
    `how` is one of `Look.HOWS`; each file is a look of its own."""
    scope = current_scope()
    if scope.is_system:
        return
    at = clock.now()
    piece = timedelta(microseconds=1) if how == "saved" else ONE_FOR
    slot = int(at.timestamp() / piece.total_seconds())
    row = Look(
        company_id=company, actor=scope.actor, subject=subject, how=how, at=at, slot=slot, detail=detail
    )
    Look.objects.bulk_create([row], ignore_conflicts=True)
