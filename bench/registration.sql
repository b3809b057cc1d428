-- What one registration by POST /api/v1/tickets needs of the database, and nothing more: the key is
-- new, the caller's home is found by phone, the contact, the ticket, its four clocks and its gapless
-- number are written, five facts are chained under the journal's lock, which is held to the commit.
-- Fixed: change it only together with the schema. Run as the application's role, -M prepared.
-- Variables: centre, scope, phone, key (of this round).
\set n random(1, 2000000000)
BEGIN;
SELECT set_config('vakhta.scope', :scope, true);
SELECT count(*) AS known FROM contacts_interaction WHERE centre_id = :centre AND key = :key || :n::bigint \gset k_
SELECT person.company_id AS company, person.id AS person, home.id AS premises, home.building_id AS building
FROM places_phone AS phone
JOIN places_person AS person ON person.id = phone.person_id
JOIN places_premises AS home ON home.id = person.premises_id
WHERE phone.number = :phone LIMIT 1 \gset h_
INSERT INTO contacts_interaction
    (company_id, centre_id, channel, state, is_emergency, received_at, outcome, caller, phone, email, address,
     text, person_id, building_id, premises_id, classifier, description, steps, version, key, key_digest)
VALUES (:h_company, :centre, 'partner', 'queued', false, now(), '', 'Сафонов Владимир Павлович', :phone,
        'v.safonov1@example.org', 'ул. Ленина, 9, кв. 1', 'течёт стояк в ванной', :h_person, :h_building,
        :h_premises, '', '', '{}', 1, :key || :n::bigint, repeat('0', 64))
RETURNING id \gset c_
INSERT INTO tickets_ticket
    (company_id, centre_id, number, state, classifier, severity, description, building_id, premises_id, address,
     person_id, applicant, phone, email, channel, registered_at, norms, zone, version)
VALUES (:h_company, :centre, '', 'registered', 'flat.cold.riser', 'emergency', 'течёт стояк в ванной',
        :h_building, :h_premises, 'ул. Ленина, 9, кв. 1', :h_person, 'Сафонов Владимир Павлович', :phone,
        'v.safonov1@example.org', 'partner', now(),
        '[{"code": "pp416.13.terms"}, {"code": "pp416.13.containment"}, {"code": "pp416.13.elimination"}]',
        'Europe/Moscow', 1)
RETURNING id \gset t_
UPDATE contacts_interaction
SET state = 'ended', outcome = 'ticket', ticket_id = :t_id, classifier = 'flat.cold.riser', version = 2,
    description = text, answered_at = now(), ended_at = now(),
    steps = jsonb_build_object('1', jsonb_build_object('at', now()), '3', jsonb_build_object('at', now()))
WHERE id = :c_id;
INSERT INTO tickets_clock
    (company_id, subject, norm, started_at, due_at, at_risk_at, stopped_at, is_paused, is_ended, fire_at)
SELECT :h_company::bigint, subject, norm, now(), now() + term, now() + term * 0.75, stopped, false,
       stopped IS NOT NULL, CASE WHEN stopped IS NULL THEN now() + term * 0.75 END
FROM (VALUES ('interaction/' || :c_id::bigint, 'pp416.13.message', interval '10 min', now()),
             ('ticket/' || :t_id::bigint, 'pp416.13.terms', interval '30 min', NULL),
             ('ticket/' || :t_id::bigint, 'pp416.13.containment', interval '30 min', NULL),
             ('ticket/' || :t_id::bigint, 'pp416.13.elimination', interval '3 days', NULL)
) AS norms (subject, norm, term, stopped);
INSERT INTO numbering_counter (centre_id, series, year, last) VALUES (:centre, 'ticket', 2026, 1)
ON CONFLICT (centre_id, series, year) DO UPDATE SET last = numbering_counter.last + 1 RETURNING last \gset n_
UPDATE tickets_ticket SET number = '26-' || :n_last::bigint WHERE id = :t_id;
SELECT journal_append(jsonb_agg(jsonb_build_object(
    'company', :h_company::bigint, 'centre', :centre::bigint, 'kind', kind, 'happened_at', now(),
    'recorded_at', now(), 'actor', 'token/1',
    'subjects', to_jsonb(ARRAY['interaction/' || :c_id::bigint, 'ticket/' || :t_id::bigint]),
    'body', jsonb_build_object('ticket', :t_id::bigint, 'interaction', :c_id::bigint),
    'canonical', repeat('a fact as it is spelled for the chain ', size),
    'salt', CASE WHEN words THEN '00112233445566778899aabbccddeeff' ELSE '' END,
    'words', CASE WHEN words THEN jsonb_build_object(
        'text', 'течёт стояк в ванной', 'caller', 'Сафонов Владимир Павлович', 'phone', :phone::text,
        'address', 'ул. Ленина, 9, кв. 1') END
) ORDER BY place)) AS entry
FROM (VALUES (1, 'InteractionReceived', 20, true), (2, 'InteractionAnswered', 7, false),
             (3, 'TicketRegistered', 26, true), (4, 'NumberTold', 7, false), (5, 'InteractionEnded', 8, false)
) AS facts (place, kind, size, words) \gset j_
COMMIT;
