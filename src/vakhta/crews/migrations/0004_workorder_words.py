"""The words of a work order's states fit any crew's name; nothing changes in the table."""

from django.db import migrations, models

from vakhta.domain.routes import WORK_ORDER


class Migration(migrations.Migration):
    dependencies = [("crews", "0003_workorder_keys")]

    operations = [
        migrations.AlterField(
            model_name="workorder",
            name="state",
            field=models.CharField(choices=tuple(WORK_ORDER.states.items()), default="offered", max_length=12),
        ),
    ]
