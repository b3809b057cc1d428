"""Names, addresses and password digests are seen where their people work, and nowhere else."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

POLICY = """
ALTER TABLE people_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_user FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON people_user USING (
    (SELECT current_setting('vakhta.scope', true)) = '*'
    OR EXISTS (SELECT FROM people_staff WHERE people_staff.user_id = people_user.id)
);
"""
"""The staff rows in the policy are themselves those of the scope."""
BACK = """
DROP POLICY scope ON people_user;
ALTER TABLE people_user NO FORCE ROW LEVEL SECURITY;
ALTER TABLE people_user DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0005_token_rights")]
    operations: ClassVar = [
        migrations.RemoveField("user", "last_login"),
        migrations.AlterModelOptions(
            "user", {"base_manager_name": "objects", "default_manager_name": "objects"}
        ),
        migrations.RunSQL(POLICY, BACK),
    ]
