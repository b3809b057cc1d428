from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("kernel", "0002_journal")]

    operations = [
        RowSecurity("people_company", "id"),
        RowSecurity("people_agreement"),
        RowSecurity("people_staff"),
        RowSecurity("people_dutycontact"),
        RowSecurity("people_apitoken"),
    ]
