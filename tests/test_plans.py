"""How the database answers at a city's size: no page reads a whole big table, as the application's role, under
row-level security. The statements are those that the pages themselves have made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from bench.city import OWNER, build_city
from bench.size import Size
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, make_cast
from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.finding import STATES as CONTACT_STATES
from vakhta.contacts.models import Interaction
from vakhta.contacts.words import INDEX
from vakhta.crews.finding import STATES
from vakhta.kernel import clock
from vakhta.kernel.followers import follow
from vakhta.kernel.journal import acting
from vakhta.kernel.tenancy import Scope, reading
from vakhta.tickets.clocks import fire_due
from vakhta.tickets.models import Ticket
from vakhta.web.lists.ticket_columns import COLUMNS
from vakhta.wiring import FOLLOWERS, close_silent, keep_house

ACCOUNTS = 8_000
NORMS_ASKED = ("pp416.13.containment", "pp416.13.blockage", "contract.repair")
"""One that all tickets have, and such as none has."""
BIG = {
    "tickets_ticket", "tickets_clock", "tickets_ticketword", "contacts_interaction", "contacts_contactword", "crews_workorder", "journal_entry",
    "journal_subject", "journal_words", "places_premises", "places_person", "places_phone", "places_account", "look",
    "notices_delivery",
}  # fmt: skip
"""Tables that grow with the city or with its years."""
COUNTED = 'SELECT COUNT(*) AS "__count" FROM "places_account"'
"""How many accounts there are: staffing asks it of an office without calls of its own."""
MORE = """
INSERT INTO journal_entry (id, company_id, centre_id, kind, happened_at, recorded_at, actor, subjects, body, hash)
SELECT (SELECT coalesce(max(id), 0) FROM journal_entry) + row_number() OVER (ORDER BY t.id, kind), company_id, centre_id,
       kind, registered_at, registered_at, 'staff/1', ARRAY['ticket/' || t.id],
       jsonb_build_object('ticket', t.id, 'work_order', t.id), '\\x00'
FROM tickets_ticket AS t, unnest(ARRAY['TicketRegistered', 'HandedOver', 'WorkDone']) AS kind;
INSERT INTO journal_subject (subject, entry_id, company_id)
SELECT subjects[1], id, company_id FROM journal_entry WHERE subjects[1] LIKE 'ticket/%%' ON CONFLICT DO NOTHING;
INSERT INTO journal_words (entry_id, company_id, salt, words)
SELECT id, company_id, '\\x00', '{}' FROM journal_entry WHERE kind = 'TicketRegistered' ON CONFLICT DO NOTHING;
INSERT INTO look (company_id, actor, subject, how, at, slot, detail)
SELECT company_id, 'staff/' || id %% 50, 'ticket/' || id, 'opened', registered_at, id, '{}' FROM tickets_ticket;
UPDATE crews_workorder SET crew_id = NULL, assignee_id = (SELECT max(id) FROM people_staff) WHERE id %% 20 <> 0;
UPDATE follower_cursor SET entry = (SELECT max(id) FROM journal_entry);
UPDATE contacts_interaction SET outcome = 'consultation', ticket_id = NULL WHERE id %% 3 = 0;
"""


@pytest.fixture
def city(committed: str) -> Cast:
    """The cast's town with some ten thousand tickets of three years, and statistics."""
    with transaction.atomic():
        people = make_cast()
    build_city(people.centre.pk, Size(ACCOUNTS), clock.now(), with_journal=False)
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT set_config('vakhta.scope', '*', true)")
        cursor.execute(f"{MORE} {INDEX} TRUE", [])
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return people


def whole_reads(act: Callable[[], Any], seen: set[str]) -> Iterator[str]:
    """What `act` asks of the database that reads a whole big table; a statement that was explained is passed over."""
    with CaptureQueriesContext(connection) as made:
        act()
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in (query["sql"].strip() for query in made):
            if "set_config" in sql:
                cursor.execute(sql)
            elif (
                sql.startswith(("SELECT", "WITH", "UPDATE", "DELETE"))
                and sql not in seen
                and not sql.startswith(COUNTED)
            ):
                seen.add(sql)
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}".replace("%", "%%"), [])
                said = cursor.fetchone()[0]
                plan = json.loads(said) if isinstance(said, str) else said
                read = sorted(set(_whole(plan[0]["Plan"])) & BIG)
                if read:
                    yield f"{', '.join(read)} whole: {sql[:400]}"


