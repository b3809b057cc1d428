"""The list of contacts: the newest first, and those of one phone."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("contacts", "0005_letters")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "interaction", models.Index(fields=["-received_at", "-id"], name="interaction_newest")
        ),
        AddIndexConcurrently(
            "interaction",
            models.Index(
                fields=["phone", "-received_at"], condition=~models.Q(phone=""), name="interaction_by_phone"
            ),
        ),
    ]
