"""An applicant may leave an address and want no letters."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tickets", "0007_returned")]
    operations: ClassVar = [
        migrations.AddField("ticket", "wants_letters", models.BooleanField(db_default=True, default=True)),
    ]
