"""A ticket that its applicant returned says so, where it was called registered like a new one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

RETURNED = """
UPDATE tickets_ticket SET state = 'returned' WHERE id = ANY (ARRAY(
    SELECT t.id FROM tickets_ticket t WHERE t.state = 'registered' AND EXISTS (
        SELECT FROM journal_subject s JOIN journal_entry e ON e.id = s.entry_id
        WHERE s.subject = 'ticket/' || t.id AND e.kind = 'TicketReturned')
    LIMIT 1000))
"""


def say_returned(apps: Any, editor: Any) -> None:
    """A thousand at a time, each in its own transaction."""
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(RETURNED)
            if not cursor.rowcount:
                return


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("tickets", "0006_item_of_a_correction"), ("kernel", "0004_arrivals")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(state_operations=[
        migrations.AlterField(
            "ticket",
            "state",
            models.CharField(
                choices=[
                    ("registered", "зарегистрирована"),
                    ("returned", "возвращена"),
                    ("assigned", "передана"),
                    ("accepted", "принята исполнителем"),
                    ("on_the_way", "бригада в пути"),
                    ("on_site", "бригада на месте"),
                    ("contained", "локализована"),
                    ("done", "выполнена"),
                    ("closed", "закрыта"),
                    ("merged", "объединена"),
                    ("voided", "аннулирована"),
                ],
                default="registered",
                max_length=12,
            ),
        ),
        ]),
        migrations.RunPython(say_returned, migrations.RunPython.noop),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["state", "registered_at"],
                condition=models.Q(
                    state__in=[
                        "registered",
                        "returned",
                        "assigned",
                        "accepted",
                        "on_the_way",
                        "on_site",
                        "contained",
                    ]
                ),
                name="ticket_unfinished",
            ),
        ),
        RemoveIndexConcurrently("ticket", "ticket_open"),
    ]
