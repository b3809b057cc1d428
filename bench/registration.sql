-- What one registration needs of the database, and nothing more: the contact is found and marked,
-- the ticket, its three clocks and its gapless number are written, two facts are chained under the
-- journal's lock, which is held to the commit. Fixed: change it only together with the schema.
-- Variables: first, last (ids of contacts), centre, scope. Run as the application's role, -M prepared.
\set contact random(:first, :last)
BEGIN;
SELECT set_config('vakhta.scope', :scope, true);
SELECT id, company_id AS company, building_id AS building FROM contacts_interaction WHERE id = :contact FOR UPDATE \gset c_
INSERT INTO tickets_ticket
    (company_id, centre_id, number, state, classifier, severity, description, building_id, address,
     applicant, phone, email, channel, registered_at, norms, zone, version)
VALUES (:c_company, :centre, '', 'registered', 'flat.cold.riser', 'emergency', 'течёт стояк в ванной',
        :c_building, 'ул. Ленина, 9, кв. 1', 'Сафонов Владимир Павлович', '+79480100001',
        'v.safonov1@example.org', 'phone', now(),
        '[{"code": "pp416.13.terms"}, {"code": "pp416.13.containment"}, {"code": "pp416.13.elimination"}]',
        'Europe/Moscow', 1)
RETURNING id \gset t_
UPDATE contacts_interaction
SET outcome = 'ticket', ticket_id = :t_id, classifier = 'flat.cold.riser', version = version + 1,
    steps = jsonb_build_object('1', jsonb_build_object('at', now()), '2', jsonb_build_object('at', now()))
WHERE id = :c_id;
INSERT INTO tickets_clock (company_id, subject, norm, started_at, due_at, at_risk_at, is_paused, is_ended, fire_at)
SELECT :c_company, 'ticket/' || :t_id::bigint, norm, now(), now() + term, now() + term * 0.75, false, false, now() + term * 0.75
FROM (VALUES ('pp416.13.terms', interval '30 min'), ('pp416.13.containment', interval '30 min'),
             ('pp416.13.elimination', interval '3 days')) AS norms (norm, term);
INSERT INTO numbering_counter (centre_id, series, year, last) VALUES (:centre, 'ticket', 2026, 1)
ON CONFLICT (centre_id, series, year) DO UPDATE SET last = numbering_counter.last + 1 RETURNING last \gset n_
UPDATE tickets_ticket SET number = '26-' || :n_last::bigint WHERE id = :t_id;
SELECT journal_append(jsonb_build_array(
    jsonb_build_object(
        'company', :c_company::bigint, 'centre', :centre::bigint, 'kind', 'TicketRegistered',
        'happened_at', now(), 'recorded_at', now(), 'actor', 'staff/1',
        'subjects', jsonb_build_array('interaction/' || :c_id::bigint, 'ticket/' || :t_id::bigint, 'building/' || :c_building::bigint),
        'body', jsonb_build_object('ticket', :t_id::bigint, 'interaction', :c_id::bigint, 'classifier', 'flat.cold.riser'),
        'canonical', repeat('a registration as it is spelled for the chain ', 20),
        'salt', '00112233445566778899aabbccddeeff',
        'words', jsonb_build_object('description', 'течёт стояк в ванной', 'applicant', 'Сафонов Владимир Павлович',
                                    'phone', '+79480100001', 'address', 'ул. Ленина, 9, кв. 1')),
    jsonb_build_object(
        'company', :c_company::bigint, 'centre', :centre::bigint, 'kind', 'NatureFound',
        'happened_at', now(), 'recorded_at', now(), 'actor', 'staff/1',
        'subjects', jsonb_build_array('interaction/' || :c_id::bigint, 'ticket/' || :t_id::bigint),
        'body', jsonb_build_object('ticket', :t_id::bigint, 'interaction', :c_id::bigint, 'classifier', 'flat.cold.riser'),
        'canonical', repeat('a cause and nature as spelled for the chain ', 8),
        'salt', '00112233445566778899aabbccddeeff',
        'words', jsonb_build_object('description', 'течёт стояк в ванной'))
)) \gset j_
COMMIT;
