"""Заявка: the ticket, its clock rows, its files. References within a company are checked by `SameCompany` alone."""

from __future__ import annotations

from datetime import time
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company, Staff
from vakhta.places.models import Building, Person, Premises


class OldJournal(ScopedModel):
    """Перенесённый журнал: a journal that the service kept before, in Excel or elsewhere, and whose tickets
    were carried over. It is one however often its file is brought: `digest` is of the file."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    """Of the file, as its sender calls it."""
    digest = models.CharField(max_length=64)
    brought_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "digest"], name="one_old_journal_per_file")
        ]

    def __str__(self) -> str:
        return self.name


class Ticket(ScopedModel):
    """`company` is whose building it is; `centre` keeps the journal and gives the number."""

    is_lent: ClassVar = True

    STATES: ClassVar = (
        ("registered", "зарегистрирована"),
        ("returned", "возвращена"),
        ("assigned", "передана"),
        ("accepted", "принята исполнителем"),
        ("on_the_way", "бригада в пути"),
        ("on_site", "бригада на месте"),
        ("contained", "локализована"),
        ("done", "выполнена"),
        ("closed", "закрыта"),
        ("merged", "объединена"),
        ("voided", "аннулирована"),
    )
    FREE: ClassVar = ("registered", "returned")
    """Nobody has it: new, or returned by its applicant."""
    OPEN: ClassVar = (*FREE, "assigned", "accepted", "on_the_way", "on_site", "contained")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    centre = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=16, default="")
    """"26-204337"; empty only inside the transaction that registers. «П-17» of one that was carried over from
    an old journal: it has a name of its own and no place among our numbers."""
    state = models.CharField(max_length=12, choices=STATES, default="registered")
    classifier = models.CharField(max_length=60)
    severity = models.CharField(max_length=12)
    description = models.TextField(blank=True, default="")
    building = models.ForeignKey(
        Building,
        null=True,
        on_delete=models.PROTECT,
        related_name="tickets",
        db_constraint=False,
        db_index=False,
    )
    premises = models.ForeignKey(
        Premises, null=True, on_delete=models.PROTECT, related_name="tickets", db_constraint=False
    )
    address = models.CharField(max_length=250, blank=True, default="")
    """As it was when registered; the only address when the building is not in the stock."""
    person = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
        db_constraint=False,
        db_index=False,
    )
    applicant = models.CharField(max_length=160, blank=True, default="")
    phone = models.CharField(max_length=16, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    wants_letters = models.BooleanField(default=True, db_default=True)
    channel = models.CharField(max_length=12, default="phone")
    registered_at = models.DateTimeField()
    damage_at = models.DateTimeField(null=True)
    norms = models.JSONField(default=list)
    """Snapshot of the norms, as in TicketRegistered.norms."""
    zone = models.CharField(max_length=40, default="Europe/Moscow")
    done_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", db_constraint=False
    )
    version = models.PositiveIntegerField(default=1)
    """Grows with each change: who saves an older version is told."""
    old_journal = models.ForeignKey(
        OldJournal,
        null=True,
        on_delete=models.PROTECT,
        related_name="tickets",
        db_constraint=False,
        db_index=False,
    )
    """Where it was carried over from; None of a ticket that was registered here. It is closed, has no norms and no
    clocks, and its nature is a guess by its words."""
    old_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    """As the old journal wrote it; empty when it had none."""
    old_key = models.CharField(max_length=32, blank=True, default="", db_default="")
    """What its row is known by when it is brought again: `tickets.old.OldTicket.key`."""

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["centre", "number"], condition=~Q(number=""), name="one_ticket_per_number"
            ),
            models.UniqueConstraint(
                fields=["company", "old_key"],
                condition=~Q(old_key=""),
                name="one_old_ticket_per_row",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["building", "-registered_at"]),
            models.Index(fields=["person"]),
            models.Index(fields=["company", "-registered_at"]),
            models.Index(fields=["number"], name="ticket_number"),
            models.Index(fields=["done_at"], condition=Q(state="done"), name="ticket_unanswered"),
            models.Index(fields=["-registered_at", "-id"], name="ticket_newest"),
            models.Index(fields=["classifier", "-registered_at"], name="ticket_by_nature"),
            models.Index(fields=["severity", "-registered_at"], name="ticket_by_severity"),
            models.Index(fields=["channel", "-registered_at"], name="ticket_by_channel"),
            models.Index(fields=["-registered_at"], condition=Q(state="done"), name="ticket_done"),
            models.Index(
                fields=["-registered_at"], condition=Q(state__in=["merged", "voided"]), name="ticket_gone"
            ),
            models.Index(
                fields=["-registered_at"],
                condition=Q(state__in=["assigned", "accepted", "on_the_way", "on_site", "contained"]),
                name="ticket_in_work",
            ),
            models.Index(fields=["phone"], name="ticket_by_phone", condition=~Q(phone="")),
            models.Index(
                fields=["old_journal"], name="ticket_of_old_journal", condition=Q(old_journal__isnull=False)
            ),
            models.Index(fields=["old_number"], name="ticket_by_old_number", condition=~Q(old_number="")),
            models.Index(
                fields=["-registered_at"], name="ticket_carried_over", condition=Q(old_journal__isnull=False)
            ),
            models.Index(
                fields=["state", "registered_at"],
                condition=Q(
                    state__in=[
                        "registered",
                        "returned",
                        "assigned",
                        "accepted",
                        "on_the_way",
                        "on_site",
                        "contained",
                    ]
                ),
                name="ticket_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.said_number}"

    @property
    def is_old(self) -> bool:
        """Carried over from an old journal."""
        return self.old_journal_id is not None

    @property
    def has_time(self) -> bool:
        """Is the time of registration known? Many an old journal has the day alone: its beginning stands here."""
        return not self.is_old or self.registered_at.astimezone(ZoneInfo(self.zone)).time() != time.min

    @property
    def said_number(self) -> str:
        """The number that people call it by: of an old ticket the one of its journal."""
        return self.old_number or self.number

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Clock(ScopedModel):
    """One norm's clock of a ticket or a contact: a row that mirrors what `domain.deadlines` says
    of the journal. `fire_at` is when `vakhta clock` must look at it next; NULL when never."""

    is_lent: ClassVar = True

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=40)
    """"ticket/17" or "interaction/5", as in the journal."""
    norm = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    at_risk_at = models.DateTimeField(null=True)
    """NULL while a pause without an end stands before the term."""
    stopped_at = models.DateTimeField(null=True)
    is_paused = models.BooleanField(default=False)
    is_ended = models.BooleanField(default=False)
    """Ended without being met: the ticket was voided or merged, or there is nothing left to do for it."""
    is_recorded_late = models.BooleanField(default=False, db_default=False)
    """Met, and written down after the term. A breach that was written meanwhile stays."""
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    """When `vakhta clock` wrote at-risk and breached; each once."""
    fire_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "norm"], name="one_clock_per_norm"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["fire_at"], condition=Q(fire_at__isnull=False), name="clock_to_fire"),
            models.Index(
                fields=["due_at"], condition=Q(stopped_at__isnull=True, is_ended=False), name="clock_running"
            ),
            models.Index(fields=["stopped_at"], condition=Q(stopped_at__isnull=False), name="clock_stopped"),
            models.Index(fields=["breached_at"], condition=Q(breached_at__isnull=False), name="clock_broken"),
            models.Index(
                fields=["norm"],
                condition=Q(breached_at__isnull=True, stopped_at__isnull=False, is_ended=False),
                name="clock_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.norm}"

    @property
    def subject_pk(self) -> int:
        return int(self.subject.partition("/")[2])


class TicketWord(ScopedModel):
    """A word of a ticket as the russian dictionary reads it: what `tickets.words` finds tickets by."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="words", db_constraint=False, db_index=False
    )
    word = models.CharField(max_length=40, db_collation="C")

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "word"], name="ticket_word_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["word", "ticket"], include=["company"], name="ticket_word"),
        ]
        """With the company, which row security asks for: a word is counted by the index alone."""

    def __str__(self) -> str:
        return self.word


class TicketFile(ScopedModel):
    """A photo or document of a ticket; the bytes lie in the data folder under their digest."""

    is_lent: ClassVar = True

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="files", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [models.Index(fields=["ticket"])]

    def __str__(self) -> str:
        return self.name


class ClassifierEdition(ScopedModel):
    """A centre's own edition of an entry of the classifier; the latest holds. Added, never changed."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    """The centre."""
    classifier = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    edition = models.JSONField()
    """`domain.classifier.editions.Edition.as_dict`"""
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "version"], name="one_edition_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.classifier} {self.version}"


class NormCorrection(models.Model):
    """An administrator's dated correction of a norm (overlay over the code), for the whole
    installation. Mirrors the `NormCorrected` fact that was recorded with it."""

    norm = models.CharField(max_length=60)
    since = models.DateField()
    limit = models.PositiveIntegerField(null=True)
    """seconds"""
    edition = models.CharField(max_length=120, blank=True, default="")
    item = models.CharField(max_length=40, blank=True, default="")
    verified = models.CharField(max_length=12, blank=True, default="")
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["recorded_at"]

    def __str__(self) -> str:
        return f"{self.norm} {self.since}"
