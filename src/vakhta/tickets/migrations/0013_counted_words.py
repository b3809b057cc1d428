"""How many tickets have a word is counted by the index alone: row security asks for the company, which it now has."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("tickets", "0012_recorded_late")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "ticketword", models.Index(fields=["word", "ticket"], include=["company"], name="ticket_word")
        ),
        RemoveIndexConcurrently("ticketword", "ticket_by_word"),
    ]
