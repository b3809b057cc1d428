"""References are checked before the journal's lock is taken, and not at the commit that gives it up.

The check of a reference waits for whoever holds the row that it names: an import that holds its company, an administrator
who edits the house that calls. At commit it waited with the journal in hand, and everybody behind it; and where that other
change wanted the journal too, neither could go on. One lock after the other now: rows first, the journal last.
"""

from typing import ClassVar

from django.db import migrations

WAS = "PERFORM pg_advisory_xact_lock(7182818284590452);"
IS = f"SET CONSTRAINTS ALL IMMEDIATE;\n    {WAS}"
REPLACE = """
DO $do$
DECLARE said text := pg_get_functiondef('journal_append(jsonb)'::regprocedure);
BEGIN
    EXECUTE replace(said, $was${was}$was$, $is${new}$is$);
END $do$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0010_scope_read_once")]
    operations: ClassVar = [
        migrations.RunSQL(REPLACE.format(was=WAS, new=IS), REPLACE.format(was=IS, new=WAS)),
    ]
