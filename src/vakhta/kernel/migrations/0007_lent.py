"""Somebody may be lent rows of companies that they do not belong to (ADR 0015): what they do to these is written into the
journal too. Whose entry it may be is asked of `lent_entry`, which the room that lends replaces; here it lends nothing.
"""

from typing import ClassVar

from django.db import migrations

LENT = """
CREATE FUNCTION lent_entry(company bigint, subjects jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT false $$;
"""
APPEND = """
CREATE OR REPLACE FUNCTION journal_append(entries jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    e jsonb;
    entry bigint;
    first bigint;
    chain bytea;
    scope text := current_setting('vakhta.scope', true);
BEGIN
    IF scope IS DISTINCT FROM '*' AND EXISTS (
        SELECT FROM jsonb_array_elements(entries) AS said
        WHERE (said ->> 'company')::bigint = ANY (string_to_array(NULLIF(scope, ''), ',')::bigint[]) IS NOT TRUE
            AND public.lent_entry((said ->> 'company')::bigint, said -> 'subjects') IS NOT TRUE
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an entry of a company outside the scope';
    END IF;
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


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0006_looks")]
    operations: ClassVar = [
        migrations.RunSQL(LENT, "DROP FUNCTION lent_entry(bigint, jsonb)"),
        migrations.RunSQL(APPEND, migrations.RunSQL.noop),
    ]
