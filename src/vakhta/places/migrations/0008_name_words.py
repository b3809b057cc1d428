"""Every word of a resident's name finds the resident. Old names are read in parts, then the indexes are built beside the
work."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from vakhta.places.keys import NAME_KEYS

TOGETHER = 5_000
KEYS = ("second", "third", "fourth")


def read_names(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        last: int | None = 0
        while last is not None:
            cursor.execute(
                """
                WITH part AS (SELECT id FROM places_person WHERE id > %s ORDER BY id LIMIT %s),
                read AS (UPDATE places_person AS p SET name = name FROM part WHERE p.id = part.id)
                SELECT max(id) FROM part
                """,
                [last, TOGETHER],
            )
            last = cursor.fetchone()[0]


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("places", "0007_lift_promise")]
    operations: ClassVar = [
        *(
            migrations.AddField(
                "person",
                f"{key}_key",
                models.CharField(max_length=160, db_collation="C", editable=False, db_default=""),
            )
            for key in KEYS
        ),
        migrations.RunSQL(
            NAME_KEYS,
            "DROP TRIGGER name_keys ON places_person; DROP FUNCTION places_name_keys();",
        ),
        migrations.RunPython(read_names, migrations.RunPython.noop),
        *(
            AddIndexConcurrently(
                "person", models.Index(fields=[f"{key}_key", "company"], name=f"person_by_{key}")
            )
            for key in KEYS
        ),
    ]
