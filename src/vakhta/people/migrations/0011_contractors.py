"""The role of a contractor's office. No table changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0010_duty_removed")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(state_operations=[
        migrations.AlterField(
            "staff",
            "role",
            models.CharField(
                choices=[
                    ("operator", "Диспетчер"),
                    ("senior", "Старший диспетчер"),
                    ("foreman", "Мастер"),
                    ("technician", "Исполнитель"),
                    ("client", "Представитель управляющей организации"),
                    ("contractor", "Подрядчик"),
                    ("inspector", "Инспектор"),
                    ("administrator", "Администратор"),
                ],
                max_length=20,
            ),
        )
        ])
    ]
