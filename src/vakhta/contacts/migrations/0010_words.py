"""Words of contacts without a ticket. They are read from the journal by their follower, old ones too."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from vakhta.kernel.tenancy import RowSecurity


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contacts", "0009_typed"), ("people", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ContactWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(db_collation="C", max_length=40)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.interaction",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["word", "interaction"], include=["company"], name="contact_word")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("interaction", "word"), name="contact_word_once")
                ],
            },
        ),
        RowSecurity("contacts_contactword"),
    ]
