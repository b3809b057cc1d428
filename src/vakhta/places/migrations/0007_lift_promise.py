"""When a lift that stands is promised to go again."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("places", "0006_fewer_keys")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="lift", name="expected_at", field=models.DateTimeField(blank=True, null=True)
        )
    ]
