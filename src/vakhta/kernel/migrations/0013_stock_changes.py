"""When the housing stock of a company last changed, found without reading its history."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("kernel", "0012_scope_read_by_whoever_waited")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "entry",
            models.Index(
                fields=["company_id", "-id"], condition=models.Q(kind="StockChanged"), name="journal_stock"
            ),
        )
    ]
