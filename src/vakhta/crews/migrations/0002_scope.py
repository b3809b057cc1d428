from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity, SameCompany


class Migration(migrations.Migration):
    dependencies = [("crews", "0001_initial"), ("kernel", "0002_journal")]

    operations = [
        RowSecurity("crews_crew"),
        RowSecurity("crews_crewmember"),
        RowSecurity("crews_workorder"),
        SameCompany("crews_workorder", "ticket_id", "tickets_ticket"),
    ]
