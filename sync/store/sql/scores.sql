-- touch_sums --
-- By person: raw of the touch days (NULL: none weighs), the latest touch up to :today, and the first day to come. raw() is
-- an aggregate that sync.store.scores brings: the core's own sum.
SELECT link.person_id, raw(touch.kind || ' ' || touch.day),
    max(CASE WHEN touch.day <= :today THEN coalesce(touch.last_at, touch.day || 'T12:00:00.000Z') END),
    min(CASE WHEN touch.day > :today THEN touch.day END)
FROM json_each(:people) AS due
CROSS JOIN person_link AS link ON link.person_id = due.value
CROSS JOIN touch_day AS touch ON touch.source = link.source AND touch.remote_id = link.remote_id
WHERE touch.suspect = 0
GROUP BY link.person_id;

-- touched_days --
-- By person, kind and day: days with a valid touch, over all records.
SELECT DISTINCT link.person_id, touch.kind, touch.day
FROM json_each(:people) AS due
CROSS JOIN person_link AS link ON link.person_id = due.value
CROSS JOIN touch_day AS touch ON touch.source = link.source AND touch.remote_id = link.remote_id
WHERE touch.suspect = 0;

-- scoring_contacts --
-- What the audience and the score ask of people's live contacts, each person's primary one last.
SELECT link.person_id, contact.remote_id, contact.email, contact.additional_emails, contact.lifecycle_stage, contact.deals,
    contact.seen, contact.no_profiling, contact.band_in_crm
FROM json_each(:people) AS due
CROSS JOIN person_link AS link ON link.person_id = due.value AND link.source = 'hubspot'
CROSS JOIN contact ON contact.remote_id = link.remote_id
WHERE contact.deleted_at IS NULL
ORDER BY coalesce(contact.remote_updated_at, ''), contact.remote_id;

-- scoring_candidates --
-- The addresses of people's live candidates.
SELECT link.person_id, candidate.source, candidate.remote_id, candidate.email_addresses
FROM json_each(:people) AS due
CROSS JOIN person_link AS link ON link.person_id = due.value
CROSS JOIN candidate ON candidate.source = link.source AND candidate.remote_id = link.remote_id
WHERE candidate.deleted_at IS NULL AND candidate.anonymised_at IS NULL;

-- scoring_lists --
-- The audience's lists that hold these contacts.
SELECT contact_id, list_id FROM list_member WHERE contact_id IN (SELECT value FROM json_each(:contacts));

-- save_score --
-- A person's score as just computed.
INSERT INTO score (person_id, value, raw, band, band_since, last_touch_at, rules_version, computed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (person_id) DO UPDATE SET
    value = excluded.value, raw = excluded.raw, band = excluded.band, band_since = excluded.band_since,
    last_touch_at = excluded.last_touch_at, rules_version = excluded.rules_version, computed_at = excluded.computed_at;
