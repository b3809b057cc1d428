"""A technician's page counts what was done in the shift, not among the orders of all years."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("crews", "0006_fewer_keys")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "workorder",
            models.Index(fields=["ended_at"], condition=models.Q(state="done"), name="work_order_done"),
        ),
    ]
