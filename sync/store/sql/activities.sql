-- stored_activities --
-- What is kept of these activities of a source.
SELECT remote_id, contact_id, row_hash, remote_updated_at FROM activity
WHERE source = :source AND remote_id IN (SELECT value FROM json_each(:ids));

-- save_activity --
-- One activity as one contact has it.
INSERT INTO activity (
    source, remote_id, contact_id, channel, direction, at, outcome, owner_id, duration_s, touch_kind, touch_day,
    remote_updated_at, changed_at, row_hash
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source, remote_id, contact_id) DO UPDATE SET
    channel = excluded.channel, direction = excluded.direction, at = excluded.at, outcome = excluded.outcome,
    owner_id = excluded.owner_id, duration_s = excluded.duration_s,
    touch_kind = excluded.touch_kind, touch_day = excluded.touch_day,
    remote_updated_at = excluded.remote_updated_at, changed_at = excluded.changed_at, row_hash = excluded.row_hash;

-- activities_of --
-- The activities of contacts, newest first.
SELECT contact_id, source, remote_id, channel, at, direction, outcome, owner_id, duration_s FROM activity
WHERE contact_id IN (SELECT value FROM json_each(:contacts)) ORDER BY contact_id, at DESC, source, remote_id;

-- people_of_contacts --
-- The people these contacts belong to.
SELECT DISTINCT person_id FROM person_link
WHERE source = 'hubspot' AND remote_id IN (SELECT value FROM json_each(:contacts)) ORDER BY person_id;

-- activities_of_contacts --
-- The activities of contacts, oldest first.
SELECT contact_id, remote_id, channel, at, direction, outcome, owner_id FROM activity
WHERE contact_id IN (SELECT value FROM json_each(:contacts)) ORDER BY at, source, remote_id;

-- activity_touches --
-- Touch days that activities of these records are worth.
SELECT one.contact_id, one.touch_kind, one.touch_day, count(*), max(one.at)
FROM json_each(:refs) AS asked
CROSS JOIN activity AS one ON one.contact_id = asked.value ->> 1
WHERE asked.value ->> 0 = 'hubspot' AND one.touch_kind IS NOT NULL
GROUP BY one.contact_id, one.touch_kind, one.touch_day;
