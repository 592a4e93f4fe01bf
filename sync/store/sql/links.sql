-- set_link --
-- Makes a record belong to a person.
INSERT INTO person_link (source, remote_id, person_id, rule, evidence, rule_version, made_by, at)
VALUES (:source, :remote_id, :person_id, :rule, :evidence, :rule_version, :made_by, :at)
ON CONFLICT (source, remote_id) DO UPDATE SET
    person_id = excluded.person_id, rule = excluded.rule, evidence = excluded.evidence,
    rule_version = excluded.rule_version, made_by = excluded.made_by, at = excluded.at;

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
