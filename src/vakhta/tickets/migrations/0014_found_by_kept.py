"""A list of those that kept a norm: what only few of years kept is found by the norm, not by reading them all."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("tickets", "0013_counted_words")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "clock",
            models.Index(
                fields=["norm"],
                condition=models.Q(breached_at__isnull=True, stopped_at__isnull=False, is_ended=False),
                name="clock_kept",
            ),
        ),
    ]
