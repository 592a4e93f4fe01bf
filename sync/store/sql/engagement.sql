-- save_event --
-- Keeps an event; one shown again is corrected.
INSERT INTO touch_event (
    id_hash, stream, contact_id, kind, job_id, day, rule, own_rule, at, mail, link, delivered_at, device
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id_hash) DO UPDATE SET
    contact_id = excluded.contact_id, kind = excluded.kind, job_id = excluded.job_id, day = excluded.day,
    rule = excluded.rule, own_rule = excluded.own_rule, at = excluded.at, mail = excluded.mail, link = excluded.link,
    delivered_at = excluded.delivered_at, device = excluded.device;

-- clicks_of_mails --
-- The clicks in these mailings by these contacts that are still kept whole.
SELECT event.id_hash, event.contact_id, event.mail, event.link, event.at, event.own_rule, event.rule, event.delivered_at, event.day
FROM json_each(:mails) AS asked
JOIN touch_event AS event INDEXED BY touch_event_day ON event.contact_id = asked.value->>0 AND event.mail = asked.value->>1
WHERE event.at IS NOT NULL AND event.kind = 'mail_click';

-- remake_days --
-- Makes the touch days of contacts on days what the events say. One valid event makes a day valid, and only valid ones count then.
INSERT INTO touch_day (source, remote_id, kind, job_id, day, count, last_at, suspect)
SELECT
    'hubspot', event.contact_id, event.kind, event.job_id, event.day,
    iif(sum(event.rule = '') > 0, sum(event.rule = ''), count(*)),
    coalesce(max(iif(event.rule = '', event.at, NULL)), max(event.at)),
    sum(event.rule = '') = 0
FROM json_each(:days) AS asked
JOIN touch_event AS event ON event.contact_id = asked.value->>0 AND event.day = asked.value->>1
GROUP BY event.contact_id, event.kind, event.job_id, event.day
ON CONFLICT (source, remote_id, kind, job_id, day) DO UPDATE SET
    count = excluded.count,
    last_at = coalesce(nullif(max(coalesce(last_at, ''), coalesce(excluded.last_at, '')), ''), excluded.last_at),
    suspect = excluded.suspect;

-- drop_unbacked_days --
-- Deletes touch days (contact, kind, job, day) that no event stands behind any more.
DELETE FROM touch_day WHERE source = 'hubspot' AND (remote_id, kind, job_id, day) IN (
    SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(:days)
) AND NOT EXISTS (
    SELECT 1 FROM touch_event AS event
    WHERE event.contact_id = touch_day.remote_id AND event.day = touch_day.day
        AND event.kind = touch_day.kind AND event.job_id = touch_day.job_id
);

-- yield_site_visits --
-- A visit of which the page is known says more than that there was one: on such a day the plain visit gives way.
DELETE FROM touch_day WHERE source = 'hubspot' AND kind = 'site_visit'
    AND (remote_id, day) IN (SELECT value->>0, value->>1 FROM json_each(:days))
    AND EXISTS (
        SELECT 1 FROM touch_day AS told
        WHERE told.source = 'hubspot' AND told.remote_id = touch_day.remote_id AND told.day = touch_day.day
            AND told.kind IN ('vacancy_visit', 'application_started') AND told.suspect = 0
    );

-- contacts_by_email --
-- Live contacts that may be tracked, by an address of theirs in lower case.
SELECT asked.value, contact.remote_id FROM json_each(:emails) AS asked
JOIN contact ON lower(contact.email) = asked.value
WHERE contact.deleted_at IS NULL AND contact.tracking_consent = 1
UNION
SELECT lower(trim(other.value)), contact.remote_id
FROM contact INDEXED BY contact_more_emails, json_each(contact.additional_emails) AS other
WHERE contact.additional_emails <> '[]' AND contact.deleted_at IS NULL AND contact.tracking_consent = 1
    AND lower(trim(other.value)) IN (SELECT value FROM json_each(:emails));

-- contacts_by_id --
-- Live contacts that may be tracked, by their id, with their address.
SELECT contact.remote_id, contact.remote_id, contact.email FROM json_each(:ids) AS asked
JOIN contact ON contact.remote_id = asked.value
WHERE contact.deleted_at IS NULL AND contact.tracking_consent = 1;

