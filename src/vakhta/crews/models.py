"""Бригада and наряд: who does the work, and how far it is."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vakhta.domain.routes import WORK_ORDER
from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company, Staff
from vakhta.tickets.models import Ticket


class Crew(ScopedModel):
    """A crew of a centre or company, with the skills that the classifier names."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="crews")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    skills = ArrayField(models.CharField(max_length=30), default=list)
    members = models.ManyToManyField(Staff, related_name="crews", through="CrewMember")
    is_active = models.BooleanField(default=True)

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="one_crew_per_number")
        ]

    def __str__(self) -> str:
        return self.name


class CrewMember(ScopedModel):
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    crew = models.ForeignKey(Crew, on_delete=models.CASCADE, related_name="memberships")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="memberships")

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["crew", "staff"], name="once_in_a_crew")]

    def __str__(self) -> str:
        return f"{self.crew_id} {self.staff_id}"


class WorkOrder(ScopedModel):
    """One hand-over of a ticket to a crew or a technician. At most one open for a ticket."""

    is_lent: ClassVar = True

    STATES: ClassVar = tuple(WORK_ORDER.states.items())
    OPEN: ClassVar = ("offered", "accepted", "on_the_way", "on_site", "contained", "no_access")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="work_orders", db_constraint=False
    )
    crew = models.ForeignKey(Crew, null=True, on_delete=models.PROTECT, related_name="work_orders")
    assignee = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="work_orders")
    state = models.CharField(max_length=12, choices=STATES, default="offered")
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    question = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    keys = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    """Keys of the technician's last forms: a form that a phone sends twice is done once."""

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(
                    state__in=["offered", "accepted", "on_the_way", "on_site", "contained", "no_access"]
                ),
                name="one_open_order_per_ticket",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["crew", "offered_at"], condition=Q(ended_at__isnull=True), name="work_order_of_crew"
            ),
            models.Index(fields=["ended_at"], condition=Q(state="done"), name="work_order_done"),
            models.Index(fields=["ended_at"], condition=Q(state="withdrawn"), name="work_order_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"наряд {self.pk}"

    @property
    def performer(self) -> Crew | Staff | None:
        """The crew, or the technician whom it was given to alone."""
        return self.crew or self.assignee


class BulkRun(ScopedModel):
    """One act on many tickets that somebody chose in a list, or its undo. What is done stands in the journal, ticket
    by ticket; this is how far it is, and what was refused. Kept for a day (`bulk.begin`)."""

    WHATS: ClassVar = (
        ("assign", "Передать бригаде"),
        ("take_back", "Забрать у бригады"),
        ("comment", "Комментарий"),
        ("void", "Аннулировать"),
        ("pause", "Приостановить"),
    )

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=WHATS)
    crew = models.ForeignKey(Crew, null=True, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=30, blank=True, default="")
    """Of a pause: one of PAUSE_REASONS."""
    until = models.DateTimeField(null=True)
    text = models.TextField(blank=True, default="")
    """Comment, reason or explanation."""
    made_at = models.DateTimeField()
    is_undoing = models.BooleanField(default=False)
    is_stopped = models.BooleanField(default=False)

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [models.Index(fields=["staff", "made_at"], name="bulk_run_of_staff")]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


class BulkItem(ScopedModel):
    """A ticket of a run, and what became of it."""

    STATES: ClassVar = (
        ("waiting", "ждёт"),
        ("done", "сделано"),
        ("refused", "отказано"),
        ("undone", "отменено"),
        ("kept", "отменить нельзя"),
    )

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    """Of the ticket as it was chosen: one that somebody has moved since is refused."""
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    message = models.CharField(max_length=500, blank=True, default="")
    """Why it was refused, or why it cannot be undone."""
    at = models.DateTimeField(null=True)
    """When it was done: the moment of its facts."""

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "ticket"], name="once_in_a_bulk_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.ticket_id} {self.state}"
