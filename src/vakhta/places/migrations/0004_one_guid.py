"""A house's code of ФИАС is its own: of houses that had one together the first keeps it, the others are to be given
theirs anew."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q

TAKEN = """
UPDATE places_building SET guid = NULL WHERE id = ANY (ARRAY(
    SELECT other.id FROM places_building AS other
    JOIN places_building AS first ON (first.company_id, first.guid) = (other.company_id, other.guid)
        AND first.id < other.id
    LIMIT 1000))
"""


def keep_the_first(apps: Any, editor: Any) -> None:
    """A thousand at a time, each in its own transaction."""
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(TAKEN)
            if not cursor.rowcount:
                return


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("places", "0003_person_family")]
    operations: ClassVar = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_building_per_guid ON places_building (company_id, guid) "
                    "WHERE guid IS NOT NULL",
                    "DROP INDEX one_building_per_guid",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    "building",
                    models.UniqueConstraint(
                        fields=["company", "guid"], condition=Q(guid__isnull=False), name="one_building_per_guid"
                    ),
                )
            ],
        ),
    ]
