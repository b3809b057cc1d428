"""`journal_append` writes its entries by three statements, whatever their number: an import's thousand took three
thousand. The chain is a loop still, for each hash needs the one before it."""

from django.db import migrations

APPEND = """
CREATE OR REPLACE FUNCTION journal_append(entries jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    spelling text;
    entry bigint;
    before bigint;
    chain bytea;
    chains bytea[] := '{}';
    scope text := current_setting('vakhta.scope', true);
BEGIN
    IF scope IS DISTINCT FROM '*' AND EXISTS (
        SELECT FROM jsonb_array_elements(entries) AS said
        WHERE (said ->> 'company')::bigint = ANY (string_to_array(NULLIF(scope, ''), ',')::bigint[]) IS NOT TRUE
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an entry of a company outside the scope';
    END IF;
    PERFORM pg_advisory_xact_lock(7182818284590452);
    SELECT id, hash INTO entry, chain FROM public.journal_entry ORDER BY id DESC LIMIT 1;
    IF entry IS NULL THEN
        entry := 0;
        chain := decode(repeat('00', 32), 'hex');
    END IF;
    before := entry;
    FOR spelling IN SELECT e ->> 'canonical' FROM jsonb_array_elements(entries) WITH ORDINALITY AS said (e, n)
                    ORDER BY n LOOP
        entry := entry + 1;
        chain := sha256(chain || int8send(entry) || convert_to(spelling, 'UTF8'));
        chains := array_append(chains, chain);
    END LOOP;
    INSERT INTO public.journal_entry
        (id, company_id, centre_id, kind, happened_at, recorded_at, actor, subjects, body, hash)
    SELECT before + n, (e ->> 'company')::bigint, (e ->> 'centre')::bigint, e ->> 'kind',
           (e ->> 'happened_at')::timestamptz, (e ->> 'recorded_at')::timestamptz, e ->> 'actor',
           ARRAY(SELECT jsonb_array_elements_text(e -> 'subjects')), e -> 'body', hash
    FROM ROWS FROM (jsonb_array_elements(entries), unnest(chains)) WITH ORDINALITY AS said (e, hash, n);
    INSERT INTO public.journal_subject (subject, entry_id, company_id)
    SELECT DISTINCT subject, before + n, (e ->> 'company')::bigint
    FROM jsonb_array_elements(entries) WITH ORDINALITY AS said (e, n),
         jsonb_array_elements_text(e -> 'subjects') AS subject;
    INSERT INTO public.journal_words (entry_id, company_id, salt, words)
    SELECT before + n, (e ->> 'company')::bigint, decode(e ->> 'salt', 'hex'), e -> 'words'
    FROM jsonb_array_elements(entries) WITH ORDINALITY AS said (e, n)
    WHERE jsonb_typeof(e -> 'words') = 'object';
    PERFORM pg_notify('journal', before + 1 || ',' || entry);
    RETURN entry;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_looks")]
    operations = [migrations.RunSQL(APPEND, migrations.RunSQL.noop)]
