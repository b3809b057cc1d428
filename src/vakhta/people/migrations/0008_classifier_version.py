"""A centre counts the editions of its own classifier."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_who_makes_staff")]
    operations = [
        migrations.AddField("company", "classifier_version", models.PositiveIntegerField(db_default=0, default=0))
    ]
