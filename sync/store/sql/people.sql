-- save_score --
-- A person's score as just computed.
INSERT INTO score (person_id, value, raw, band, band_since, last_touch_at, breakdown, rules_version, computed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (person_id) DO UPDATE SET
    value = excluded.value, raw = excluded.raw, band = excluded.band, band_since = excluded.band_since,
    last_touch_at = excluded.last_touch_at, breakdown = excluded.breakdown,
    rules_version = excluded.rules_version, computed_at = excluded.computed_at;

-- drop_decisions --
-- Decisions of plays that want nothing any more. :plays is the plays that keep theirs, by person.
DELETE FROM decision
WHERE person_id IN (SELECT CAST(key AS INTEGER) FROM json_each(:plays))
    AND NOT EXISTS (
        SELECT 1 FROM json_each(:plays) AS one, json_each(one.value) AS kept
        WHERE CAST(one.key AS INTEGER) = decision.person_id AND kept.value = decision.play
    );

-- save_decision --
-- A play's decision about a person; an equal one keeps its moment.
INSERT INTO decision (person_id, play, occasion, wanted, refused, until, owner_id, due_at, ground, why, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (person_id, play) DO UPDATE SET
    occasion = excluded.occasion, wanted = excluded.wanted, refused = excluded.refused, until = excluded.until,
    owner_id = excluded.owner_id, due_at = excluded.due_at, ground = excluded.ground, why = excluded.why, at = excluded.at
WHERE (occasion, wanted, refused, until, owner_id, due_at, ground, why) IS NOT (
    excluded.occasion, excluded.wanted, excluded.refused, excluded.until,
    excluded.owner_id, excluded.due_at, excluded.ground, excluded.why
);

-- own_tasks --
-- Tasks warmline made for people: those in the mirror, and those sent or confirmed that the mirror does not have yet.
-- The marker is the start of the outbox row's key, hence the range on the primary key ('g' follows the last hex digit).
SELECT task.person_id, task.remote_id, coalesce(task.marker, ''), task.play, task.owner_id,
    coalesce(task.status, '') <> 'COMPLETED' AND task.archived = 0,
    coalesce(made.sent_at, task.remote_created_at, task.changed_at),
    CASE WHEN task.status = 'COMPLETED' THEN coalesce(task.completed_at, task.remote_updated_at, task.changed_at)
         WHEN task.archived = 1 THEN coalesce(task.completed_at, task.remote_updated_at, task.changed_at) END
FROM task LEFT JOIN outbox AS made
    ON made.kind = 'create_task' AND made.key >= task.marker AND made.key < task.marker || 'g'
WHERE task.person_id IN (SELECT value FROM json_each(:people))
UNION ALL
SELECT made.person_id, coalesce(made.object_id, ''), substr(made.key, 1, 12), made.play, made.owner_id, 1, made.sent_at, NULL
FROM outbox AS made
WHERE made.person_id IN (SELECT value FROM json_each(:people))
    AND made.kind = 'create_task' AND made.state IN ('SENT', 'UNKNOWN', 'DONE')
    AND NOT EXISTS (SELECT 1 FROM task WHERE task.remote_id = made.object_id)
    AND NOT EXISTS (SELECT 1 FROM task WHERE task.marker = substr(made.key, 1, 12));

-- people_in_review --
-- People one of whose records is in an open review.
SELECT link.person_id FROM person_link AS link
JOIN link_review AS review ON review.candidate_source = link.source AND review.candidate_id = link.remote_id
WHERE link.person_id IN (SELECT value FROM json_each(:people)) AND review.state = 'open'
UNION
SELECT link.person_id FROM person_link AS link JOIN link_review AS review ON review.contact_id = link.remote_id
WHERE link.person_id IN (SELECT value FROM json_each(:people)) AND link.source = 'hubspot' AND review.state = 'open';

-- people_without_mailbox --
-- People one of whose addresses is a contact's; asked for people without a contact, so it is somebody else's.
SELECT DISTINCT link.person_id FROM person_link AS link
JOIN identity_key AS own ON own.source = link.source AND own.remote_id = link.remote_id
JOIN identity_key AS other ON other.key = own.key AND other.source = 'hubspot'
WHERE link.person_id IN (SELECT value FROM json_each(:people)) AND own.key LIKE 'email:%';

-- loads --
-- New tasks from a day on and open tasks, by owner. Planned tasks count as open, those of people decided anew apart;
-- a task in the mirror counts for who owns it now.
WITH counted AS (
    SELECT key, owner_id, object_id, planned_day FROM outbox
    WHERE kind = 'create_task' AND state NOT IN ('WITHDRAWN', 'DEAD')
        AND NOT (state IN ('PENDING', 'DEFERRED') AND person_id IN (SELECT value FROM json_each(:anew)))
)
SELECT owner_id, sum(new_today), sum(open) FROM (
    SELECT owner_id, 1 AS new_today, 0 AS open FROM counted WHERE planned_day >= :since
    UNION ALL
    SELECT owner_id, 0, 1 FROM counted
    WHERE NOT EXISTS (SELECT 1 FROM task WHERE task.remote_id = counted.object_id)
        AND NOT EXISTS (SELECT 1 FROM task WHERE task.marker = substr(counted.key, 1, 12))
    UNION ALL
    SELECT owner_id, 0, 1 FROM task
    WHERE marker IS NOT NULL AND coalesce(status, '') <> 'COMPLETED' AND archived = 0
) WHERE owner_id IS NOT NULL GROUP BY owner_id;

-- records_by_email --
-- Live records that have an e-mail address, given in lower case.
SELECT 'hubspot', contact.remote_id FROM contact
WHERE contact.deleted_at IS NULL AND (
    lower(contact.email) = :email
    OR EXISTS (SELECT 1 FROM json_each(contact.additional_emails) AS one WHERE lower(one.value) = :email)
)
UNION ALL
SELECT candidate.source, candidate.remote_id FROM candidate
WHERE candidate.deleted_at IS NULL
    AND EXISTS (SELECT 1 FROM json_each(candidate.email_addresses) AS one WHERE lower(one.value) = :email);

-- records_by_id --
-- Live contacts and candidates with an id; of one source when it is given.
SELECT 'hubspot', contact.remote_id FROM contact
WHERE contact.remote_id = :remote_id AND contact.deleted_at IS NULL AND coalesce(:source, 'hubspot') = 'hubspot'
UNION ALL
SELECT candidate.source, candidate.remote_id FROM candidate
WHERE candidate.remote_id = :remote_id AND candidate.deleted_at IS NULL AND candidate.source = coalesce(:source, candidate.source);
