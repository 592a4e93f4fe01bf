-- rows_with_addresses --
-- Records that have one of these e-mail addresses (lower case), gone ones too, of any kind.
SELECT 'hubspot', contact.remote_id FROM contact
WHERE lower(contact.email) IN (SELECT value FROM json_each(:addresses)) OR (
    contact.additional_emails <> '[]' AND EXISTS (
        SELECT 1 FROM json_each(contact.additional_emails) AS one
        WHERE lower(one.value) IN (SELECT value FROM json_each(:addresses))
    )
)
UNION
SELECT candidate.source, candidate.remote_id FROM candidate
WHERE candidate.email_addresses <> '[]' AND EXISTS (
    SELECT 1 FROM json_each(candidate.email_addresses) AS one
    WHERE lower(one.value) IN (SELECT value FROM json_each(:addresses))
)
UNION
SELECT source, remote_id FROM attendance WHERE lower(email) IN (SELECT value FROM json_each(:addresses))
UNION
SELECT source, remote_id FROM identity_key WHERE key IN (SELECT 'email:' || value FROM json_each(:addresses));

-- rows_with_id --
-- Contacts and candidates with an id, gone ones too; of one source when it is given.
SELECT 'hubspot', remote_id FROM contact WHERE remote_id = :remote_id AND coalesce(:source, 'hubspot') = 'hubspot'
UNION ALL
SELECT source, remote_id FROM candidate WHERE remote_id = :remote_id AND source = coalesce(:source, source);

-- rows_held --
-- Those of these records (source and id) of which there is a row.
SELECT source, remote_id FROM candidate WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))
UNION ALL
SELECT source, remote_id FROM attendance WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))
UNION ALL
SELECT 'hubspot', remote_id FROM contact
WHERE remote_id IN (SELECT value->>1 FROM json_each(:refs) WHERE value->>0 = 'hubspot');

-- recognised --
-- By hash, the erasures it is a tombstone of, oldest first.
SELECT tombstone.hash, erasure.id, erasure.scope, erasure.state, erasure.at, erasure.look_until
FROM tombstone JOIN erasure ON erasure.id = tombstone.erasure_id
WHERE tombstone.hash IN (SELECT value FROM json_each(:hashes))
ORDER BY erasure.at, erasure.id;

-- own_task_ids --
-- Warmline's own tasks of people and contacts; not a grouped one, nor one that is about somebody else too.
SELECT remote_id FROM task
WHERE person_id IN (SELECT value FROM json_each(:people)) OR (
    coalesce(person_id, 0) >= 0
    AND EXISTS (SELECT 1 FROM json_each(task.contact_ids) AS one WHERE one.value IN (SELECT value FROM json_each(:contacts)))
    AND NOT EXISTS (SELECT 1 FROM json_each(task.contact_ids) AS one WHERE one.value NOT IN (SELECT value FROM json_each(:contacts)))
)
UNION
SELECT object_id FROM outbox
WHERE kind NOT IN ('update_contact', 'create_contact') AND object_id IS NOT NULL
    AND person_id IN (SELECT value FROM json_each(:people))
ORDER BY 1;

-- late_tasks --
-- When the latest task of people was sent that has no certain answer; NULL: there is none.
SELECT max(sent_at) FROM outbox
WHERE kind = 'create_task' AND state IN ('SENT', 'UNKNOWN') AND person_id IN (SELECT value FROM json_each(:people));

-- names_of_records --
-- What the mirror holds of who these records are: names, addresses and numbers, a row each; lists as JSON.
SELECT first_name, name_infix, last_name, email_addresses, phone_numbers FROM candidate
WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))
UNION ALL
SELECT first_name, name_infix, last_name, json_array(email), json_array(phone) FROM attendance
WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))
UNION ALL
SELECT first_name, NULL, last_name, json_insert(additional_emails, '$[#]', email), json_array(phone, mobile_phone) FROM contact
WHERE remote_id IN (SELECT value->>1 FROM json_each(:refs) WHERE value->>0 = 'hubspot');

-- gone_contacts --
-- Contacts that are gone and were not merged into another one.
SELECT remote_id FROM contact
WHERE deleted_at IS NOT NULL AND remote_id NOT IN (
    SELECT one.value FROM contact AS survivor, json_each(survivor.merged_ids) AS one WHERE survivor.merged_ids <> '[]'
)
ORDER BY remote_id LIMIT :most;

-- shared_tasks --
-- Those of these tasks that are grouped, or about somebody else than these contacts too.
SELECT remote_id FROM task
WHERE remote_id IN (SELECT value FROM json_each(:tasks)) AND (
    coalesce(person_id, 0) < 0
    OR EXISTS (SELECT 1 FROM json_each(task.contact_ids) AS one WHERE one.value NOT IN (SELECT value FROM json_each(:contacts)))
);

-- remake_groups --
-- Grouped tasks about people are made anew without them.
UPDATE reaction_group SET wanted = ''
WHERE id IN (SELECT group_id FROM promise WHERE person_id IN (SELECT value FROM json_each(:people)));

-- drop_shared_writes --
-- Writes about several people that wait are planned anew without one of them.
DELETE FROM outbox
WHERE state IN ('PENDING', 'DEFERRED')
    AND EXISTS (SELECT 1 FROM json_each(outbox.contact_ids) AS one WHERE one.value IN (SELECT value FROM json_each(:contacts)));

-- blank_shared_writes --
-- Of writes about several people that were sent, the text may name one of them: only that they were sent is kept.
UPDATE outbox SET payload = '{}', before = '{}', reason = '', contact_ids = (
    SELECT json_group_array(one.value) FROM json_each(outbox.contact_ids) AS one
    WHERE one.value NOT IN (SELECT value FROM json_each(:contacts))
)
WHERE EXISTS (SELECT 1 FROM json_each(outbox.contact_ids) AS one WHERE one.value IN (SELECT value FROM json_each(:contacts)));

-- leave_tasks --
-- Tasks about several people, without some of them.
UPDATE task SET contact_ids = (
    SELECT json_group_array(one.value) FROM json_each(task.contact_ids) AS one
    WHERE one.value NOT IN (SELECT value FROM json_each(:contacts))
)
WHERE EXISTS (SELECT 1 FROM json_each(task.contact_ids) AS one WHERE one.value IN (SELECT value FROM json_each(:contacts)));

-- shared_rows --
-- How many tasks and writes about several people still name one of these contacts.
SELECT
    (SELECT count(*) FROM task WHERE EXISTS (
        SELECT 1 FROM json_each(task.contact_ids) AS one WHERE one.value IN (SELECT value FROM json_each(:contacts))
    )),
    (SELECT count(*) FROM outbox WHERE EXISTS (
        SELECT 1 FROM json_each(outbox.contact_ids) AS one WHERE one.value IN (SELECT value FROM json_each(:contacts))
    ));

-- rows_with_lines --
-- Records with a telephone number that ends in these digits, however it is written; gone ones too.
SELECT source, remote_id FROM (
    SELECT source, remote_id, one.value AS number FROM candidate, json_each(phone_numbers) AS one WHERE phone_numbers <> '[]'
    UNION ALL SELECT source, remote_id, phone FROM attendance WHERE phone <> ''
    UNION ALL SELECT 'hubspot', remote_id, phone FROM contact WHERE phone <> ''
    UNION ALL SELECT 'hubspot', remote_id, mobile_phone FROM contact WHERE mobile_phone <> ''
)
WHERE substr(replace(replace(replace(replace(replace(number, ' ', ''), '-', ''), '.', ''), '(', ''), ')', ''), -:digits)
    IN (SELECT value FROM json_each(:ends));
