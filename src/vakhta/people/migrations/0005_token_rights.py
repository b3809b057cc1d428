"""Tokens get rights. A token that is in use keeps handing over contacts and asking for their state,
as every token could; registering tickets is kept by those that have registered one, as the journal
tells. Another that needs it is given it by `vakhta token`."""

import django.contrib.postgres.fields
from django.db import migrations, models

KEEP = """
UPDATE people_apitoken SET rights = ARRAY['interactions', 'read'] || CASE
    WHEN EXISTS (
        SELECT 1 FROM journal_entry e
        WHERE e.kind = 'TicketRegistered' AND e.actor = 'token/' || people_apitoken.id
    ) THEN ARRAY['tickets'] ELSE ARRAY[]::text[] END
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_staff_pause_reason"), ("kernel", "0002_journal")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="rights",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), default=list, size=None
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
