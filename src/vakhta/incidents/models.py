"""Отключение: what a supplier's telephonogram says of buildings, shown on every card there."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company
from vakhta.places.models import Building

STANDS = Q(ended_at=None, withdrawn_at=None)


class Outage(ScopedModel):
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    services = ArrayField(models.CharField(max_length=20))
    """cold_water, hot_water, sewerage, electricity, gas, heating, waste (the seven of ГИС ЖКХ)"""
    supplier = models.CharField(max_length=120)
    document = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    is_planned = models.BooleanField(default=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    announcement = models.UUIDField(null=True, blank=True)
    """The same of all rows that one announcement made: one for each company whose houses it names. None: alone."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """The supply is back since then; until somebody says so the outage stands, its term over or not."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    buildings = models.ManyToManyField(Building, related_name="outages", through="OutageBuilding")

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["since"]
        indexes: ClassVar = [
            models.Index(fields=["announcement"], name="outage_of_announcement"),
            models.Index(fields=["until"], condition=STANDS, name="outages_that_stand"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.document}"

    def state(self, now: datetime) -> str:
        """withdrawn, ended, coming, current; overdue when its term is over and nobody has said that it ended."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.ended_at is not None:
            return "ended"
        if now >= self.until:
            return "overdue"
        return "current" if now >= self.since else "coming"


class OutageBuilding(ScopedModel):
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outage", "building"], name="building_once_in_outage")
        ]
        indexes: ClassVar = [models.Index(fields=["building"])]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.building_id}"
