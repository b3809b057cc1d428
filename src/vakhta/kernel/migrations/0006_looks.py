"""Who saw what is personal: rows that the application may add and read, never change or remove."""

from typing import ClassVar

from django.db import migrations, models

from vakhta.kernel.tenancy import AppendOnly, RowSecurity


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0005_append_in_scope")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("company_id", models.BigIntegerField()),
                ("actor", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=60)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("opened", "открыто"),
                            ("printed", "напечатано"),
                            ("saved", "сохранено файлом"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("slot", models.BigIntegerField()),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "look",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="look_newest"),
                    models.Index(fields=["actor", "-at"], name="look_of_actor"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "actor", "how", "slot"), name="one_look_per_slot"
                    )
                ],
            },
        ),
        RowSecurity("look"),
        AppendOnly("look"),
    ]
