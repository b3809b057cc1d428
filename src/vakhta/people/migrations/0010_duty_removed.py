from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_signing_in")]

    operations = [
        migrations.AlterModelOptions(
            name="dutycontact",
            options={
                "base_manager_name": "everything",
                "default_manager_name": "objects",
                "ordering": ["place", "name"],
            },
        ),
        migrations.AlterModelManagers(
            name="dutycontact",
            managers=[("objects", models.Manager()), ("everything", models.Manager())],
        ),
        migrations.AddField(
            model_name="dutycontact",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