-- contacts_by_merged_id --
-- Live contacts that may be tracked, by an id they lived under before a merge.
SELECT other.value, contact.remote_id, contact.email
FROM contact, json_each(contact.merged_ids) AS other
WHERE contact.merged_ids <> '[]' AND contact.deleted_at IS NULL AND contact.tracking_consent = 1
    AND other.value IN (SELECT value FROM json_each(:ids));

-- take_over --
-- Deletes touch days of kinds that a better source shows from a day on, where it does not show them.
DELETE FROM touch_day WHERE source = 'hubspot' AND day >= :from_day
    AND kind IN (SELECT value FROM json_each(:kinds))
    AND NOT EXISTS (
        SELECT 1 FROM touch_event AS event
        WHERE event.contact_id = touch_day.remote_id AND event.day = touch_day.day
            AND event.kind = touch_day.kind AND event.job_id = touch_day.job_id
    )
RETURNING remote_id;

-- date_touch_day --
-- A touch day of a contact, where there is none of that kind.
INSERT INTO touch_day (source, remote_id, kind, job_id, day, count, last_at, suspect) VALUES ('hubspot', ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT DO NOTHING;

-- claim_forms --
-- Deletes days with a form as HubSpot counts them, where the submission found that day is of another kind.
DELETE FROM touch_day WHERE source = 'hubspot' AND kind = 'form' AND day >= :from_day
    AND EXISTS (
        SELECT 1 FROM touch_event AS event
        WHERE event.stream = :stream AND event.contact_id = touch_day.remote_id AND event.day = touch_day.day
    )
    AND NOT EXISTS (
        SELECT 1 FROM touch_event AS event
        WHERE event.contact_id = touch_day.remote_id AND event.day = touch_day.day AND event.kind = 'form'
    )
RETURNING remote_id;

-- unfound_forms --
-- Forms HubSpot counted of which no submission came that day or the days around it.
SELECT due.contact_id, due.count, due.at FROM form_due AS due
WHERE NOT EXISTS (
    SELECT 1 FROM touch_event AS event
    WHERE event.stream = :stream AND event.contact_id = due.contact_id
        AND event.day BETWEEN date(due.at, '-1 day') AND date(due.at, '+1 day')
)
ORDER BY due.contact_id;

-- save_form_due --
-- A form HubSpot counted, of which the submission is looked for.
INSERT INTO form_due (contact_id, count, at) VALUES (?, ?, ?)
ON CONFLICT (contact_id) DO UPDATE SET count = count + excluded.count, at = max(at, excluded.at);

-- compact_events --
-- What only serves to judge late events is forgotten once none can come.
UPDATE touch_event SET at = NULL, mail = NULL, link = NULL, delivered_at = NULL, own_rule = rule
WHERE at IS NOT NULL AND day < :day;

-- tracked_contacts --
-- Those of these contacts of whom web or mail behaviour is kept.
SELECT remote_id FROM touch_day
WHERE source = 'hubspot' AND remote_id IN (SELECT value FROM json_each(:ids)) AND kind IN (SELECT value FROM json_each(:kinds))
UNION SELECT contact_id FROM touch_event WHERE contact_id IN (SELECT value FROM json_each(:ids))
ORDER BY 1;

-- weightless_events --
-- Events of records that weigh nothing because a rule caught them, and those no mapping names: kind, day, number, last rule.
SELECT kind, day, count(*), rule FROM touch_event
WHERE contact_id IN (SELECT value FROM json_each(:ids)) AND (rule <> '' OR kind = 'other')
GROUP BY kind, day, rule ORDER BY day DESC, kind, rule;

-- counters_moved_after --
-- Totals of contacts that may be tracked, where a visit or click is dated after a moment.
SELECT counted.* FROM contact_counter AS counted
JOIN contact ON contact.remote_id = counted.contact_id
WHERE contact.deleted_at IS NULL AND contact.tracking_consent = 1
    AND (counted.last_visit_at > :after OR counted.last_click_at > :after);

-- event_totals --
-- How many events weigh nothing because a rule caught them or no mapping names them, by kind and rule.
SELECT kind, rule, count(*) FROM touch_event WHERE rule <> '' OR kind = 'other' GROUP BY kind, rule ORDER BY kind, rule;
