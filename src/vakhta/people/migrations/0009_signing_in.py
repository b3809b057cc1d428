"""Sessions, second steps and counts of tries: the system scope's own (docs/adr/0010-signing-in.md). What
django-allauth would keep of people besides is shut: nobody sees or makes a row of it."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from vakhta.kernel.tenancy import OPEN, SHUT, SystemOnly

EMPTY = (
    "account_emailaddress",
    "account_emailconfirmation",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
)
CACHE = """
CREATE TABLE kernel_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
"""
"""As Django's cache in a database wants it; of a few hundred rows."""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0008_classifier_version"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("browser", models.CharField(max_length=80)),
                ("address", models.GenericIPAddressField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Try",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("ends_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [models.Index(fields=["ends_at"], name="tries_that_are_over")],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "ends_at"), name="one_count_of_tries")
                ],
            },
        ),
        SystemOnly("people_signin"),
        SystemOnly("people_try"),
        SystemOnly("mfa_authenticator"),
        migrations.RunSQL(CACHE, "DROP TABLE kernel_cache"),
        *(migrations.RunSQL(SHUT.format(table=table), OPEN.format(table=table)) for table in EMPTY),
    ]
