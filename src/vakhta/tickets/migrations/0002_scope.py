from django.db import migrations

from vakhta.kernel.tenancy import RowSecurity, SameCompany


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("kernel", "0002_journal")]

    operations = [
        RowSecurity("tickets_ticket"),
        RowSecurity("tickets_clock"),
        RowSecurity("tickets_ticketfile"),
        SameCompany("tickets_ticket", "building_id", "places_building"),
        SameCompany("tickets_ticket", "premises_id", "places_premises"),
        SameCompany("tickets_ticket", "person_id", "places_person"),
        SameCompany("tickets_ticket", "merged_into_id", "tickets_ticket"),
        SameCompany("tickets_ticketfile", "ticket_id", "tickets_ticket"),
    ]
