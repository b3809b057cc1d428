"""A contractor's people see the tickets whose orders their company has, and nothing else of other companies (ADR 0015).

`vakhta.lent` is empty but in their scope: «+17/2026-10-30T00:00:00Z», the company and since when an order that has ended is
still seen. The functions run as their owner: the policy of the orders may not ask the orders through itself.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from vakhta.kernel.tenancy import ForTheApplication, Lent

ORDERS = """
CREATE FUNCTION lent_orders() RETURNS TABLE (id bigint, ticket_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH lent AS (
        SELECT split_part(substr(said, 2), '/', 1)::bigint AS company, split_part(said, '/', 2)::timestamptz AS since
        FROM (SELECT current_setting('vakhta.lent', true) AS said) AS setting WHERE said LIKE '+%'
    ), given AS (
        SELECT o.id, o.ticket_id, o.ended_at FROM public.crews_workorder o
        JOIN public.crews_crew c ON c.id = o.crew_id JOIN lent ON c.company_id = lent.company
        UNION
        SELECT o.id, o.ticket_id, o.ended_at FROM public.crews_workorder o
        JOIN public.people_staff s ON s.id = o.assignee_id JOIN lent ON s.company_id = lent.company
    )
    SELECT given.id, given.ticket_id FROM given, lent WHERE given.ended_at IS NULL OR given.ended_at > lent.since
$$;
CREATE FUNCTION lent_tickets() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT array(SELECT ticket_id FROM public.lent_orders()) $$;
CREATE FUNCTION lent_subjects() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT array(SELECT 'ticket/' || ticket_id FROM public.lent_orders()) $$;
CREATE OR REPLACE FUNCTION lent_entry(company bigint, subjects jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM public.tickets_ticket t JOIN public.lent_orders() o ON o.ticket_id = t.id
        WHERE t.company_id = company AND subjects ? ('ticket/' || t.id)
    )
$$;
"""
BACK = """
CREATE OR REPLACE FUNCTION lent_entry(company bigint, subjects jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT false $$;
DROP FUNCTION lent_subjects(); DROP FUNCTION lent_tickets(); DROP FUNCTION lent_orders();
"""
FUNCTIONS = ("lent_orders()", "lent_tickets()", "lent_subjects()")
TICKETS = "(SELECT lent_tickets())::bigint[]"
SUBJECTS = "(SELECT lent_subjects())::text[]"


def of_tickets(*columns: str) -> str:
    """The ids that these columns of lent tickets hold, as an array that is made once for a statement."""
    asked = " UNION ".join(f"SELECT {column} FROM tickets_ticket WHERE id = ANY ({TICKETS})" for column in columns)
    return f"(SELECT array({asked}))::bigint[]"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("crews", "0005_bulk"),
        ("kernel", "0007_lent"),
        ("places", "0004_one_guid"),
        ("tickets", "0010_old_journals"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(ORDERS, BACK),
        *(ForTheApplication(function) for function in FUNCTIONS),
        Lent("crews_workorder", "id = ANY ((SELECT array(SELECT o.id FROM lent_orders() o))::bigint[])"),
        Lent("tickets_ticket", f"id = ANY ({TICKETS})"),
        Lent("tickets_clock", f"subject = ANY ({SUBJECTS})"),
        Lent("tickets_ticketfile", f"ticket_id = ANY ({TICKETS})"),
        Lent("people_company", f"id = ANY ({of_tickets('company_id', 'centre_id')})", "SELECT"),
        Lent("places_building", f"id = ANY ({of_tickets('building_id')})", "SELECT"),
        Lent("places_premises", f"id = ANY ({of_tickets('premises_id')})", "SELECT"),
        Lent("places_accessnote", f"building_id = ANY ({of_tickets('building_id')})", "SELECT"),
        Lent("places_person", f"id = ANY ({of_tickets('person_id')})", "SELECT"),
        Lent("journal_entry", f"subjects && {SUBJECTS}", "SELECT"),
        Lent("journal_subject", f"subject = ANY ({SUBJECTS})", "SELECT"),
        Lent("journal_words", "EXISTS (SELECT FROM journal_entry e WHERE e.id = entry_id)", "SELECT"),
        Lent("look", f"subject = ANY ({SUBJECTS})", "INSERT"),
    ]
