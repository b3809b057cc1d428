from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crews", "0002_scope")]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="keys",
            field=ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
    ]
