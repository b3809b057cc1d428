"""What of the letters is asked by pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from .models import Delivery

STUCK = 2
"""Tries without success: one refusal may be a letter's own, and its next try comes ten seconds later."""


@dataclass(frozen=True)
class Waiting:
    """Letters that were tried again and not taken; `since`: when the oldest of them was written."""

    count: int
    since: datetime


def waiting() -> Waiting | None:
    """Of the scope; None when every letter leaves. One query, by the index of what is due."""
    found = Delivery.objects.filter(state="queued", attempts__gte=STUCK).aggregate(
        count=Count("pk"), since=Min("queued_at")
    )
    return Waiting(**found) if found["count"] else None
