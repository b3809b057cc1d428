"""What was typed of an applicant and not saved yet. Null in the rows that there are, so none is written anew."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contacts", "0008_found_by_outcome")]
    operations: ClassVar = [
        migrations.AddField("interaction", "typed", models.JSONField(blank=True, null=True)),
    ]
