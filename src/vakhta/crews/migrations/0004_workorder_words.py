"""The words of a work order's states fit any crew's name; nothing changes in the table."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("crews", "0003_workorder_keys")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "workorder",
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "ещё не принято"),
                            ("accepted", "принято"),
                            ("on_the_way", "в пути"),
                            ("on_site", "на месте"),
                            ("contained", "локализовано"),
                            ("no_access", "нет доступа"),
                            ("done", "выполнено"),
                            ("refused", "отказ"),
                            ("withdrawn", "отозвано"),
                        ],
                        default="offered",
                        max_length=12,
                    ),
                )
            ]
        ),
    ]
