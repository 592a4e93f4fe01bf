-- touch_sums --
-- By person: raw of the touch days (NULL: none weighs), the latest touch up to :today, and the first day to come. raw() is
-- an aggregate that sync.store.scores brings: the core's own sum.
SELECT touch.person_id, raw(CASE WHEN touch.until <= :today THEN NULL ELSE touch.kind || ' ' || touch.day END),
    max(CASE WHEN touch.day <= :today THEN coalesce(touch.last_at, touch.day || 'T12:00:00.000Z') END),
    min(CASE WHEN touch.day > :today THEN touch.day END)
FROM json_each(:people) AS due
CROSS JOIN valid_touch AS touch ON touch.person_id = due.value
GROUP BY touch.person_id;

-- people_with_activity_touches --
-- Those of these people some of whose activities are worth a touch.
SELECT DISTINCT link.person_id
FROM json_each(:people) AS due
CROSS JOIN person_link AS link ON link.person_id = due.value AND link.source = 'hubspot'
CROSS JOIN activity AS one ON one.contact_id = link.remote_id AND one.touch_kind IS NOT NULL;

-- touch_sums_with_activities --
-- The same for people some of whose activities are worth a touch.
SELECT touch.person_id, raw(CASE WHEN touch.until <= :today THEN NULL ELSE touch.kind || ' ' || touch.day END),
    max(CASE WHEN touch.day <= :today THEN coalesce(touch.last_at, touch.day || 'T12:00:00.000Z') END),
    min(CASE WHEN touch.day > :today THEN touch.day END)
FROM (
    SELECT touch.person_id, touch.kind, touch.day, touch.last_at, touch.until
    FROM json_each(:people) AS due
    CROSS JOIN valid_touch AS touch ON touch.person_id = due.value
    UNION ALL
    SELECT link.person_id, one.touch_kind, one.touch_day, one.at, NULL
    FROM json_each(:people) AS due
    CROSS JOIN person_link AS link ON link.person_id = due.value AND link.source = 'hubspot'
    CROSS JOIN activity AS one ON one.contact_id = link.remote_id AND one.touch_kind IS NOT NULL
) AS touch
GROUP BY touch.person_id;

-- touched_days --
-- By person, kind and day: days with a valid touch, over all records, and from which day it does not count any more.
SELECT touch.person_id, touch.kind, touch.day, touch.until
FROM json_each(:people) AS due
CROSS JOIN valid_touch AS touch ON touch.person_id = due.value
UNION
SELECT link.person_id, one.touch_kind, one.touch_day, NULL
FROM json_each(:people) AS due
CROSS JOIN person_link AS link ON link.person_id = due.value AND link.source = 'hubspot'
CROSS JOIN activity AS one ON one.contact_id = link.remote_id AND one.touch_kind IS NOT NULL;

-- undone_people --
-- Of these people who lost a record, or are one that was taken from somebody: since when the mirror knows them.
SELECT person_id, min(known_since) FROM (
    SELECT CAST(remote_id AS INTEGER) AS person_id, known_since FROM undone_link WHERE source = 'person'
    UNION ALL
    SELECT link.person_id, undone.known_since FROM undone_link AS undone
    JOIN person_link AS link ON link.source = undone.source AND link.remote_id = undone.remote_id
)
WHERE person_id IN (SELECT value FROM json_each(?)) GROUP BY person_id;

-- forget_undone --
-- These people's bands are their own again.
DELETE FROM undone_link WHERE (source, remote_id) IN (
    SELECT 'person', CAST(value AS TEXT) FROM json_each(:people)
    UNION ALL
    SELECT source, remote_id FROM person_link WHERE person_id IN (SELECT value FROM json_each(:people))
);

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
