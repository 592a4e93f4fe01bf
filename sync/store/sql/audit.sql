-- audit_new_subjects --
-- Gives people of :people who have none a random name in the audit.
INSERT INTO audit_subject (subject, person_id)
SELECT lower(hex(randomblob(8))), person.id FROM person
WHERE person.id IN (SELECT value FROM json_each(:people))
    AND NOT EXISTS (SELECT 1 FROM audit_subject AS known WHERE known.person_id = person.id);

-- audit_score --
-- One line for a score.
INSERT INTO audit (subject, at, event, actor, inputs, rules, score, band, outcome)
SELECT min(subject), :at, 'score', 'warmline', :inputs, :rules, :score, :band, :outcome FROM audit_subject
WHERE person_id = :person_id HAVING min(subject) IS NOT NULL;

-- audit_decision --
-- One line for a decision, with the score as it stood.
INSERT INTO audit (subject, at, event, actor, rules, score, band, play, outcome, ground)
SELECT min(subject), :at, 'decision', 'warmline', score.rules_version, score.value, score.band, :play, :outcome, :ground
FROM audit_subject LEFT JOIN score ON score.person_id = audit_subject.person_id
WHERE audit_subject.person_id = :person_id HAVING min(subject) IS NOT NULL;

-- audit_write --
-- One line for a row of the outbox about a task that was confirmed just now.
INSERT INTO audit (subject, at, event, actor, rules, score, band, play, outcome, task)
SELECT coalesce((SELECT min(subject) FROM audit_subject WHERE person_id = outbox.person_id), 'unlinked'), :at, 'task', 'warmline',
    score.rules_version, score.value, score.band, outbox.play, outbox.kind, substr(outbox.key, 1, 12)
FROM outbox LEFT JOIN score ON score.person_id = outbox.person_id
WHERE outbox.key = :key AND outbox.kind IN ('create_task', 'update_task', 'complete_task', 'archive_task');

-- audit_of_people --
-- The lines about people, the oldest first.
SELECT audit.at, audit.subject, audit.event, audit.actor, audit.inputs, audit.rules, audit.score, audit.band, audit.play,
    audit.outcome, audit.ground, audit.task
FROM audit_subject JOIN audit USING (subject)
WHERE audit_subject.person_id IN (SELECT value FROM json_each(:people)) ORDER BY audit.id;

-- audit_since --
-- All lines from a moment on, the oldest first.
SELECT at, subject, event, actor, inputs, rules, score, band, play, outcome, ground, task FROM audit
WHERE at >= :since ORDER BY id LIMIT :limit;

-- audit_retention --
-- One line for somebody who is erased because their retention ended.
INSERT INTO audit (subject, at, event, actor, outcome)
SELECT min(subject), :at, 'retention', :actor, 'erased' FROM audit_subject
WHERE person_id = :person_id HAVING min(subject) IS NOT NULL;
