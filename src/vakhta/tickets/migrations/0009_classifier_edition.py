"""A centre's own editions of the classifier: the application adds them, and changes and removes none."""

import django.db.models.deletion
from django.db import migrations, models

from vakhta.kernel.tenancy import AppendOnly, RowSecurity


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_letters"), ("people", "0008_classifier_version")]
    operations = [
        migrations.CreateModel(
            name="ClassifierEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("classifier", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("edition", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("recorded_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.company"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
            ],
            options={
                "ordering": ["version"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "version"), name="one_edition_per_version")
                ],
            },
        ),
        RowSecurity("tickets_classifieredition"),
        AppendOnly("tickets_classifieredition"),
    ]
