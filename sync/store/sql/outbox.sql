-- claimable_rows --
-- Rows that may be sent now, in order of planning.
SELECT key, kind, person_id, contact_id, object_id, play, reason, owner_id, payload, before,
    state, lease_token, attempts, not_before, error, planned_day, planned_at, sent_at, done_at, contact_ids
FROM outbox
WHERE kind = :kind AND (state = 'PENDING' OR (state = 'DEFERRED' AND (not_before IS NULL OR not_before <= :now)))
ORDER BY planned_at, key LIMIT :limit;

-- claim_rows --
-- Marks rows that may be sent now as sent by a lease token, before anything is sent.
UPDATE outbox SET
    state = 'SENT', lease_token = :token, sent_at = :now, attempts = attempts + 1, not_before = NULL, error = ''
WHERE key IN (SELECT value FROM json_each(:keys))
    AND (state = 'PENDING' OR (state = 'DEFERRED' AND (not_before IS NULL OR not_before <= :now)))
RETURNING key;

-- outbox_summary --
-- What waits to be sent: contacts that change, new tasks, new contacts.
SELECT
    count(DISTINCT CASE WHEN kind = 'update_contact' THEN contact_id END),
    coalesce(sum(kind = 'create_task'), 0),
    coalesce(sum(kind = 'create_contact'), 0)
FROM outbox WHERE state IN ('PENDING', 'DEFERRED');

-- settle_row --
-- How a row went.
UPDATE outbox SET
    state = :state, object_id = coalesce(:object_id, object_id), error = :error, not_before = :not_before, done_at = :done_at
WHERE key = :key;

-- standing_rows --
-- Rows with one of these keys, the open rows of these people, contacts and tasks, and the contacts' refused updates.
SELECT key, kind, state, person_id, attempts, not_before, planned_day, contact_id, object_id, play, reason, owner_id, payload, before, contact_ids
FROM outbox WHERE key IN (
    SELECT value FROM json_each(:keys)
    UNION
    SELECT key FROM outbox
    WHERE person_id IN (SELECT value FROM json_each(:people)) AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED')
    UNION
    SELECT key FROM outbox
    WHERE contact_id IN (SELECT value FROM json_each(:contacts))
        AND kind = 'update_contact' AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED')
    UNION
    SELECT key FROM outbox
    WHERE contact_id IN (SELECT value FROM json_each(:contacts)) AND kind = 'update_contact' AND state = 'DEAD'
    UNION
    SELECT key FROM outbox
    WHERE object_id IN (SELECT value FROM json_each(:tasks))
        AND kind IN ('update_task', 'complete_task', 'archive_task') AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED')
);

-- plan_row --
-- A planned action; a withdrawn or waiting row with the same key is planned anew.
INSERT INTO outbox (
    key, kind, person_id, contact_id, object_id, play, reason, owner_id, payload, before, contact_ids, state, not_before, planned_day,
    planned_at
) VALUES (
    :key, :kind, :person_id, :contact_id, :object_id, :play, :reason, :owner_id, :payload, :before, :contact_ids, :state, :not_before,
    :planned_day, :planned_at
)
ON CONFLICT (key) DO UPDATE SET
    person_id = excluded.person_id, contact_id = excluded.contact_id, object_id = excluded.object_id, play = excluded.play,
    reason = excluded.reason, owner_id = excluded.owner_id, payload = excluded.payload, before = excluded.before,
    contact_ids = excluded.contact_ids,
    state = excluded.state, not_before = excluded.not_before, error = '', done_at = NULL,
    planned_day = excluded.planned_day, planned_at = excluded.planned_at;

-- withdraw_unwanted --
-- Withdraws what is planned for people and no longer wanted.
UPDATE outbox SET state = 'WITHDRAWN'
WHERE person_id IN (SELECT value FROM json_each(:people)) AND kind IN (SELECT value FROM json_each(:kinds))
    AND state IN ('PENDING', 'DEFERRED') AND key NOT IN (SELECT value FROM json_each(:keep))
RETURNING key;

-- rows_by_key --
-- Rows with one of these keys, in order of planning.
SELECT key, kind, person_id, contact_id, object_id, play, reason, owner_id, payload, before,
    state, lease_token, attempts, not_before, error, planned_day, planned_at, sent_at, done_at, contact_ids
FROM outbox
WHERE key IN (SELECT value FROM json_each(:keys))
ORDER BY planned_at, key;

-- rows_by_state --
-- Rows in one of these states, in order of planning.
SELECT key, kind, person_id, contact_id, object_id, play, reason, owner_id, payload, before,
    state, lease_token, attempts, not_before, error, planned_day, planned_at, sent_at, done_at, contact_ids
FROM outbox
WHERE state IN (SELECT value FROM json_each(:states))
ORDER BY planned_at, key LIMIT :limit;

-- unknown_rows --
-- Rows without a confirmed outcome, in order of planning; `not_before` only holds back sending them again.
SELECT key, kind, person_id, contact_id, object_id, play, reason, owner_id, payload, before,
    state, lease_token, attempts, not_before, error, planned_day, planned_at, sent_at, done_at, contact_ids
FROM outbox
WHERE state = 'UNKNOWN' AND kind = :kind
ORDER BY planned_at, key LIMIT :limit;

-- retry_rows --
-- Lets refused writes wait to be sent again and put-off ones be due, unless a newer write has their slot.
UPDATE OR IGNORE outbox SET
    state = CASE
        WHEN state = 'DEAD' AND kind LIKE 'create_%' AND attempts > 1 THEN 'UNKNOWN'
        WHEN state = 'DEAD' THEN 'PENDING'
        ELSE state
    END,
    not_before = iif(state = 'DEAD' AND kind LIKE 'create_%' AND attempts > 1, :now, NULL), done_at = NULL
WHERE key IN (SELECT value FROM json_each(:keys)) AND state IN ('DEAD', 'DEFERRED')
RETURNING key;
