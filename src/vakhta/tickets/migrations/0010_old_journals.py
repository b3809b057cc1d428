"""Tickets of journals that were kept before: where each was carried over from, its old number, what its row is
known by. Checks and indexes are made beside the work."""

from typing import ClassVar

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from vakhta.kernel.tenancy import RowSecurity

OF_ONE_COMPANY = """
ALTER TABLE tickets_ticket ADD CONSTRAINT tickets_ticket_old_journal_id_same_company
    FOREIGN KEY (company_id, old_journal_id) REFERENCES tickets_oldjournal (company_id, id)
    DEFERRABLE INITIALLY DEFERRED NOT VALID
"""
"""As `SameCompany` makes it, without reading the tickets that there are: none of them has a journal."""
ONE_PER_ROW = models.UniqueConstraint(
    fields=["company", "old_key"], condition=~Q(old_key=""), name="one_old_ticket_per_row"
)


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("tickets", "0009_classifier_edition"), ("people", "0006_users_are_seen_by_their_work")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="OldJournal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("brought_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.company"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "digest"), name="one_old_journal_per_file"),
                ],
            },
        ),
        RowSecurity("tickets_oldjournal"),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY tickets_oldjournal_company_id ON tickets_oldjournal (company_id, id)",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            "ticket",
            "old_journal",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="tickets.oldjournal",
                db_constraint=False,
                db_index=False,
            ),
        ),
        migrations.AddField(
            "ticket",
            "old_number",
            models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField("ticket", "old_key", models.CharField(blank=True, db_default="", default="", max_length=32)),
        migrations.RunSQL(
            OF_ONE_COMPANY,
            "ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_old_journal_id_same_company",
        ),
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket VALIDATE CONSTRAINT tickets_ticket_old_journal_id_same_company",
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_old_ticket_per_row ON tickets_ticket (company_id, old_key) "
                    "WHERE NOT old_key = ''",
                    "DROP INDEX one_old_ticket_per_row",
                )
            ],
            state_operations=[migrations.AddConstraint("ticket", ONE_PER_ROW)],
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["old_journal"], name="ticket_of_old_journal", condition=Q(old_journal__isnull=False)
            ),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(fields=["old_number"], name="ticket_by_old_number", condition=~Q(old_number="")),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["-registered_at"], name="ticket_carried_over", condition=Q(old_journal__isnull=False)
            ),
        ),
    ]
