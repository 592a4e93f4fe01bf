-- set_link --
-- Makes a record belong to a person.
INSERT INTO person_link (source, remote_id, person_id, rule, evidence, rule_version, made_by, at)
VALUES (:source, :remote_id, :person_id, :rule, :evidence, :rule_version, :made_by, :at)
ON CONFLICT (source, remote_id) DO UPDATE SET
    person_id = excluded.person_id, rule = excluded.rule, evidence = excluded.evidence,
    rule_version = excluded.rule_version, made_by = excluded.made_by, at = excluded.at;

-- note_undone --
-- A record goes from a person who keeps others, to :new or to be by itself (NULL): the person's band, and in the latter case
-- the record's, owe themselves to both together.
INSERT OR IGNORE INTO undone_link (source, remote_id, known_since)
SELECT lost.value->>0, lost.value->>1, person.created_at FROM person_link AS link
JOIN person ON person.id = link.person_id
JOIN json_each(
    json_array(json_array('person', CAST(person.id AS TEXT)), json_array(link.source, link.remote_id))
) AS lost
WHERE link.source = :source AND link.remote_id = :remote_id
    AND (:new IS NULL OR (link.person_id <> :new AND lost.key = 0)) AND EXISTS (
        SELECT 1 FROM person_link AS other WHERE other.person_id = link.person_id
        AND (other.source, other.remote_id) <> (link.source, link.remote_id)
    );

-- crowded_keys --
-- Mailboxes and numbers among :keys on more than :most candidates and contacts: nobody's own. Sign-in lines do not count.
SELECT one.value FROM json_each(:keys) AS one
WHERE one.value NOT LIKE 'id:%'
    AND (SELECT count(*) FROM identity_key WHERE key = one.value AND source NOT LIKE '%.attendance') > :most;

-- rulings --
-- What a person ruled on pairs with one of these candidates or contacts.
SELECT candidate_source, candidate_id, contact_id, state FROM link_review
WHERE state <> 'open'
    AND (candidate_source, candidate_id) IN (SELECT value->>0, value->>1 FROM json_each(:candidates))
UNION
SELECT candidate_source, candidate_id, contact_id, state FROM link_review
WHERE state <> 'open' AND contact_id IN (SELECT value FROM json_each(:contacts));

-- close_reviews --
-- Deletes the open reviews that touch these records, those of `pairs` apart.
DELETE FROM link_review
WHERE state = 'open'
    AND (candidate_source, candidate_id, contact_id) IN (
        SELECT candidate_source, candidate_id, contact_id FROM link_review
        WHERE (candidate_source, candidate_id) IN (SELECT value->>0, value->>1 FROM json_each(:candidates))
        UNION
        SELECT candidate_source, candidate_id, contact_id FROM link_review
        WHERE contact_id IN (SELECT value FROM json_each(:contacts))
    )
    AND (candidate_source, candidate_id, contact_id) NOT IN (
        SELECT value->>0, value->>1, value->>2 FROM json_each(:pairs)
    );

-- open_review --
-- Opens a review, or renews an open one's reasons; a ruling stays.
INSERT INTO link_review (candidate_source, candidate_id, contact_id, rule, evidence, state, at)
VALUES (?, ?, ?, ?, ?, 'open', ?)
ON CONFLICT (candidate_source, candidate_id, contact_id) DO UPDATE SET
    rule = excluded.rule, evidence = excluded.evidence
WHERE state = 'open';

-- open_for_ruling --
-- A review of a pair that the rules did not ask about, because a person rules on it.
INSERT OR IGNORE INTO link_review (candidate_source, candidate_id, contact_id, rule, state, at)
VALUES (?, ?, ?, 'ruling', 'open', ?);

-- reopen_review --
-- A ruling withdrawn: the review is open again until the next reconcile looks at it.
UPDATE link_review SET state = 'open', made_by = 'warmline', at = :at
WHERE candidate_source = :source AND candidate_id = :candidate_id AND contact_id = :contact_id AND state <> 'open';

-- drop_ruling_only --
-- A review nobody but a person opened goes with the ruling.
DELETE FROM link_review
WHERE candidate_source = :source AND candidate_id = :candidate_id AND contact_id = :contact_id
    AND state = 'open' AND rule = 'ruling';

-- follow_tasks --
-- Tasks of these people whose contact belongs to somebody else by now go to that person.
UPDATE task SET person_id = (
    SELECT link.person_id FROM json_each(task.contact_ids) AS one
    JOIN person_link AS link ON link.source = 'hubspot' AND link.remote_id = one.value ORDER BY one.key LIMIT 1
)
WHERE person_id IN (SELECT value FROM json_each(:people)) AND NOT EXISTS (
    SELECT 1 FROM json_each(task.contact_ids) AS one
    JOIN person_link AS link ON link.source = 'hubspot' AND link.remote_id = one.value
    WHERE link.person_id = task.person_id
) AND EXISTS (
    SELECT 1 FROM json_each(task.contact_ids) AS one
    JOIN person_link AS link ON link.source = 'hubspot' AND link.remote_id = one.value
)
RETURNING person_id;
