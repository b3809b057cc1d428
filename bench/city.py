"""A city's rows for `make bench`: stock, tickets, contacts, clocks and the journal of years, in bulk.

The rows are what the actions would have written (the journal's chain included: it verifies), only their
words repeat. Written over the demo's town, whose dispatch centre serves the new companies too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction

from bench.size import FLATS, Size
from vakhta.domain import facts
from vakhta.domain.facts import Fact
from vakhta.domain.layouts import fold_key
from vakhta.kernel import journal
from vakhta.tickets.words import INDEX

OWNER = "owner"
"""The database by the role that owns its tables."""
COMPANIES = 64
HOUSES_OF_A_STREET = 24
KINDS = (
    ("flat.cold.riser", "emergency"),
    ("flat.taps", "ordinary"),
    ("flat.sewer.blockage", "urgent"),
    ("flat.power.none", "emergency"),
    ("lift.stopped", "urgent"),
)  # fmt: skip
NAMES = (
    "Ленская",
    "Озёрная",
    "Полевая",
    "Школьная",
    "Новая",
    "Луговая",
    "Северная",
    "Кленовая",
    "Дальняя",
    "Светлая",
    "Садовая",
    "Парковая",
    "Речная",
    "Заводская",
    "Вокзальная",
)
"""With `ENDINGS` a hundred and fifty streets: those of a city of 200,000. A street that is called by a number alone has
no name to make a slip in."""
ENDINGS = (
    "Первая",
    "Вторая",
    "Большая",
    "Малая",
    "Верхняя",
    "Нижняя",
    "Старая",
    "Зелёная",
    "Красная",
    "Тихая",
)
FAMILIES = (
    "Абрамов",
    "Воронцов",
    "Громов",
    "Дьячков",
    "Ёлкин",
    "Жуков",
    "Зуев",
    "Калугин",
    "Лебедев",
    "Морозов",
)


def build_city(centre: int, size: Size, now: datetime, *, with_journal: bool = True) -> None:
    """Fills the database; seconds to minutes. As the owner of the tables, in the system's scope. The journal, chained
    in Python, is most of it."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT set_config('vakhta.scope', '*', true)")
        _companies(cursor, centre)
        _stock(cursor, centre, size)
        _parts(cursor)
        _outages(cursor, size, now)
        _work(cursor, centre, size, now)
        _letters(cursor)
        if with_journal:
            _journal(cursor, centre)
        cursor.execute(f"{INDEX} t.id > (TABLE bench_before)")
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _companies(cursor: Any, centre: int) -> None:
    cursor.execute(
        """
        WITH made AS (
            INSERT INTO people_company (kind, name, short_name, phone, email, zone, auto_close_days, stricter_norms)
            SELECT 'management_company', 'Управляющая компания «Район ' || n || '»', 'УК «Район ' || n || '»',
                   '+74950000000', '', 'Europe/Moscow', 3, '{}'
            FROM generate_series(1, %s - (SELECT count(*) FROM people_company)) AS n RETURNING id)
        INSERT INTO people_agreement (company_id, centre_id, since) SELECT id, %s, date '2020-01-01' FROM made
        """,
        [COMPANIES, centre],
    )


