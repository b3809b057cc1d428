"""Обращение: a contact of a resident, from its arrival to how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company, Staff
from vakhta.places.models import Building, Person, Premises
from vakhta.tickets.models import Ticket


class Interaction(ScopedModel):
    """`company` is the centre itself until the building tells whose contact it is."""

    CHANNELS: ClassVar = (
        ("phone", "телефон"),
        ("email", "почта"),
        ("web", "кабинет"),
        ("chat", "чат"),
        ("messenger", "мессенджер"),
        ("lift", "лифт"),
        ("partner", "партнёр"),
        ("walk_in", "лично"),
    )
    SPOKEN: ClassVar = ("phone", "lift", "walk_in")
    """Channels where a person waits on the line or at the window; the others are messages."""
    OUTCOMES: ClassVar = (
        ("ticket", "заявка"),
        ("addition", "дополнение к заявке"),
        ("consultation", "консультация"),
        ("redirected", "перенаправлено"),
        ("not_ours", "не наш адрес"),
        ("silence", "тишина или спам"),
    )

    calls_around: int = 0
    """How many have come from its house within the hour, where `queries.with_card` asked."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="interactions")
    centre = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=CHANNELS)
    state = models.CharField(max_length=8, default="queued")
    """queued, taken, ended"""
    is_emergency = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="interactions")
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True, default="")
    ticket = models.ForeignKey(
        Ticket,
        null=True,
        on_delete=models.PROTECT,
        related_name="interactions",
        db_constraint=False,
        db_index=False,
    )

    caller = models.CharField(max_length=160, blank=True, default="")
    phone = models.CharField(max_length=16, blank=True, default="")
    """E.164 when it is a number, else as it came."""
    email = models.EmailField(blank=True, default="")
    wants_letters = models.BooleanField(default=True, db_default=True)
    """Whether letters about the ticket go there: no consent is needed for them (152-ФЗ), a wish is heard."""
    address = models.CharField(max_length=250, blank=True, default="")
    text = models.TextField(blank=True, default="")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="interactions", db_constraint=False
    )
    building = models.ForeignKey(
        Building,
        null=True,
        on_delete=models.PROTECT,
        related_name="interactions",
        db_constraint=False,
        db_index=False,
    )
    premises = models.ForeignKey(
        Premises, null=True, on_delete=models.PROTECT, related_name="interactions", db_constraint=False
    )
    classifier = models.CharField(max_length=60, blank=True, default="")
    description = models.TextField(blank=True, default="")
    typed = models.JSONField(null=True, blank=True)
    """Words of the applicant's form that are typed and not saved yet, by `actions.TYPED`; null when none are. No
    fact: whoever holds the card goes on with them."""
    steps = models.JSONField(default=dict, blank=True)
    """Step number → {"at": moment, "skipped"?: true}: the nine steps at a glance; the journal
    holds the facts."""
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - NULL = no key, unique otherwise
    """Idempotency key of the sender, within its centre."""
    key_digest = models.CharField(max_length=64, blank=True, default="")
    """SHA-256 of what came with the key: the same key may not bring something else."""

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre", "key"], name="one_interaction_per_key"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["centre", "received_at"],
                condition=Q(state__in=["queued", "taken"]),
                name="interaction_open",
            ),
            models.Index(fields=["ticket"]),
            models.Index(fields=["building", "-received_at"]),
            models.Index(fields=["-received_at", "-id"], name="interaction_newest"),
            models.Index(fields=["outcome", "-received_at"], name="interaction_by_outcome"),
            models.Index(fields=["channel", "-received_at"], name="interaction_by_channel"),
            models.Index(
                fields=["phone", "-received_at"], condition=~Q(phone=""), name="interaction_by_phone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%H:%M}"


class ContactWord(ScopedModel):
    """A word of a contact without a ticket of its own, as `tickets.TicketWord`. No reference is checked: a contact may
    still turn out to be another company's, and its words follow it."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    word = models.CharField(max_length=40, db_collation="C")

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interaction", "word"], name="contact_word_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["word", "interaction"], include=["company"], name="contact_word"),
        ]

    def __str__(self) -> str:
        return self.word


class Presence(ScopedModel):
    """Who has a card open now: refreshed by the page every 15 seconds, forgotten after 40."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=40)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "staff"], name="one_presence_per_card"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.staff_id}"
