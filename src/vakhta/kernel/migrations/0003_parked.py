"""How many entries were set aside is asked every few seconds: an index of these alone."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("kernel", "0002_journal")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "entry",
            models.Index(fields=["id"], condition=models.Q(kind="EntryParked"), name="journal_parked"),
        )
    ]
