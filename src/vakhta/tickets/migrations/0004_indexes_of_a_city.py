"""Indexes that a city needs: a ticket by its number alone, the clocks that stopped today."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    """Built beside the work: nobody waits for an index."""

    dependencies: ClassVar = [("tickets", "0003_norm_corrections_stay")]

    operations: ClassVar = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["number"], name="ticket_number"),
        ),
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                fields=["stopped_at"],
                condition=models.Q(("stopped_at__isnull", False)),
                name="clock_stopped",
            ),
        ),
    ]
