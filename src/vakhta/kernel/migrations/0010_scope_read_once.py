"""The companies of the scope become numbers once for a statement, no more once for every row that it looks at: of a
centre of sixty companies that was most of what row security took. A policy at a time, so that none waits for another's
lock."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from vakhta.kernel.tenancy import VISIBLE

KNOWN = """
SELECT format('%I.%I', schemaname, tablename), substring(qual from 'OR \\((\\w+) = ANY')
FROM pg_policies WHERE policyname = 'scope' AND schemaname = current_schema() AND qual LIKE '%string_to_array%'
"""


def read_once(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(KNOWN)
        policies = cursor.fetchall()
    for table, column in policies:
        schema_editor.execute(f"ALTER POLICY scope ON {table} USING ({VISIBLE.format(column=column)})")


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("kernel", "0009_lent")]
    operations: ClassVar = [migrations.RunPython(read_once, migrations.RunPython.noop)]
