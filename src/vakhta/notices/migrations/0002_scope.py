from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("kernel", "0002_journal")]

    operations = [
        RowSecurity("notices_delivery"),
    ]
