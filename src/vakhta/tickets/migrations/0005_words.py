"""Words of tickets, and the indexes that lists of a city's tickets need."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from vakhta.kernel.tenancy import RowSecurity, SameCompany


class Migration(migrations.Migration):
    atomic = False
    """Indexes are built beside the work: nobody waits for one."""

    dependencies: ClassVar = [("tickets", "0004_indexes_of_a_city"), ("people", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TicketWord",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["word", "ticket"], name="ticket_by_word")],
                "constraints": [models.UniqueConstraint(fields=("ticket", "word"), name="ticket_word_once")],
            },
        ),
        RowSecurity("tickets_ticketword"),
        SameCompany("tickets_ticketword", "ticket_id", "tickets_ticket"),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["-registered_at", "-id"], name="ticket_newest"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["classifier", "-registered_at"], name="ticket_by_nature"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="ticket_by_phone"
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["severity", "-registered_at"], name="ticket_by_severity"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["channel", "-registered_at"], name="ticket_by_channel"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "done")), fields=["-registered_at"], name="ticket_done"
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state__in", ["merged", "voided"])),
                fields=["-registered_at"],
                name="ticket_gone",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["assigned", "accepted", "on_the_way", "on_site", "contained"])
                ),
                fields=["-registered_at"],
                name="ticket_in_work",
            ),
        ),
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("breached_at__isnull", False)),
                fields=["breached_at"],
                name="clock_broken",
            ),
        ),
    ]
