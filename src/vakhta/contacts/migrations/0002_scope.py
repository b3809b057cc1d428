from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity, SameCompany


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("kernel", "0002_journal")]

    operations = [
        RowSecurity("contacts_interaction"),
        SameCompany("contacts_interaction", "building_id", "places_building"),
        SameCompany("contacts_interaction", "premises_id", "places_premises"),
        SameCompany("contacts_interaction", "person_id", "places_person"),
        SameCompany("contacts_interaction", "ticket_id", "tickets_ticket"),
    ]