def _stock(cursor: Any, centre: int, size: Size) -> None:
    """Houses by streets, sixty flats each; a person, a phone and an account of each flat."""
    streets = [f"ул. {first} {second}" for second in NAMES for first in ENDINGS]
    while len(streets) * HOUSES_OF_A_STREET < size.houses:
        streets.append(f"ул. {len(streets)}-я Линия")
    houses = [(street, str(n)) for street in streets for n in range(1, HOUSES_OF_A_STREET + 1)][: size.houses]
    cursor.execute(
        "CREATE TEMP TABLE bench_company ON COMMIT DROP AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS place"
        " FROM people_company WHERE id <> %s AND kind = 'management_company'",
        [centre],
    )
    cursor.execute(
        """
        CREATE TEMP TABLE bench_house ON COMMIT DROP AS
        WITH said AS (SELECT * FROM jsonb_to_recordset(%s::jsonb) AS h (place int, street text, house text, key text))
        SELECT place, street, house, key, (SELECT id FROM bench_company AS c
               WHERE c.place = said.place %% (SELECT count(*) FROM bench_company)) AS company
        FROM said
        """,
        [
            json.dumps(
                [{"place": n, "street": s, "house": h, "key": fold_key(s)} for n, (s, h) in enumerate(houses)]
            )
        ],
    )
    cursor.execute(
        """
        CREATE TEMP TABLE bench_flat ON COMMIT DROP AS
        WITH house AS (
            INSERT INTO places_building (company_id, city, street, house, street_key, house_key, zone, floors,
                                         entrances, has_lift, has_gas, has_chute)
            SELECT company, 'Заречье', street, house, key, house, 'Europe/Moscow', 5, 4, true, true, false
            FROM bench_house RETURNING id, company_id, street, house)
        SELECT row_number() OVER (ORDER BY id, n) - 1 AS place, id AS building, company_id AS company, n,
               street || ', ' || house || ', кв. ' || n AS address
        FROM house, generate_series(1, %s) AS n
        """,
        [FLATS],
    )
    cursor.execute(
        """
        WITH home AS (
            INSERT INTO places_premises (company_id, building_id, number, number_key, entrance, floor)
            SELECT company, building, n::text, n::text, 1 + (n - 1) / 15, 1 + (n - 1) %% 15 / 3
            FROM bench_flat RETURNING id, company_id, building_id, number),
        person AS (
            INSERT INTO places_person (company_id, premises_id, name, relation, email)
            SELECT company_id, id, (%s::text[])[1 + id %% 10] || 'а Анна Сергеевна', 'owner',
                   'resident' || id || '@example.org'
            FROM home RETURNING id, company_id, premises_id),
        phone AS (
            INSERT INTO places_phone (company_id, person_id, number)
            SELECT company_id, id, '+7949' || lpad((id %% 10000000)::text, 7, '0') FROM person)
        INSERT INTO places_account (company_id, premises_id, number, holder)
        SELECT company_id, id, 'Л' || id, '' FROM home
        """,
        [list(FAMILIES)],
    )
    cursor.execute(
        """
        CREATE TEMP TABLE bench_home ON COMMIT DROP AS
        SELECT flat.place, flat.company, flat.building, home.id AS premises, person.id AS person, person.name,
               phone.number AS phone, flat.address
        FROM bench_flat AS flat
        JOIN places_premises AS home ON home.building_id = flat.building AND home.number = flat.n::text
        JOIN places_person AS person ON person.premises_id = home.id
        JOIN places_phone AS phone ON phone.person_id = person.id
        """
    )
    cursor.execute("CREATE UNIQUE INDEX ON bench_home (place)")


def _parts(cursor: Any) -> None:
    """What a house hides: its inlet valves and a code, the doors, risers and lifts of its entrances."""
    cursor.execute(
        """
        CREATE TEMP TABLE bench_building ON COMMIT DROP AS
        SELECT building AS id, company, row_number() OVER (ORDER BY building) AS place
        FROM bench_flat GROUP BY building, company
        """
    )
    cursor.execute(
        """
        INSERT INTO places_accessnote (company_id, building_id, kind, title, "where")
        SELECT company, id, kind, title, said FROM bench_building, (VALUES
            ('valve', 'ввод ХВС', 'подвал, подъезд 2'), ('valve', 'ввод ГВС', 'подвал, подъезд 2'),
            ('code', 'подвал', '38К2417')) AS note (kind, title, said)
        """
    )
    cursor.execute(
        """
        INSERT INTO places_entrance (company_id, building_id, number, floors, first_flat, last_flat, code)
        SELECT company, id, n, 5, n * 15 - 14, n * 15, n || 'К' || id FROM bench_building, generate_series(1, 4) AS n
        """
    )
    cursor.execute(
        """
        INSERT INTO places_riser (company_id, building_id, service, entrance, feeds, valve)
        SELECT company, id, service, n, 'кв. ' || n * 15 - 14 || '–' || n * 15, 'подвал, под кв. ' || n * 15
        FROM bench_building, generate_series(1, 4) AS n,
             unnest(ARRAY['cold_water', 'hot_water', 'sewerage', 'heating']) AS service
        """
    )
    cursor.execute(
        """
        INSERT INTO places_lift (company_id, building_id, entrance, number, kind, serviced_by, phone, stop_reason)
        SELECT company, id, n, id || '-' || n, 'passenger', 'Лифтремонт', '+74950000001', ''
        FROM bench_building, generate_series(1, 4) AS n
        """
    )


