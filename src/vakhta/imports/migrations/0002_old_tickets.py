"""Tables of old journals come the same way as those of the stock."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies: ClassVar = [("imports", "0001_initial"), ("tickets", "0010_old_journals")]
    operations: ClassVar = [
        migrations.AddField(
            "importrun",
            "kind",
            models.CharField(
                choices=[("stock", "жилищный фонд"), ("tickets", "прежний журнал")],
                db_default="stock",
                default="stock",
                max_length=8,
            ),
        ),
        migrations.AddField("importrun", "keeps_unknown", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "importrun",
            "old_journal",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tickets.oldjournal",
                db_constraint=False,
                db_index=False,
            ),
        ),
        migrations.AddField(
            "importrun",
            "back_reason",
            models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            "importrun",
            "notes",
            models.JSONField(db_default=Value({}, output_field=models.JSONField()), default=dict),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "importrun",
                    "state",
                    models.CharField(
                        choices=[
                            ("match", "ждёт столбцов"),
                            ("queued", "в очереди"),
                            ("running", "идёт"),
                            ("looked", "проверено"),
                            ("done", "загружено"),
                            ("stopped", "остановлено"),
                            ("failed", "не читается"),
                            ("back", "перенос отменён"),
                        ],
                        default="match",
                        max_length=8,
                    ),
                )
            ]
        ),
    ]
