"""Looks end with their term, by a function that takes none of the last year: the application itself may remove none. Acts of
deletion are found among millions of entries."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

FORGET = """
CREATE FUNCTION looks_forget(whose bigint, before timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    count bigint;
BEGIN
    IF current_setting('vakhta.scope', true) IS DISTINCT FROM '*' OR before > now() - interval '1 year' THEN
        RAISE insufficient_privilege USING MESSAGE = 'looks of the last year are kept';
    END IF;
    WITH over AS (
        SELECT id FROM public.look WHERE company_id = whose AND at < before ORDER BY at LIMIT most
    ) DELETE FROM public.look USING over WHERE look.id = over.id;
    GET DIAGNOSTICS count = ROW_COUNT;
    RETURN count;
END $$;
"""


def set_rights(apps, schema_editor):
    app = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute("REVOKE ALL ON FUNCTION looks_forget(bigint, timestamptz, integer) FROM PUBLIC")
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION looks_forget(bigint, timestamptz, integer) TO {app}")


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("kernel", "0007_append_together")]
    operations: ClassVar = [
        migrations.RunSQL(FORGET, "DROP FUNCTION looks_forget(bigint, timestamptz, integer)"),
        migrations.RunPython(set_rights, migrations.RunPython.noop),
        AddIndexConcurrently(
            "entry",
            models.Index(
                fields=["id"],
                condition=models.Q(kind__in=("OverdueErased", "PersonErased")),
                name="journal_erasures",
            ),
        ),
    ]
