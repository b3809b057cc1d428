"""One announcement for houses of several companies; who ended an outage or withdrew it, and the indexes of what stands."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    """The indexes are built beside the work."""

    dependencies: ClassVar = [("incidents", "0002_scope")]

    operations: ClassVar = [
        migrations.AddField("outage", "announcement", models.UUIDField(blank=True, null=True)),
        migrations.AddField("outage", "ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("outage", "withdrawn_at", models.DateTimeField(blank=True, null=True)),
        AddIndexConcurrently("outage", models.Index(fields=["announcement"], name="outage_of_announcement")),
        AddIndexConcurrently(
            "outage",
            models.Index(
                fields=["until"],
                condition=models.Q(ended_at=None, withdrawn_at=None),
                name="outages_that_stand",
            ),
        ),
    ]