def _outages(cursor: Any, size: Size, now: datetime) -> None:
    """One of every two houses a month, told for twenty houses at a time; one of a hundred stands."""
    cursor.execute(
        """
        WITH told AS (
            INSERT INTO incidents_outage (company_id, services, supplier, document, reason, is_planned, since, until,
                                          ended_at)
            SELECT company, ARRAY['hot_water'], 'Теплосеть', '', '', true, at, at + interval '8 hours',
                   CASE WHEN n %% 100 <> 0 THEN at + interval '7 hours' END
            FROM (SELECT n, %(now)s::timestamptz - %(span)s * ((%(count)s - n)::float8 / %(count)s) AS at,
                         (SELECT company FROM bench_building AS b WHERE b.place = 1 + n %% %(houses)s) AS company
                  FROM generate_series(1, %(count)s) AS n) AS made
            RETURNING id, company_id)
        INSERT INTO incidents_outagebuilding (company_id, outage_id, building_id)
        SELECT company_id, told.id, house.id FROM told
        CROSS JOIN LATERAL (SELECT id FROM bench_building AS b WHERE b.company = told.company_id
                            ORDER BY (b.place * 7919 + told.id) %% 1009 LIMIT 20) AS house
        """,
        {
            "now": now,
            "span": timedelta(days=size.days),
            "count": max(1, int(size.houses * size.days / 30 / 40)),
            "houses": size.houses,
        },
    )


def _letters(cursor: Any) -> None:
    """Of each ticket two, which have left."""
    cursor.execute(
        """
        INSERT INTO notices_delivery (company_id, ticket_id, channel, template, "to", subject, body, state, queued_at,
                                      due_at, owner, attempts, sent_at, error, message_id, key)
        SELECT company_id, id, 'email', template, 'resident@example.org', 'Заявка № ' || number,
               'Заявка принята, срок назван.', 'sent', registered_at, registered_at, 0, 1, registered_at, '',
               template || id || '@example.org', template || '/' || id
        FROM tickets_ticket, unnest(ARRAY['registered', 'done']) AS template WHERE id > (TABLE bench_before)
        """
    )


