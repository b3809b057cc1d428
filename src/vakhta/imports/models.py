"""Загрузка (import run): one table of a company on its way into the stock or among the tickets."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q, Value

from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company, Staff
from vakhta.tickets.models import OldJournal


class ImportRun(ScopedModel):
    """A file that somebody brought, what its columns mean, and what has become of its rows. Words of residents in it
    (`samples`, `examples`, `wrong`, the file itself) are dropped a week after its end (`runs.tidy`)."""

    KINDS: ClassVar = (("stock", "жилищный фонд"), ("tickets", "прежний журнал"))
    STATES: ClassVar = (
        ("match", "ждёт столбцов"),
        ("queued", "в очереди"),
        ("running", "идёт"),
        ("looked", "проверено"),
        ("done", "загружено"),
        ("stopped", "остановлено"),
        ("failed", "не читается"),
        ("back", "перенос отменён"),
    )
    WAITING: ClassVar = ("queued", "running")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=KINDS, default="stock", db_default="stock")
    keeps_unknown = models.BooleanField(default=False, db_default=False)
    """Of old tickets: one whose house is not found is carried over without it."""
    old_journal = models.ForeignKey(
        OldJournal,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    """What the file's tickets were carried over as; None before that and once it was taken back."""
    back_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    """Why all of it is to be taken back; while it waits for a worker."""
    name = models.CharField(max_length=200)
    """Of the file, as its sender calls it."""
    digest = models.CharField(max_length=64, blank=True, default="")
    """Of the stored file; empty once it was dropped."""
    city = models.CharField(max_length=60, blank=True, default="")
    headings = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    """The first rows, to see what a column holds."""
    said = models.JSONField(default=dict)
    """Heading → field, or "" to pass it over; what nobody said is guessed by the heading."""
    state = models.CharField(max_length=8, choices=STATES, default="match")
    is_dry = models.BooleanField(default=True)
    wants_stop = models.BooleanField(default=False)
    owner = models.PositiveIntegerField(default=0)
    """Which process reads it (`kernel.claims`); 0 is nobody."""
    total = models.PositiveIntegerField(default=0)
    """Rows that the last whole reading found; 0 before one."""
    rows = models.PositiveIntegerField(default=0)
    bad_rows = models.PositiveIntegerField(default=0)
    added = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    notes = models.JSONField(default=dict, db_default=Value({}, output_field=models.JSONField()))
    """What else there is to know of its rows → how many."""
    examples = models.JSONField(default=list)
    wrong = models.JSONField(default=list)
    """[row, column, reason, sheet] of the bad rows that are kept; a run of the first days has no sheet."""
    message = models.CharField(max_length=500, blank=True, default="")
    """Why it failed, in human words."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state__in=["queued", "running"]), name="import_waiting"),
            models.Index(fields=["company", "-id"], name="import_of_company"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
