-- moves_of --
-- Moves of applications through stages, in order.
SELECT source, application_id, from_stage_id, to_stage_id, at, exact FROM stage_transition
WHERE (source, application_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs)) ORDER BY source, application_id, at;

-- promises_of --
-- What was promised about applications.
SELECT source, application_id, kind, began_at, internal_due_at, public_due_at, moved_at, was_due_at, kept_at, evidence, ended,
    backlog, ticked_at, group_id
FROM promise
WHERE (source, application_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs)) ORDER BY source, application_id, kind;

-- save_promise --
-- A promise as it is now. What only the grouped tasks know (group_id, ticked_at) stays, unless it began anew.
INSERT INTO promise (
    source, application_id, kind, person_id, contact_id, job_id, owner_id, began_at, internal_due_at, public_due_at, moved_at,
    was_due_at, kept_at, evidence, ended, backlog, ticked_at, group_id
) VALUES (
    :source, :application_id, :kind, :person_id, :contact_id, :job_id, :owner_id, :began_at, :internal_due_at, :public_due_at,
    :moved_at, :was_due_at, :kept_at, :evidence, :ended, :backlog, :ticked_at, :group_id
)
ON CONFLICT (source, application_id, kind) DO UPDATE SET
    person_id = excluded.person_id, contact_id = excluded.contact_id, job_id = excluded.job_id, owner_id = excluded.owner_id,
    began_at = excluded.began_at, internal_due_at = excluded.internal_due_at, public_due_at = excluded.public_due_at,
    moved_at = excluded.moved_at, was_due_at = excluded.was_due_at, kept_at = excluded.kept_at, evidence = excluded.evidence,
    ended = excluded.ended, backlog = excluded.backlog, ticked_at = excluded.ticked_at, group_id = excluded.group_id
WHERE (
    person_id, contact_id, job_id, owner_id, began_at, internal_due_at, public_due_at, moved_at, was_due_at, kept_at, evidence,
    ended, backlog, ticked_at, group_id
) IS NOT (
    excluded.person_id, excluded.contact_id, excluded.job_id, excluded.owner_id, excluded.began_at, excluded.internal_due_at,
    excluded.public_due_at, excluded.moved_at, excluded.was_due_at, excluded.kept_at, excluded.evidence, excluded.ended,
    excluded.backlog, excluded.ticked_at, excluded.group_id
);

-- drop_promises --
-- Promises of people about applications that are not theirs any more. :keep is [source, application, kind] of all that stand.
DELETE FROM promise WHERE person_id IN (SELECT value FROM json_each(:people))
    AND (source, application_id, kind) NOT IN (SELECT value->>0, value->>1, value->>2 FROM json_each(:keep));

-- waiting_applicants --
-- Who waits for a first reaction and can be in a grouped task, longest waiting first. One that was overdue before the first
-- run only where its task is known already; one whose application has a later promise open has a task of its own.
SELECT promise.source, promise.application_id, promise.job_id, promise.owner_id, promise.person_id, promise.contact_id,
    promise.began_at, promise.internal_due_at, promise.public_due_at, promise.moved_at, promise.group_id
FROM promise
WHERE promise.kind = 'first_reaction' AND promise.kept_at IS NULL AND promise.ended = ''
    AND promise.owner_id IS NOT NULL AND promise.contact_id IS NOT NULL
    AND (promise.backlog = 0 OR promise.group_id IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM promise AS later WHERE later.source = promise.source AND later.application_id = promise.application_id
            AND later.kind <> 'first_reaction' AND later.kept_at IS NULL AND later.ended = '' AND later.backlog = 0
    )
ORDER BY promise.began_at, promise.source, promise.application_id;

-- live_groups --
-- Grouped tasks that are still followed. Of the task, where the mirror has it: its id, whether it stands open, and untouched,
-- whether warmline itself ended it, since when it is closed, its contacts, due moment and how often it
-- was changed. The state of the row that makes it, and whether a change of it is still to be confirmed.
SELECT one.id, one.source, one.job_id, one.owner_id, one.key, one.wanted, coalesce(task.remote_id, ''),
    coalesce(task.status, '') <> 'COMPLETED' AND coalesce(task.archived, 0) = 0,
    coalesce(task.status, 'NOT_STARTED') = 'NOT_STARTED'
        AND (task.written_hash IS NULL OR task.visible_hash IN (task.written_hash, task.sent_hash)),
    EXISTS (
        SELECT 1 FROM outbox WHERE object_id = task.remote_id AND kind IN ('complete_task', 'archive_task')
            AND state IN ('SENT', 'UNKNOWN', 'DONE') AND attempts > 0
    ),
    coalesce(task.status, '') = 'COMPLETED', coalesce(task.completed_at, task.remote_updated_at, task.changed_at),
    coalesce(task.contact_ids, '[]'), task.due_at,
    (SELECT count(*) FROM outbox WHERE object_id = task.remote_id AND kind = 'update_task' AND state = 'DONE'),
    coalesce((SELECT state FROM outbox WHERE key = one.key), ''),
    EXISTS (
        SELECT 1 FROM outbox WHERE object_id = task.remote_id AND kind = 'update_task'
            AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED')
    )
