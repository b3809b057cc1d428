from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity, SameCompany


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial"), ("kernel", "0002_journal")]

    operations = [
        RowSecurity("places_building"),
        RowSecurity("places_premises"),
        RowSecurity("places_person"),
        RowSecurity("places_phone"),
        RowSecurity("places_account"),
        RowSecurity("places_accessnote"),
        SameCompany("places_premises", "building_id", "places_building"),
        SameCompany("places_person", "premises_id", "places_premises"),
        SameCompany("places_phone", "person_id", "places_person"),
        SameCompany("places_account", "premises_id", "places_premises"),
        SameCompany("places_accessnote", "building_id", "places_building"),
    ]
