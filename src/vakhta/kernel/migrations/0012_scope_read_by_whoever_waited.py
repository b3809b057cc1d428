"""A system's own part that has waited for a row looks at it anew, and PostgreSQL then makes all that a policy may need,
before it asks: «*» was no number, and whoever confirmed a ticket while an operator changed it was told of a failure."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

write_anew = import_module("vakhta.kernel.migrations.0010_scope_read_once").read_once


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("kernel", "0011_nothing_waits_under_the_lock")]
    operations: ClassVar = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
