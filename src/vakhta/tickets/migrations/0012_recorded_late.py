"""A clock knows that its stop was entered after the term. Rows with a written breach are told from their moments; of
others the next fact tells."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

TOLD = """
UPDATE tickets_clock SET is_recorded_late = true WHERE id = ANY (ARRAY(
    SELECT id FROM tickets_clock WHERE breached_at IS NOT NULL AND stopped_at <= due_at AND NOT is_recorded_late
    LIMIT 1000))
"""


def tell(apps: Any, editor: Any) -> None:
    """A thousand at a time, each in its own transaction."""
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(TOLD)
            if not cursor.rowcount:
                return


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("tickets", "0011_fewer_keys")]

    operations: ClassVar = [
        migrations.AddField(
            "clock", "is_recorded_late", models.BooleanField(default=False, db_default=False)
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