def _work(cursor: Any, centre: int, size: Size, now: datetime) -> None:
    """Tickets evenly over their days, each with its contact, its order and the clocks of the law; the newest
    `open_tickets` are open. Numbers go on from the town's."""
    cursor.execute(
        "CREATE TEMP TABLE bench_before ON COMMIT DROP AS SELECT coalesce(max(id), 0) AS id FROM tickets_ticket"
    )
    cursor.execute(
        """
        CREATE TEMP TABLE bench_ticket ON COMMIT DROP AS
        SELECT n, %(now)s::timestamptz - %(span)s * ((%(tickets)s - n)::float8 / %(tickets)s) AS at,
               (n * 7919::bigint) %% %(flats)s AS flat, n %% %(kinds)s AS kind,
               n > %(tickets)s - %(open)s AS open
        FROM generate_series(1, %(tickets)s) AS n
        """,
        {
            "now": now,
            "span": timedelta(days=size.days),
            "tickets": size.tickets,
            "flats": size.houses * FLATS,
            "kinds": len(KINDS),
            "open": size.open_tickets,
        },
    )
    cursor.execute(
        """
        INSERT INTO tickets_ticket
            (company_id, centre_id, number, state, classifier, severity, description, building_id, premises_id,
             address, person_id, applicant, phone, email, channel, registered_at, norms, zone, done_at, closed_at,
             version)
        SELECT home.company, %(centre)s,
               to_char(t.at AT TIME ZONE 'Europe/Moscow', 'YY') || '-' || coalesce(
                   (SELECT last FROM numbering_counter AS c
                    WHERE c.centre_id = %(centre)s AND series = 'ticket'
                      AND year = date_part('year', t.at AT TIME ZONE 'Europe/Moscow')), 0)
                   + row_number() OVER (PARTITION BY date_part('year', t.at AT TIME ZONE 'Europe/Moscow')
                                        ORDER BY n),
               CASE WHEN open THEN 'registered' ELSE 'closed' END, (%(codes)s::text[])[1 + kind],
               (%(severities)s::text[])[1 + kind], 'течёт стояк в ванной, соседи снизу звонят', home.building,
               home.premises, home.address, home.person, home.name, home.phone, '', 'phone', t.at,
               '[{"code": "pp416.13.terms"}, {"code": "pp416.13.containment"}, {"code": "pp416.13.elimination"}]',
               'Europe/Moscow', CASE WHEN NOT open THEN t.at + interval '5 hours' END,
               CASE WHEN NOT open THEN t.at + interval '1 day' END, 4
        FROM bench_ticket AS t JOIN bench_home AS home ON home.place = t.flat ORDER BY n
        """,
        {
            "centre": centre,
            "codes": [code for code, _ in KINDS],
            "severities": [severity for _, severity in KINDS],
        },
    )
    cursor.execute(
        """
        INSERT INTO numbering_counter (centre_id, series, year, last)
        SELECT %(centre)s, 'ticket', 2000 + split_part(number, '-', 1)::int, max(split_part(number, '-', 2)::bigint)
        FROM tickets_ticket WHERE id > (TABLE bench_before) GROUP BY split_part(number, '-', 1)
        ON CONFLICT (centre_id, series, year) DO UPDATE SET last = excluded.last
        """,
        {"centre": centre},
    )
    cursor.execute(
        """
        INSERT INTO contacts_interaction
            (company_id, centre_id, channel, state, is_emergency, received_at, answered_at, ended_at, outcome,
             ticket_id, caller, phone, email, address, text, person_id, building_id, premises_id, classifier,
             description, steps, version, key_digest)
        SELECT company_id, centre_id, channel, 'ended', false, registered_at - interval '1 minute',
               registered_at - interval '50 seconds', registered_at + interval '5 minutes', 'ticket', id, applicant,
               phone, '', address, '', person_id, building_id, premises_id, classifier, description,
               '{"1": {"at": "2026-01-01T00:00:00+00:00"}}', 5, ''
        FROM tickets_ticket WHERE id > (TABLE bench_before) ORDER BY id
        """
    )
    cursor.execute(
        """
        INSERT INTO tickets_clock (company_id, subject, norm, started_at, due_at, at_risk_at, stopped_at, is_paused,
                                   is_ended, fire_at)
        SELECT company_id, 'ticket/' || id, norm, registered_at, registered_at + term, registered_at + term * 0.75,
               CASE WHEN state = 'closed' THEN registered_at + term * 0.5 END, false, false, NULL
        FROM tickets_ticket, (VALUES ('pp416.13.terms', interval '30 min'),
                                     ('pp416.13.containment', interval '30 min'),
                                     ('pp416.13.elimination', interval '3 days')) AS norms (norm, term)
        WHERE id > (TABLE bench_before)
        """
    )
    cursor.execute(
        """
        INSERT INTO crews_workorder (company_id, ticket_id, crew_id, state, offered_at, ended_at, question, version, keys)
        SELECT t.company_id, t.id, (SELECT min(id) FROM crews_crew), 'done', registered_at, done_at, '', 1, '{}'
        FROM tickets_ticket AS t WHERE id > (TABLE bench_before) AND state = 'closed'
        """
    )


