"""An applicant may leave an address and want no letters."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contacts", "0004_key_digest")]
    operations: ClassVar = [
        migrations.AddField(
            "interaction", "wants_letters", models.BooleanField(db_default=True, default=True)
        ),
    ]
