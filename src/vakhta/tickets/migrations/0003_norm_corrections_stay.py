"""Corrections of the law are added, never changed or removed: the application may not."""

from django.conf import settings
from django.db import migrations


def only_insert(apps, schema_editor):
    app = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON tickets_normcorrection FROM {app}")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_scope")]

    operations = [migrations.RunPython(only_insert, migrations.RunPython.noop)]
