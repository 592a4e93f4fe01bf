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
INSERT INTO decision (person_id, play, occasion, wanted, refused, until, owner_id, due_at, ground, why, type, priority, application, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (person_id, play) DO UPDATE SET
    occasion = excluded.occasion, wanted = excluded.wanted, refused = excluded.refused, until = excluded.until,
    owner_id = excluded.owner_id, due_at = excluded.due_at, ground = excluded.ground, why = excluded.why, type = excluded.type,
    priority = excluded.priority, application = excluded.application, at = excluded.at
WHERE (occasion, wanted, refused, until, owner_id, due_at, ground, why, type, priority, application) IS NOT (
    excluded.occasion, excluded.wanted, excluded.refused, excluded.until, excluded.owner_id, excluded.due_at,
    excluded.ground, excluded.why, excluded.type, excluded.priority, excluded.application
);

-- own_tasks --
-- Tasks warmline made for people: those in the mirror, and those sent or confirmed that the mirror does not have yet.
-- The marker is the start of the outbox row's key, hence the range on the primary key ('g' follows the last hex digit).
-- Untouched: it looks as warmline wrote it, and nobody opened it again after warmline closed it. Lost: each of its
-- contacts is known to be gone or somebody else's. Then the marker it was made with, how often warmline changed it, its
-- type, and whether warmline archived it.
-- The + keeps SQLite from walking everything that was ever done.
SELECT task.person_id, task.remote_id, coalesce(task.marker, ''), task.play, task.owner_id,
    coalesce(task.status, '') <> 'COMPLETED' AND task.archived = 0,
    coalesce(
        (SELECT min(sent_at) FROM outbox WHERE object_id = task.remote_id AND kind = 'create_task'),
        (SELECT min(sent_at) FROM outbox WHERE kind = 'create_task' AND key >= task.marker AND key < task.marker || 'g'),
        task.remote_created_at, task.changed_at
    ),
    CASE WHEN task.status = 'COMPLETED' OR task.archived = 1
        THEN coalesce(task.completed_at, task.remote_updated_at, task.changed_at) END,
    task.due_at,
    coalesce(task.status, 'NOT_STARTED') = 'NOT_STARTED'
        AND (task.written_hash IS NULL OR task.visible_hash IN (task.written_hash, task.sent_hash))
        AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE object_id = task.remote_id AND kind IN ('complete_task', 'archive_task')
                AND state = 'DONE' AND attempts > 0
        ),
    json_array_length(task.contact_ids) > 0 AND NOT EXISTS (
        SELECT 1 FROM json_each(task.contact_ids) AS one
        LEFT JOIN contact ON contact.remote_id = one.value
        LEFT JOIN person_link AS link ON link.source = 'hubspot' AND link.remote_id = one.value
        WHERE contact.remote_id IS NULL OR (contact.deleted_at IS NULL AND link.person_id = task.person_id)
    ),
    coalesce((SELECT substr(key, 1, 12) FROM outbox
        WHERE object_id = task.remote_id AND kind = 'create_task' AND substr(key, 1, 12) <> task.marker), ''),
    (SELECT count(*) FROM outbox WHERE object_id = task.remote_id AND kind = 'update_task' AND state = 'DONE'),
    coalesce(task.type, 'CALL'),
    EXISTS (SELECT 1 FROM outbox
        WHERE object_id = task.remote_id AND kind = 'archive_task' AND state = 'DONE' AND attempts > 0)
FROM task
WHERE task.person_id IN (SELECT value FROM json_each(:people))
UNION ALL
SELECT made.person_id, coalesce(made.object_id, ''), substr(made.key, 1, 12), made.play, made.owner_id, 1, made.sent_at, NULL,
    NULL, 0, 0, '', 0, coalesce(json_extract(made.payload, '$.hs_task_type'), 'CALL'), 0
FROM outbox AS made
WHERE made.person_id IN (SELECT value FROM json_each(:people))
    AND +made.kind = 'create_task' AND +made.state IN ('SENT', 'UNKNOWN', 'DONE')
    AND NOT EXISTS (SELECT 1 FROM task WHERE task.remote_id = made.object_id)
    AND NOT EXISTS (SELECT 1 FROM task WHERE task.marker = substr(made.key, 1, 12));

-- erased_people --
-- People one of whose candidates was anonymised at its source.
SELECT DISTINCT link.person_id FROM person_link AS link
JOIN candidate ON candidate.source = link.source AND candidate.remote_id = link.remote_id
WHERE link.person_id IN (SELECT value FROM json_each(:people)) AND candidate.anonymised_at IS NOT NULL;

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
-- New tasks from a day on and open tasks, by owner; those of :free plays are apart. Planned tasks count as open, those of people decided anew apart;
-- a task in the mirror counts for who owns it now.
WITH counted AS (
    SELECT key, owner_id, object_id, planned_day FROM outbox
    WHERE kind = 'create_task' AND state NOT IN ('WITHDRAWN', 'DEAD')
        AND coalesce(play, '') NOT IN (SELECT value FROM json_each(:free))
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
        AND coalesce(play, '') NOT IN (SELECT value FROM json_each(:free))
    UNION ALL
    SELECT owner_id, 1, 0 FROM task -- one made before this mirror was rebuilt or put back; days are UTC here
    WHERE marker IS NOT NULL AND substr(remote_created_at, 1, 10) >= :since
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE kind = 'create_task' AND object_id = task.remote_id)
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE key >= task.marker AND key < task.marker || 'g')
        AND coalesce(play, '') NOT IN (SELECT value FROM json_each(:free))
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
