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
DROP FUNCTION lent_orders();
"""
OF_TICKETS = "SELECT t.{column} FROM public.tickets_ticket t JOIN public.lent_orders() o ON o.ticket_id = t.id"
ARRAYS = {
    "lent_order_ids": ("bigint", "SELECT id FROM public.lent_orders()"),
    "lent_tickets": ("bigint", "SELECT ticket_id FROM public.lent_orders()"),
    "lent_subjects": ("text", "SELECT 'ticket/' || ticket_id FROM public.lent_orders()"),
    "lent_entries": (
        "bigint",
        "SELECT entry_id FROM public.journal_subject WHERE subject = ANY (public.lent_subjects())",
    ),
    "lent_companies": (
        "bigint",
        f"{OF_TICKETS.format(column='company_id')} UNION {OF_TICKETS.format(column='centre_id')}",
    ),
    "lent_buildings": ("bigint", OF_TICKETS.format(column="building_id")),
    "lent_premises": ("bigint", OF_TICKETS.format(column="premises_id")),
    "lent_people": ("bigint", OF_TICKETS.format(column="person_id")),
}
"""What is lent, each kind as an array that is made once for a statement, and only in a lent scope. A function and no query:
a policy is planned with every statement of its table, and a query in it would be planned for everybody."""


def made(name: str) -> migrations.RunSQL:
    kind, query = ARRAYS[name]
    return migrations.RunSQL(
        f"CREATE FUNCTION {name}() RETURNS {kind}[] LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = pg_catalog, public AS $$ SELECT array({query}) $$;",
        f"DROP FUNCTION {name}();",
    )


def among(column: str, name: str) -> str:
    return f"{column} = ANY ((SELECT {name}())::{ARRAYS[name][0]}[])"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("crews", "0007_done_of_a_shift"),
        ("kernel", "0009_lent"),
        ("places", "0006_fewer_keys"),
        ("tickets", "0011_fewer_keys"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(ORDERS, BACK),
        *(made(name) for name in ARRAYS),
        *(ForTheApplication(f"{name}()") for name in ("lent_orders", *ARRAYS)),
        Lent("crews_workorder", among("id", "lent_order_ids")),
        Lent("tickets_ticket", among("id", "lent_tickets")),
        Lent("tickets_clock", among("subject", "lent_subjects")),
        Lent("tickets_ticketfile", among("ticket_id", "lent_tickets")),
        Lent("people_company", among("id", "lent_companies"), "SELECT"),
        Lent("places_building", among("id", "lent_buildings"), "SELECT"),
        Lent("places_premises", among("id", "lent_premises"), "SELECT"),
        *(
            Lent(f"places_{part}", among("building_id", "lent_buildings"), "SELECT")
            for part in ("accessnote", "entrance", "riser", "lift")
        ),
        Lent("places_person", among("id", "lent_people"), "SELECT"),
        Lent("journal_entry", among("id", "lent_entries"), "SELECT"),
        Lent("journal_subject", among("subject", "lent_subjects"), "SELECT"),
        Lent("journal_words", among("entry_id", "lent_entries"), "SELECT"),
        Lent("look", among("subject", "lent_subjects"), "INSERT"),
    ]