FROM reaction_group AS one LEFT JOIN task ON task.person_id = -one.id
WHERE one.is_left = 0
ORDER BY one.id;

-- put_in_group --
-- Puts applicants into grouped tasks. :members is [source, application, group].
UPDATE promise SET group_id = one.value->>2 FROM json_each(:members) AS one
WHERE promise.source = one.value->>0 AND promise.application_id = one.value->>1 AND promise.kind = 'first_reaction';

-- tick_group --
-- A person completed a grouped task: that counts for everybody it is associated with. The people, who are decided anew.
UPDATE promise SET ticked_at = :at
WHERE kind = 'first_reaction' AND kept_at IS NULL AND ended = '' AND source = :source AND job_id = :job_id
    AND contact_id IN (SELECT value FROM json_each(:contacts))
RETURNING person_id;

-- leave_groups --
-- Grouped tasks that are followed no more.
UPDATE reaction_group SET is_left = 1 WHERE id IN (SELECT value FROM json_each(:groups));

-- free_of_groups --
-- Who was in a grouped task that warmline itself ended, and waits again, may be in another.
UPDATE promise SET group_id = NULL WHERE group_id IN (SELECT value FROM json_each(:groups));

-- kept_in_group --
-- Whether somebody who was in a grouped task heard from a person.
SELECT group_id FROM promise WHERE group_id IN (SELECT value FROM json_each(:groups)) AND kept_at IS NOT NULL GROUP BY group_id;

-- unknown_todos --
-- To-dos that carry warmline's marker and are nobody's yet, on a mirror that does not know who made them.
SELECT remote_id, marker, contact_ids FROM task WHERE marker IS NOT NULL AND type = 'TODO' AND person_id IS NULL
ORDER BY remote_id;

-- applications_around --
-- Every application to the vacancies that these contacts applied to: a grouped task is named after one of them.
SELECT DISTINCT application.source, coalesce(application.job_id, ''), application.remote_id
FROM person_link AS contact
JOIN person_link AS candidate ON candidate.person_id = contact.person_id AND candidate.source <> 'hubspot'
JOIN application AS own ON own.source = candidate.source AND own.candidate_id = candidate.remote_id
JOIN application ON application.source = own.source AND application.job_id IS own.job_id
WHERE contact.source = 'hubspot' AND contact.remote_id IN (SELECT value FROM json_each(:contacts));

-- own_group_tasks --
-- Gives tasks to the groups whose key they carry.
UPDATE task SET person_id = -one.id, play = 'promise',
    written_hash = coalesce(written_hash, iif((julianday(remote_updated_at) - julianday(remote_created_at)) * 1440 <= 1, visible_hash, ''))
FROM reaction_group AS one
WHERE task.marker = substr(one.key, 1, 12) AND task.person_id IS NULL;

-- promises_report --
-- Every promise with its vacancy and whose it is.
SELECT promise.person_id, promise.contact_id, promise.job_id, promise.owner_id, job.name, coalesce(job.confidential, 0),
    promise.source, promise.application_id, promise.kind, promise.began_at, promise.internal_due_at, promise.public_due_at,
    promise.moved_at, promise.was_due_at, promise.kept_at, promise.evidence, promise.ended, promise.backlog, promise.ticked_at,
    promise.group_id
FROM promise LEFT JOIN job ON job.source = promise.source AND job.remote_id = promise.job_id
ORDER BY promise.began_at, promise.source, promise.application_id, promise.kind;

-- rejoin_groups --
-- Who waits and is associated with the open task of a group that is in nobody's promise yet, is in that group.
UPDATE promise SET group_id = one.id
FROM reaction_group AS one JOIN task ON task.person_id = -one.id
WHERE one.is_left = 0 AND promise.group_id IS NULL AND promise.kind = 'first_reaction'
    AND promise.source = one.source AND promise.job_id = one.job_id
    AND promise.contact_id IN (SELECT value FROM json_each(task.contact_ids));
