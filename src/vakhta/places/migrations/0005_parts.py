"""Entrances, risers and lifts: what a house hides beyond its flats."""

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


def of_a_house() -> list[tuple[str, Any]]:
    return [
        (
            "id",
            models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
        ),
        (
            "company",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.company"
            ),
        ),
        (
            "building",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.building"
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("places", "0004_one_guid")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Entrance",
            fields=[
                *of_a_house(),
                ("number", models.PositiveSmallIntegerField()),
                ("floors", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("first_flat", models.PositiveIntegerField(blank=True, null=True)),
                ("last_flat", models.PositiveIntegerField(blank=True, null=True)),
                ("code", models.CharField(blank=True, default="", max_length=40)),
            ],
            options={
                **OPTIONS,
                "ordering": ["building_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("building", "number"), name="one_entrance_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Riser",
            fields=[
                *of_a_house(),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("cold_water", "ХВС"),
                            ("hot_water", "ГВС"),
                            ("sewerage", "водоотведение"),
                            ("heating", "отопление"),
                            ("electricity", "электричество"),
                            ("gas", "газ"),
                        ],
                        max_length=20,
                    ),
                ),
                ("entrance", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("feeds", models.CharField(blank=True, default="", max_length=120)),
                ("valve", models.CharField(max_length=200)),
            ],
            options={
                **OPTIONS,
                "ordering": ["building_id", "entrance", "service", "id"],
                "indexes": [models.Index(fields=["building"], name="riser_of_building")],
            },
        ),
        migrations.CreateModel(
            name="Lift",
            fields=[
                *of_a_house(),
                ("entrance", models.PositiveSmallIntegerField()),
                ("number", models.CharField(max_length=30)),
                (
                    "kind",
                    models.CharField(
                        choices=[("passenger", "пассажирский"), ("freight", "грузовой")],
                        default="passenger",
                        max_length=10,
                    ),
                ),
                ("serviced_by", models.CharField(blank=True, default="", max_length=120)),
                ("phone", models.CharField(blank=True, default="", max_length=16)),
                ("stopped_since", models.DateTimeField(blank=True, null=True)),
                ("stop_reason", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                **OPTIONS,
                "ordering": ["building_id", "entrance", "kind", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="one_lift_per_number")
                ],
                "indexes": [models.Index(fields=["building"], name="lift_of_building")],
            },
        ),
        RowSecurity("places_entrance"),
        RowSecurity("places_riser"),
        RowSecurity("places_lift"),
        SameCompany("places_entrance", "building_id", "places_building"),
        SameCompany("places_riser", "building_id", "places_building"),
        SameCompany("places_lift", "building_id", "places_building"),
    ]
