"""What was taken away from a crew within the hour, for its phone."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("crews", "0008_lent")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "workorder",
            models.Index(
                fields=["ended_at"], condition=models.Q(state="withdrawn"), name="work_order_withdrawn"
            ),
        ),
    ]
