"""The journal's function, its rights and its scope.

`journal_append(entries)` is the only way into the journal: it takes the advisory lock (held to
commit), gives the ids, chains the hashes, writes the three tables and notifies. It runs as its
owner; the application has SELECT on the entries and nothing else, and may delete personal words.
Everything else in the schema, now and later, is the application's to read and change, row-level
security permitting.
"""

from django.conf import settings
from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity

APPEND = """
CREATE FUNCTION journal_append(entries jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    e jsonb;
    entry bigint;
    first bigint;
    chain bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(7182818284590452);
    SELECT id, hash INTO entry, chain FROM public.journal_entry ORDER BY id DESC LIMIT 1;
    IF entry IS NULL THEN
        entry := 0;
        chain := decode(repeat('00', 32), 'hex');
    END IF;
    first := entry + 1;
    FOR e IN SELECT value FROM jsonb_array_elements(entries) LOOP
        entry := entry + 1;
        chain := sha256(chain || int8send(entry) || convert_to(e ->> 'canonical', 'UTF8'));
        INSERT INTO public.journal_entry
            (id, company_id, centre_id, kind, happened_at, recorded_at, actor, subjects, body, hash)
        VALUES (
            entry, (e ->> 'company')::bigint, (e ->> 'centre')::bigint, e ->> 'kind',
            (e ->> 'happened_at')::timestamptz, (e ->> 'recorded_at')::timestamptz, e ->> 'actor',
            ARRAY(SELECT jsonb_array_elements_text(e -> 'subjects')), e -> 'body', chain
        );
        INSERT INTO public.journal_subject (subject, entry_id, company_id)
        SELECT DISTINCT subject, entry, (e ->> 'company')::bigint
        FROM jsonb_array_elements_text(e -> 'subjects') AS subject;
        IF jsonb_typeof(e -> 'words') = 'object' THEN
            INSERT INTO public.journal_words (entry_id, company_id, salt, words)
            VALUES (entry, (e ->> 'company')::bigint, decode(e ->> 'salt', 'hex'), e -> 'words');
        END IF;
    END LOOP;
    PERFORM pg_notify('journal', first || ',' || entry);
    RETURN entry;
END $$;
"""


def set_rights(apps, schema_editor):
    app = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for things, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
        schema_editor.execute(f"GRANT {rights} ON ALL {things} IN SCHEMA public TO {app}")
        schema_editor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {things} TO {app}"
        )
    schema_editor.execute(f"REVOKE ALL ON journal_entry, journal_subject, journal_words FROM PUBLIC, {app}")
    schema_editor.execute(f"GRANT SELECT ON journal_entry, journal_subject TO {app}")
    schema_editor.execute(f"GRANT SELECT, DELETE ON journal_words TO {app}")
    schema_editor.execute("REVOKE ALL ON FUNCTION journal_append(jsonb) FROM PUBLIC")
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION journal_append(jsonb) TO {app}")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND, "DROP FUNCTION journal_append(jsonb)"),
        RowSecurity("journal_entry"),
        RowSecurity("journal_subject"),
        RowSecurity("journal_words"),
        migrations.RunPython(set_rights, migrations.RunPython.noop),
    ]
