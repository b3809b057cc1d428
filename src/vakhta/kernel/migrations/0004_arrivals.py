"""The print-out of a time is chosen by the journal itself: an index of what tickets and contacts begin with."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("kernel", "0003_parked")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "entry",
            models.Index(
                fields=["kind", "happened_at"],
                condition=models.Q(kind__in=("TicketRegistered", "InteractionReceived")),
                name="journal_arrivals",
            ),
        )
    ]
