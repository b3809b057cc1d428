"""A correction may name the item of the act where a norm stands: «пункт не установлен» was for ever."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tickets", "0005_words")]
    operations: ClassVar = [
        migrations.AddField("normcorrection", "item", models.CharField(blank=True, default="", max_length=40)),
    ]