def _journal(cursor: Any, centre: int) -> None:
    """Ten entries of each ticket, chained after those of the town, by COPY."""
    cursor.execute("SELECT id, hash FROM journal_entry ORDER BY id DESC LIMIT 1")
    found = cursor.fetchone()
    entry, chain = (found[0], bytes(found[1])) if found else (0, journal.GENESIS)
    words, tickets = list[tuple[Any, ...]](), _tickets(cursor)
    with cursor.copy(
        "COPY journal_entry (id, company_id, centre_id, kind, happened_at, recorded_at, actor, subjects, body, hash)"
        " FROM STDIN"
    ) as rows:
        for pending in _entries(tickets, centre):
            row = journal._row(pending)
            entry += 1
            chain = journal.chained(chain, entry, row["canonical"].encode())
            rows.write_row(
                (entry, row["company"], row["centre"], row["kind"], pending.happened_at, pending.recorded_at,
                 row["actor"], row["subjects"], json.dumps(row["body"], ensure_ascii=False), chain)
            )  # fmt: skip
            if row["words"]:
                said = json.dumps(row["words"], ensure_ascii=False)
                words.append((entry, row["company"], bytes.fromhex(row["salt"]), said))
    with cursor.copy("COPY journal_words (entry_id, company_id, salt, words) FROM STDIN") as rows:
        for word in words:
            rows.write_row(word)
    cursor.execute(
        """
        INSERT INTO journal_subject (subject, entry_id, company_id)
        SELECT DISTINCT subject, entry.id, company_id FROM journal_entry AS entry, unnest(subjects) AS subject
        ON CONFLICT DO NOTHING
        """
    )
    cursor.execute("UPDATE follower_cursor SET entry = %s", [entry])


def _tickets(cursor: Any) -> list[tuple[Any, ...]]:
    cursor.execute(
        "SELECT t.company_id, t.registered_at, t.id, t.number, t.classifier, t.severity, t.description,"
        " t.applicant, t.phone, t.address, t.building_id, t.premises_id, i.id FROM tickets_ticket AS t"
        " JOIN contacts_interaction AS i ON i.ticket_id = t.id WHERE t.id > (TABLE bench_before) ORDER BY t.id"
    )
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _entries(tickets: list[tuple[Any, ...]], centre: int) -> Iterator[journal.Pending]:
    """The facts of every ticket of the bench, in the order of its life."""
    for company, at, *about in tickets:
        for offset, fact in enumerate(_life(*about)):
            moment = at + timedelta(minutes=offset - 1)
            yield journal.Pending(
                fact=fact,
                company=company,
                centre=centre,
                happened_at=moment,
                recorded_at=moment,
                actor="staff/1",
            )


def _life(
    pk: int, number: str, code: str, severity: str, said: str, applicant: str, phone: str, address: str,
    house: int, home: int, contact: int,
) -> tuple[Fact, ...]:  # fmt: skip
    return (
        facts.InteractionReceived(
            interaction=contact, channel="phone", building=house, zone="Europe/Moscow", caller=applicant,
            phone=phone, address=address,
        ),
        facts.InteractionAnswered(interaction=contact),
        facts.TicketRegistered(
            ticket=pk, interaction=contact, number=number, classifier=code, severity=severity, building=house,
            premises=home, zone="Europe/Moscow", description=said, applicant=applicant, phone=phone, address=address,
            norms=({"code": "pp416.13.terms"}, {"code": "pp416.13.containment"}, {"code": "pp416.13.elimination"}),
        ),
        facts.NumberTold(ticket=pk, interaction=contact),
        facts.TermsTold(ticket=pk, interaction=contact),
        facts.HandedOver(ticket=pk, interaction=contact, crew=1),
        facts.InteractionEnded(interaction=contact, outcome="ticket", ticket=pk),
        facts.WorkAccepted(ticket=pk, work_order=pk),
        facts.WorkDone(ticket=pk, work_order=pk, note="заменён участок стояка"),
        facts.TicketConfirmed(ticket=pk, rating=5),
    )  # fmt: skip
