from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_staff_is_ready")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="pause_reason",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]
