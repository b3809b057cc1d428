"""The journal's tables, the followers' cursors, the counters of gapless numbers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from vakhta.kernel.tenancy import ScopedModel


class Entry(ScopedModel):
    """One fact in the journal. Written only by the database function `journal_append`; the
    application has SELECT and nothing else. `company_id` is the company whose row changed,
    `centre_id` the dispatch centre that keeps the journal."""

    is_lent: ClassVar = True

    id = models.BigIntegerField(primary_key=True)
    company_id = models.BigIntegerField()
    centre_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    subjects = ArrayField(models.TextField())
    body = models.JSONField()
    hash = models.BinaryField()

    class Meta(ScopedModel.Meta):
        db_table = "journal_entry"
        indexes: ClassVar = [
            models.Index(fields=["company_id", "happened_at"], name="journal_by_company"),
            models.Index(fields=["id"], condition=models.Q(kind="EntryParked"), name="journal_parked"),
            models.Index(
                fields=["id"],
                condition=models.Q(kind__in=("OverdueErased", "PersonErased")),
                name="journal_erasures",
            ),
            models.Index(
                fields=["kind", "happened_at"],
                condition=models.Q(kind__in=("TicketRegistered", "InteractionReceived")),
                name="journal_arrivals",
            ),
            models.Index(
                fields=["company_id", "-id"], condition=models.Q(kind="StockChanged"), name="journal_stock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"


class EntrySubject(ScopedModel):
    """Which entries speak of "ticket/17": the way from a thing to its history."""

    is_lent: ClassVar = True

    pk = models.CompositePrimaryKey("subject", "entry_id")
    subject = models.CharField(max_length=60)
    entry_id = models.BigIntegerField()
    company_id = models.BigIntegerField()

    class Meta(ScopedModel.Meta):
        db_table = "journal_subject"

    def __str__(self) -> str:
        return f"{self.subject} {self.entry_id}"


class EntryWords(ScopedModel):
    """Personal words of an entry, deletable by 152-ФЗ; their salted digests stand in the entry."""

    is_lent: ClassVar = True

    entry_id = models.BigIntegerField(primary_key=True)
    company_id = models.BigIntegerField()
    salt = models.BinaryField()
    words = models.JSONField()

    class Meta(ScopedModel.Meta):
        db_table = "journal_words"

    def __str__(self) -> str:
        return str(self.entry_id)


class Look(ScopedModel):
    """Somebody saw what is personal: a card, a ticket, a flat's people, a list saved as a file (ADR 0013). The
    application may add rows and read them, nothing else; there are no words of residents in them."""

    HOWS: ClassVar = (("opened", "открыто"), ("printed", "напечатано"), ("saved", "сохранено файлом"))

    id = models.BigAutoField(primary_key=True)
    company_id = models.BigIntegerField()
    """Whose thing was seen; of a list, whom its reader works for."""
    actor = models.CharField(max_length=60)
    """As in the journal: "staff/7"."""
    subject = models.CharField(max_length=60)
    """"ticket/17", "interaction/5", "premises/9", "list/tickets"."""
    how = models.CharField(max_length=8, choices=HOWS)
    at = models.DateTimeField()
    slot = models.BigIntegerField()
    """The piece of time that one look stands for (`looks.ONE_FOR`)."""
    detail = models.JSONField(default=dict)
    """Of a file: its kind, its rows, what was asked for in words."""

    class Meta(ScopedModel.Meta):
        db_table = "look"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "actor", "how", "slot"], name="one_look_per_slot"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="look_newest"),
            models.Index(fields=["actor", "-at"], name="look_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.how} {self.subject}"


class Counter(models.Model):
    """The last number given in a series of a centre and year; its row is the lock."""

    centre_id = models.BigIntegerField()
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.BigIntegerField(default=0)

    class Meta:
        db_table = "numbering_counter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre_id", "series", "year"], name="one_counter_per_series")
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.series} {self.year}: {self.last}"


class Cursor(models.Model):
    """How far a follower has read. Moved in the transaction of the follower's effects."""

    follower = models.CharField(max_length=40, primary_key=True)
    entry = models.BigIntegerField(default=0)
    failing = models.BigIntegerField(default=0)
    """The entry that failed last, and how often."""
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "follower_cursor"

    def __str__(self) -> str:
        return f"{self.follower} {self.entry}"


class Heartbeat(models.Model):
    """When a running part last said that it works; shown to the administrator and to `check`."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "heartbeat"

    def __str__(self) -> str:
        return self.part
