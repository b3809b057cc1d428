"""Отбор (saved view): the question of a list under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company, Staff


class SavedView(ScopedModel):
    """One person's question to one list, theirs alone or shared with everybody who works for the same company.
    `said` is apart from the rest, so that a resident's name in it goes by 152-ФЗ as it goes everywhere."""

    LISTS: ClassVar = (("tickets", "заявки"), ("contacts", "обращения"))

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=8, choices=LISTS)
    name = models.CharField(max_length=60)
    said = models.CharField(max_length=200, blank=True, default="")
    """Words of the search."""
    asked = models.JSONField(default=dict)
    """Filter, order and columns by their names in the address."""
    is_shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    """The list opens with it for its owner."""
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "list", "name"], condition=Q(removed_at=None), name="one_view_per_name"
            ),
            models.UniqueConstraint(
                fields=["staff", "list"],
                condition=Q(removed_at=None, is_default=True),
                name="one_default_view",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["company", "list"], condition=Q(removed_at=None, is_shared=True), name="view_shared"
            ),
        ]

    def __str__(self) -> str:
        return self.name
