"""Оповещение: what is to be delivered to whom, and how far it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company


class Delivery(ScopedModel):
    """One letter to one address. `key` makes a repeated reaction harmless; `message_id` makes a
    letter that was sent twice recognisable as one."""

    STATES: ClassVar = (
        ("queued", "в очереди"),
        ("sending", "отправляется"),
        ("sent", "отправлено"),
        ("failed", "не доставлено"),
        ("dropped", "отменено"),
    )

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    ticket_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12, default="email")
    template = models.CharField(max_length=40)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=STATES, default="queued")
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """Not before this moment: the ten seconds of undo, or the next try."""
    owner = models.PositiveIntegerField(default=0)
    """Who is sending it (`kernel.claims`); 0 is nobody."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")
    message_id = models.CharField(max_length=120)
    key = models.CharField(max_length=120, unique=True)

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["queued", "sending"]), name="delivery_due"
            ),
            models.Index(fields=["ticket_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"
