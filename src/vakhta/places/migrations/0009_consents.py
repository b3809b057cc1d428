"""Consents of residents: documents, given and taken back."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from vakhta.kernel.tenancy import RowSecurity, SameCompany

OPTIONS: dict[str, Any] = {
    "abstract": False,
    "base_manager_name": "objects",
    "default_manager_name": "objects",
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("places", "0008_name_words")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="places.person",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("mass", "массовые звонки и сообщения"),
                            ("advertising", "реклама"),
                            ("others", "передача сведений другим лицам"),
                        ],
                        max_length=12,
                    ),
                ),
                ("document", models.CharField(max_length=200)),
                ("given_on", models.DateField()),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
            ],
            options={
                **OPTIONS,
                "ordering": ["person_id", "given_on", "id"],
                "indexes": [models.Index(fields=["person"], name="consent_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(withdrawn_on__isnull=True),
                        fields=("person", "purpose"),
                        name="one_standing_consent",
                    )
                ],
            },
        ),
        RowSecurity("places_consent"),
        SameCompany("places_consent", "person_id", "places_person"),
    ]