def _whole(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"].endswith("Seq Scan"):
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from _whole(below)


def test_no_page_reads_a_whole_table_of_a_city(city: Cast) -> None:
    with reading(Scope.system("test")):
        ticket = Ticket.objects.select_related("premises").order_by("-pk")[100]
    found: list[str] = []
    seen: set[str] = set()
    for staff, links in pages(city, ticket):
        browser = Client()
        browser.force_login(staff.user)
        for link in links:
            read = whole_reads(partial(opened, browser, link), seen)
            found += [f"{link}\n    {said}" for said in read]
    for name, act in loops(city, ticket):
        found += [f"{name}\n    {said}" for said in whole_reads(act, seen)]
    assert len(seen) > 200, "the pages were explained"
    assert not found, "\n".join(found)


def opened(browser: Client, link: str) -> None:
    assert browser.get(link).status_code == 200, link


def pages(city: Cast, ticket: Ticket) -> Iterator[tuple[Any, list[str]]]:
    """(who, what they open): each filter, each search, each order."""
    today = clock.today()
    month = f"since=01.{today - timedelta(days=40):%m.%Y}&until={today:%d.%m.%Y}"
    every = ",".join(column.code for column in COLUMNS.plain)
    said = [
        ticket.number,
        ticket.phone,
        ticket.address,
        "стояк",
        "течёт стояк",
        "гололёд крыльцо",
        "воронцова",
        "пахн",
    ]
    typed = [
        "900001",
        "анна",
        "сергеевна анна",
        "воронцова",
        "анна воронцова",
        "воранцова",
        "кв 42",
        "15 полевая",
    ]
    filters = [
        "", *(f"state={state}" for state in STATES), "severity=emergency", "severity=information", "kind=flat.cold.riser",
        "kind=lift.people", "channel=phone", "channel=lift", f"company={ticket.company_id}", "broken=yes",
        f"crew={city.crew4.pk}", month, "origin=old", *(f"{stands}={norm}" for stands in ("kept", "running") for norm in NORMS_ASKED),
    ]  # fmt: skip
    tickets = [*filters, *(f"q={quote(words)}" for words in said), f"columns={every}", f"after={ticket.pk}"]
    of_contacts = [
        "", *(f"state={state}" for state in CONTACT_STATES), *(f"outcome={code}" for code in dict(Interaction.OUTCOMES)),
        "channel=phone", "channel=lift", f"company={ticket.company_id}", f"operator={city.ivanova.pk}",
        *(f"{stands}=pp416.13.answer" for stands in ("broken", "kept", "running")), month, *(f"q={quote(words)}" for words in said),
    ]  # fmt: skip
    yield city.gromova, [
        *(f"/tickets/?{asked}" for asked in tickets), *(f"/tickets/?order=oldest&{asked}" for asked in tickets[::4]),
        *(f"/tickets/contacts/?{asked}" for asked in of_contacts), *(f"/tickets/contacts/?order=oldest&{asked}" for asked in of_contacts[::4]),
        "/board/", "/console/", "/console/queue/", "/console/threatened/", f"/console/ticket/{ticket.number}/",
        *(f"/console/found/?q={quote(words)}" for words in said), "/shifts/",
        *(f"/console/line/?q={quote(words)}" for words in typed), "/shifts/handover/", "/shifts/sheets/",
        *(f"/indicators/?by={by}&{month}" for by in ("day", "company", "building", "kind", "operator", "crew")),
        "/indicators/staffing/", "/journal/",
    ]  # fmt: skip
    yield city.inspector, ["/journal/looks/", f"/journal/looks/?{month}", "/journal/"]
    yield city.kuznetsov, ["/field/"]
    yield city.client, ["/tickets/", "/tickets/?state=open", "/tickets/?order=oldest"]
    yield (
        city.kim,
        [
            "/stock/",
            "/stock/?q=900001",
            f"/stock/?q={uuid4()}",
            f"/stock/house/{ticket.building_id}/",
            f"/stock/flat/{ticket.premises_id}/",
        ],
    )


def loops(city: Cast, ticket: Ticket) -> Iterator[tuple[str, Callable[[], Any]]]:
    """(name, what the parts without a page do)."""

    def a_call() -> None:
        with acting(city.scope(city.ivanova)):
            row, _ = arrival.receive(
                arrival.Message(channel="phone", phone=ticket.phone), centre=city.centre.pk
            )
            contacts.take(row.pk)

    yield "a contact arrives", a_call
    yield "due clocks", fire_due
    yield "tickets without an answer", close_silent
    yield "the house is kept", lambda: keep_house(clock.now())
    for follower in FOLLOWERS:
        yield f"follower {follower.name}", partial(follow, follower)
