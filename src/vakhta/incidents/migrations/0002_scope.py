from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity, SameCompany


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("kernel", "0002_journal")]

    operations = [
        RowSecurity("incidents_outage"),
        RowSecurity("incidents_outagebuilding"),
        SameCompany("incidents_outagebuilding", "outage_id", "incidents_outage"),
        SameCompany("incidents_outagebuilding", "building_id", "places_building"),
    ]
