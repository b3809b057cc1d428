from django.db import migrations, models


class Migration(migrations.Migration):
    """A letter is held by a living owner, and no longer for a time."""

    dependencies = [("notices", "0002_scope")]

    operations = [
        migrations.AddField("delivery", "owner", models.PositiveIntegerField(default=0)),
        migrations.RemoveField("delivery", "lease_until"),
    ]
