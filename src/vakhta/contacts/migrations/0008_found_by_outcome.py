"""The list of contacts by how they came and how they ended: what only few have is found without reading all."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("contacts", "0007_fewer_keys")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "interaction", models.Index(fields=["outcome", "-received_at"], name="interaction_by_outcome")
        ),
        AddIndexConcurrently(
            "interaction", models.Index(fields=["channel", "-received_at"], name="interaction_by_channel")
        ),
    ]
