-- save_marketing_event --
-- An event as last read.
INSERT INTO marketing_event (remote_id, name, starts_at, ends_at, mark, changed_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (remote_id) DO UPDATE SET
    name = excluded.name, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    mark = excluded.mark, changed_at = excluded.changed_at;

-- save_participation --
-- How a contact stands to an event now.
INSERT INTO participation (event_id, contact_id, state, at, changed_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (event_id, contact_id) DO UPDATE SET
    state = excluded.state, at = excluded.at, changed_at = excluded.changed_at;

-- merged_into --
-- Ids a merge took, and the live contact that names them.
SELECT old.value, contact.remote_id FROM contact, json_each(contact.merged_ids) AS old
WHERE contact.deleted_at IS NULL AND contact.merged_ids <> '[]'
    AND old.value IN (SELECT value FROM json_each(:ids));

-- sheet_attendance --
-- Who attended by sign-in sheets: event, moment, and the person's live contact with the lowest id, where there is one.
SELECT line.event, line.at, min(CAST(contact.remote_id AS INTEGER)) FROM attendance AS line
LEFT JOIN person_link AS own ON own.source = line.source AND own.remote_id = line.remote_id
LEFT JOIN person_link AS other ON other.person_id = own.person_id AND other.source = 'hubspot'
LEFT JOIN contact ON contact.remote_id = other.remote_id AND contact.deleted_at IS NULL
WHERE line.kind = 'attended' AND line.deleted_at IS NULL
GROUP BY line.source, line.remote_id
ORDER BY line.event, line.at, line.source, line.remote_id;

-- sheet_lines --
-- Lines of sign-in sheets, and those of nobody warmline knows.
SELECT count(*), count(*) - count(link.person_id) FROM attendance AS line
LEFT JOIN person_link AS link ON link.source = line.source AND link.remote_id = line.remote_id
WHERE line.deleted_at IS NULL;

-- attended_in_hubspot --
-- Contacts HubSpot itself shows as having attended.
SELECT event_id, contact_id FROM participation WHERE state = 'attended';

-- plan_attendance --
-- An attendance to put into HubSpot; what was planned or sent before stays as it is.
INSERT INTO attendance_write (event_id, contact_id, at, state, planned_at) VALUES (?, ?, ?, 'PENDING', ?)
ON CONFLICT (event_id, contact_id) DO UPDATE SET at = excluded.at, planned_at = excluded.planned_at
WHERE state = 'PENDING' AND at <> excluded.at;

-- unwanted_attendance --
-- Takes back what waits, certainly not done, and is no longer wanted.
DELETE FROM attendance_write WHERE state = 'PENDING'
    AND (event_id, contact_id) NOT IN (SELECT value->>0, value->>1 FROM json_each(:wanted));

-- seen_attendance --
-- What got no certain answer and HubSpot shows by now.
UPDATE attendance_write SET state = 'DONE', error = '', done_at = :now
WHERE state = 'SENT' AND EXISTS (
    SELECT 1 FROM participation AS one
    WHERE one.event_id = attendance_write.event_id AND one.contact_id = attendance_write.contact_id
        AND one.state = 'attended'
);

-- open_attendance --
-- What may be sent now, an event after the other.
SELECT event_id, contact_id, at, attempts FROM attendance_write WHERE state IN ('PENDING', 'SENT')
ORDER BY event_id, CAST(contact_id AS INTEGER);

-- settle_attendance --
-- What became of an attendance that was sent; one that certainly was not done waits as if it never was sent.
UPDATE attendance_write SET state = :state, error = :error, done_at = iif(:state = 'DONE', :now, done_at),
    attempts = iif(:state = 'PENDING', 0, attempts)
WHERE event_id = :event_id AND contact_id = :contact_id;

-- missed_events --
-- When people were noted as not having come, by the record it is noted on: a marketing event's participants, or a sheet.
SELECT 'hubspot', contact_id, at FROM participation
WHERE state = 'no_show' AND at IS NOT NULL
    AND contact_id IN (SELECT value->>1 FROM json_each(:refs) WHERE value->>0 = 'hubspot')
UNION ALL
SELECT source, remote_id, at FROM attendance
WHERE kind = 'no_show' AND at IS NOT NULL AND deleted_at IS NULL
    AND (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))
ORDER BY 1, 2, 3;
