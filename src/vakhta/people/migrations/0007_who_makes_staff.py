"""A work of somebody for a company is made in the system's scope: it makes their sign-in seen there (0006), and
whoever may write rows of one company must not see others' by it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

GUARD = """
CREATE FUNCTION people_staff_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('vakhta.scope', true) IS DISTINCT FROM '*' AND (
        TG_OP = 'INSERT' OR NEW.user_id IS DISTINCT FROM OLD.user_id
    ) AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = 'people_staff is made in the system''s scope';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER made_by_the_system BEFORE INSERT OR UPDATE OF user_id ON people_staff
    FOR EACH ROW EXECUTE FUNCTION people_staff_made();
"""
BACK = "DROP TRIGGER made_by_the_system ON people_staff; DROP FUNCTION people_staff_made();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0006_users_are_seen_by_their_work")]
    operations: ClassVar = [migrations.RunSQL(GUARD, BACK)]
